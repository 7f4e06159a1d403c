//! The elements of a programme theory.

pub use entity::theory_element::Model as ElementRow;
pub use entity::theory_element_version::Model as ElementVersion;

use std::collections::HashSet;

use entity::{qualitative_evidence, rival_explanation, theory_element, theory_element_version};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::{changing, changing_by_file, held_with, load_into};
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, ElementKind, EvaluationPart, Uuid};
use crate::error::{Error, Problem, Result};
use crate::event::{Fields, text, text_or_none};
use crate::input::text::{PROSE, required};
use crate::operation::{Operation, Scope, Store};
use crate::virkningsevaluering::part::PartRow;
use crate::virkningsevaluering::{Evaluation, Named, makes_a_part};

/// An element with what it says now; nothing once it is removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    pub row: ElementRow,
    pub version: Option<ElementVersion>,
}

impl PartRow for Element {
    const KIND: EvaluationPart = EvaluationPart::TheoryElement;

    fn id(&self) -> Uuid {
        self.row.id
    }

    fn fields(&self) -> Fields {
        vec![
            ("number", self.row.number.into()),
            ("kind", text(self.row.kind)),
            ("text", text_or_none(self.version.as_ref().map(|version| &version.text))),
            ("removed", self.version.is_none().then_some(true).into()),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, version: i64) -> Result<()> {
        match before {
            None => store.insert::<theory_element::Entity>(self.row.clone()).await?,
            Some(before) => {
                if let Some(ended) = before.version.clone() {
                    let ended = ElementVersion { until_version: Some(version), ..ended };
                    store.overwrite::<theory_element_version::Entity>(ended).await?;
                }
            }
        }
        if let Some(says) = self.version.clone() {
            let says = ElementVersion { since_version: version, ..says };
            store.insert::<theory_element_version::Entity>(says).await?;
        }
        Ok(())
    }
}

/// Adds an element to a theory; once it is registered for a reason.
#[derive(Clone, Debug)]
pub struct Add {
    pub evaluation_id: Option<Uuid>,
    pub kind: ElementKind,
    pub text: String,
    pub reason: Option<String>,
}

/// Words an element otherwise; once it is registered for a reason.
#[derive(Clone, Debug)]
pub struct Update {
    pub id: Option<Uuid>,
    pub text: String,
    pub reason: Option<String>,
}

/// Takes an element out, with its links; once it is registered for a reason. One that evidence bears on stays.
#[derive(Clone, Debug)]
pub struct Remove {
    pub id: Option<Uuid>,
    pub reason: Option<String>,
}

/// Makes the element of this number, or makes it say what the file says while the evaluation is a draft.
#[derive(Clone, Debug)]
pub struct Put {
    pub evaluation_id: Uuid,
    pub number: i32,
    pub kind: ElementKind,
    pub text: String,
}

impl Operation for Add {
    const ACTION: Action = Action::Add;
    const NAMED_BY: &'static str = "virkningsevalueringId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::Virkningsevaluering, self.evaluation_id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        held(scope, self.evaluation_id, Self::NAMED_BY).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let text = worded(&self.text)?;
        let last = present.parts.theory_elements.iter().map(|element| element.row.number).max();
        let evaluation = changing(scope, present, self.reason.as_deref(), Self::NAMED_BY)?;
        Ok(added(scope, evaluation, (last.unwrap_or_default() + 1, self.kind), text))
    }

    makes_a_part!(TheoryElement);
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "number";
    type Subject = Evaluation;

    makes_a_part!(TheoryElement);

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        let mut evaluation = held(scope, Some(self.evaluation_id), Add::NAMED_BY).await?;
        if let Some(known) = numbered(&evaluation, self.number) {
            evaluation.about = known.row.id;
        }
        Ok(Some(evaluation))
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let text = worded(&self.text)?;
        let Some(known) = numbered(present, self.number) else {
            let range = Problem::OutOfRange { from: 1, to: i64::from(i32::MAX) };
            if self.number < 1 {
                return Err(Error::refused(Self::NAMED_BY, range));
            }
            let evaluation = changing_by_file(scope, present, Self::NAMED_BY)?;
            return Ok(added(scope, evaluation, (self.number, self.kind), text));
        };
        // What it is stays; and who removed it had a reason.
        let version = known.version.as_ref().filter(|_| known.row.kind == self.kind);
        let version = version.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::Taken))?;
        if version.text == text {
            return Ok(present.clone());
        }
        Ok(reworded(changing_by_file(scope, present, Self::NAMED_BY)?, text))
    }
}

