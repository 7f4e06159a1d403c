//! The page that a one-time link leads to. Its token stands behind the `#`, which browsers send to nobody: it enters no log.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get};
use domain::Language;

use super::headers;
use super::question::language;

const DANISH: &str = include_str!("../password/da.html");
const ENGLISH: &str = include_str!("../password/en.html");
const STYLE: &str = include_str!("../password/password.css");
const SCRIPT: &str = include_str!("../password/password.js");

#[get("/password")]
pub async fn page(request: HttpRequest) -> HttpResponse {
    let page = match language(request.headers()) {
        Language::Danish => DANISH,
        Language::English => ENGLISH,
    };
    file("text/html; charset=utf-8", page)
}

#[get("/password/{file}")]
pub async fn asset(request: HttpRequest) -> HttpResponse {
    match request.match_info().query("file") {
        "password.css" => file("text/css; charset=utf-8", STYLE),
        "password.js" => file("text/javascript; charset=utf-8", SCRIPT),
        _ => HttpResponse::NotFound().finish(),
    }
}

fn file(kind: &str, content: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_SECURITY_POLICY, headers::OWN_FILES))
        .insert_header((header::VARY, "accept-language"))
        .body(content)
}
