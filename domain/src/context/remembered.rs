//! Who acts, remembered for a moment, so that not every request of a busy client reads its session and roles again.
//!
//! What this server itself does to accounts, roles, sessions and tokens makes it forget at once. What another server does
//! is known within two seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Actor, Context, Services};
use crate::columns::Uuid;
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
    /// Who acts by it, where that was read at most two seconds ago.
    pub fn remembered(self, services: &Services, account_id: Uuid) -> Option<Arc<Actor>> {
        let actor = services.remembered.get(self, account_id, services.database.access_changes())?;
        if let Some(id) = self.id() {
            services.last_use.note(id, account_id, services.environment.now());
        }
        Some(actor)
    }

    /// The same context that [`Credential::open`] gives, by what was read at most two seconds ago.
    pub async fn open_remembered(
        self,
        services: &Services,
        account_id: Uuid,
        request_id: Uuid,
    ) -> Result<Context> {
        let changes = services.database.access_changes();
        if let Some(actor) = self.remembered(services, account_id) {
            return Ok(Context::of_remembered(services, actor, request_id));
        }
        let read_at = Instant::now();
        let context = self.open(services, account_id, request_id).await?;
        services.remembered.put(Known { actor: Arc::clone(&context.actor), read_at, changes });
        Ok(context)
    }
}

impl Remembered {
    fn get(&self, credential: Credential, account_id: Uuid, changes: u64) -> Option<Arc<Actor>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(&credential)?;
        let holds =
            found.actor.id == account_id && found.changes == changes && found.read_at.elapsed() < LASTING;
        holds.then(|| Arc::clone(&found.actor))
    }

    fn put(&self, found: Known) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(found.actor.credential, found);
    }
}
