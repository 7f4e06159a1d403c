//! Groups of an identity provider that stand for roles here.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{FIRST_SIGHT, assert_verified, issuer, status};
use crate::support::issuer::{Issuer, now, with_token};
use crate::support::{Backend, Client, Database, Server};

on_both_databases!(
    groups_become_grants_and_lost_groups_end_them,
    what_people_granted_is_left_alone,
    an_older_token_brings_no_lost_group_back,
    grants_end_by_themselves_and_are_prolonged_in_time,
    a_role_that_two_grants_give_is_one,
);

const GRANTS: &str =
    "{ viewer { id roleGrants { id version role forvaltning { code } issuerGroup validFrom validTo } } }";
const MAPPING: &str = "CN=Evaluering,OU=SOF=EVALUATOR:SOF;læsere=READER;ledere=APPROVER:SOF;væk=READER:NIX";

fn serve(issuer: &Issuer, backend: Backend) -> Server {
    issuer.serve(Database::register(backend), &[FIRST_SIGHT, ["--oidc-group", MAPPING]].concat())
}

fn grants(client: &Client) -> Vec<Value> {
    let viewer = client.data(GRANTS, json!({}))["viewer"].clone();
    viewer["roleGrants"].as_array().expect("grants").clone()
}

/// Each grant in short.
fn roles(client: &Client) -> Vec<String> {
    let short = |grant: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        [&grant["role"], &grant["forvaltning"]["code"], &grant["issuerGroup"]].map(text).join(" ")
    };
    let mut roles: Vec<_> = grants(client).iter().map(short).collect();
    roles.sort();
    roles
}

fn groups_become_grants_and_lost_groups_end_them(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    let with = |groups: Value| issuer.client(&server, "8d1f", &json!({ "groups": groups }));
    let first = with(json!(["CN=Evaluering,OU=SOF", "læsere", "andre", "væk", "ADMIN"]));
    let both = ["EVALUATOR SOF CN=Evaluering,OU=SOF", "READER - læsere"];
    assert_eq!(roles(&first), both);
    assert_eq!(first.data("{ interventions { totalCount } }", json!({}))["interventions"]["totalCount"], 22);
    let event = server.signed_in("auditor").last_event();
    assert_eq!((&event["action"], &event["subjectKind"]), (&json!("GRANT"), &json!("ROLE_GRANT")));
    assert_eq!(event["reason"], "Group læsere of the identity provider");
    assert_eq!(event["actor"]["id"], first.data(GRANTS, json!({}))["viewer"]["id"]);
    // The same again leaves nothing.
    let events = server.database().count("event");
    assert_eq!(roles(&with(json!(["læsere", "CN=Evaluering,OU=SOF"]))), both);
    assert_eq!(server.database().count("event"), events);
    // One is lost and one is new, as soon as a token says so: for the older token too.
    let second = with(json!(["ledere", "læsere"]));
    assert_eq!(roles(&second), ["APPROVER SOF ledere", "READER - læsere"]);
    assert_eq!(roles(&first), roles(&second));
    assert_eq!(server.database().count("event"), events + 2);
    // A token that names no groups is of someone who has none.
    assert_eq!(roles(&with(json!("læsere"))), ["READER - læsere"]);
    assert_eq!(roles(&issuer.client(&server, "8d1f", &json!({}))), Vec::<String>::new());
    assert_eq!(roles(&with(json!({ "læsere": true }))), Vec::<String>::new());
    assert_eq!(roles(&with(json!(["læsere"]))), ["READER - læsere"], "and whoever comes back has it again");
    assert_verified(&server);
}

fn what_people_granted_is_left_alone(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    let with = |groups: Value| issuer.client(&server, "8d1f", &json!({ "groups": groups }));
    let client = with(json!(["læsere"]));
    let id = client.data(GRANTS, json!({}))["viewer"]["id"].clone();
    let admin = server.signed_in("admin");
    let grant = |role: &str| {
        let input = json!({ "accountId": id, "role": role });
        admin.mutate("grantRole", &input, "roleGrant { id }")["userErrors"].clone()
    };
    // What a group stands for is in nobody's way, nor the other way round.
    assert_eq!((grant("READER"), grant("COORDINATOR")), (json!([]), json!([])));
    assert_eq!(grant("READER")[0]["code"], "ALREADY_GRANTED");
    assert_eq!(roles(&with(json!(["læsere"]))), ["COORDINATOR - -", "READER - -", "READER - læsere"]);
    assert_eq!(roles(&with(json!([]))), ["COORDINATOR - -", "READER - -"]);
    assert_verified(&server);
}

fn an_older_token_brings_no_lost_group_back(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    let of_age = |ago: i64, groups: Value| {
        let more = json!({ "groups": groups, "iat": now() - ago, "exp": now() + 300 });
        issuer.client(&server, "8d1f", &more)
    };
    let (old, new) = (of_age(60, json!(["læsere", "ledere"])), of_age(10, json!(["læsere"])));
    assert_eq!(roles(&new), ["READER - læsere"]);
    assert_eq!(roles(&old), ["READER - læsere"], "it is still a token, but its groups are told anew");
}

fn grants_end_by_themselves_and_are_prolonged_in_time(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    let token = || issuer.token("8d1f", &json!({ "groups": ["læsere"] }));
    let client = with_token(&server, &token());
    let ends = |client: &Client| grants(client)[0]["validTo"].as_str().expect("an end").to_owned();
    let first = ends(&client);
    let set = |seconds: i64| {
        let end = (now() + seconds) * 1_000_000;
        let sql = format!("UPDATE role_grant SET valid_to = {end} WHERE issuer_group IS NOT NULL");
        server.database().execute(&sql).expect("another end");
    };
    // More than half of its time is left: nothing is to be done.
    set(7 * 60 * 60);
    let enough = ends(&client);
    assert!(enough < first);
    assert_eq!(ends(&with_token(&server, &token())), enough);
    set(5 * 60 * 60);
    let soon = ends(&client);
    let prolonged = ends(&with_token(&server, &token()));
    assert!(prolonged > soon && prolonged >= first, "{prolonged}");
    let event = server.signed_in("auditor").last_event();
    assert_eq!((&event["action"], &event["changes"][0]["field"]), (&json!("UPDATE"), &json!("validTo")));
    // Without a new token it ends, whatever the old one is good for.
    set(1);
    thread::sleep(Duration::from_millis(1_200));
    assert_eq!((status(&client), roles(&client)), (200, Vec::new()));
    assert_eq!(roles(&with_token(&server, &token())), ["READER - læsere"]);
}

fn a_role_that_two_grants_give_is_one(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    let groups = json!({ "groups": ["CN=Evaluering,OU=SOF"] });
    let client = issuer.client(&server, "8d1f", &groups);
    let id = client.data(GRANTS, json!({}))["viewer"]["id"].clone();
    let input = json!({ "accountId": id, "role": "EVALUATOR", "forvaltning": "SOF" });
    server.signed_in("admin").mutate("grantRole", &input, "roleGrant { id }");
    let (snor, _) = client.intervention("den-korte-snor");
    let input = json!({
        "interventionId": snor, "title": "Trivsel", "periodStart": "2023-01-01", "periodEnd": "2023-12-31",
    });
    let planned = client.mutate("planVirkningsevaluering", &input, "virkningsevaluering { id }");
    assert_eq!(planned["userErrors"], json!([]));
    let event = server.signed_in("auditor").last_event();
    assert_eq!(event["actor"]["roles"], json!(["EVALUATOR SOF"]));
}
