/// The language in which a person is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    TooLong { limit: usize },
    // What a person can mend in the input.
    Required,
    NotEmpty,
    CprNumber,
    NotASlug,
    NotAnEmail,
    WeakPassword { minimum: usize },
    OutOfRange { from: i64, to: i64 },
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
    WrongCredentials,
    WrongPassword,
    SessionOver,
    AnswerTooLarge,
}

impl Problem {
    /// Whether the value is no value of the field's type at all, rather than one that the rules refuse.
    pub fn is_malformed(&self) -> bool {
        matches!(self, Self::Malformed { .. } | Self::NulCharacter | Self::TooLong { .. })
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } | Self::NulCharacter | Self::TooLong { .. } => "BAD_USER_INPUT",
            Self::Required | Self::NotEmpty => "REQUIRED",
            Self::CprNumber => "CPR_NUMBER",
            Self::NotASlug => "INVALID_SLUG",
            Self::NotAnEmail => "INVALID_EMAIL",
            Self::WeakPassword { .. } => "WEAK_PASSWORD",
            Self::OutOfRange { .. } => "OUT_OF_RANGE",
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
            Self::WrongStatus { .. } => "WRONG_STATUS",
            Self::ReportsNotApproved { .. } => "REPORTS_NOT_APPROVED",
            Self::OwnWork => "OWN_WORK",
            Self::MunicipalityWideRole => "MUNICIPALITY_WIDE_ROLE",
            Self::AlreadyGranted => "ALREADY_GRANTED",
            Self::AlreadyRevoked => "ALREADY_REVOKED",
            Self::LastAdmin => "LAST_ADMIN",
            Self::WrongCredentials => "WRONG_CREDENTIALS",
            Self::WrongPassword => "WRONG_PASSWORD",
            Self::SessionOver => "SESSION_OVER",
            Self::AnswerTooLarge => "ANSWER_TOO_LARGE",
        }
    }

    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Danish => self.danish(),
            Language::English => self.english(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Malformed { expected } => format!("This is not {expected}."),
            Self::NulCharacter => "Text cannot contain the NUL character.".into(),
            Self::TooLong { limit } => format!("At most {limit} characters."),
            Self::Required => "This must be given.".into(),
            Self::NotEmpty => "This cannot be empty.".into(),
            Self::CprNumber => {
                "This looks like a CPR number. Remove it: personal numbers are not stored here.".into()
            }
            Self::NotASlug => "Use lower-case letters a to z, digits and single hyphens between them.".into(),
            Self::NotAnEmail => "This is not an e-mail address.".into(),
            Self::WeakPassword { minimum } => format!("Use at least {minimum} characters."),
            Self::OutOfRange { from, to } => format!("Give a number from {from} to {to}."),
            Self::StartAfterEnd => "The start comes after the end.".into(),
            Self::Repeated => "This is given more than once.".into(),
            Self::UnknownCode { allowed } => format!("Use one of {allowed}."),
            Self::NotFound => "There is nothing by this name or id.".into(),
            Self::NotAmong { known } => format!("There is none by this name. There are {known}."),
            Self::Taken => "This is already in use.".into(),
            Self::Stale { current } => {
                format!(
                    "It has been changed since you read it and is now at version {current}. Read it again."
                )
            }
            Self::KeyUsedDifferently => {
                "This key was used before with another input. Choose a new key.".into()
            }
            Self::ValueOrAbsence => "Give either a value or why there is none.".into(),
            Self::ExpiryWithPermanence => {
                "Give the last year when, and only when, the permanence is EXPIRES.".into()
            }
            Self::LeadIsPartner => "The leading forvaltning cannot be a partner as well.".into(),
            Self::CitywideWithDistricts => "A citywide intervention names no districts.".into(),
            Self::OwnAncestor => "An intervention cannot be above itself.".into(),
            Self::PrincipleNotOfYear => {
                "A principle's strategy does not cover the year. Name the year's own.".into()
            }
            Self::PrincipleWithMeasure => {
                "Name the principle when, and only when, the measure is PRINCIPLE_COUNT.".into()
            }
            Self::CoordinatorOnly => {
                "Only a coordinator changes which forvaltninger lead and take part.".into()
            }
            Self::YearClosed => "The reporting year is closed.".into(),
            Self::YearNotOpened => "A coordinator has not opened this reporting year.".into(),
            Self::WrongStatus { status } => format!("This cannot be done while the report is {status}."),
            Self::ReportsNotApproved { count } => {
                format!("{count} reports of the year are not approved yet.")
            }
            Self::OwnWork => "You wrote in this report, so someone else approves it.".into(),
            Self::MunicipalityWideRole => {
                "This role holds for the whole municipality; leave out the forvaltning.".into()
            }
            Self::AlreadyGranted => "The account already has this role there.".into(),
            Self::AlreadyRevoked => "This grant has already ended.".into(),
            Self::LastAdmin => "This is the last administrator; appoint another one first.".into(),
            Self::WrongCredentials => "The e-mail address or the password is wrong.".into(),
            Self::WrongPassword => "The present password is wrong.".into(),
            Self::SessionOver => "The session is over. Sign in again.".into(),
            Self::AnswerTooLarge => "The answer is too large. Ask for fewer objects at a time.".into(),
        }
    }

    fn danish(&self) -> String {
        match self {
            Self::Malformed { expected } => format!("Dette er ikke {}.", danish_expectation(expected)),
            Self::NulCharacter => "Tekst kan ikke indeholde NUL-tegnet.".into(),
            Self::TooLong { limit } => format!("Højst {limit} tegn."),
            Self::Required => "Dette skal angives.".into(),
            Self::NotEmpty => "Dette kan ikke være tomt.".into(),
            Self::CprNumber => "Dette ligner et CPR-nummer. Fjern det: personnumre gemmes ikke her.".into(),
            Self::NotASlug => "Brug små bogstaver a til z, cifre og enkelte bindestreger imellem.".into(),
            Self::NotAnEmail => "Dette er ikke en e-mailadresse.".into(),
            Self::WeakPassword { minimum } => format!("Brug mindst {minimum} tegn."),
            Self::OutOfRange { from, to } => format!("Angiv et tal fra {from} til {to}."),
            Self::StartAfterEnd => "Starten ligger efter slutningen.".into(),
            Self::Repeated => "Dette er angivet mere end én gang.".into(),
            Self::UnknownCode { allowed } => format!("Brug en af {allowed}."),
            Self::NotFound => "Der findes intet med dette navn eller id.".into(),
            Self::NotAmong { known } => format!("Der findes ingen med dette navn. Der findes {known}."),
            Self::Taken => "Dette er allerede i brug.".into(),
            Self::Stale { current } => {
                format!("Det er ændret, siden du læste det, og er nu i version {current}. Læs det igen.")
            }
            Self::KeyUsedDifferently => {
                "Nøglen er tidligere brugt med et andet indhold. Vælg en ny nøgle.".into()
            }
            Self::ValueOrAbsence => "Angiv enten en værdi eller hvorfor der ingen er.".into(),
            Self::ExpiryWithPermanence => "Angiv det sidste år, når og kun når varigheden er EXPIRES.".into(),
            Self::LeadIsPartner => "Den ledende forvaltning kan ikke også være partner.".into(),
            Self::CitywideWithDistricts => "En bydækkende indsats nævner ingen bydele.".into(),
            Self::OwnAncestor => "En indsats kan ikke ligge over sig selv.".into(),
            Self::PrincipleNotOfYear => "Et fagprincips strategi dækker ikke året. Nævn årets egne.".into(),
            Self::PrincipleWithMeasure => {
                "Nævn fagprincippet, når og kun når målet er PRINCIPLE_COUNT.".into()
            }
            Self::CoordinatorOnly => {
                "Kun en koordinator ændrer, hvilke forvaltninger der leder og deltager.".into()
            }
            Self::YearClosed => "Rapporteringsåret er lukket.".into(),
            Self::YearNotOpened => "Rapporteringsåret er ikke åbnet af en koordinator.".into(),
            Self::WrongStatus { status } => format!("Det kan ikke gøres, mens afrapporteringen er {status}."),
            Self::ReportsNotApproved { count } => {
                format!("{count} af årets afrapporteringer er ikke godkendt endnu.")
            }
            Self::OwnWork => "Du har skrevet i denne afrapportering, så en anden skal godkende den.".into(),
            Self::MunicipalityWideRole => "Rollen gælder hele kommunen; udelad forvaltningen.".into(),
            Self::AlreadyGranted => "Kontoen har allerede denne rolle dér.".into(),
            Self::AlreadyRevoked => "Tildelingen er allerede ophørt.".into(),
            Self::LastAdmin => "Dette er den sidste administrator; udpeg en anden først.".into(),
            Self::WrongCredentials => "E-mailadressen eller adgangskoden er forkert.".into(),
            Self::WrongPassword => "Den nuværende adgangskode er forkert.".into(),
            Self::SessionOver => "Sessionen er slut. Log ind igen.".into(),
            Self::AnswerTooLarge => "Svaret er for stort. Bed om færre ad gangen.".into(),
        }
    }
}

