//! The wrapper of every write: find, authorize, check, store, append to the history, in one transaction.
//!
//! An operation says what it is about, what it does and what becomes of its subject. Everything else is done here, once:
//! the transaction, the policy, the version that was expected, the key that makes a repeated request harmless, and exactly
//! one event for a change. A subject that does not change leaves no event.

mod key;
mod store;

pub(crate) use store::Store;

use std::sync::OnceLock;

use sea_orm::{DatabaseTransaction, EntityTrait};
use tokio::sync::OnceCell;

use crate::access_log::{self, Attempt, Name};
use crate::columns::{Action, SubjectKind, Timestamp, Uuid};
use crate::context::{Context, Environment};
use crate::database::statements;
use crate::error::{Error, Problem, Result};
use crate::event::{self, Fields, Part};
use crate::input::text;
use crate::policy::{self, Owners, Verb};
use crate::reference::Reference;

/// What is told from its like by an id, and from its past by a version.
pub trait Versioned {
    fn id(&self) -> Uuid;
    /// How many events its history has.
    fn version(&self) -> i64;
    fn set_version(&mut self, version: i64);
}

/// Says that a row is its own identity, or that a field of a wider aggregate is.
macro_rules! versioned {
    ($ty:ty $(, by $row:ident)?) => {
        impl $crate::operation::Versioned for $ty {
            fn id(&self) -> $crate::Uuid {
                self.$($row.)?id
            }

            fn version(&self) -> i64 {
                self.$($row.)?version
            }

            fn set_version(&mut self, version: i64) {
                self.$($row.)?version = version;
            }
        }
    };
}
pub(crate) use versioned;

/// What has a history: a row with the small rows that belong to it alone.
pub trait Aggregate: Versioned + Clone + Send + Sync + 'static {
    const KIND: SubjectKind;
    /// The table with one row for each.
    type Table: EntityTrait;

    /// The intervention it belongs to.
    fn intervention_id(&self) -> Option<Uuid> {
        None
    }
    /// Every stored field but the id and the version, so that the rows can be made again from the history.
    fn fields(&self) -> Fields;
    /// The rows that belong to it and have ids of their own; of those that it was loaded with, which `other` has otherwise or
    /// not at all.
    fn parts_unlike(&self, _other: Option<&Self>) -> Vec<Part> {
        Vec::new()
    }
    /// Whose it is, where that does not depend on the operation.
    fn owners(&self, _scope: &Scope<'_>) -> impl Future<Output = Result<Owners>> + Send {
        async { Ok(Owners::default()) }
    }
    /// What an actor must be permitted to know that it exists.
    fn seen_by(&self) -> Verb {
        Verb::See
    }
    fn load(db: &DatabaseTransaction, id: Uuid) -> impl Future<Output = Result<Option<Self>>> + Send;
    /// Those of these ids that there are; kinds of which there are many read them together.
    fn load_all(db: &DatabaseTransaction, ids: &[Uuid]) -> impl Future<Output = Result<Vec<Self>>> + Send {
        async move {
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                found.extend(Self::load(db, *id).await?);
            }
            Ok(found)
        }
    }
    /// Writes the rows. `before` is what is stored now; a store of another version than it has is [`Problem::Stale`].
    fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> impl Future<Output = Result<()>> + Send;
}

