//! The root of all writing, one file for each subject. A mutation parses its input, calls the one operation of the domain,
//! and answers with what came of it.

mod account;
mod api_token;
mod claim;
mod evaluation_round;
mod figure;
mod funding;
mod import;
mod instrument;
mod intervention;
mod intervention_year;
mod learning;
mod measurement;
mod observation;
mod paired_table;
mod password_link;
mod programme_theory;
mod qualitative_evidence;
mod reporting_year;
mod role_grant;
mod session;
mod success_criterion;
mod virkningsevaluering;

use async_graphql::MergedObject;
use domain::virkningsevaluering::{Evaluation, Seen, by_id};
use domain::{Context, Edit, Error, Expected};

/// Everything that can be done. Each field takes one input, does one thing, and leaves one event in the history.
#[derive(MergedObject, Default)]
pub struct Mutation(Evaluations, Register);

#[derive(MergedObject, Default)]
struct Evaluations(
    evaluation_round::EvaluationRoundMutations,
    instrument::InstrumentMutations,
    virkningsevaluering::VirkningsevalueringMutations,
    success_criterion::SuccessCriterionMutations,
    measurement::MeasurementMutations,
    paired_table::PairedTableMutations,
    observation::ObservationMutations,
    claim::ClaimMutations,
    learning::LearningMutations,
    programme_theory::ProgrammeTheoryMutations,
    qualitative_evidence::QualitativeEvidenceMutations,
    import::ImportMutations,
);

#[derive(MergedObject, Default)]
struct Register(
    session::SessionMutations,
    account::AccountMutations,
    password_link::PasswordLinkMutations,
    api_token::ApiTokenMutations,
    role_grant::RoleGrantMutations,
    intervention::InterventionMutations,
    reporting_year::ReportingYearMutations,
    intervention_year::InterventionYearMutations,
    funding::FundingMutations,
    figure::FigureMutations,
);

/// What an optional field of an input does: nothing given leaves the field as it is, and only its name under `clear`
/// empties it. A null, sent or left over from a variable that was not given, never erases.
fn edit<T>(given: Option<T>, clear: bool) -> Edit<T> {
    match given {
        Some(value) => Edit::Set(value),
        None if clear => Edit::Clear,
        None => Edit::Keep,
    }
}

fn version(version: i32) -> Expected {
    Expected::Version(i64::from(version))
}

fn version_or_new(version: Option<i32>) -> Expected {
    Expected::version_or_new(version.map(i64::from))
}

/// The evaluation as it is once it was written.
async fn evaluation_of(context: &Context, written: &Evaluation) -> domain::Result<Seen> {
    let seen = by_id(context, written.row.id).await?;
    seen.ok_or_else(|| Error::Internal("an evaluation that was written is not there".into()))
}
