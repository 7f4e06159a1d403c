//! Ids as clients see them: opaque texts that say what they are of, so that one of another kind is none of ours.

use async_graphql::registry::Registry;
use async_graphql::{ID, InputType};
use domain::{AccessedKind, Uuid};

use crate::plan::Leaf;

/// What an id is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Account,
    RoleGrant,
    ApiToken,
    Forvaltning,
    Strategy,
    StrategyPrinciple,
    District,
    Intervention,
    InterventionYear,
    ReportingYear,
    Funding,
    Figure,
    Claim,
    Event,
    EvaluationRound,
    Instrument,
    Virkningsevaluering,
    SuccessCriterion,
    Measurement,
    PairedTable,
    Result,
    Comparison,
    Learning,
    Population,
    DataSource,
    DataProcessing,
    ObservationBatch,
    ParticipantExclusion,
    ObservationErasure,
    TheoryElement,
    TheoryLink,
    ElementCriterion,
    TheoryAmendment,
    QualitativeEvidence,
    RivalExplanation,
    Transition,
    AccessLogEntry,
}

impl Kind {
    const ALL: [Self; 37] = [
        Self::Account,
        Self::RoleGrant,
        Self::ApiToken,
        Self::Forvaltning,
        Self::Strategy,
        Self::StrategyPrinciple,
        Self::District,
        Self::Intervention,
        Self::InterventionYear,
        Self::ReportingYear,
        Self::Funding,
        Self::Figure,
        Self::Claim,
        Self::Event,
        Self::EvaluationRound,
        Self::Instrument,
        Self::Virkningsevaluering,
        Self::SuccessCriterion,
        Self::Measurement,
        Self::PairedTable,
        Self::Result,
        Self::Comparison,
        Self::Learning,
        Self::Population,
        Self::DataSource,
        Self::DataProcessing,
        Self::ObservationBatch,
        Self::ParticipantExclusion,
        Self::ObservationErasure,
        Self::TheoryElement,
        Self::TheoryLink,
        Self::ElementCriterion,
        Self::TheoryAmendment,
        Self::QualitativeEvidence,
        Self::RivalExplanation,
        Self::Transition,
        Self::AccessLogEntry,
    ];

    const fn prefix(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::RoleGrant => "grant",
            Self::ApiToken => "apitoken",
            Self::Forvaltning => "forvaltning",
            Self::Strategy => "strategy",
            Self::StrategyPrinciple => "principle",
            Self::District => "district",
            Self::Intervention => "intervention",
            Self::InterventionYear => "report",
            Self::ReportingYear => "year",
            Self::Funding => "funding",
            Self::Figure => "figure",
            Self::Claim => "claim",
            Self::Event => "event",
            Self::EvaluationRound => "round",
            Self::Instrument => "instrument",
            Self::Virkningsevaluering => "virkningsevaluering",
            Self::SuccessCriterion => "criterion",
            Self::Measurement => "measurement",
            Self::PairedTable => "table",
            Self::Result => "result",
            Self::Comparison => "comparison",
            Self::Learning => "learning",
            Self::Population => "population",
            Self::DataSource => "source",
            Self::DataProcessing => "processing",
            Self::ObservationBatch => "batch",
            Self::ParticipantExclusion => "exclusion",
            Self::ObservationErasure => "erasure",
            Self::TheoryElement => "element",
            Self::TheoryLink => "link",
            Self::ElementCriterion => "measuring",
            Self::TheoryAmendment => "amendment",
            Self::QualitativeEvidence => "evidence",
            Self::RivalExplanation => "rival",
            Self::Transition => "transition",
            Self::AccessLogEntry => "access",
        }
    }

    /// The id as the schema shows it.
    pub fn id(self, id: Uuid) -> Id {
        Id(format!("{}_{}", self.prefix(), id.simple()))
    }

    /// What the access log calls it.
    pub fn accessed(self) -> Option<AccessedKind> {
        AccessedKind::ALL.iter().copied().find(|kind| Self::from(*kind) == self)
    }

    /// The stored id behind a client's; none for an id of another kind and for any other text.
    pub fn read(self, id: &ID) -> Option<Uuid> {
        any(id).filter(|(kind, _)| *kind == self).map(|(_, id)| id)
    }
}

impl From<domain::SubjectKind> for Kind {
    fn from(kind: domain::SubjectKind) -> Self {
        match kind {
            domain::SubjectKind::Account => Self::Account,
            domain::SubjectKind::RoleGrant => Self::RoleGrant,
            domain::SubjectKind::ApiToken => Self::ApiToken,
            domain::SubjectKind::Forvaltning => Self::Forvaltning,
            domain::SubjectKind::Strategy => Self::Strategy,
            domain::SubjectKind::StrategyPrinciple => Self::StrategyPrinciple,
            domain::SubjectKind::District => Self::District,
            domain::SubjectKind::Intervention => Self::Intervention,
            domain::SubjectKind::InterventionYear => Self::InterventionYear,
            domain::SubjectKind::ReportingYear => Self::ReportingYear,
            domain::SubjectKind::Funding => Self::Funding,
            domain::SubjectKind::Figure => Self::Figure,
            domain::SubjectKind::Claim => Self::Claim,
            domain::SubjectKind::EvaluationRound => Self::EvaluationRound,
            domain::SubjectKind::Instrument => Self::Instrument,
            domain::SubjectKind::Virkningsevaluering => Self::Virkningsevaluering,
        }
    }
}

