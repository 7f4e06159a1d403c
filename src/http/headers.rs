//! What every answer tells a browser: to do with it nothing but what it was asked for.
//!
//! Not `Strict-Transport-Security`: that is for whoever holds the certificate, the proxy.

use actix_web::http::header;
use actix_web::middleware::DefaultHeaders;

/// What an answer may load and who may frame it: nothing and nobody. It is data, whatever a browser takes it for.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What a page of this server may load: its own files, and nothing that stands in the page itself.
pub const OWN_FILES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
                             form-action 'none'; frame-ancestors 'none'";

/// On every answer that does not say otherwise.
pub fn of_every_answer() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((header::CACHE_CONTROL, "no-store"))
        .add((header::CONTENT_SECURITY_POLICY, NOTHING))
        .add(("cross-origin-opener-policy", "same-origin"))
        .add(("cross-origin-resource-policy", "same-origin"))
        .add(("permissions-policy", "camera=(), geolocation=(), microphone=()"))
        .add((header::REFERRER_POLICY, "no-referrer"))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
}
