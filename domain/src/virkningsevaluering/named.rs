//! How an operation names an evaluation: by its own id, or by that of a part.

use entity::{
    criterion_claim, criterion_comparison, criterion_result, data_processing, data_source, element_criterion,
    learning, measurement, observation_batch, observation_erasure, paired_table, participant_exclusion,
    population, qualitative_evidence, rival_explanation, success_criterion_version, theory_amendment,
    theory_element_version, theory_link, transition, virkningsevaluering,
};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait};

use super::seen::{own, sees_all, visible};
use crate::columns::{EvaluationPart, Uuid};
use crate::context::Context;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Named {
    Evaluation(Option<Uuid>),
    Part(EvaluationPart, Option<Uuid>),
}

impl Named {
    /// The evaluation, if the actor sees what names it; none for an id that is none of ours. A part that came after the last
    /// publication is there for those alone who see the evaluation as it is.
    pub(super) fn condition(self, context: &Context) -> Option<Condition> {
        let id = virkningsevaluering::Column::Id;
        let both = |access: Condition, named| Condition::all().add(access).add(named);
        Some(match self {
            Self::Evaluation(given) => both(visible(context), id.eq(given?)),
            Self::Part(kind, given) => {
                let part = given?;
                let of_part = |came| id.in_subquery(of_part(kind, part, came));
                // First of all its own, so that the database begins with the part.
                let named = Condition::all().add(of_part(Came::AtAnyTime));
                if sees_all(context) {
                    return Some(named);
                }
                let published = both(visible(context), of_part(Came::WithThePublication));
                named.add(Condition::any().add(own(context)).add(published))
            }
        })
    }
}

/// When a part came.
#[derive(Clone, Copy, PartialEq)]
enum Came {
    AtAnyTime,
    /// With the last publication of its evaluation, or before.
    WithThePublication,
}

/// The id of the evaluation that a part belongs to.
fn of_part(kind: EvaluationPart, id: Uuid, came: Came) -> SelectStatement {
    macro_rules! of {
        ($table:ident) => {
            of!($table, Id)
        };
        ($table:ident, $id:ident) => {{
            let since = Expr::col(($table::Entity, $table::Column::SinceVersion));
            let published =
                Expr::col((virkningsevaluering::Entity, virkningsevaluering::Column::PublishedVersion));
            let part = $table::Entity::find()
                .select_only()
                .column($table::Column::VirkningsevalueringId)
                .filter($table::Column::$id.eq(id));
            if came == Came::AtAnyTime { part } else { part.filter(since.lte(published)) }.into_query()
        }};
    }
    match kind {
        EvaluationPart::Criterion => of!(success_criterion_version, SuccessCriterionId),
        EvaluationPart::Measurement => of!(measurement),
        EvaluationPart::PairedTable => of!(paired_table),
        EvaluationPart::Result => of!(criterion_result),
        EvaluationPart::Comparison => of!(criterion_comparison),
        EvaluationPart::Claim => of!(criterion_claim),
        EvaluationPart::Learning => of!(learning),
        EvaluationPart::Population => of!(population),
        EvaluationPart::DataSource => of!(data_source),
        EvaluationPart::DataProcessing => of!(data_processing),
        EvaluationPart::ObservationBatch => of!(observation_batch),
        EvaluationPart::ParticipantExclusion => of!(participant_exclusion),
        EvaluationPart::ObservationErasure => of!(observation_erasure),
        EvaluationPart::TheoryElement => of!(theory_element_version, TheoryElementId),
        EvaluationPart::TheoryLink => of!(theory_link),
        EvaluationPart::ElementCriterion => of!(element_criterion),
        EvaluationPart::TheoryAmendment => of!(theory_amendment),
        EvaluationPart::QualitativeEvidence => of!(qualitative_evidence),
        EvaluationPart::RivalExplanation => of!(rival_explanation),
        EvaluationPart::Transition => of!(transition),
    }
}
