//! Grants that groups of an identity provider stand for. They end by themselves, and those that people made are left alone.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use entity::role_grant;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use super::Assertion;
use crate::columns::{Action, Role, Timestamp, Uuid};
use crate::error::{Language, Problem, Result};
use crate::input::text::{LINE, exact};
use crate::operation::{Given, Operation, Scope, perform};
use crate::role_grant::{RoleGrant, going_on};

/// What the groups of an issuer mean here.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    pub mappings: Vec<Mapping>,
    /// How long a grant holds at most, without a newer token that still names the group.
    pub seconds: i64,
}

/// One group, and the role that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    group: String,
    role: Role,
    /// Code; none is the whole municipality.
    forvaltning: Option<String>,
}

impl FromStr for Mapping {
    type Err = String;

    /// Reads `GROUP=ROLE` or `GROUP=ROLE:FORVALTNING`. A group's name may have both signs in it.
    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || format!("{text:?} is not GROUP=ROLE or GROUP=ROLE:FORVALTNING");
        let (group, means) = text.rsplit_once('=').ok_or_else(wanted)?;
        let (role, forvaltning) = match means.split_once(':') {
            Some((_, "")) => return Err(wanted()),
            Some((role, code)) => (role, Some(code.to_owned())),
            None => (means, None),
        };
        let role: Role = role.parse().map_err(|unknown| format!("{text:?}: {unknown}"))?;
        let group = exact(group, LINE)
            .map_err(|problem| format!("{text:?}: the group: {}", problem.message(Language::English)))?;
        match role {
            Role::Admin => {
                return Err(format!(
                    "{text:?}: nobody becomes ADMIN by a group; that is granted here, to a person"
                ));
            }
            Role::Coordinator if forvaltning.is_some() => {
                return Err(format!(
                    "{text:?}: {}",
                    Problem::MunicipalityWideRole.message(Language::English)
                ));
            }
            _ => {}
        }
        Ok(Self { group, role, forvaltning })
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.group, self.role)?;
        self.forvaltning.as_ref().map_or(Ok(()), |code| write!(f, ":{code}"))
    }
}

/// What one of the grants is told by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted {
    group: String,
    role: Role,
    forvaltning_id: Option<Uuid>,
}

impl Groups {
    /// Makes the account's grants what a token's groups stand for: begins those that are new, prolongs those that go on, ends
    /// those whose group is lost. Whether groups mean anything here at all.
    pub(super) async fn apply(&self, scope: &Scope<'_>, assertion: &Assertion) -> Result<bool> {
        let account_id = scope.context.actor.id;
        let held = held(scope, account_id).await?;
        if self.mappings.is_empty() && held.is_empty() {
            return Ok(false);
        }
        let mut wanted = self.wanted(scope, assertion).await?;
        let longest = scope.now().plus_seconds(self.seconds);
        for grant in held {
            let group = grant.issuer_group.clone().unwrap_or_default();
            let means = Wanted { group, role: grant.role, forvaltning_id: grant.forvaltning_id };
            let reason = reason(&means.group);
            if wanted.remove(&means) {
                let end = self.end(&grant, longest, assertion);
                perform(scope, &Prolong { grant, end }, &reason, Prolong::ACTION).await?;
            } else {
                perform(scope, &End { grant }, &reason, End::ACTION).await?;
            }
        }
        for means in wanted {
            let reason = reason(&means.group);
            let begin = Begin { account_id, means, end: longest };
            perform(scope, &begin, &reason, Begin::ACTION).await?;
        }
        Ok(true)
    }

    async fn wanted(&self, scope: &Scope<'_>, assertion: &Assertion) -> Result<BTreeSet<Wanted>> {
        let mut wanted = BTreeSet::new();
        for mapping in self.mappings.iter().filter(|mapping| assertion.groups.contains(&mapping.group)) {
            let forvaltning_id = match &mapping.forvaltning {
                None => None,
                Some(code) => {
                    let found = scope.reference().await?.forvaltning(code);
                    let Some(forvaltning) = found else {
                        tracing::warn!(%mapping, "a group stands for a role in a forvaltning that is not there");
                        continue;
                    };
                    Some(forvaltning.id)
                }
            };
            let Mapping { group, role, .. } = mapping.clone();
            wanted.insert(Wanted { group, role, forvaltning_id });
        }
        Ok(wanted)
    }

    /// Until when a grant is to hold. It is prolonged before the token outlives it and once half of its time is over, not with
    /// each of the tokens that come every few minutes: each time leaves an event.
    fn end(&self, grant: &RoleGrant, longest: Timestamp, assertion: &Assertion) -> Timestamp {
        let soon = longest.plus_seconds(-self.seconds / 2);
        let needed = Ord::min(longest, Ord::max(soon, assertion.expires_at));
        match grant.valid_to {
            Some(end) if end >= needed => end,
            _ => longest,
        }
    }
}

fn reason(group: &str) -> Given {
    Given { reason: Some(format!("Group {group} of the identity provider")), ..Given::default() }
}

/// The grants of an account that groups stand for and that hold now.
async fn held(scope: &Scope<'_>, account_id: Uuid) -> Result<Vec<RoleGrant>> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::COLUMN.account_id.eq(account_id))
        .filter(role_grant::COLUMN.issuer_group.is_not_null())
        .filter(going_on(scope.now()))
        .order_by_asc(role_grant::COLUMN.id)
        .all(scope.db)
        .await?;
    Ok(rows)
}

#[derive(Clone, Debug)]
struct Begin {
    account_id: Uuid,
    means: Wanted,
    end: Timestamp,
}

#[derive(Clone, Debug)]
struct Prolong {
    grant: RoleGrant,
    end: Timestamp,
}

#[derive(Clone, Debug)]
struct End {
    grant: RoleGrant,
}

impl Operation for Begin {
    const ACTION: Action = Action::Grant;
    const BY_ISSUER: bool = true;
    type Subject = RoleGrant;

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&RoleGrant>) -> Result<RoleGrant> {
        let Wanted { group, role, forvaltning_id } = self.means.clone();
        Ok(RoleGrant {
            id: scope.new_id(),
            account_id: self.account_id,
            role,
            forvaltning_id,
            valid_from: scope.now(),
            valid_to: Some(self.end),
            issuer_group: Some(group),
            confirmation: None,
            version: 0,
        })
    }
}

impl Operation for Prolong {
    const ACTION: Action = Action::Update;
    const BY_ISSUER: bool = true;
    type Subject = RoleGrant;

    async fn find(&self, _scope: &Scope<'_>) -> Result<Option<RoleGrant>> {
        Ok(Some(self.grant.clone()))
    }

    async fn decide(&self, _scope: &Scope<'_>, _subject: Option<&RoleGrant>) -> Result<RoleGrant> {
        Ok(RoleGrant { valid_to: Some(self.end), ..self.grant.clone() })
    }
}

impl Operation for End {
    const ACTION: Action = Action::Revoke;
    const BY_ISSUER: bool = true;
    type Subject = RoleGrant;

    async fn find(&self, _scope: &Scope<'_>) -> Result<Option<RoleGrant>> {
        Ok(Some(self.grant.clone()))
    }

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&RoleGrant>) -> Result<RoleGrant> {
        let end = Ord::max(scope.now(), self.grant.valid_from);
        Ok(RoleGrant { valid_to: Some(end), ..self.grant.clone() })
    }
}
