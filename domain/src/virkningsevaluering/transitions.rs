//! The steps of an evaluation's life, each by the version that its actor has seen.

use super::evaluation::Evaluation;
use super::lifecycle;
use super::named::Named;
use super::obstacles::obstacles;
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Uuid};
use crate::error::{Error, Faults, Problem, Result};
use crate::input::text::{self, PROSE};
use crate::operation::{Operation, Scope};

/// What a step is given: the evaluation, and what there is to say about it.
#[derive(Clone, Debug)]
pub struct Step {
    pub id: Option<Uuid>,
    pub comment: Option<String>,
}

/// Registers the evaluation, which freezes its criteria.
#[derive(Clone, Debug)]
pub struct Register(pub Step);

/// Hands the evaluation over for approval.
#[derive(Clone, Debug)]
pub struct Submit(pub Step);

/// Sends a submitted evaluation back, with a comment.
#[derive(Clone, Debug)]
pub struct Return(pub Step);

/// Approves a submitted evaluation. Nobody approves a revision in which they wrote.
#[derive(Clone, Debug)]
pub struct Approve(pub Step);

/// Publishes what was approved: from then on readers everywhere see this version.
#[derive(Clone, Debug)]
pub struct Publish(pub Step);

/// Withdraws the evaluation, for a reason. What was published of it is replaced by a tombstone.
#[derive(Clone, Debug)]
pub struct Withdraw(pub Step);

/// What tells one step from another.
trait Stepping: Clone + std::fmt::Debug + Send + Sync + 'static {
    const ACTION: Action;
    /// The field of the input that holds what there is to say.
    const COMMENT: &'static str = "comment";
    const NEEDS_COMMENT: bool = false;

    fn step(&self) -> &Step;

    /// What else the step does.
    fn settle(_scope: &Scope<'_>, evaluation: Evaluation) -> impl Future<Output = Result<Evaluation>> + Send {
        async { Ok(evaluation) }
    }
}

impl<S: Stepping> Operation for S {
    const ACTION: Action = <S as Stepping>::ACTION;
    const REASON: &'static str = S::COMMENT;
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::Virkningsevaluering, self.step().id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        Evaluation::held(scope, Named::Evaluation(self.step().id), Self::NAMED_BY).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let evaluation = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let to = lifecycle::step(<S as Stepping>::ACTION, evaluation.state.status)
            .map_err(|problem| Error::refused(Self::NAMED_BY, problem))?;
        let mut faults = Faults::default();
        let comment = faults.take(S::COMMENT, text::optional(self.step().comment.as_deref(), PROSE));
        faults.unless(comment.is_some() || !S::NEEDS_COMMENT, S::COMMENT, Problem::Required);
        faults.finish()?;
        let taken = (evaluation.row.id, <S as Stepping>::ACTION);
        if let Some(problem) = obstacles(scope.db, scope.context.actor.id, &[taken]).await?.remove(&taken) {
            return Err(Error::refused(Self::NAMED_BY, problem));
        }
        S::settle(scope, evaluation.clone().moved(scope, to, comment)).await
    }
}

impl Stepping for Register {
    const ACTION: Action = Action::Register;

    fn step(&self) -> &Step {
        &self.0
    }

    async fn settle(scope: &Scope<'_>, mut evaluation: Evaluation) -> Result<Evaluation> {
        evaluation.row.registered_at = Some(scope.now());
        evaluation.row.registered_version = Some(evaluation.next_version());
        Ok(evaluation)
    }
}

impl Stepping for Submit {
    const ACTION: Action = Action::Submit;

    fn step(&self) -> &Step {
        &self.0
    }
}

impl Stepping for Return {
    const ACTION: Action = Action::Return;
    const NEEDS_COMMENT: bool = true;

    fn step(&self) -> &Step {
        &self.0
    }
}

impl Stepping for Approve {
    const ACTION: Action = Action::Approve;

    fn step(&self) -> &Step {
        &self.0
    }
}

impl Stepping for Publish {
    const ACTION: Action = Action::Publish;

    fn step(&self) -> &Step {
        &self.0
    }

    async fn settle(_scope: &Scope<'_>, mut evaluation: Evaluation) -> Result<Evaluation> {
        evaluation.row.published_version = Some(evaluation.next_version());
        Ok(evaluation)
    }
}

impl Stepping for Withdraw {
    const ACTION: Action = Action::Withdraw;
    const COMMENT: &'static str = "reason";
    const NEEDS_COMMENT: bool = true;

    fn step(&self) -> &Step {
        &self.0
    }

    /// The tombstone says what was published last, not what was written since and never approved.
    async fn settle(scope: &Scope<'_>, mut evaluation: Evaluation) -> Result<Evaluation> {
        if let Some(version) = evaluation.row.published_version {
            let status = evaluation.state.status;
            evaluation.state = evaluation.state_at(scope.db, version).await?;
            evaluation.state.status = status;
            evaluation.row.published_version = Some(evaluation.next_version());
        }
        Ok(evaluation)
    }
}