/// One thing an actor can do to one aggregate.
pub trait Operation: Clone + std::fmt::Debug + Send + Sync + 'static {
    const ACTION: Action;
    /// The field of the input that names the subject.
    const NAMED_BY: &'static str = "id";
    /// Whether the server does it by itself, on the word of the identity provider that it was told to trust. Then no role is
    /// asked for; no input of a client becomes such an operation.
    const BY_ISSUER: bool = false;
    /// The field of the input that says why.
    const REASON: &'static str = "reason";
    type Subject: Aggregate;

    /// What the input names by id. If that is not there or not for the actor, the access log tells which it was.
    fn names(&self) -> Vec<Name> {
        Vec::new()
    }

    /// What takes long and needs no transaction, such as hashing a password: done before one begins.
    fn prepare(&mut self, _context: &Context) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// The subject as it is, or none where the operation makes it. What the actor may not see is not found.
    fn find(&self, _scope: &Scope<'_>) -> impl Future<Output = Result<Option<Self::Subject>>> + Send {
        async { Ok(None) }
    }

    /// Whose the subject is.
    fn owners(
        &self,
        scope: &Scope<'_>,
        subject: Option<&Self::Subject>,
    ) -> impl Future<Output = Result<Owners>> + Send {
        async move {
            match subject {
                Some(subject) => subject.owners(scope).await,
                None => Ok(Owners::default()),
            }
        }
    }

    /// Whether the subject is the actor's own, which needs no role.
    fn is_own(&self, _scope: &Scope<'_>, _subject: &Self::Subject) -> bool {
        false
    }

    /// What becomes of the subject, by the rules; nothing is written here.
    fn decide(
        &self,
        scope: &Scope<'_>,
        subject: Option<&Self::Subject>,
    ) -> impl Future<Output = Result<Self::Subject>> + Send;

    /// The id of what the operation made, by which a repeated request finds it again.
    fn made(&self, subject: &Self::Subject) -> Uuid {
        subject.id()
    }

    /// The subject as it is now, by the id of what was made.
    fn find_again(
        &self,
        scope: &Scope<'_>,
        made: Uuid,
    ) -> impl Future<Output = Result<Option<Self::Subject>>> + Send {
        Self::Subject::load(scope.db, made)
    }

    /// What else follows, in the same transaction, once the subject is stored.
    fn follow(
        &self,
        _scope: &Scope<'_>,
        _subject: &Self::Subject,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// What is given beside an operation's own input.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub expected: Expected,
    pub idempotency_key: Option<String>,
    pub reason: Option<String>,
}

/// What the actor takes the subject to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Whatever it is.
    #[default]
    Any,
    /// Not there yet: who changes what is there names the version that was read.
    New,
    Version(i64),
}

impl Expected {
    /// For an operation that makes its subject or changes it.
    pub fn version_or_new(version: Option<i64>) -> Self {
        version.map_or(Self::New, Self::Version)
    }
}

/// What an operation works in.
pub struct Scope<'a> {
    pub context: &'a Context,
    pub db: &'a DatabaseTransaction,
    now: OnceLock<Timestamp>,
    reference: OnceCell<Reference>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(context: &'a Context, db: &'a DatabaseTransaction) -> Self {
        Self { context, db, now: OnceLock::new(), reference: OnceCell::new() }
    }

    /// The time of the transaction: one for all that it does. It is taken when it is first asked for, which is once the
    /// subject is found and held, so the events of a subject follow each other in time.
    pub fn now(&self) -> Timestamp {
        *self.now.get_or_init(|| self.context.now())
    }

    /// Forvaltninger, principles and districts, read once.
    pub(crate) async fn reference(&self) -> Result<&Reference> {
        self.reference.get_or_try_init(|| Reference::load(self.db)).await
    }

    /// Reads them anew, after an import has added some.
    pub(crate) fn forget_reference(&mut self) {
        self.reference = OnceCell::new();
    }

    pub fn new_id(&self) -> Uuid {
        self.context.services.environment.new_id()
    }

    pub fn environment(&self) -> &dyn Environment {
        &*self.context.services.environment
    }
}

/// Carries out an operation and returns its subject as it then is.
///
/// The work goes on in a task of its own: a client that hangs up half-way cannot leave a connection inside a transaction.
pub async fn operate<O: Operation>(context: &Context, mut operation: O, given: Given) -> Result<O::Subject> {
    operation.prepare(context).await?;
    context.release().await;
    let context = context.clone();
    let work = async move {
        let db = context.services.database.begin().await?;
        let outcome = perform(&Scope::new(&context, &db), &operation, &given, O::ACTION).await;
        let error = match outcome {
            Ok((subject, _)) => {
                let bears_access = policy::bears_access(O::Subject::KIND);
                context.services.database.commit_of(db, bears_access).await?;
                return Ok(subject);
            }
            Err(error) => error,
        };
        db.rollback().await?;
        let again = match &given.idempotency_key {
            Some(key) => key::again(&context, &operation, key, given.reason.as_deref()).await,
            None => Ok(None),
        };
        let error = match again {
            Ok(Some(subject)) => return Ok(subject),
            Ok(None) => error,
            Err(instead) => instead,
        };
        access_log::refused(&context, &Attempt::to_do(&operation, O::ACTION), &error);
        Err(error)
    };
    statements::detached(work).await.map_err(Error::internal)?
}

