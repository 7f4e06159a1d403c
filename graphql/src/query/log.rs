use async_graphql::{Context, ID, Object, Result};
use domain::access_log::found;
use domain::log::{self, Checkpoint, Consistency, Inclusion, Key};
use domain::{Error, Problem};

use super::{target, told};
use crate::ids::Kind;
use crate::plan::{One, Required};
use crate::request::{Shared, signed_in};

#[derive(Default)]
pub struct LogQuery;

#[Object]
impl LogQuery {
    /// A signed checkpoint of the history's log. For AUDITOR of the whole municipality, as are the proofs: the log is of
    /// everything, and its size tells how much others write.
    async fn checkpoint(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "Of the log with so many entries; of all of it where nothing is given.")]
        size: Option<i32>,
    ) -> Result<Required<Checkpoint>> {
        let read = async {
            let size = size.map(|size| entries(size, "size")).transpose()?;
            log::checkpoint(signed_in(field)?, key(field)?, size).await.map(Required)
        };
        told(field, read).await
    }

    /// The proof that an event is in the log; null for an event that is not there.
    async fn inclusion_proof(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "The event's id.")] event: ID,
        #[graphql(desc = "In the log with so many entries; in all of it where nothing is given.")]
        size: Option<i32>,
    ) -> Result<One<Inclusion>> {
        let read = async {
            let context = signed_in(field)?;
            let size = size.map(|size| entries(size, "size")).transpose()?;
            // An id that is none of ours is answered as one that is no event's.
            let event = Kind::Event.read(&event);
            let proof = log::inclusion(context, key(field)?, event.unwrap_or_default(), size).await?;
            Ok(found(context, target(Kind::Event, event), proof).into())
        };
        told(field, read).await
    }

    /// The proof that the log was only appended to between two sizes.
    async fn consistency_proof(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "The size of the earlier log.")] from: i32,
        #[graphql(desc = "The size of the later one; the present one where nothing is given.")] to: Option<
            i32,
        >,
    ) -> Result<Required<Consistency>> {
        let read = async {
            let to = to.map(|to| entries(to, "to")).transpose()?;
            let from = entries(from, "from")?;
            log::consistency(signed_in(field)?, key(field)?, from, to).await.map(Required)
        };
        told(field, read).await
    }
}

fn entries(given: i32, argument: &str) -> domain::Result<u64> {
    let fault = |_| Error::refused(argument, Problem::OutOfRange { from: 0, to: i64::from(i32::MAX) });
    u64::try_from(given).map_err(fault)
}

fn key<'a>(field: &Context<'a>) -> domain::Result<&'a Key> {
    Ok(&*field.data_opt::<Shared>().ok_or(Error::Unauthenticated)?.checkpoint_key)
}
