//! What leads to what in a programme theory.

use entity::theory_link;

use super::{changing, changing_by_file, element, graph_of, held_with};
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, EvaluationPart, Uuid};
use crate::error::{Error, Problem, Result};
use crate::event::{Fields, text};
use crate::operation::{Operation, Scope, Store};
use crate::virkningsevaluering::part::PartRow;
use crate::virkningsevaluering::{Evaluation, Named, makes_a_part};

impl PartRow for theory_link::Model {
    const KIND: EvaluationPart = EvaluationPart::TheoryLink;

    fn id(&self) -> Uuid {
        self.id
    }

    fn fields(&self) -> Fields {
        vec![
            ("current", self.until_version.is_none().into()),
            ("fromId", text(self.from_id)),
            ("toId", text(self.to_id)),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, _version: i64) -> Result<()> {
        store.write::<theory_link::Entity>(before, self.clone()).await
    }
}

/// Says that one element leads to another; once the theory is registered for a reason.
#[derive(Clone, Debug)]
pub struct Link {
    pub from_id: Option<Uuid>,
    pub to_id: Option<Uuid>,
    pub reason: Option<String>,
}

/// Takes that back; once the theory is registered for a reason.
#[derive(Clone, Debug)]
pub struct Unlink {
    pub from_id: Option<Uuid>,
    pub to_id: Option<Uuid>,
    pub reason: Option<String>,
}

/// Adds the link of a file, unless it is there already.
#[derive(Clone, Debug)]
pub struct Put {
    pub from_id: Uuid,
    pub to_id: Uuid,
}

const TO: &str = "toId";

fn names(from_id: Option<Uuid>, to_id: Option<Uuid>) -> Vec<Name> {
    [("fromId", from_id), (TO, to_id)].map(|(field, id)| named(field, AccessedKind::TheoryElement, id)).into()
}

impl Operation for Link {
    const ACTION: Action = Action::Add;
    const NAMED_BY: &'static str = "fromId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        names(self.from_id, self.to_id)
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        held_with(scope, self.from_id, Self::NAMED_BY).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let ends = ends(present, self.to_id)?;
        let evaluation = changing(scope, present, self.reason.as_deref(), Self::NAMED_BY)?;
        linked(scope, evaluation, ends)
    }

    makes_a_part!(TheoryLink);
}

impl Operation for Unlink {
    const ACTION: Action = Action::Remove;
    const NAMED_BY: &'static str = "fromId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        names(self.from_id, self.to_id)
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        held_with(scope, self.from_id, Self::NAMED_BY).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let ends = ends(present, self.to_id)?;
        let mut evaluation = changing(scope, present, self.reason.as_deref(), Self::NAMED_BY)?;
        let ended = Some(evaluation.next_version());
        let mut links = evaluation.parts.theory_links.iter_mut();
        let link = links.find(|row| (row.from_id, row.to_id) == ends);
        link.ok_or_else(|| Error::refused(TO, Problem::NotFound))?.until_version = ended;
        Ok(evaluation)
    }
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "to";
    type Subject = Evaluation;

    makes_a_part!(TheoryLink);

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        held_with(scope, Some(self.from_id), Link::NAMED_BY).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let ends = ends(present, Some(self.to_id))?;
        let mut links = present.parts.theory_links.iter();
        if let Some(there) = links.find(|row| (row.from_id, row.to_id) == ends) {
            return Ok(Evaluation { about: there.id, ..present.clone() });
        }
        linked(scope, changing_by_file(scope, present, Self::NAMED_BY)?, ends)
    }
}

/// The element that the operation is about, and the other one.
fn ends(evaluation: &Evaluation, to_id: Option<Uuid>) -> Result<(Uuid, Uuid)> {
    Ok((evaluation.about, element(evaluation, to_id, TO)?.id))
}

fn linked(scope: &Scope<'_>, mut evaluation: Evaluation, ends: (Uuid, Uuid)) -> Result<Evaluation> {
    let (from_id, to_id) = ends;
    graph_of(&evaluation).takes(from_id, to_id).map_err(|problem| Error::refused(TO, problem))?;
    let link = theory_link::Model {
        id: scope.new_id(),
        virkningsevaluering_id: evaluation.row.id,
        since_version: evaluation.next_version(),
        until_version: None,
        from_id,
        to_id,
    };
    evaluation.about = link.id;
    evaluation.parts.theory_links.push(link);
    Ok(evaluation)
}
