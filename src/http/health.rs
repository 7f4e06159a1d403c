//! Whether the process lives, and whether it can serve.

use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::{HttpResponse, get, web};

use super::App;

/// Longer than a healthy database ever takes to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process lives: restarting it would not help.
#[get("/health/live")]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "live" }))
}

/// Requests can be sent here: the database answers, and the server is not stopping.
#[get("/health/ready")]
pub async fn ready(app: web::Data<App>) -> HttpResponse {
    let state = if !app.ready.load(Ordering::Relaxed) {
        "stopping"
    } else if !tokio::time::timeout(PATIENCE, app.services.database.ping())
        .await
        .is_ok_and(|pinged| pinged.is_ok())
    {
        "database unavailable"
    } else {
        return HttpResponse::Ok().json(serde_json::json!({ "status": "ready" }));
    };
    HttpResponse::ServiceUnavailable().json(serde_json::json!({ "status": state }))
}
