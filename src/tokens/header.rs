//! What a token says of itself before anything of it is believed.

use jsonwebtoken::{Header, decode_header};

/// The header of a token, if it only names its algorithm and key. Keys and their places are configured, never brought along;
/// extensions that have to be understood are not.
pub fn plain(token: &str) -> Option<Header> {
    let header = decode_header(token).ok()?;
    let brings = header.jku.is_some()
        || header.jwk.is_some()
        || header.x5u.is_some()
        || header.x5c.is_some()
        || header.crit.is_some()
        || header.enc.is_some()
        || header.zip.is_some()
        || header.extras.inner().contains_key("b64");
    (!brings).then_some(header)
}
