//! The explorer: one page with its own files, which needs nothing from elsewhere.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use domain::Role;
use serde::Serialize;

use super::{App, headers};

/// An account of the demo, as it is printed and offered.
#[derive(Clone, Debug, Serialize)]
pub struct DemoAccount {
    pub email: String,
    pub password: String,
    pub name: String,
    pub grants: Vec<DemoGrant>,
}

#[derive(Clone, Debug, Serialize)]
pub struct DemoGrant {
    #[serde(serialize_with = "as_code")]
    pub role: Role,
    /// Code; none is the whole municipality.
    pub forvaltning: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn as_code<S: serde::Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(role.as_str())
}

const PAGE: &str = include_str!("../explorer/index.html");
const STYLE: &str = include_str!("../explorer/explorer.css");
const SCRIPT: &str = include_str!("../explorer/explorer.js");

#[get("/explorer")]
pub async fn page(app: web::Data<App>) -> HttpResponse {
    file(&app, "text/html; charset=utf-8", PAGE)
}

#[get("/explorer/{file}")]
pub async fn asset(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    match request.match_info().query("file") {
        "explorer.css" => file(&app, "text/css; charset=utf-8", STYLE),
        "explorer.js" => file(&app, "text/javascript; charset=utf-8", SCRIPT),
        "accounts.json" => match &app.explorer {
            Some(accounts) => HttpResponse::Ok().json(accounts),
            None => HttpResponse::NotFound().finish(),
        },
        "examples.json" if app.explorer.is_some() => HttpResponse::Ok().json(examples()),
        _ => HttpResponse::NotFound().finish(),
    }
}

fn file(app: &App, kind: &str, content: &'static str) -> HttpResponse {
    if app.explorer.is_none() {
        return HttpResponse::NotFound().finish();
    }
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_SECURITY_POLICY, headers::OWN_FILES))
        .body(content)
}

/// The documents of `docs/examples`, each with variables to begin with.
fn examples() -> serde_json::Value {
    let example = |name: &str, query: &str, variables: serde_json::Value| serde_json::json!({ "name": name, "query": query, "variables": variables });
    serde_json::json!([
        example("The register", include_str!("../../docs/examples/register.graphql"), serde_json::json!({})),
        example(
            "What 2023 amounts to",
            include_str!("../../docs/examples/insights.graphql"),
            serde_json::json!({})
        ),
        example("Before and after", include_str!("../../docs/examples/snor.graphql"), serde_json::json!({})),
        example(
            "Find interventions",
            include_str!("../../docs/examples/find.graphql"),
            serde_json::json!({ "filter": { "forvaltning": "SOF", "district": "Nørrebro" } })
        ),
        example(
            "Who did what",
            include_str!("../../docs/examples/history.graphql"),
            serde_json::json!({ "last": 10 })
        ),
        example(
            "Rename an intervention",
            include_str!("../../docs/examples/rename.graphql"),
            serde_json::json!({ "input": { "id": "", "expectedVersion": 1, "name": "", "reason": "" } })
        ),
    ])
}
