//! The log: the leaves of all events in the order of their commits, under one tree (RFC 6962).
//!
//! The database appends to it (`migration`); here it is read: to sign checkpoints, to prove what is in it, and to verify that
//! data and history still agree. Its size and root tell how much everyone writes, so they are for those alone who read
//! everyone's history.

mod checkpoint;
mod key;
mod proof;
mod tree;
mod verify;

pub use checkpoint::{Anchor, Checkpoint, NoCheckpoint, checkpoint, checkpoint_of, keep_checkpoint};
pub use key::{InvalidKey, Key, PublicKey};
pub use proof::{Consistency, Inclusion, consistency, consistency_since, inclusion, inclusion_of};
pub use tree::settle;
pub use verify::{Fault, Report, Verify, verify};

use crate::access_log::{self, Attempt};
use crate::columns::AccessedKind;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::policy;

/// Refuses whoever could count by the log what others write.
fn authorize(context: &Context) -> Result<()> {
    if policy::reads_all_history(&context.actor) {
        return Ok(());
    }
    access_log::refused(context, &Attempt::to_read(AccessedKind::Event), &Error::Forbidden);
    Err(Error::Forbidden)
}
