//! What tokens say that this server has seen, and whose sessions they are, so that neither is found out again. Whether a session
//! goes on is asked with each request, as for any.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::Timestamp;

use super::Named;

/// The most that are remembered.
const MOST: usize = 10_000;

#[derive(Default)]
pub struct Seen(Mutex<HashMap<[u8; 32], Named>>);

impl Seen {
    pub fn find(&self, digest: &[u8; 32]) -> Option<Named> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(digest).copied()
    }

    pub fn remember(&self, digest: [u8; 32], named: Named, now: Timestamp) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, named| named.expires_at > now);
        }
        // Where all are still good, they are looked into again: that costs a signature or a statement each.
        if seen.len() >= MOST {
            seen.clear();
        }
        seen.insert(digest, named);
    }
}
