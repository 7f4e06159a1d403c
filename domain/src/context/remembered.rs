//! Who acts, remembered for a moment, so that not every request of a busy client reads its session and roles again.
//!
//! What this server itself does to accounts, roles, sessions and tokens makes it forget at once, and so does whatever it
//! reads anew. What another server does is known within two seconds. Nothing is remembered beyond the end of a token or a
//! role, or the beginning of a role.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Actor, Context, Services};
use crate::columns::{Timestamp, Uuid};
use crate::credential::Credential;
use crate::error::Result;

const LASTING: Duration = Duration::from_secs(2);
/// More than act in two seconds.
const MOST: usize = 10_000;

#[derive(Clone, Default)]
pub struct Remembered(Arc<Mutex<HashMap<Credential, Known>>>);

struct Known {
    actor: Arc<Actor>,
    read_at: Instant,
    /// How often access had changed before it was read.
    changes: u64,
}

impl Credential {
    /// The context that it opens now; none once it is over. What is good for one act opens no second context.
    pub async fn open(self, services: &Services, account_id: Uuid, request_id: Uuid) -> Result<Context> {
        let (changes, read_at) = (services.database.access_changes(), Instant::now());
        let opened = self.read(services, account_id, request_id).await;
        let actor = opened.as_ref().ok().map(|context| Arc::clone(&context.actor));
        services.remembered.put(self, actor.map(|actor| Known { actor, read_at, changes }));
        opened
    }

    /// The same, by what was read at most two seconds ago.
    pub async fn open_remembered(
        self,
        services: &Services,
        account_id: Uuid,
        request_id: Uuid,
    ) -> Result<Context> {
        match self.remembered(services, account_id) {
            Some(actor) => Ok(Context::of_remembered(services, actor, request_id)),
            None => self.open(services, account_id, request_id).await,
        }
    }

    /// Who acts by it, where that was read at most two seconds ago.
    pub fn remembered(self, services: &Services, account_id: Uuid) -> Option<Arc<Actor>> {
        let (now, changes) = (services.environment.now(), services.database.access_changes());
        let actor = services.remembered.get(self, changes, now).filter(|actor| actor.id == account_id)?;
        if let Some(id) = self.id() {
            services.last_use.note(id, account_id, now);
        }
        Some(actor)
    }
}

impl Remembered {
    fn get(&self, credential: Credential, changes: u64, now: Timestamp) -> Option<Arc<Actor>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(&credential)?;
        let holds = found.changes == changes
            && found.read_at.elapsed() < LASTING
            && found.actor.until.is_none_or(|until| now < until);
        holds.then(|| Arc::clone(&found.actor))
    }

    fn put(&self, credential: Credential, found: Option<Known>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        match found {
            Some(found) => known.insert(credential, found),
            None => known.remove(&credential),
        };
    }
}
