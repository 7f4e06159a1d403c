//! The access review: who has which role where, since when, by whom, and when they were last seen.

mod table;

pub use table::{COLUMNS, table};

use std::collections::{HashMap, HashSet};

use entity::{account, event, role_grant};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::access_log::{Attempt, refused};
use crate::account::Account;
use crate::columns::{AccessedKind, Action, Confirmation, Role, SubjectKind, Timestamp, Uuid};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::last_use;
use crate::page::{Connection, Direction, Key, Listing, Page};
use crate::policy::{Owners, Verb, permits};
use crate::role_grant::{RoleGrant, confirmed, going_on, has_ended, holding};

/// How a grant stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// It waits for a second ADMIN.
    Pending,
    /// It is to hold from a later moment.
    Coming,
    Holding,
    Ended,
}

impl GrantState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Coming => "COMING",
            Self::Holding => "HOLDING",
            Self::Ended => "ENDED",
        }
    }

    fn of(grant: &RoleGrant, now: Timestamp) -> Self {
        if has_ended(grant, now) {
            Self::Ended
        } else if grant.confirmation == Some(Confirmation::Pending) {
            Self::Pending
        } else if grant.valid_from > now {
            Self::Coming
        } else {
            Self::Holding
        }
    }

    /// The grants of this state, as a condition.
    fn condition(self, now: Timestamp) -> Condition {
        match self {
            Self::Ended => Condition::all().add(role_grant::COLUMN.valid_to.lte(now)),
            Self::Pending => Condition::all()
                .add(going_on(now))
                .add(role_grant::Column::Confirmation.eq(Confirmation::Pending)),
            Self::Coming => confirmed().add(going_on(now)).add(role_grant::COLUMN.valid_from.gt(now)),
            Self::Holding => holding(now),
        }
    }
}

/// Which grants a review is of.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<GrantState>,
    pub role: Option<Role>,
    /// Whether the account can sign in.
    pub active: Option<bool>,
}

/// One grant under review.
#[derive(Clone, Debug)]
pub struct Reviewed {
    pub grant: RoleGrant,
    pub account: Account,
    pub state: GrantState,
    /// By the history; none of grants that it does not know.
    pub granted_by: Option<Account>,
    pub confirmed_by: Option<Account>,
    /// When a session or API token of the account was last used, to the minute; none where none was, or that is not written yet.
    pub last_seen_at: Option<Timestamp>,
}

/// The grants that fit, the oldest first, for those who see all grants. A denial of others is logged.
pub async fn list(context: &Context, filter: &Filter, page: &Page) -> Result<Connection<Reviewed>> {
    if !permits(&context.actor, Verb::See, SubjectKind::RoleGrant, &Owners::default()) {
        refused(context, &Attempt::to_read(AccessedKind::RoleGrant), &Error::Forbidden);
        return Err(Error::Forbidden);
    }
    let now = context.now();
    let mut select = role_grant::Entity::find();
    if let Some(state) = filter.state {
        select = select.filter(state.condition(now));
    }
    if let Some(role) = filter.role {
        select = select.filter(role_grant::COLUMN.role.eq(role));
    }
    if let Some(active) = filter.active {
        let accounts = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(account::COLUMN.active.eq(active))
            .into_query();
        select = select.filter(role_grant::Column::AccountId.in_subquery(accounts));
    }
    let listing = Listing {
        list: 14,
        key: Key::Id,
        direction: Direction::Ascending,
        id_column: role_grant::Column::Id,
        id: |row: &RoleGrant| row.id,
    };
    let snapshot = context.snapshot().await?;
    let grants = listing.fetch(&snapshot.db, select, page).await?;
    let about = About::read(context, grants.nodes.iter().map(|(_, grant)| grant)).await?;
    Ok(grants.filter_map(|grant| about.reviewed(grant, now)))
}

/// What is known of the grants of a page beside themselves.
struct About {
    accounts: HashMap<Uuid, Account>,
    /// Who granted and who confirmed, by grant and action.
    actors: HashMap<(Uuid, Action), Uuid>,
    last_seen: HashMap<Uuid, Timestamp>,
}

impl About {
    async fn read(context: &Context, grants: impl Iterator<Item = &RoleGrant> + Clone) -> Result<Self> {
        let snapshot = context.snapshot().await?;
        let holders: HashSet<Uuid> = grants.clone().map(|grant| grant.account_id).collect();
        let steps: Vec<(Uuid, Action, Uuid)> = event::Entity::find()
            .select_only()
            .column(event::Column::SubjectId)
            .column(event::Column::Action)
            .column(event::Column::ActorId)
            .filter(event::COLUMN.subject_id.is_in(grants.map(|grant| grant.id)))
            .filter(event::COLUMN.action.is_in([Action::Grant, Action::Confirm]))
            .into_tuple()
            .all(&snapshot.db)
            .await?;
        let actors: HashMap<_, _> =
            steps.into_iter().map(|(grant, action, actor)| ((grant, action), actor)).collect();
        let named = holders.iter().chain(actors.values()).copied();
        let accounts =
            account::Entity::find().filter(account::COLUMN.id.is_in(named)).all(&snapshot.db).await?;
        Ok(Self {
            accounts: accounts.into_iter().map(|account| (account.id, account)).collect(),
            actors,
            last_seen: last_use::last_seen(context, &holders.into_iter().collect::<Vec<_>>()).await?,
        })
    }

    fn reviewed(&self, grant: RoleGrant, now: Timestamp) -> Option<Reviewed> {
        let by = |action| self.actors.get(&(grant.id, action)).and_then(|id| self.accounts.get(id)).cloned();
        Some(Reviewed {
            account: self.accounts.get(&grant.account_id)?.clone(),
            state: GrantState::of(&grant, now),
            granted_by: by(Action::Grant),
            confirmed_by: by(Action::Confirm),
            last_seen_at: self.last_seen.get(&grant.account_id).copied(),
            grant,
        })
    }
}
