//! Computing results again from what is stored, to see that they still follow from it.

use std::collections::{HashMap, HashSet};

use super::compute::{Changed, compute_at};
use super::{METHOD_VERSION, ResultRow};
use crate::access_log::{self, Attempt, Target};
use crate::columns::{AccessedKind, SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::event::FieldValue;
use crate::history::shown;
use crate::intervention;
use crate::policy::{Verb, permits};
use crate::virkningsevaluering::part::PartRow;
use crate::virkningsevaluering::{self, evaluation_at};

/// Whether the results of an evaluation follow from what is stored.
#[derive(Clone, Debug)]
pub struct Recomputation {
    /// By which version of the rules they were computed again.
    pub method_version: i32,
    pub results: Vec<Recomputed>,
}

/// A stored result beside the same computed again.
#[derive(Clone, Debug)]
pub struct Recomputed {
    pub stored: ResultRow,
    /// Whether the answers that it was computed from are erased, so that it cannot be computed again. It then agrees if all else
    /// that it depends on is as it was.
    pub erased: bool,
    pub differences: Vec<Difference>,
}

/// A field that comes out otherwise.
#[derive(Clone, Debug)]
pub struct Difference {
    pub field: &'static str,
    pub stored: Option<String>,
    pub computed: Option<String>,
}

impl Recomputation {
    pub fn agrees(&self) -> bool {
        self.results.iter().all(|result| result.differences.is_empty())
    }
}

/// Computes the results of an evaluation again, as the actor sees it. None where it is not there, or not for the actor. Only
/// for those who may read what it is computed from.
pub async fn recompute(context: &Context, id: Option<Uuid>) -> Result<Option<Recomputation>> {
    let target = Target { kind: AccessedKind::Virkningsevaluering, id };
    let seen = match id {
        Some(id) => virkningsevaluering::by_id(context, id).await?,
        None => None,
    };
    let Some(seen) = access_log::found(context, Some(target), seen) else { return Ok(None) };
    let snapshot = context.snapshot().await?;
    let owners = intervention::owners(&snapshot.db, Some(seen.row.intervention_id)).await?;
    if !permits(&context.actor, Verb::ReadParticipants, SubjectKind::Virkningsevaluering, &owners) {
        access_log::refused(context, &Attempt::to_read_of(target), &Error::Forbidden);
        return Err(Error::Forbidden);
    }
    let mut evaluation = evaluation_at(&snapshot.db, seen).await?;
    let stored = evaluation.parts.results.clone();
    let criteria: Vec<_> = evaluation.parts.criteria.iter().map(|criterion| criterion.row.id).collect();
    let mut computed: HashMap<Uuid, ResultRow> = HashMap::new();
    let mut with_erased = HashSet::new();
    for criterion in criteria {
        let mut parts = evaluation.parts.split_off(criterion);
        if parts.observations.iter().any(|row| row.participant.is_none()) {
            with_erased.insert(criterion);
        }
        for row in &mut parts.results {
            // Known by what it is of, and computed as if it had never been.
            row.input_hash = Vec::new();
        }
        let mut with_one = virkningsevaluering::Evaluation { parts, ..evaluation.clone() };
        compute_at(
            context.now(),
            || context.services.environment.new_id(),
            &mut with_one,
            Changed::Anything,
        )?;
        computed.extend(with_one.parts.results.into_iter().map(|row| (row.id, row)));
    }
    let results = stored.into_iter().map(|stored| {
        let computed = computed.get(&stored.id);
        let erased = with_erased.contains(&stored.success_criterion_id)
            && computed.is_some_and(|computed| computed.input_hash == stored.input_hash);
        let differences = match computed {
            _ if erased => Vec::new(),
            Some(computed) => differences(&stored, computed),
            None => vec![Difference { field: "removed", stored: None, computed: Some("true".into()) }],
        };
        Recomputed { stored, erased, differences }
    });
    Ok(Some(Recomputation { method_version: METHOD_VERSION, results: results.collect() }))
}

fn differences(stored: &ResultRow, computed: &ResultRow) -> Vec<Difference> {
    let words = |value: FieldValue| match value {
        FieldValue::Shown(value) => shown(&value),
        FieldValue::Secret(_) => None,
    };
    let pairs = stored.fields().into_iter().zip(computed.fields());
    let differing =
        pairs.filter(|((field, stored), (_, computed))| *field != "computedAt" && stored != computed);
    differing
        .map(|((field, stored), (_, computed))| Difference {
            field,
            stored: words(stored),
            computed: words(computed),
        })
        .collect()
}
