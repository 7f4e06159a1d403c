use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::paired_table::{self, Seen};
use domain::{Error, Given, operate, success_criterion};

use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;

/// What recording a paired table takes. It must add up to the two measurements that stand.
#[derive(InputObject)]
pub struct RecordPairedTableInput {
    /// The criterion, whose pairing is `PAIRED` or `SAME_PERSONS`.
    criterion_id: ID,
    /// The name of the subgroup it is of; all participants where nothing is given.
    subgroup: Option<String>,
    /// People with the outcome before and after.
    n11: i32,
    /// Before only.
    n10: i32,
    /// After only.
    n01: i32,
    /// Neither.
    n00: i32,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history; required where it replaces another table.
    reason: Option<String>,
}

payload! {
    /// A paired table, recorded.
    RecordPairedTablePayload {
        /// The table; null where it was refused.
        paired_table: Seen,
        /// Its criterion, with the result that follows from it.
        criterion: success_criterion::Seen,
    }
}

#[derive(Default)]
pub struct PairedTableMutations;

#[Object]
impl PairedTableMutations {
    /// Records who changed: the paired table of a criterion's measurements before and after. Needs EVALUATOR in a
    /// forvaltning that leads the intervention or takes part in it.
    async fn record_paired_table(
        &self,
        field: &Context<'_>,
        input: RecordPairedTableInput,
    ) -> Result<Option<RecordPairedTablePayload>> {
        let RecordPairedTableInput { criterion_id, subgroup, n11, n10, n01, n00, idempotency_key, reason } =
            input;
        let criterion_id = Kind::SuccessCriterion.read(&criterion_id);
        let has_reason = reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        let operation = paired_table::Record { criterion_id, subgroup, n11, n10, n01, n00, has_reason };
        let given = Given { idempotency_key, reason, ..Given::default() };
        let recorded = async {
            let context = signed_in(field)?;
            let evaluation = operate(context, operation, given).await?;
            let gone = || Error::Internal("a table that was written is not there".into());
            let criterion = success_criterion::by_id(context, criterion_id.unwrap_or_default()).await?;
            let criterion = criterion.ok_or_else(gone)?;
            let tables = paired_table::of_criteria(context, &[criterion.place()]).await?;
            let table = tables.into_values().flatten().find(|table| table.id() == evaluation.about);
            Ok((table.ok_or_else(gone)?, criterion))
        };
        RecordPairedTablePayload::new(field, recorded.await, |rows| rows).map(Some)
    }
}
