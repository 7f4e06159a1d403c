//! The access review as a table, for those who review in a spreadsheet.

use super::{Filter, Reviewed, list};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::page::{Asked, MAXIMUM, Page, Slice};
use crate::reference::Reference;
use crate::register::neutral;

/// The columns, in order. Moments are in UTC; what is empty is not there: no forvaltning is the whole municipality, no
/// `valid_to` no end, no `last_seen_at` never.
pub const COLUMNS: [&str; 12] = [
    "account",
    "name",
    "active",
    "role",
    "forvaltning",
    "state",
    "valid_from",
    "valid_to",
    "granted_by",
    "confirmation",
    "confirmed_by",
    "last_seen_at",
];

/// Every grant as a line of comma-separated UTF-8, the oldest first.
pub async fn table(context: &Context, filter: &Filter) -> Result<Vec<u8>> {
    let reference = Reference::of(context).await?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(Error::internal)?;
    let mut after = None;
    loop {
        let slice = Slice { first: Some(MAXIMUM), after, ..Slice::default() };
        let page = list(context, filter, &Page::new(slice, Asked::ROWS)?).await?;
        for (_, reviewed) in &page.nodes {
            writer.write_record(cells(reviewed, &reference)).map_err(Error::internal)?;
        }
        after = page.nodes.last().map(|(cursor, _)| cursor.encode());
        if !page.has_next || after.is_none() {
            break;
        }
    }
    writer.into_inner().map_err(|error| Error::internal(error.error()))
}

fn cells(reviewed: &Reviewed, reference: &Reference) -> [String; 12] {
    let Reviewed { grant, account, state, granted_by, confirmed_by, last_seen_at } = reviewed;
    let place = grant.forvaltning_id.and_then(|id| reference.forvaltning_by_id(id));
    let or_empty = |text: Option<String>| text.unwrap_or_default();
    [
        account.email.clone(),
        account.name.clone(),
        account.active.to_string(),
        grant.role.to_string(),
        or_empty(place.map(|forvaltning| forvaltning.code.clone())),
        state.as_str().to_owned(),
        grant.valid_from.to_string(),
        or_empty(grant.valid_to.map(|end| end.to_string())),
        or_empty(granted_by.as_ref().map(|account| account.email.clone())),
        or_empty(grant.confirmation.map(|confirmation| confirmation.to_string())),
        or_empty(confirmed_by.as_ref().map(|account| account.email.clone())),
        or_empty(last_seen_at.map(|at| at.to_string())),
    ]
    .map(|cell| neutral(&cell))
}
