//! What there is to be able to.

use async_graphql::Enum;

use crate::plan::{Json, Leaf};

/// Something to be able to: a mutation, by its name, or a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::permission::Ability")]
pub enum Ability {
    /// The mutation `createAccount`.
    CreateAccount,
    /// The mutation `updateAccount`.
    UpdateAccount,
    /// The mutation `changePassword`.
    ChangePassword,
    /// The mutation `createPasswordLink`.
    CreatePasswordLink,
    /// The mutation `createApiToken`.
    CreateApiToken,
    /// The mutation `revokeApiToken`.
    RevokeApiToken,
    /// The mutation `grantRole`.
    GrantRole,
    /// The mutation `confirmRoleGrant`.
    ConfirmRoleGrant,
    /// The mutation `revokeRole`.
    RevokeRole,
    /// The mutation `createIntervention`.
    CreateIntervention,
    /// The mutation `updateIntervention`.
    UpdateIntervention,
    /// The mutation `openReportingYear`.
    OpenReportingYear,
    /// The mutation `closeReportingYear`.
    CloseReportingYear,
    /// The mutation `updateInterventionYear`.
    UpdateInterventionYear,
    /// The mutation `submitInterventionYear`.
    SubmitInterventionYear,
    /// The mutation `returnInterventionYear`.
    ReturnInterventionYear,
    /// The mutation `approveInterventionYear`.
    ApproveInterventionYear,
    /// The mutation `setFunding`.
    SetFunding,
    /// The mutation `setFigure`.
    SetFigure,
    /// The mutation `createEvaluationRound`.
    CreateEvaluationRound,
    /// The mutation `updateEvaluationRound`.
    UpdateEvaluationRound,
    /// The mutation `addInstrument`.
    AddInstrument,
    /// The mutation `planVirkningsevaluering`.
    PlanVirkningsevaluering,
    /// The mutation `updateVirkningsevaluering`.
    UpdateVirkningsevaluering,
    /// The mutation `registerVirkningsevaluering`.
    RegisterVirkningsevaluering,
    /// The mutation `submitVirkningsevaluering`.
    SubmitVirkningsevaluering,
    /// The mutation `returnVirkningsevaluering`.
    ReturnVirkningsevaluering,
    /// The mutation `approveVirkningsevaluering`.
    ApproveVirkningsevaluering,
    /// The mutation `publishVirkningsevaluering`.
    PublishVirkningsevaluering,
    /// The mutation `withdrawVirkningsevaluering`.
    WithdrawVirkningsevaluering,
    /// The mutation `addSuccessCriterion`.
    AddSuccessCriterion,
    /// The mutation `updateSuccessCriterion`.
    UpdateSuccessCriterion,
    /// The mutation `amendSuccessCriterion`.
    AmendSuccessCriterion,
    /// The mutation `removeSuccessCriterion`.
    RemoveSuccessCriterion,
    /// The mutation `recordMeasurement`.
    RecordMeasurement,
    /// The mutation `correctMeasurement`.
    CorrectMeasurement,
    /// The mutation `importMeasurements`.
    ImportMeasurements,
    /// The mutation `recordPairedTable`.
    RecordPairedTable,
    /// The mutation `stateDataProcessing`.
    StateDataProcessing,
    /// The mutation `recordObservations`.
    RecordObservations,
    /// The mutation `excludeParticipant`.
    ExcludeParticipant,
    /// The mutation `includeParticipant`.
    IncludeParticipant,
    /// The mutation `eraseObservations`.
    EraseObservations,
    /// The mutation `addClaim`.
    AddClaim,
    /// The mutation `addLearning`.
    AddLearning,
    /// The mutation `addPopulation`.
    AddPopulation,
    /// The mutation `addDataSource`.
    AddDataSource,
    /// The mutation `addTheoryElement`.
    AddTheoryElement,
    /// The mutation `updateTheoryElement`.
    UpdateTheoryElement,
    /// The mutation `removeTheoryElement`.
    RemoveTheoryElement,
    /// The mutation `linkTheoryElements`.
    LinkTheoryElements,
    /// The mutation `unlinkTheoryElements`.
    UnlinkTheoryElements,
    /// The mutation `attachSuccessCriterion`.
    AttachSuccessCriterion,
    /// The mutation `detachSuccessCriterion`.
    DetachSuccessCriterion,
    /// The mutation `addQualitativeEvidence`.
    AddQualitativeEvidence,
    /// The mutation `addRivalExplanation`.
    AddRivalExplanation,
    /// The mutation `assessRivalExplanation`.
    AssessRivalExplanation,
    /// Read what single participants answered: the query `observations`.
    ReadObservations,
    /// Read the history of anything: the query `history`.
    ReadHistory,
    /// Read the log itself: `checkpoint` and the proofs.
    ReadLog,
    /// Read who was refused what: the query `accessLog`.
    ReadAccessLog,
    /// Read who has which role where: the query `accessReview`.
    ReviewAccess,
}

impl Leaf for domain::permission::Ability {
    fn declare(registry: &mut async_graphql::registry::Registry) -> String {
        <Ability as async_graphql::InputType>::create_type_info(registry)
    }

    /// `ApproveVirkningsevaluering` as `APPROVE_VIRKNINGSEVALUERING`.
    fn write(&self, out: &mut Json) {
        let mut code = String::new();
        for letter in self.name().chars() {
            if letter.is_ascii_uppercase() && !code.is_empty() {
                code.push('_');
            }
            code.push(letter.to_ascii_uppercase());
        }
        out.string(&code);
    }
}
