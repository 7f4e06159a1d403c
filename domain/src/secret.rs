//! Secrets that are handed out once and known here by their digest alone: refresh tokens, one-time links, API tokens.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use crate::context::Environment;
use crate::error::Result;

/// What nobody guesses, however often they may try.
pub const BYTES: usize = 32;

/// A new one, as text.
pub fn made(environment: &dyn Environment) -> Result<String> {
    let mut secret = [0; BYTES];
    environment.fill_random(&mut secret)?;
    Ok(BASE64URL_NOPAD.encode(&secret))
}

/// What is stored of it. Of so many random bits a digest need not be slow.
pub fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}
