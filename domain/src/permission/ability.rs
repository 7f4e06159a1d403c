//! What there is to be able to: every mutation but those that begin and end sessions or need no account, and the readings that a role opens.

macro_rules! abilities {
    ($($ability:ident),+ $(,)?) => {
        /// Named as the mutation is; the last ones are readings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Ability {
            $($ability,)+
        }

        impl Ability {
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$ability => stringify!($ability),)+
                }
            }
        }
    };
}

abilities! {
    CreateAccount,
    UpdateAccount,
    ChangePassword,
    CreatePasswordLink,
    CreateApiToken,
    RevokeApiToken,
    GrantRole,
    ConfirmRoleGrant,
    RevokeRole,
    CreateIntervention,
    UpdateIntervention,
    OpenReportingYear,
    CloseReportingYear,
    UpdateInterventionYear,
    SubmitInterventionYear,
    ReturnInterventionYear,
    ApproveInterventionYear,
    SetFunding,
    SetFigure,
    CreateEvaluationRound,
    UpdateEvaluationRound,
    AddInstrument,
    PlanVirkningsevaluering,
    UpdateVirkningsevaluering,
    RegisterVirkningsevaluering,
    SubmitVirkningsevaluering,
    ReturnVirkningsevaluering,
    ApproveVirkningsevaluering,
    PublishVirkningsevaluering,
    WithdrawVirkningsevaluering,
    AddSuccessCriterion,
    UpdateSuccessCriterion,
    AmendSuccessCriterion,
    RemoveSuccessCriterion,
    RecordMeasurement,
    CorrectMeasurement,
    ImportMeasurements,
    RecordPairedTable,
    StateDataProcessing,
    RecordObservations,
    ExcludeParticipant,
    IncludeParticipant,
    EraseObservations,
    AddClaim,
    AddLearning,
    AddPopulation,
    AddDataSource,
    AddTheoryElement,
    UpdateTheoryElement,
    RemoveTheoryElement,
    LinkTheoryElements,
    UnlinkTheoryElements,
    AttachSuccessCriterion,
    DetachSuccessCriterion,
    AddQualitativeEvidence,
    AddRivalExplanation,
    AssessRivalExplanation,
    ReadObservations,
    ReadHistory,
    ReadLog,
    ReadAccessLog,
    ReviewAccess,
}