fn danish_expectation(english: &'static str) -> &'static str {
    match english {
        expectation::YEAR => "et årstal fra 1900 til 2200",
        expectation::DECIMAL => "et decimaltal med højst seks decimaler, såsom 12.5",
        expectation::WHOLE_NUMBER => "et helt tal",
        expectation::DATE => "en dato som 2024-01-31",
        expectation::MOMENT => "et tidspunkt som 2024-01-31T12:00:00Z",
        expectation::TRUE_OR_FALSE => "true eller false",
        expectation::ID_OR_SLUG => "enten id eller slug, og kun et af dem",
        expectation::CURSOR => "en markør fra denne liste",
        other => other,
    }
}

/// What a malformed value should have been.
pub mod expectation {
    pub const YEAR: &str = "a year from 1900 to 2200";
    pub const DECIMAL: &str = "a decimal number with at most six places, such as 12.5";
    pub const WHOLE_NUMBER: &str = "a whole number";
    pub const DATE: &str = "a date such as 2024-01-31";
    pub const MOMENT: &str = "a moment such as 2024-01-31T12:00:00Z";
    pub const TRUE_OR_FALSE: &str = "true or false";
    pub const ID_OR_SLUG: &str = "exactly one of id and slug";
    pub const CURSOR: &str = "a cursor of this list";
}