/// Carries out an operation within a transaction that the caller commits. `action` is the operation's own, or that of the
/// import it is part of: it is what the actor must be permitted, and what the event says.
pub(crate) async fn perform<O: Operation>(
    scope: &Scope<'_>,
    operation: &O,
    given: &Given,
    action: Action,
) -> Result<(O::Subject, Effect)> {
    if !scope.context.actor.credential.reaches(O::Subject::KIND, action) {
        return Err(Error::Forbidden);
    }
    let reason = text::optional(given.reason.as_deref(), text::PROSE)
        .map_err(|problem| Error::refused(O::REASON, problem))?;
    let key = given.idempotency_key.as_deref();
    let key = key.map(|key| key::Key::of(operation, key, given.reason.as_deref())).transpose()?;
    let before = operation.find(scope).await?;
    let owners = operation.owners(scope, before.as_ref()).await?;
    if !O::BY_ISSUER && !before.as_ref().is_some_and(|subject| operation.is_own(scope, subject)) {
        authorize::<O>(scope, action, before.as_ref(), &owners)?;
    }
    let current = before.as_ref().map_or(0, Versioned::version);
    match given.expected {
        Expected::Version(expected) if expected != current => {
            return Err(Error::refused("expectedVersion", Problem::Stale { current }));
        }
        Expected::New if before.is_some() => {
            return Err(Error::refused("expectedVersion", Problem::Required));
        }
        Expected::Version(_) | Expected::New | Expected::Any => {}
    }
    let mut after = operation.decide(scope, before.as_ref()).await?;
    let described = |subject: &O::Subject, other| event::named(subject.fields(), subject.parts_unlike(other));
    let was = before.as_ref().map(|before| described(before, Some(&after))).unwrap_or_default();
    let changes = event::changes(was, described(&after, before.as_ref()));
    let mut store = Store::new(scope.db);
    if !changes.is_empty() {
        after.set_version(current + 1);
        // On the heap: an evaluation stores many kinds of rows.
        Box::pin(after.store(&mut store, before.as_ref())).await?;
        if cfg!(not(feature = "bench-without-history")) {
            tell(scope, &mut store, &after, action, reason.as_deref(), &changes).await?;
        }
    }
    let made = operation.made(&after);
    match key.filter(|_| cfg!(not(feature = "bench-without-history"))) {
        Some(key) => key.spend(scope, &mut store, made).await?,
        None => store.settle().await.map(drop)?,
    }
    if changes.is_empty() {
        return Ok((after, Effect::Unchanged));
    }
    operation.follow(scope, &after).await?;
    let was_there = before.is_some_and(|before| operation.made(&before) == made);
    let effect = if was_there { Effect::Changed } else { Effect::Created };
    Ok((after, effect))
}

/// Leaves the event of a change.
async fn tell<S: Aggregate>(
    scope: &Scope<'_>,
    store: &mut Store<'_>,
    subject: &S,
    action: Action,
    reason: Option<&str>,
    changes: &[event::FieldChange],
) -> Result<()> {
    let about = event::Subject {
        kind: S::KIND,
        id: subject.id(),
        intervention_id: subject.intervention_id(),
        sequence: subject.version(),
    };
    let actor = &scope.context.actor;
    let roles: Vec<String> = actor.grants.iter().map(ToString::to_string).collect();
    let occurrence = event::Occurrence {
        action,
        actor,
        roles: &roles,
        at: scope.now(),
        request_id: scope.context.request_id,
        reason,
    };
    event::seal(scope.environment(), about, &occurrence, changes)?.append(store).await
}

/// What an operation did to its subject, or to the part of it that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Created,
    Changed,
    /// It was so already: nothing is stored and no event is left.
    Unchanged,
}

/// What the actor does not see is not there; what it sees but may not touch is forbidden.
fn authorize<O: Operation>(
    scope: &Scope<'_>,
    action: Action,
    subject: Option<&O::Subject>,
    owners: &Owners,
) -> Result<()> {
    let permits = |verb| policy::permits(&scope.context.actor, verb, O::Subject::KIND, owners);
    if subject.is_some_and(|subject| !permits(subject.seen_by())) {
        return Err(Error::refused(O::NAMED_BY, Problem::NotFound));
    }
    if permits(Verb::Do(action)) { Ok(()) } else { Err(Error::Forbidden) }
}
