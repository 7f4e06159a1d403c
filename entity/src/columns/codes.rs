//! Closed sets, stored as their code: readable in the database, checked by it, and the same word in the API.

use std::fmt;
use std::str::FromStr;

use sea_orm::DeriveValueType;

/// A stored or given word that is not one of a closed set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not one of {}", allowed.join(", "))]
pub struct UnknownCode {
    pub given: String,
    pub allowed: Vec<&'static str>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident => $code:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
        #[sea_orm(value_type = "String")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;

            fn from_str(given: &str) -> Result<Self, UnknownCode> {
                match given {
                    $($code => Ok(Self::$variant),)+
                    _ => Err(UnknownCode { given: given.to_owned(), allowed: vec![$($code,)+] }),
                }
            }
        }
    )+};
}

codes! {
    /// What a grant lets an account do.
    Role {
        Reader => "READER",
        Evaluator => "EVALUATOR",
        Approver => "APPROVER",
        Coordinator => "COORDINATOR",
        Auditor => "AUDITOR",
        Admin => "ADMIN",
    }

    /// What was done to a subject; the verb of an event.
    Action {
        Create => "CREATE",
        Update => "UPDATE",
        Import => "IMPORT",
        Submit => "SUBMIT",
        Return => "RETURN",
        Approve => "APPROVE",
        Open => "OPEN",
        Close => "CLOSE",
        Grant => "GRANT",
        Revoke => "REVOKE",
        ChangePassword => "CHANGE_PASSWORD",
        ResetPassword => "RESET_PASSWORD",
        Add => "ADD",
        Amend => "AMEND",
        Remove => "REMOVE",
        Record => "RECORD",
        Correct => "CORRECT",
        Register => "REGISTER",
        Publish => "PUBLISH",
        Withdraw => "WITHDRAW",
        Confirm => "CONFIRM",
    }

    /// How a grant of ADMIN came to hold, or that it does not yet.
    Confirmation {
        /// It holds nowhere until another ADMIN confirms it.
        Pending => "PENDING",
        Confirmed => "CONFIRMED",
        /// It holds without: there was nobody else to confirm it.
        SoleAdmin => "SOLE_ADMIN",
    }

    /// What kind of thing an event is about.
    SubjectKind {
        Account => "ACCOUNT",
        RoleGrant => "ROLE_GRANT",
        ApiToken => "API_TOKEN",
        Forvaltning => "FORVALTNING",
        Strategy => "STRATEGY",
        StrategyPrinciple => "STRATEGY_PRINCIPLE",
        District => "DISTRICT",
        Intervention => "INTERVENTION",
        InterventionYear => "INTERVENTION_YEAR",
        ReportingYear => "REPORTING_YEAR",
        Funding => "FUNDING",
        Figure => "FIGURE",
        Claim => "CLAIM",
        EvaluationRound => "EVALUATION_ROUND",
        Instrument => "INSTRUMENT",
        Virkningsevaluering => "VIRKNINGSEVALUERING",
    }

    /// What access was asked to: the subjects of the history, what belongs to them, and what is kept about them.
    AccessedKind {
        Account => "ACCOUNT",
        RoleGrant => "ROLE_GRANT",
        ApiToken => "API_TOKEN",
        Forvaltning => "FORVALTNING",
        Strategy => "STRATEGY",
        StrategyPrinciple => "STRATEGY_PRINCIPLE",
        District => "DISTRICT",
        Intervention => "INTERVENTION",
        InterventionYear => "INTERVENTION_YEAR",
        ReportingYear => "REPORTING_YEAR",
        Funding => "FUNDING",
        Figure => "FIGURE",
        Claim => "CLAIM",
        EvaluationRound => "EVALUATION_ROUND",
        Instrument => "INSTRUMENT",
        Virkningsevaluering => "VIRKNINGSEVALUERING",
        SuccessCriterion => "SUCCESS_CRITERION",
        Measurement => "MEASUREMENT",
        PairedTable => "PAIRED_TABLE",
        Result => "RESULT",
        Comparison => "COMPARISON",
        Learning => "LEARNING",
        Population => "POPULATION",
        DataSource => "DATA_SOURCE",
        DataProcessing => "DATA_PROCESSING",
        ObservationBatch => "OBSERVATION_BATCH",
        ParticipantExclusion => "PARTICIPANT_EXCLUSION",
        ObservationErasure => "OBSERVATION_ERASURE",
        TheoryElement => "THEORY_ELEMENT",
        TheoryLink => "THEORY_LINK",
        ElementCriterion => "ELEMENT_CRITERION",
        TheoryAmendment => "THEORY_AMENDMENT",
        QualitativeEvidence => "QUALITATIVE_EVIDENCE",
        RivalExplanation => "RIVAL_EXPLANATION",
        Transition => "TRANSITION",
        Event => "EVENT",
        AccessLogEntry => "ACCESS_LOG_ENTRY",
    }

    /// How access was answered, in the access log.
    AccessOutcome {
        /// The actor may know of it, but not do this.
        Forbidden => "FORBIDDEN",
        /// It is not there, or not for the actor to know of.
        NotFound => "NOT_FOUND",
        /// What participants answered was read.
        Read => "READ",
        /// Denials of whatever kind, beyond those that are told apart.
        Overflow => "OVERFLOW",
    }

    /// What a part of an evaluation is; the word under which events keep its fields.
    EvaluationPart {
        Criterion => "criteria",
        Measurement => "measurements",
        PairedTable => "pairedTables",
        Result => "results",
        Comparison => "comparisons",
        Claim => "claims",
        Learning => "learnings",
        Population => "populations",
        DataSource => "dataSources",
        DataProcessing => "dataProcessing",
        ObservationBatch => "observationBatches",
        ParticipantExclusion => "participantExclusions",
        ObservationErasure => "observationErasures",
        TheoryElement => "theoryElements",
        TheoryLink => "theoryLinks",
        ElementCriterion => "elementCriteria",
        TheoryAmendment => "theoryAmendments",
        QualitativeEvidence => "qualitativeEvidence",
        RivalExplanation => "rivalExplanations",
        Transition => "transitions",
    }

    /// Whether a reporting year takes changes.
    YearStatus {
        Open => "OPEN",
        Closed => "CLOSED",
    }

    /// How far the report of one intervention for one year has come.
    YearReportStatus {
        Draft => "DRAFT",
        Submitted => "SUBMITTED",
        Approved => "APPROVED",
    }

    /// What the money of a funding pays for.
    FundingKind {
        Operation => "OPERATION",
        Transfer => "TRANSFER",
        NotStated => "NOT_STATED",
    }

    /// How long a funding lasts.
    Permanence {
        Permanent => "PERMANENT",
        Expires => "EXPIRES",
        NotStated => "NOT_STATED",
    }

    /// What a published number is about.
    FigureKind {
        Participants => "PARTICIPANTS",
        Activity => "ACTIVITY",
        Outcome => "OUTCOME",
        Comparison => "COMPARISON",
        Distribution => "DISTRIBUTION",
    }

    /// Why there is no value.
    AbsenceKind {
        NotYet => "NOT_YET",
        NotStated => "NOT_STATED",
        NotApplicable => "NOT_APPLICABLE",
    }

    /// What a printed claim says: a count of the register's own, or how the figures that it names hang together.
    Measure {
        InterventionCount => "INTERVENTION_COUNT",
        CitywideCount => "CITYWIDE_COUNT",
        PrincipleCount => "PRINCIPLE_COUNT",
        InPackageCount => "IN_PACKAGE_COUNT",
        DistrictsWithoutTargeted => "DISTRICTS_WITHOUT_TARGETED",
        FundingTotal => "FUNDING_TOTAL",
        Sum => "SUM",
        Difference => "DIFFERENCE",
        Share => "SHARE",
        RelativeChange => "RELATIVE_CHANGE",
        Count => "COUNT",
    }

    /// How far an evaluation has come.
    EvaluationStatus {
        Draft => "DRAFT",
        Registered => "REGISTERED",
        Submitted => "SUBMITTED",
        Approved => "APPROVED",
        Published => "PUBLISHED",
        Withdrawn => "WITHDRAWN",
    }

    /// Which way a criterion wants its indicator to go.
    CriterionDirection {
        Up => "UP",
        Down => "DOWN",
    }

    /// What a criterion's threshold is compared with.
    CriterionBasis {
        RelativeChange => "RELATIVE_CHANGE",
        AbsoluteChange => "ABSOLUTE_CHANGE",
        Level => "LEVEL",
        Maintain => "MAINTAIN",
    }

    /// What a criterion is measured in.
    CriterionUnit {
        Share => "SHARE",
        Mean => "MEAN",
        Count => "COUNT",
    }

    /// What an evaluator knows to stand between a criterion's change and its cause.
    Caution {
        RegressionToMean => "REGRESSION_TO_MEAN",
        Maturation => "MATURATION",
        CoEnrolment => "CO_ENROLMENT",
    }

    /// How the people measured before and after hang together.
    Pairing {
        Independent => "INDEPENDENT",
        SamePersons => "SAME_PERSONS",
        Paired => "PAIRED",
    }

    /// When in the course of an intervention something was measured.
    Wave {
        Before => "BEFORE",
        During => "DURING",
        After => "AFTER",
        FollowUp => "FOLLOW_UP",
    }

    /// What the months of a measurement are counted from.
    Anchor {
        Start => "START",
        End => "END",
    }

    /// Whom a measurement is of.
    GroupKind {
        Participants => "PARTICIPANTS",
        Subgroup => "SUBGROUP",
        Comparison => "COMPARISON",
    }

    /// How a comparison group came to be.
    Comparability {
        Randomised => "RANDOMISED",
        Matched => "MATCHED",
        GeneralPopulation => "GENERAL_POPULATION",
    }

    /// The form in which a measurement was given.
    MeasurementKind {
        Share => "SHARE",
        Distribution => "DISTRIBUTION",
        Mean => "MEAN",
        Summary => "SUMMARY",
        Count => "COUNT",
    }

    /// Why a measurement was corrected.
    CorrectionKind {
        TypingError => "TYPING_ERROR",
        WrongPeriod => "WRONG_PERIOD",
        WrongPopulation => "WRONG_POPULATION",
        SourceRevised => "SOURCE_REVISED",
        Other => "OTHER",
    }

    /// Whom a learning is addressed to.
    Audience {
        Intervention => "INTERVENTION",
        Management => "MANAGEMENT",
        Politicians => "POLITICIANS",
    }
    /// What an element is in a programme theory.
    ElementKind {
        Input => "INPUT",
        Activity => "ACTIVITY",
        Output => "OUTPUT",
        ShortTermOutcome => "SHORT_TERM_OUTCOME",
        LongTermOutcome => "LONG_TERM_OUTCOME",
        Mechanism => "MECHANISM",
        Context => "CONTEXT",
    }

    /// How qualitative evidence was gathered.
    EvidenceMethod {
        Interview => "INTERVIEW",
        Observation => "OBSERVATION",
        Document => "DOCUMENT",
        Register => "REGISTER",
    }

    /// What qualitative evidence says of an element.
    Finding {
        Supports => "SUPPORTS",
        Weakens => "WEAKENS",
        Mixed => "MIXED",
    }

    /// How a rival explanation stands.
    RivalAssessment {
        NotAssessed => "NOT_ASSESSED",
        RuledOut => "RULED_OUT",
        Plausible => "PLAUSIBLE",
        Likely => "LIKELY",
    }
}
