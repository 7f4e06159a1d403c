//! Passwords: Argon2id at 19 MiB, two passes, one lane, on threads of its own.

use std::sync::LazyLock;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Problem, Result};
use crate::input::cpr;

pub const MINIMUM: usize = 12;
/// Longer ones are refused before they are hashed.
const MAXIMUM_BYTES: usize = 1024;

/// As many at once as keep the machine answering others.
static HASHING: Semaphore = Semaphore::const_new(2);

/// How long one waits for one's turn.
const QUEUE: Duration = Duration::from_secs(4);

/// The hash of no password, against which a sign-in of an unknown account takes as long as one with a wrong password.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash(b"nobody").ok());

pub fn check(password: &str) -> Result<(), Problem> {
    if password.len() > MAXIMUM_BYTES {
        return Err(Problem::TooLong { limit: MAXIMUM_BYTES });
    }
    if password.contains('\0') {
        return Err(Problem::NulCharacter);
    }
    // It is easily guessed, and belongs in no text.
    if cpr::is_in(password) {
        return Err(Problem::CprNumber);
    }
    if password.chars().count() < MINIMUM {
        return Err(Problem::WeakPassword { minimum: MINIMUM });
    }
    Ok(())
}

pub async fn hashed(password: String) -> Result<String> {
    let password = composed(&password);
    let _turn = turn().await?;
    spawn_blocking(move || hash(password.as_bytes())).await.map_err(Error::internal)?.map_err(Error::internal)
}

/// Whether a password is short enough to be looked at.
pub fn is_readable(password: &str) -> bool {
    password.len() <= MAXIMUM_BYTES
}

/// Whether the password is the one behind `hash`; without a hash the same work is done, and the answer is no.
pub async fn verified(_turn: Turn, password: String, hash: Option<String>) -> Result<bool> {
    let password = composed(&password);
    spawn_blocking(move || {
        let known = hash.is_some();
        let Some(hash) = hash.or_else(|| NOBODY.clone()) else {
            return false;
        };
        let Ok(parsed) = PasswordHash::new(&hash) else {
            return false;
        };
        Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known
    })
    .await
    .map_err(Error::internal)
}

/// The same password, on whatever keyboard it is typed.
fn composed(password: &str) -> String {
    password.nfc().collect()
}

/// A turn to hash, which ends when it is dropped.
pub struct Turn {
    _permit: SemaphorePermit<'static>,
}

/// Waits for a turn to hash; those whom a crowd keeps waiting too long are told to come back.
pub async fn turn() -> Result<Turn> {
    match timeout(QUEUE, HASHING.acquire()).await {
        Ok(permit) => Ok(Turn { _permit: permit.map_err(Error::internal)? }),
        Err(_crowded) => Err(Error::Unavailable("too many passwords to hash".into())),
    }
}

fn hash(password: &[u8]) -> argon2::password_hash::Result<String> {
    Argon2::default().hash_password(password).map(|hash| hash.to_string())
}
