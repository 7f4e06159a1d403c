use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use domain::intervention::{self, Intervention, ParentRef};
use domain::{Given, operate};

use super::{edit, version};
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;

/// What making an intervention takes.
#[derive(InputObject)]
pub struct CreateInterventionInput {
    /// The short name for addresses: a to z, 0 to 9 and single hyphens inside; unique; at most 80 characters.
    slug: String,
    /// The name people use; at most 300 characters.
    name: String,
    /// The year it began, 1900 to 2200.
    since: Option<i32>,
    /// The unit it is a part of.
    parent_id: Option<ID>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What changing an intervention takes. A field that is not given stays as it is.
#[derive(InputObject)]
pub struct UpdateInterventionInput {
    /// The intervention.
    id: ID,
    /// The version you read.
    expected_version: i32,
    /// A new slug.
    slug: Option<String>,
    /// A new name.
    name: Option<String>,
    /// The year it began.
    since: Option<i32>,
    /// The unit it is a part of.
    parent_id: Option<ID>,
    /// Fields to empty. A null never does.
    #[graphql(default)]
    clear: Vec<InterventionField>,
    /// Why, for the history.
    reason: Option<String>,
}

/// The fields of an intervention that can be emptied.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum InterventionField {
    /// The year it began.
    Since,
    /// The unit it is a part of.
    Parent,
}

payload! {
    /// An intervention, made.
    CreateInterventionPayload {
        /// The intervention; null where it was refused.
        intervention: Intervention
    }
}

payload! {
    /// An intervention, changed.
    UpdateInterventionPayload {
        /// The intervention; null where it was refused.
        intervention: Intervention
    }
}

#[derive(Default)]
pub struct InterventionMutations;

#[Object]
impl InterventionMutations {
    /// Makes an intervention. Its first report, drafted next, says which forvaltning leads it. Needs COORDINATOR.
    async fn create_intervention(
        &self,
        field: &Context<'_>,
        input: CreateInterventionInput,
    ) -> Result<Option<CreateInterventionPayload>> {
        let CreateInterventionInput { slug, name, since, parent_id, idempotency_key, reason } = input;
        let operation = intervention::Create { slug, name, since, parent: parent_id.as_ref().map(parent) };
        let given = Given { idempotency_key, reason, ..Given::default() };
        let made = async { operate(signed_in(field)?, operation, given).await };
        CreateInterventionPayload::new(field, made.await, |intervention| (intervention,)).map(Some)
    }

    /// Changes what an intervention is called and belongs to. Needs COORDINATOR.
    async fn update_intervention(
        &self,
        field: &Context<'_>,
        input: UpdateInterventionInput,
    ) -> Result<Option<UpdateInterventionPayload>> {
        let UpdateInterventionInput { id, expected_version, slug, name, since, parent_id, clear, reason } =
            input;
        let operation = intervention::Update {
            id: Kind::Intervention.read(&id),
            slug,
            name,
            since: edit(since, clear.contains(&InterventionField::Since)),
            parent: edit(parent_id.as_ref().map(parent), clear.contains(&InterventionField::Parent)),
        };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let changed = async { operate(signed_in(field)?, operation, given).await };
        UpdateInterventionPayload::new(field, changed.await, |intervention| (intervention,)).map(Some)
    }
}

fn parent(id: &ID) -> ParentRef {
    ParentRef::Id(Kind::Intervention.read(id))
}