macro_rules! on_an_element {
    ($operation:ident, |$self:ident, $scope:ident, $present:ident| $decide:expr) => {
        impl Operation for $operation {
            const ACTION: Action = Action::$operation;
            type Subject = Evaluation;

            fn names(&self) -> Vec<Name> {
                vec![named(Self::NAMED_BY, AccessedKind::TheoryElement, self.id)]
            }

            async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
                held_with(scope, self.id, Self::NAMED_BY).await.map(Some)
            }

            async fn decide(&$self, $scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
                let $present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
                $decide
            }
        }
    };
}

on_an_element!(Update, |self, scope, present| {
    let text = worded(&self.text)?;
    let says = |element: &Element| {
        element.row.id == present.about
            && element.version.as_ref().is_some_and(|version| version.text == text)
    };
    if present.parts.theory_elements.iter().any(says) {
        return Ok(present.clone());
    }
    Ok(reworded(changing(scope, present, self.reason.as_deref(), Self::NAMED_BY)?, text))
});

on_an_element!(Remove, |self, scope, present| {
    if bearing_evidence(scope.db, &[present.about]).await?.contains(&present.about) {
        return Err(Error::refused(Self::NAMED_BY, Problem::ElementInUse));
    }
    let mut evaluation = changing(scope, present, self.reason.as_deref(), Self::NAMED_BY)?;
    let (removed, ended) = (evaluation.about, Some(evaluation.next_version()));
    let parts = &mut evaluation.parts;
    for element in parts.theory_elements.iter_mut().filter(|element| element.row.id == removed) {
        element.version = None;
    }
    for link in parts.theory_links.iter_mut().filter(|row| [row.from_id, row.to_id].contains(&removed)) {
        link.until_version = ended;
    }
    for row in parts.element_criteria.iter_mut().filter(|row| row.theory_element_id == removed) {
        row.until_version = ended;
    }
    Ok(evaluation)
});

async fn held(scope: &Scope<'_>, evaluation_id: Option<Uuid>, field: &str) -> Result<Evaluation> {
    let mut evaluation = Evaluation::held(scope, Named::Evaluation(evaluation_id), field).await?;
    load_into(scope.db, &mut evaluation).await?;
    Ok(evaluation)
}

/// The stored element of that number, removed or not.
pub(crate) async fn by_number(
    db: &DatabaseTransaction,
    evaluation_id: Uuid,
    number: i32,
) -> Result<Option<ElementRow>> {
    let numbered = theory_element::Entity::find()
        .filter(theory_element::COLUMN.virkningsevaluering_id.eq(evaluation_id))
        .filter(theory_element::COLUMN.number.eq(number));
    Ok(numbered.one(db).await?)
}

/// The same, of those that an operation has loaded.
fn numbered(evaluation: &Evaluation, number: i32) -> Option<&Element> {
    evaluation.parts.theory_elements.iter().find(|element| element.row.number == number)
}

fn worded(text: &str) -> Result<String> {
    required(text, PROSE).map_err(|problem| Error::refused("text", problem))
}

fn added(
    scope: &Scope<'_>,
    mut evaluation: Evaluation,
    (number, kind): (i32, ElementKind),
    text: String,
) -> Evaluation {
    let row = ElementRow { id: scope.new_id(), virkningsevaluering_id: evaluation.row.id, number, kind };
    let version = ElementVersion {
        theory_element_id: row.id,
        since_version: 0,
        until_version: None,
        virkningsevaluering_id: row.virkningsevaluering_id,
        text,
    };
    evaluation.about = row.id;
    evaluation.parts.theory_elements.push(Element { row, version: Some(version) });
    evaluation
}

/// The evaluation with other words for the element that it is about.
fn reworded(mut evaluation: Evaluation, text: String) -> Evaluation {
    let about = evaluation.about;
    let mut elements = evaluation.parts.theory_elements.iter_mut();
    let version = elements.find(|element| element.row.id == about).and_then(|known| known.version.as_mut());
    if let Some(version) = version {
        version.text = text;
    }
    evaluation
}

/// Those of these elements to which qualitative evidence or a rival explanation is attached.
pub(crate) async fn bearing_evidence(db: &DatabaseTransaction, elements: &[Uuid]) -> Result<HashSet<Uuid>> {
    let evidence: Vec<Uuid> = qualitative_evidence::Entity::find()
        .select_only()
        .column(qualitative_evidence::Column::TheoryElementId)
        .filter(qualitative_evidence::COLUMN.theory_element_id.is_in(elements.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let rivals: Vec<Uuid> = rival_explanation::Entity::find()
        .select_only()
        .column(rival_explanation::Column::TheoryElementId)
        .filter(rival_explanation::COLUMN.theory_element_id.is_in(elements.iter().copied()))
        .filter(rival_explanation::COLUMN.until_version.is_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(evidence.into_iter().chain(rivals).collect())
}
