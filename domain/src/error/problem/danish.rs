use super::{Problem, expectation};
use crate::columns::{CriterionUnit, EvaluationStatus, Wave};

#[expect(clippy::too_many_lines, reason = "a line for each problem")]
pub(super) fn message(problem: &Problem) -> String {
    match problem {
        Problem::Malformed { expected } => format!("Dette er ikke {}.", danish_expectation(expected)),
        Problem::NulCharacter => "Tekst kan ikke indeholde NUL-tegnet.".into(),
        Problem::Later => "Dette ligger i fremtiden.".into(),
        Problem::NotInThePast => "Dette læses kun, som det er nu: udelad det, eller spørg uden asOf.".into(),
        Problem::TooLong { limit } => format!("Højst {limit} tegn."),
        Problem::Required => "Dette skal angives.".into(),
        Problem::NotEmpty => "Dette kan ikke være tomt.".into(),
        Problem::CprNumber => "Dette ligner et CPR-nummer. Fjern det: personnumre gemmes ikke her.".into(),
        Problem::NotASlug => "Brug små bogstaver a til z, cifre og enkelte bindestreger imellem.".into(),
        Problem::NotAnEmail => "Dette er ikke en e-mailadresse.".into(),
        Problem::NotExact => {
            "Dette sammenlignes tegn for tegn: angiv det sammensat (NFC) og uden mellemrum omkring.".into()
        }
        Problem::WeakPassword { minimum } => format!("Brug mindst {minimum} tegn."),
        Problem::OutOfRange { from, to } => format!("Angiv et tal fra {from} til {to}."),
        Problem::StartAfterEnd => "Starten ligger efter slutningen.".into(),
        Problem::Repeated => "Dette er angivet mere end én gang.".into(),
        Problem::UnknownCode { allowed } => format!("Brug en af {allowed}."),
        Problem::NotFound => "Der findes intet med dette navn eller id.".into(),
        Problem::NotAmong { known } => format!("Der findes ingen med dette navn. Der findes {known}."),
        Problem::Taken => "Dette er allerede i brug.".into(),
        Problem::Stale { current } => {
            format!("Det er ændret, siden du læste det, og er nu i version {current}. Læs det igen.")
        }
        Problem::KeyUsedDifferently => {
            "Nøglen er tidligere brugt med et andet indhold. Vælg en ny nøgle.".into()
        }
        Problem::ValueOrAbsence => "Angiv enten en værdi eller hvorfor der ingen er.".into(),
        Problem::ExpiryWithPermanence => "Angiv det sidste år, når og kun når varigheden er EXPIRES.".into(),
        Problem::LeadIsPartner => "Den ledende forvaltning kan ikke også være partner.".into(),
        Problem::CitywideWithDistricts => "En bydækkende indsats nævner ingen bydele.".into(),
        Problem::OwnAncestor => "En indsats kan ikke ligge over sig selv.".into(),
        Problem::PrincipleNotOfYear => "Et fagprincips strategi dækker ikke året. Nævn årets egne.".into(),
        Problem::PrincipleWithMeasure => {
            "Nævn fagprincippet, når og kun når målet er PRINCIPLE_COUNT.".into()
        }
        Problem::CoordinatorOnly => {
            "Kun en koordinator ændrer, hvilke forvaltninger der leder og deltager.".into()
        }
        Problem::YearClosed => "Rapporteringsåret er lukket.".into(),
        Problem::YearNotOpened => "Rapporteringsåret er ikke åbnet af en koordinator.".into(),
        Problem::WrongStatus { status } => format!("Det kan ikke gøres, mens afrapporteringen er {status}."),
        Problem::ReportsNotApproved { count } => {
            format!("{count} af årets afrapporteringer er ikke godkendt endnu.")
        }
        Problem::OwnWork => "Du har skrevet i dette, så en anden skal godkende det.".into(),
        Problem::MunicipalityWideRole => "Rollen gælder hele kommunen; udelad forvaltningen.".into(),
        Problem::AlreadyGranted => "Kontoen har allerede denne rolle dér.".into(),
        Problem::AlreadyRevoked => "Tildelingen er allerede ophørt.".into(),
        Problem::LastAdmin => "Dette er den sidste administrator; udpeg en anden først.".into(),
        Problem::NothingToConfirm => "Tildelingen venter ikke på, at nogen bekræfter den.".into(),
        Problem::OwnGrant => {
            "Du har tildelt rollen, eller den er din egen, så en anden administrator bekræfter den.".into()
        }
        Problem::HoldsAdmin => {
            "Kontoen var administrator og ville blive det igen. Ophæv først den tildeling (revokeRole); \
                                en anden administrator bekræfter så en ny."
                .into()
        }
        Problem::WrongCredentials => "E-mailadressen eller adgangskoden er forkert.".into(),
        Problem::WrongPassword => "Den nuværende adgangskode er forkert.".into(),
        Problem::SessionOver => "Sessionen er slut. Log ind igen.".into(),
        Problem::PasswordOrIssuer => {
            "Angiv enten en adgangskode eller udstederen og det subject, som den kender kontoen under.".into()
        }
        Problem::LocalAccountsOff => {
            "Ingen logger ind med adgangskode her. Brug et token fra jeres identitetsudbyder.".into()
        }
        Problem::SignsInElsewhere => {
            "Kontoen logger ind hos en identitetsudbyder og har ingen adgangskode her.".into()
        }
        Problem::LinkOver => {
            "Linket er brugt, erstattet eller udløbet. Bed en administrator om et nyt.".into()
        }
        Problem::TokenOver => "Tokenet er allerede ophørt.".into(),
        Problem::RoleNotHeld => "Denne rolle har du ikke dér. Et token får roller, som du selv har.".into(),
        Problem::TokenOfAdmin => "Rollen ADMIN gives ikke til et token.".into(),
        Problem::LifeOfToken { days } => {
            format!("Angiv et tidspunkt i fremtiden, højst {days} dage herfra.")
        }
        Problem::AnswerTooLarge => "Svaret er for stort. Bed om færre ad gangen.".into(),
        Problem::NotPositive => "Angiv et tal over nul.".into(),
        Problem::NotAFraction { most } => {
            format!("Angiv en brøkdel fra 0 til {most}, såsom 0.5 for 50 %.")
        }
        Problem::EvaluationIs { status } => match status {
            EvaluationStatus::Submitted => {
                "Evalueringen venter på godkendelse. Få den sendt tilbage, før du ændrer den.".into()
            }
            EvaluationStatus::Withdrawn => "Evalueringen er trukket tilbage. Planlæg en ny.".into(),
            _ => format!("Det kan ikke gøres, mens evalueringen er {status}."),
        },
        Problem::NoCriteria => "Tilføj først et succeskriterium (addSuccessCriterion).".into(),
        Problem::CriteriaFrozen => {
            "Kriterierne er registreret og dermed låst: ingen kan tilføjes, ændres eller fjernes. \
                                    Ændr et kriterium med amendSuccessCriterion, og begrund det."
                .into()
        }
        Problem::RateTooLarge => {
            "Antallet divideret med dette overstiger ni milliarder. Se eksponeringen efter.".into()
        }
        Problem::UnitMeasured => {
            "Der står målinger i denne enhed, så enheden bliver. Mål i en anden enhed med et andet \
                                  kriterium."
                .into()
        }
        Problem::NotPermitted => "Dine roller tillader ikke dette.".into(),
        Problem::NotRegistered => {
            "Kriterierne er ikke registreret endnu. Ret et kriterium med updateSuccessCriterion.".into()
        }
        Problem::NotRegisteredYet => {
            "Indtil evalueringen er registreret, tager den kun imod målinger BEFORE. \
                                          Registrér den med registerVirkningsevaluering."
                .into()
        }
        Problem::NotOfRound => "Runden er ikke lavet til denne indsats.".into(),
        Problem::AlreadyMeasured => {
            "Dette er allerede målt. Var det forkert, så ret det med correctMeasurement.".into()
        }
        Problem::AlreadyCorrected => "En anden måling har rettet denne. Ret den i stedet.".into(),
        Problem::NotOfUnit { unit } => {
            let fields = match unit {
                CriterionUnit::Share => "numerator og denominator, eller categories",
                CriterionUnit::Mean => "mean, sd og n, eller mean, median, minimum og maximum",
                CriterionUnit::Count => "count og exposure",
            };
            format!("Kriteriet måles i {unit}, som tager {fields}.")
        }
        Problem::ShareOrCategories => "Angiv enten numerator og denominator eller categories.".into(),
        Problem::NoSuccessCategories => {
            "Kriteriet siger ikke, hvilke kategorier der tæller som succes.".into()
        }
        Problem::CategoriesMissing { names } => {
            format!(
                "Kategorier, der tæller som succes, mangler: {names}. Angiv 0, hvor ingen var i en af dem."
            )
        }
        Problem::OutsideSummary => "Dette skal ligge mellem minimum og maksimum.".into(),
        Problem::MonthsOfWave { wave } => match wave {
            Wave::Before => "Måneder BEFORE tælles fra START, nedad fra 0.".into(),
            Wave::During => "Måneder DURING tælles opad fra 0 ved START eller nedad fra 0 ved END.".into(),
            Wave::After | Wave::FollowUp => format!("Måneder {wave} tælles fra END, opad fra 0."),
        },
        Problem::NameOfGroup => {
            "Navngiv en SUBGROUP eller en COMPARISON-gruppe; PARTICIPANTS har intet navn.".into()
        }
        Problem::ComparabilityOfGroup => {
            "Angiv, hvor sammenlignelig gruppen er, når og kun når den er en COMPARISON.".into()
        }
        Problem::GroupKnownOtherwise => {
            "Den samme gruppe er før angivet med en anden sammenlignelighed.".into()
        }
        Problem::NotPaired => "Kriteriets parring er INDEPENDENT, så der er ingen parret tabel.".into(),
        Problem::NothingToPair => "Registrér først målingerne BEFORE og AFTER.".into(),
        Problem::TableDoesNotFit { wave, numerator, denominator } => {
            format!("Tabellen stemmer ikke med målingen {wave}, som er {numerator} af {denominator}.")
        }
        Problem::NotACode => "Brug store bogstaver A til Z, cifre og understregninger.".into(),
        Problem::NotAScale => "Spørgsmålene danner ingen skala: angiv et antal, et laveste og et højere svar og en faktor \
                               fra 1; skalaens grænser er deres eller udelades."
            .into(),
        Problem::DirectionOfInstrument { direction } => {
            format!("På dette instrument er {direction} bedre, så kriteriets retning er den.")
        }
        Problem::OutsideInstrument { from, to } => {
            format!("Instrumentet går her fra {from} til {to}. Angiv et tal imellem dem.")
        }
        Problem::ItemsOfInstrument { items, from, to } => format!(
            "Giv svarene på alle {items} spørgsmål, hvert fra {from} til {to}. Mangler et, er der ingen score."
        ),
        Problem::NoItems => "Kriteriet nævner intet instrument med enkelte spørgsmål. Angiv værdien.".into(),
        Problem::OverEnrolled { enrolled } => {
            format!("Der kan ikke måles flere end de {enrolled} indskrevne. Ret et af de to tal.")
        }
        Problem::NoDataProcessing => "Angiv først, hvorfor observationerne gemmes, efter hvilken lov og hvor længe \
                                      (stateDataProcessing)."
            .into(),
        Problem::AnonymousIntervention => {
            "Indsatsen er anonym, så intet gemmes om den enkelte deltager. Registrér målingen med recordMeasurement."
                .into()
        }
        Problem::DeletionDatePassed => {
            "Slettedatoen er passeret. Angiv en senere med stateDataProcessing, hvis loven tillader det.".into()
        }
        Problem::AnswerOfUnit { unit, by_category } => {
            let field = match unit {
                CriterionUnit::Share if *by_category => "category",
                CriterionUnit::Share => "outcome",
                CriterionUnit::Mean => "value",
                CriterionUnit::Count => "count og exposure",
            };
            format!("Kriteriet måles i {unit}; et svar på det gives i {field}.")
        }
        Problem::AlreadyObserved => "Deltagerens svar i denne bølge er allerede registreret. Skal det erstattes, så \
                                     sæt replaces: true og giv en begrundelse."
            .into(),
        Problem::AlreadyExcluded => "Deltageren er allerede udeladt.".into(),
        Problem::ComputedMeasurement => {
            "Denne måling er beregnet af observationer. Ret dem med recordObservations og replaces: true.".into()
        }
        Problem::NothingToErase => "Der er intet at slette.".into(),
        Problem::UnreadableTable { told } => format!("Tabellen kan ikke læses: {told}"),
        Problem::TooManyRows { most } => format!("Angiv højst {most} rækker ad gangen."),
        Problem::YearOrCriterion => "Angiv enten et år eller et kriterium.".into(),
        Problem::MeasureOfClaim => {
            "RELATIVE_CHANGE, SHARE og COUNT påstås om et kriterium, og alle mål undtagen COUNT om et år.".into()
        }
        Problem::TheoryUnsound => {
            "Der er noget at rette i programteorien: se programmeTheory { problems }.".into()
        }
        Problem::TheoryRegistered => {
            "Programteorien er registreret. Den kan ændres med en begrundelse, som API'et tager imod.".into()
        }
        Problem::LeadsBack { from, to } => format!("{from} fører ikke til {to}: forbindelser går fremad."),
        Problem::LeadsInACircle => {
            "Elementet ville føre tilbage til sig selv. En programteori går ikke i ring.".into()
        }
        Problem::AlreadyLinked => "Denne forbindelse er der allerede.".into(),
        Problem::ElementInUse => {
            "Evidens eller en rivaliserende forklaring er knyttet til elementet, så det bliver. Ret dets tekst i stedet."
                .into()
        }
        Problem::NotAnOutcome => {
            "Elementet er ikke et resultat: det er et resultat, en rivaliserende forklaring forklarer.".into()
        }
        Problem::TermsWithMeasure => {
            "Angiv leddene i en SUM, højst 100; for SHARE delen og det hele; for DIFFERENCE og RELATIVE_CHANGE tallene før \
             og efter. Andre mål har ingen led, og kun led er afrundede."
                .into()
        }
        Problem::FigureOrNumber => "Angiv enten et nøgletal eller et tal.".into(),
        Problem::WaveWithMeasure => {
            "Nævn bølgen, BEFORE eller AFTER, når og kun når der påstås en SHARE eller COUNT om et kriterium.".into()
        }
        Problem::PrintedBesideChange => "Kun RELATIVE_CHANGE har procenttal trykt ved siden af.".into(),
    }
}

fn danish_expectation(english: &'static str) -> &'static str {
    match english {
        expectation::YEAR => "et årstal fra 1900 til 2200",
        expectation::DECIMAL => "et decimaltal med højst seks decimaler, såsom 12.5",
        expectation::WHOLE_NUMBER => "et helt tal",
        expectation::DATE => "en dato som 2024-01-31, fra 1900 til 2200",
        expectation::MOMENT => "et tidspunkt som 2024-01-31T12:00:00Z, fra 1900 til 2200",
        expectation::TRUE_OR_FALSE => "true eller false",
        expectation::ID_OR_SLUG => "enten id eller slug, og kun et af dem",
        expectation::COUNTS => "personer pr. kategori, såsom Ja=12;Nej=31",
        expectation::NO_NUL => "tekst uden NUL-tegnet",
        expectation::CURSOR => "en markør fra denne liste",
        other => other,
    }
}
