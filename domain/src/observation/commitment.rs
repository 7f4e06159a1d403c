//! What the history holds of observations, which is nothing that tells of a participant.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Batch, Exclusion, Observation};
use crate::canonical_json::canonical;
use crate::error::Result;
use crate::event::{Fields, SALT, commitment};
use crate::operation::Scope;
use crate::virkningsevaluering::part::PartRow;

/// All that was answered, in canonical JSON.
fn answered(row: &Observation) -> Result<String> {
    canonical(&json!({
        "category": row.category,
        "exposure": row.exposure.map(|exposure| exposure.to_string()),
        "items": row.items.as_ref().map(|items| &items.0),
        "participant": row.participant,
        "value": row.value.map(|value| value.to_string()),
    }))
}

/// The commitment to an observation.
pub(super) fn of_observation(salt: [u8; SALT], row: &Observation) -> Result<[u8; 32]> {
    Ok(commitment(&salt, &answered(row)?))
}

/// The commitment to a pseudonym.
pub(super) fn of_participant(salt: [u8; SALT], participant: &str) -> Result<[u8; 32]> {
    Ok(commitment(&salt, &canonical(&Value::String(participant.to_owned()))?))
}

pub(super) fn random_salt(scope: &Scope<'_>) -> Result<[u8; SALT]> {
    let mut salt = [0; SALT];
    scope.environment().fill_random(&mut salt)?;
    Ok(salt)
}

/// SHA-256 of the commitments one after the other, in the order of the ids.
pub(super) fn digest<'a>(rows: impl IntoIterator<Item = &'a Observation>) -> Vec<u8> {
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|row| row.id);
    let all = rows.iter().fold(Sha256::new(), |all, row| all.chain_update(&row.commitment));
    all.finalize().to_vec()
}

/// Whether a row is what its commitment was made to. An erased one is.
trait IsOpened {
    fn made(&self, salt: [u8; SALT]) -> Result<Option<[u8; 32]>>;
    fn committed(&self) -> (&Option<Vec<u8>>, &[u8]);
}

impl IsOpened for Observation {
    fn made(&self, salt: [u8; SALT]) -> Result<Option<[u8; 32]>> {
        of_observation(salt, self).map(Some)
    }

    fn committed(&self) -> (&Option<Vec<u8>>, &[u8]) {
        (&self.salt, &self.commitment)
    }
}

impl IsOpened for Exclusion {
    fn made(&self, salt: [u8; SALT]) -> Result<Option<[u8; 32]>> {
        self.participant.as_ref().map(|participant| of_participant(salt, participant)).transpose()
    }

    fn committed(&self) -> (&Option<Vec<u8>>, &[u8]) {
        (&self.salt, &self.commitment)
    }
}

fn is_opened(row: &impl IsOpened) -> Result<bool> {
    let (salt, commitment) = row.committed();
    let Some(salt) = salt else { return Ok(true) };
    let Ok(salt) = <[u8; SALT]>::try_from(salt.as_slice()) else { return Ok(false) };
    Ok(row.made(salt)?.is_some_and(|made| made == commitment))
}

/// The fields of a batch as its observations make them, all of its criterion's being given. What does not agree with a
/// commitment stands where the digest should.
pub(crate) fn fields_of_batch(batch: &Batch, all: &[&Observation], batches: &[&Batch]) -> Result<Fields> {
    let count = |rows: usize| i32::try_from(rows).unwrap_or(i32::MAX);
    let brought: Vec<_> = all.iter().copied().filter(|row| row.observation_batch_id == batch.id).collect();
    let replaced: Vec<_> = all
        .iter()
        .copied()
        .filter(|row| row.wave == batch.wave && row.until_version == Some(batch.since_version))
        .collect();
    let made = Batch {
        observations: count(brought.len()),
        digest: digest(brought.iter().copied()),
        replaced: count(replaced.len()),
        replaced_digest: digest(replaced),
        ..batch.clone()
    };
    let mut fields = made.fields();
    for row in brought {
        let ended = row.until_version.is_none_or(|until| {
            batches.iter().any(|other| other.since_version == until && other.wave == row.wave)
        });
        let fault = match (is_opened(row)?, ended) {
            (true, true) => continue,
            (false, _) => format!("that of an observation {} that is not what was recorded", row.id),
            (true, false) => format!("that of an observation {} that no batch replaced", row.id),
        };
        fields.retain(|(name, _)| *name != "digest");
        fields.push(("digest", fault.into()));
        break;
    }
    Ok(fields)
}

/// The fields of an exclusion. A pseudonym that is not the one committed to stands where the commitment should.
pub(crate) fn fields_of_exclusion(exclusion: &Exclusion) -> Result<Fields> {
    let mut fields = exclusion.fields();
    if !is_opened(exclusion)? {
        fields.retain(|(name, _)| *name != "participant");
        fields.push(("participant", "another one's".into()));
    }
    Ok(fields)
}
