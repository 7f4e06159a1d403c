//! The closed sets of the domain, as enums of the schema.

mod ability;
mod access;
mod coded;
mod evaluation;
mod register;
mod result;
mod theory;

pub use access::{AccessOutcome, GrantState};
pub use coded::Coded;
pub use evaluation::{
    Anchor, Audience, Caution, Comparability, CorrectionKind, CriterionBasis, CriterionDirection,
    CriterionUnit, EvaluationPart, EvaluationStatus, GroupKind, Milestone, Pairing, Wave,
};
pub use register::{
    Action, ClaimLabel, Direction, FigureKind, FundingKind, Measure, Permanence, Role, StatedAbsence,
    SubjectKind,
};
pub use result::{
    Attainment, ComparisonDesign, ComparisonMethod, Design, EffectSizeKind, IntervalMethod, Language,
    NotAssessableReason, PlanObstacle, ResultChange, Verdict, WarningCode,
};
pub use theory::{ElementKind, EvidenceMethod, Finding, FlawCode, Implementation, Outcomes, RivalAssessment};

/// Writes values of the domain as the enums that mirror them.
macro_rules! leaves {
    ($($name:ident,)+) => {$(
        impl crate::plan::Leaf for domain::$name {
            fn declare(registry: &mut async_graphql::registry::Registry) -> String {
                <$name as async_graphql::InputType>::create_type_info(registry)
            }

            fn write(&self, out: &mut crate::plan::Json) {
                out.string(self.as_str());
            }
        }
    )+};
}
use leaves;
