mod danish;
mod english;

use crate::columns::{CriterionDirection, CriterionUnit, Decimal, ElementKind, EvaluationStatus, Wave};

/// The language in which a person is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    Danish,
    #[default]
    English,
}

/// What is wrong with a field. The code is for programs, the message for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    // Text and numbers that cannot be what the field takes.
    Malformed { expected: &'static str },
    NulCharacter,
    Later,
    NotInThePast,
    TooLong { limit: usize },
    // What a person can mend in the input.
    Required,
    NotEmpty,
    CprNumber,
    NotASlug,
    NotAnEmail,
    NotExact,
    WeakPassword { minimum: usize },
    OutOfRange { from: i64, to: i64 },
    NotPositive,
    NotAFraction { most: i64 },
    StartAfterEnd,
    Repeated,
    UnknownCode { allowed: String },
    // What the input refers to.
    NotFound,
    NotAmong { known: String },
    Taken,
    // What the rules refuse.
    Stale { current: i64 },
    KeyUsedDifferently,
    ValueOrAbsence,
    ExpiryWithPermanence,
    LeadIsPartner,
    CitywideWithDistricts,
    OwnAncestor,
    PrincipleNotOfYear,
    PrincipleWithMeasure,
    CoordinatorOnly,
    YearClosed,
    YearNotOpened,
    WrongStatus { status: &'static str },
    ReportsNotApproved { count: u64 },
    OwnWork,
    MunicipalityWideRole,
    AlreadyGranted,
    AlreadyRevoked,
    LastAdmin,
    NothingToConfirm,
    OwnGrant,
    HoldsAdmin,
    WrongCredentials,
    WrongPassword,
    SessionOver,
    PasswordOrIssuer,
    LocalAccountsOff,
    LinkOver,
    SignsInElsewhere,
    TokenOver,
    RoleNotHeld,
    TokenOfAdmin,
    LifeOfToken { days: i64 },
    AnswerTooLarge,
    // What the rules of evaluations refuse.
    EvaluationIs { status: EvaluationStatus },
    NoCriteria,
    CriteriaFrozen,
    UnitMeasured,
    RateTooLarge,
    NotRegistered,
    NotRegisteredYet,
    NotOfRound,
    AlreadyMeasured,
    AlreadyCorrected,
    NotOfUnit { unit: CriterionUnit },
    ShareOrCategories,
    NoSuccessCategories,
    CategoriesMissing { names: String },
    OutsideSummary,
    MonthsOfWave { wave: Wave },
    NameOfGroup,
    ComparabilityOfGroup,
    GroupKnownOtherwise,
    NotPaired,
    NothingToPair,
    TableDoesNotFit { wave: Wave, numerator: i64, denominator: i64 },
    YearOrCriterion,
    MeasureOfClaim,
    TermsWithMeasure,
    FigureOrNumber,
    WaveWithMeasure,
    PrintedBesideChange,
    // What the rules of instruments refuse.
    NotACode,
    NotAScale,
    DirectionOfInstrument { direction: CriterionDirection },
    OutsideInstrument { from: Decimal, to: Decimal },
    ItemsOfInstrument { items: i32, from: i32, to: i32 },
    NoItems,
    OverEnrolled { enrolled: i32 },
    // What the rules of observations refuse.
    NoDataProcessing,
    AnonymousIntervention,
    DeletionDatePassed,
    AnswerOfUnit { unit: CriterionUnit, by_category: bool },
    AlreadyObserved,
    AlreadyExcluded,
    ComputedMeasurement,
    NothingToErase,
    TheoryUnsound,
    TheoryRegistered,
    LeadsBack { from: ElementKind, to: ElementKind },
    LeadsInACircle,
    AlreadyLinked,
    ElementInUse,
    NotAnOutcome,
    // What is wrong with a table as a whole.
    NotPermitted,
    UnreadableTable { told: String },
    TooManyRows { most: usize },
}

impl Problem {
    /// Whether the value is no value of the field's type at all, rather than one that the rules refuse.
    pub fn is_malformed(&self) -> bool {
        matches!(
            self,
            Self::Malformed { .. }
                | Self::NulCharacter
                | Self::Later
                | Self::NotInThePast
                | Self::TooLong { .. }
        )
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. }
            | Self::NulCharacter
            | Self::Later
            | Self::NotInThePast
            | Self::TooLong { .. } => "BAD_USER_INPUT",
            Self::Required | Self::NotEmpty => "REQUIRED",
            Self::CprNumber => "CPR_NUMBER",
            Self::NotASlug => "INVALID_SLUG",
            Self::NotAnEmail => "INVALID_EMAIL",
            Self::NotExact => "INVALID_IDENTIFIER",
            Self::WeakPassword { .. } => "WEAK_PASSWORD",
            Self::OutOfRange { .. }
            | Self::NotPositive
            | Self::NotAFraction { .. }
            | Self::RateTooLarge
            | Self::OutsideSummary
            | Self::OutsideInstrument { .. } => "OUT_OF_RANGE",
            Self::StartAfterEnd => "START_AFTER_END",
            Self::Repeated => "REPEATED",
            Self::UnknownCode { .. } => "UNKNOWN_CODE",
            Self::NotFound | Self::NotAmong { .. } => "NOT_FOUND",
            Self::Taken => "TAKEN",
            Self::Stale { .. } => "STALE",
            Self::KeyUsedDifferently => "IDEMPOTENCY_KEY_REUSED",
            Self::ValueOrAbsence => "VALUE_OR_ABSENCE",
            Self::ExpiryWithPermanence => "EXPIRY_WITH_PERMANENCE",
            Self::LeadIsPartner => "LEAD_IS_PARTNER",
            Self::CitywideWithDistricts => "CITYWIDE_WITH_DISTRICTS",
            Self::OwnAncestor => "OWN_ANCESTOR",
            Self::PrincipleNotOfYear => "PRINCIPLE_NOT_OF_YEAR",
            Self::PrincipleWithMeasure => "PRINCIPLE_WITH_MEASURE",
            Self::CoordinatorOnly => "COORDINATOR_ONLY",
            Self::YearClosed => "YEAR_CLOSED",
            Self::YearNotOpened => "YEAR_NOT_OPENED",
            Self::WrongStatus { .. } | Self::EvaluationIs { .. } => "WRONG_STATUS",
            Self::ReportsNotApproved { .. } => "REPORTS_NOT_APPROVED",
            Self::OwnWork => "OWN_WORK",
            Self::MunicipalityWideRole => "MUNICIPALITY_WIDE_ROLE",
            Self::AlreadyGranted => "ALREADY_GRANTED",
            Self::AlreadyRevoked => "ALREADY_REVOKED",
            Self::LastAdmin => "LAST_ADMIN",
            Self::NothingToConfirm => "NOTHING_TO_CONFIRM",
            Self::OwnGrant => "OWN_GRANT",
            Self::HoldsAdmin => "HOLDS_ADMIN",
            Self::WrongCredentials => "WRONG_CREDENTIALS",
            Self::WrongPassword => "WRONG_PASSWORD",
            Self::SessionOver => "SESSION_OVER",
            Self::PasswordOrIssuer | Self::SignsInElsewhere => "PASSWORD_OR_ISSUER",
            Self::LocalAccountsOff => "LOCAL_ACCOUNTS_OFF",
            Self::LinkOver => "LINK_OVER",
            Self::TokenOver => "TOKEN_OVER",
            Self::RoleNotHeld => "ROLE_NOT_HELD",
            Self::TokenOfAdmin => "TOKEN_OF_ADMIN",
            Self::LifeOfToken { .. } => "LIFE_OF_TOKEN",
            Self::AnswerTooLarge => "ANSWER_TOO_LARGE",
            Self::NoCriteria => "NO_CRITERIA",
            Self::CriteriaFrozen => "CRITERIA_FROZEN",
            Self::UnitMeasured => "UNIT_MEASURED",
            Self::NotPermitted => "FORBIDDEN",
            Self::NotRegistered | Self::NotRegisteredYet => "NOT_REGISTERED",
            Self::NotOfRound => "NOT_OF_ROUND",
            Self::AlreadyMeasured => "ALREADY_MEASURED",
            Self::AlreadyCorrected => "ALREADY_CORRECTED",
            Self::NotOfUnit { .. } | Self::AnswerOfUnit { .. } => "NOT_OF_UNIT",
            Self::ShareOrCategories => "SHARE_OR_CATEGORIES",
            Self::NoSuccessCategories | Self::CategoriesMissing { .. } => "SUCCESS_CATEGORIES",
            Self::MonthsOfWave { .. } => "MONTHS_OF_WAVE",
            Self::NameOfGroup | Self::ComparabilityOfGroup | Self::GroupKnownOtherwise => "INVALID_GROUP",
            Self::NotPaired => "NOT_PAIRED",
            Self::NothingToPair => "NOTHING_TO_PAIR",
            Self::TableDoesNotFit { .. } => "TABLE_DOES_NOT_FIT",
            Self::YearOrCriterion => "YEAR_OR_CRITERION",
            Self::MeasureOfClaim => "MEASURE_OF_CLAIM",
            Self::TermsWithMeasure => "TERMS_WITH_MEASURE",
            Self::FigureOrNumber => "FIGURE_OR_NUMBER",
            Self::WaveWithMeasure => "WAVE_WITH_MEASURE",
            Self::PrintedBesideChange => "PRINTED_BESIDE_CHANGE",
            Self::NotACode => "INVALID_CODE",
            Self::NotAScale => "NOT_A_SCALE",
            Self::DirectionOfInstrument { .. } => "DIRECTION_OF_INSTRUMENT",
            Self::NoItems | Self::ItemsOfInstrument { .. } => "ITEMS_OF_INSTRUMENT",
            Self::OverEnrolled { .. } => "OVER_ENROLLED",
            Self::NoDataProcessing => "NO_DATA_PROCESSING",
            Self::AnonymousIntervention => "ANONYMOUS_INTERVENTION",
            Self::DeletionDatePassed => "DELETION_DATE_PASSED",
            Self::AlreadyObserved => "ALREADY_OBSERVED",
            Self::AlreadyExcluded => "ALREADY_EXCLUDED",
            Self::ComputedMeasurement => "COMPUTED_MEASUREMENT",
            Self::NothingToErase => "NOTHING_TO_ERASE",
            Self::TheoryUnsound => "THEORY_UNSOUND",
            Self::TheoryRegistered => "THEORY_REGISTERED",
            Self::LeadsBack { .. } => "LEADS_BACK",
            Self::LeadsInACircle => "CYCLE",
            Self::AlreadyLinked => "ALREADY_LINKED",
            Self::ElementInUse => "ELEMENT_IN_USE",
            Self::NotAnOutcome => "NOT_AN_OUTCOME",
            Self::UnreadableTable { .. } => "UNREADABLE_TABLE",
            Self::TooManyRows { .. } => "TOO_MANY_ROWS",
        }
    }

    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Danish => danish::message(self),
            Language::English => english::message(self),
        }
    }
}

/// What a malformed value should have been.
pub mod expectation {
    pub const YEAR: &str = "a year from 1900 to 2200";
    pub const DECIMAL: &str = "a decimal number with at most six places, such as 12.5";
    pub const WHOLE_NUMBER: &str = "a whole number";
    pub const DATE: &str = "a date such as 2024-01-31, from 1900 to 2200";
    pub const MOMENT: &str = "a moment such as 2024-01-31T12:00:00Z, from 1900 to 2200";
    pub const TRUE_OR_FALSE: &str = "true or false";
    pub const ID_OR_SLUG: &str = "exactly one of id and slug";
    pub const COUNTS: &str = "people by category, such as Ja=12;Nej=31";
    pub const NO_NUL: &str = "text without the NUL character";
    pub const CURSOR: &str = "a cursor of this list";
}
