use super::Problem;
use crate::columns::{CriterionUnit, EvaluationStatus, Wave};

#[expect(clippy::too_many_lines, reason = "a line for each problem")]
pub(super) fn message(problem: &Problem) -> String {
    match problem {
        Problem::Malformed { expected } => format!("This is not {expected}."),
        Problem::NulCharacter => "Text cannot contain the NUL character.".into(),
        Problem::Later => "This lies in the future.".into(),
        Problem::NotInThePast => {
            "This is read as it is now only: leave it out, or ask for it without asOf.".into()
        }
        Problem::TooLong { limit } => format!("At most {limit} characters."),
        Problem::Required => "This must be given.".into(),
        Problem::NotEmpty => "This cannot be empty.".into(),
        Problem::CprNumber => {
            "This looks like a CPR number. Remove it: personal numbers are not stored here.".into()
        }
        Problem::NotASlug => "Use lower-case letters a to z, digits and single hyphens between them.".into(),
        Problem::NotAnEmail => "This is not an e-mail address.".into(),
        Problem::NotExact => {
            "This is compared character by character: give it composed (NFC) and without space around it."
                .into()
        }
        Problem::WeakPassword { minimum } => format!("Use at least {minimum} characters."),
        Problem::OutOfRange { from, to } => format!("Give a number from {from} to {to}."),
        Problem::StartAfterEnd => "The start comes after the end.".into(),
        Problem::Repeated => "This is given more than once.".into(),
        Problem::UnknownCode { allowed } => format!("Use one of {allowed}."),
        Problem::NotFound => "There is nothing by this name or id.".into(),
        Problem::NotAmong { known } => format!("There is none by this name. There are {known}."),
        Problem::Taken => "This is already in use.".into(),
        Problem::Stale { current } => {
            format!("It has been changed since you read it and is now at version {current}. Read it again.")
        }
        Problem::KeyUsedDifferently => {
            "This key was used before with another input. Choose a new key.".into()
        }
        Problem::ValueOrAbsence => "Give either a value or why there is none.".into(),
        Problem::ExpiryWithPermanence => {
            "Give the last year when, and only when, the permanence is EXPIRES.".into()
        }
        Problem::LeadIsPartner => "The leading forvaltning cannot be a partner as well.".into(),
        Problem::CitywideWithDistricts => "A citywide intervention names no districts.".into(),
        Problem::OwnAncestor => "An intervention cannot be above itself.".into(),
        Problem::PrincipleNotOfYear => {
            "A principle's strategy does not cover the year. Name the year's own.".into()
        }
        Problem::PrincipleWithMeasure => {
            "Name the principle when, and only when, the measure is PRINCIPLE_COUNT.".into()
        }
        Problem::CoordinatorOnly => {
            "Only a coordinator changes which forvaltninger lead and take part.".into()
        }
        Problem::YearClosed => "The reporting year is closed.".into(),
        Problem::YearNotOpened => "A coordinator has not opened this reporting year.".into(),
        Problem::WrongStatus { status } => format!("This cannot be done while the report is {status}."),
        Problem::ReportsNotApproved { count } => {
            format!("{count} reports of the year are not approved yet.")
        }
        Problem::OwnWork => "You wrote in this, so someone else approves it.".into(),
        Problem::MunicipalityWideRole => {
            "This role holds for the whole municipality; leave out the forvaltning.".into()
        }
        Problem::AlreadyGranted => "The account already has this role there.".into(),
        Problem::AlreadyRevoked => "This grant has already ended.".into(),
        Problem::LastAdmin => "This is the last administrator; appoint another one first.".into(),
        Problem::NothingToConfirm => "This grant waits for nobody to confirm it.".into(),
        Problem::OwnGrant => {
            "You granted this, or it is yours, so another administrator confirms it.".into()
        }
        Problem::HoldsAdmin => {
            "The account was an administrator and would be one again. Revoke that grant (revokeRole) first; \
                                another administrator then confirms a new one."
                .into()
        }
        Problem::WrongCredentials => "The e-mail address or the password is wrong.".into(),
        Problem::WrongPassword => "The present password is wrong.".into(),
        Problem::SessionOver => "The session is over. Sign in again.".into(),
        Problem::PasswordOrIssuer => {
            "Give either a password, or the issuer and the subject that it knows the account by.".into()
        }
        Problem::LocalAccountsOff => {
            "Nobody signs in with a password here. Use a token of your identity provider.".into()
        }
        Problem::SignsInElsewhere => {
            "The account signs in at an identity provider and has no password here.".into()
        }
        Problem::LinkOver => {
            "The link was used or replaced, or has expired. Ask an administrator for a new one.".into()
        }
        Problem::TokenOver => "This token has already ended.".into(),
        Problem::RoleNotHeld => "You do not hold this role there. A token takes roles that you hold.".into(),
        Problem::TokenOfAdmin => "The role ADMIN is not given to a token.".into(),
        Problem::LifeOfToken { days } => {
            format!("Give a moment in the future, at most {days} days from now.")
        }
        Problem::AnswerTooLarge => "The answer is too large. Ask for fewer objects at a time.".into(),
        Problem::NotPositive => "Give a number above zero.".into(),
        Problem::NotAFraction { most } => {
            format!("Give a fraction from 0 to {most}, such as 0.5 for 50%.")
        }
        Problem::EvaluationIs { status } => match status {
            EvaluationStatus::Submitted => {
                "The evaluation waits for approval. Have it returned before you change it.".into()
            }
            EvaluationStatus::Withdrawn => "The evaluation is withdrawn. Plan a new one.".into(),
            _ => format!("This cannot be done while the evaluation is {status}."),
        },
        Problem::NoCriteria => "Add a success criterion first (addSuccessCriterion).".into(),
        Problem::CriteriaFrozen => {
            "The criteria are registered, which froze them: none can be added, changed or removed. \
                                    Amend one with amendSuccessCriterion and say why."
                .into()
        }
        Problem::RateTooLarge => "The count divided by this exceeds nine billion. Check the exposure.".into(),
        Problem::UnitMeasured => {
            "Measurements in this unit stand, so the unit stays. Measure in another unit by another \
                                  criterion."
                .into()
        }
        Problem::NotPermitted => "Your roles do not permit this.".into(),
        Problem::NotRegistered => {
            "The criteria are not registered yet. Change one with updateSuccessCriterion.".into()
        }
        Problem::NotRegisteredYet => "Until the evaluation is registered it takes measurements BEFORE only. \
                                          Register it with registerVirkningsevaluering."
            .into(),
        Problem::NotOfRound => "The round was not made for this intervention.".into(),
        Problem::AlreadyMeasured => {
            "This is measured already. If it was wrong, correct it with correctMeasurement.".into()
        }
        Problem::AlreadyCorrected => "Another measurement has corrected this one. Correct that one.".into(),
        Problem::NotOfUnit { unit } => {
            let fields = match unit {
                CriterionUnit::Share => "numerator and denominator, or categories",
                CriterionUnit::Mean => "mean, sd and n, or mean, median, minimum and maximum",
                CriterionUnit::Count => "count and exposure",
            };
            format!("The criterion is measured in {unit}, which takes {fields}.")
        }
        Problem::ShareOrCategories => "Give either numerator and denominator or categories.".into(),
        Problem::NoSuccessCategories => {
            "The criterion does not say which categories count as success.".into()
        }
        Problem::CategoriesMissing { names } => {
            format!("Categories that count as success are missing: {names}. Give 0 where nobody was in one.")
        }
        Problem::OutsideSummary => "This must lie between the minimum and the maximum.".into(),
        Problem::MonthsOfWave { wave } => match wave {
            Wave::Before => "Months BEFORE are counted from START, down from 0.".into(),
            Wave::During => "Months DURING are counted up from 0 at START, or down from 0 at END.".into(),
            Wave::After | Wave::FollowUp => format!("Months {wave} are counted from END, up from 0."),
        },
        Problem::NameOfGroup => "Name a SUBGROUP or a COMPARISON group; PARTICIPANTS have no name.".into(),
        Problem::ComparabilityOfGroup => {
            "Say how comparable the group is when, and only when, it is a COMPARISON.".into()
        }
        Problem::GroupKnownOtherwise => "The same group was given with another comparability before.".into(),
        Problem::NotPaired => "The criterion's pairing is INDEPENDENT, so there is no paired table.".into(),
        Problem::NothingToPair => "Record the measurements BEFORE and AFTER first.".into(),
        Problem::TableDoesNotFit { wave, numerator, denominator } => {
            format!(
                "The table does not add up to the measurement {wave}, which is {numerator} of {denominator}."
            )
        }
        Problem::NotACode => "Use capitals A to Z, digits and underscores.".into(),
        Problem::NotAScale => "The items make no scale: give a count, a lowest and a higher answer, and a factor from 1; \
                               the range of scores is theirs, or left out."
            .into(),
        Problem::DirectionOfInstrument { direction } => {
            format!("On this instrument {direction} is better, so the criterion's direction is that.")
        }
        Problem::OutsideInstrument { from, to } => {
            format!("The instrument goes from {from} to {to} here. Give a number in that range.")
        }
        Problem::ItemsOfInstrument { items, from, to } => {
            format!("Give the answers to all {items} items, each from {from} to {to}. With one missing there is no score.")
        }
        Problem::NoItems => "The criterion names no instrument with items. Give the value.".into(),
        Problem::OverEnrolled { enrolled } => {
            format!("No more than the {enrolled} people enrolled can be measured. Correct one of the two numbers.")
        }
        Problem::NoDataProcessing => {
            "State first why observations are kept, by which law and until when (stateDataProcessing).".into()
        }
        Problem::AnonymousIntervention => {
            "The intervention is anonymous, so nothing is kept about single participants. Record the measurement \
             with recordMeasurement."
                .into()
        }
        Problem::DeletionDatePassed => {
            "The deletion date has passed. State a later one with stateDataProcessing if the law allows it.".into()
        }
        Problem::AnswerOfUnit { unit, by_category } => {
            let field = match unit {
                CriterionUnit::Share if *by_category => "category",
                CriterionUnit::Share => "outcome",
                CriterionUnit::Mean => "value",
                CriterionUnit::Count => "count and exposure",
            };
            format!("The criterion is measured in {unit}; an answer to it is given in {field}.")
        }
        Problem::AlreadyObserved => "The participant's answer in this wave is recorded already. To replace it, say \
                                     replaces: true and give the reason."
            .into(),
        Problem::AlreadyExcluded => "The participant is left out already.".into(),
        Problem::ComputedMeasurement => {
            "This measurement is computed from observations. Correct those with recordObservations and replaces: true."
                .into()
        }
        Problem::NothingToErase => "There is nothing to erase.".into(),
        Problem::UnreadableTable { told } => told.clone(),
        Problem::TooManyRows { most } => format!("Give at most {most} rows at a time."),
        Problem::YearOrCriterion => "Give either a year or a criterion.".into(),
        Problem::MeasureOfClaim => {
            "RELATIVE_CHANGE, SHARE and COUNT are claimed of a criterion, and every measure but COUNT of a year.".into()
        }
        Problem::TheoryUnsound => {
            "The programme theory has something to mend: see programmeTheory { problems }.".into()
        }
        Problem::TheoryRegistered => {
            "The programme theory is registered. It can be changed for a reason, which the API takes.".into()
        }
        Problem::LeadsBack { from, to } => format!("{from} does not lead to {to}: links go forward."),
        Problem::LeadsInACircle => {
            "The element would lead back to itself. A programme theory has no circles.".into()
        }
        Problem::AlreadyLinked => "This link is there already.".into(),
        Problem::ElementInUse => {
            "Evidence or a rival explanation is attached to this element, so it stays. Reword it instead."
                .into()
        }
        Problem::NotAnOutcome => "This element is no outcome: a rival explanation is of one.".into(),
        Problem::TermsWithMeasure => {
            "Give the parts of a SUM, at most 100; of a SHARE the part and the whole; of a DIFFERENCE or RELATIVE_CHANGE \
             the figures before and after. No other measure has terms, and only terms are rounded."
                .into()
        }
        Problem::FigureOrNumber => "Give either a figure or a number.".into(),
        Problem::WaveWithMeasure => {
            "Name the wave, BEFORE or AFTER, when, and only when, a SHARE or COUNT of a criterion is claimed.".into()
        }
        Problem::PrintedBesideChange => "Only a RELATIVE_CHANGE has percentages printed beside it.".into(),
    }
}
