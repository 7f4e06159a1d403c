//! Acting by an API token.

use serde_json::{Value, json};

use super::client::Client;

/// A moment some hours from now, by the server's clock.
pub fn soon(client: &Client) -> Value {
    let made = client.data("{ viewer { sessions { current startedAt } } }", json!({}));
    let started = made["viewer"]["sessions"][0]["startedAt"].as_str().expect("a moment").to_owned();
    // The same time of the day in the next month, which has that day or the one after.
    let (year, month): (u32, u32) =
        (started[..4].parse().expect("a year"), started[5..7].parse().expect("a month"));
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    json!(format!("{year:04}-{month:02}-01{}", &started[10..]))
}

/// Makes an API token with these roles, given by role and forvaltning, and gives what made it.
pub fn secret_of(client: &Client, roles: &[(&str, Option<&str>)]) -> Value {
    let roles: Vec<_> =
        roles.iter().map(|(role, forvaltning)| json!({ "role": role, "forvaltning": forvaltning })).collect();
    let input = json!({ "name": "Script", "roles": roles, "expiresAt": soon(client) });
    let made = client.mutate("createApiToken", &input, "secret apiToken { id version }");
    assert_eq!(made["userErrors"], json!([]));
    made
}

/// A client that acts by an API token with these roles of its owner.
pub fn by_token(owner: &Client, roles: &[(&str, Option<&str>)]) -> Client {
    owner.by(&secret_of(owner, roles)["secret"])
}