impl From<domain::EvaluationPart> for Kind {
    fn from(part: domain::EvaluationPart) -> Self {
        match part {
            domain::EvaluationPart::Criterion => Self::SuccessCriterion,
            domain::EvaluationPart::Measurement => Self::Measurement,
            domain::EvaluationPart::PairedTable => Self::PairedTable,
            domain::EvaluationPart::Result => Self::Result,
            domain::EvaluationPart::Comparison => Self::Comparison,
            domain::EvaluationPart::Claim => Self::Claim,
            domain::EvaluationPart::Learning => Self::Learning,
            domain::EvaluationPart::Population => Self::Population,
            domain::EvaluationPart::DataSource => Self::DataSource,
            domain::EvaluationPart::DataProcessing => Self::DataProcessing,
            domain::EvaluationPart::ObservationBatch => Self::ObservationBatch,
            domain::EvaluationPart::ParticipantExclusion => Self::ParticipantExclusion,
            domain::EvaluationPart::ObservationErasure => Self::ObservationErasure,
            domain::EvaluationPart::TheoryElement => Self::TheoryElement,
            domain::EvaluationPart::TheoryLink => Self::TheoryLink,
            domain::EvaluationPart::ElementCriterion => Self::ElementCriterion,
            domain::EvaluationPart::TheoryAmendment => Self::TheoryAmendment,
            domain::EvaluationPart::QualitativeEvidence => Self::QualitativeEvidence,
            domain::EvaluationPart::RivalExplanation => Self::RivalExplanation,
            domain::EvaluationPart::Transition => Self::Transition,
        }
    }
}

impl From<AccessedKind> for Kind {
    fn from(kind: AccessedKind) -> Self {
        match kind {
            AccessedKind::Account => Self::Account,
            AccessedKind::RoleGrant => Self::RoleGrant,
            AccessedKind::ApiToken => Self::ApiToken,
            AccessedKind::Forvaltning => Self::Forvaltning,
            AccessedKind::Strategy => Self::Strategy,
            AccessedKind::StrategyPrinciple => Self::StrategyPrinciple,
            AccessedKind::District => Self::District,
            AccessedKind::Intervention => Self::Intervention,
            AccessedKind::InterventionYear => Self::InterventionYear,
            AccessedKind::ReportingYear => Self::ReportingYear,
            AccessedKind::Funding => Self::Funding,
            AccessedKind::Figure => Self::Figure,
            AccessedKind::Claim => Self::Claim,
            AccessedKind::Event => Self::Event,
            AccessedKind::EvaluationRound => Self::EvaluationRound,
            AccessedKind::Instrument => Self::Instrument,
            AccessedKind::Virkningsevaluering => Self::Virkningsevaluering,
            AccessedKind::SuccessCriterion => Self::SuccessCriterion,
            AccessedKind::Measurement => Self::Measurement,
            AccessedKind::PairedTable => Self::PairedTable,
            AccessedKind::Result => Self::Result,
            AccessedKind::Comparison => Self::Comparison,
            AccessedKind::Learning => Self::Learning,
            AccessedKind::Population => Self::Population,
            AccessedKind::DataSource => Self::DataSource,
            AccessedKind::DataProcessing => Self::DataProcessing,
            AccessedKind::ObservationBatch => Self::ObservationBatch,
            AccessedKind::ParticipantExclusion => Self::ParticipantExclusion,
            AccessedKind::ObservationErasure => Self::ObservationErasure,
            AccessedKind::TheoryElement => Self::TheoryElement,
            AccessedKind::TheoryLink => Self::TheoryLink,
            AccessedKind::ElementCriterion => Self::ElementCriterion,
            AccessedKind::TheoryAmendment => Self::TheoryAmendment,
            AccessedKind::QualitativeEvidence => Self::QualitativeEvidence,
            AccessedKind::RivalExplanation => Self::RivalExplanation,
            AccessedKind::Transition => Self::Transition,
            AccessedKind::AccessLogEntry => Self::AccessLogEntry,
        }
    }
}

/// What an id is of, and the stored id.
pub fn any(id: &ID) -> Option<(Kind, Uuid)> {
    let (prefix, digits) = id.split_once('_')?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.prefix() == prefix)?;
    // One spelling for one id: what we never wrote is none of ours.
    let id = Uuid::try_parse(digits).ok().filter(|uuid| uuid.simple().to_string() == digits)?;
    Some((kind, id))
}

/// An id on its way out.
pub struct Id(String);

impl Leaf for Id {
    fn declare(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn write(&self, out: &mut crate::plan::Json) {
        out.string(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any as anything, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn an_id_is_read_as_what_it_is_of_and_nothing_else() {
        let uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
        for kind in Kind::ALL {
            let Id(text) = kind.id(uuid);
            assert_eq!(any(&ID(text.clone())), Some((kind, uuid)));
            let others = Kind::ALL.into_iter().filter(|other| other.read(&ID(text.clone())).is_some());
            assert_eq!(others.collect::<Vec<_>>(), [kind]);
            assert_eq!(kind.accessed().map(Kind::from), Some(kind));
        }
        for text in [
            "",
            "intervention_",
            "intervention_zz",
            &uuid.to_string(),
            "intervention_01900000-0000-7000-8000-000000000001",
        ] {
            assert_eq!(any(&ID(text.to_owned())), None, "{text}");
        }
    }
    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_is_too_strange(text in anything::<String>(), alike in "[a-z]{0,14}_[0-9a-fA-F-]{0,40}", at in 0..36_usize) {
            let made = format!("{}_{}", Kind::ALL[at].prefix(), alike);
            for text in [text, alike, made] {
                if let Some((kind, uuid)) = any(&ID(text.clone())) {
                    let Id(written) = kind.id(uuid);
                    prop_assert_eq!(written, text);
                }
            }
        }
    }
}
