//! Accounts and grants, from the command line: the way to the first ones.

use std::fs;
use std::io::Write;

use domain::access_review::{self, Filter};
use domain::account::{self, Account, Link, Password};
use domain::input::text;
use domain::reference::Reference;
use domain::role_grant::{self, Confirm, GrantRole, Revoke, RoleGrant};
use domain::{
    Asked, Confirmation, Context, Environment, Expected, Given, Language, Page, Services, Slice, Uuid,
    operate,
};

use super::{Failure, Outcome, operator};
use crate::settings::{
    AddAccount, ConfirmRole, GrantRole as GrantSettings, ResetPassword, Review, RevokeRole,
};

pub async fn add(services: &Services, settings: &AddAccount) -> Outcome {
    let made_up = match (&settings.password_file, &settings.issuer) {
        (None, None) => Some(random_password(&*services.environment)?),
        _ => None,
    };
    let password = match &settings.password_file {
        Some(path) => {
            let read =
                fs::read_to_string(path).map_err(|error| Failure(format!("{}: {error}", path.display())))?;
            Some(read.trim_end_matches(['\r', '\n']).to_owned())
        }
        None => made_up.clone(),
    };
    let credentials = account::Credentials {
        password: password.map(Password),
        issuer: settings.issuer.clone(),
        subject: settings.subject.clone(),
    };
    let create = account::Create::new(settings.email.clone(), settings.name.clone(), credentials);
    let account = match &settings.operator {
        Some(email) => operate(&operator(services, email).await?, create, Given::default()).await?,
        None => found(services, create).await?,
    };
    println!("{} can sign in.", account.email);
    if let Some(password) = made_up {
        println!("First password, shown once: {password}");
    }
    Ok(())
}

/// Makes the first account, and makes it ADMIN.
pub async fn found(services: &Services, create: account::Create) -> Outcome<Account> {
    let request_id = services.environment.new_id();
    let Some(context) = Context::of_founder(services, create.name(), request_id).await? else {
        return Err(Failure("There are accounts already: name the ADMIN who acts with --as EMAIL.".into()));
    };
    Ok(operate(&context, account::Found(create), Given::default()).await?)
}

pub async fn grant(services: &Services, settings: &GrantSettings) -> Outcome {
    let GrantSettings { email, held, from, to, operator: acting } = settings;
    let context = operator(services, &acting.operator).await?;
    let account = required(&context, email).await?;
    let operation = GrantRole {
        account_id: Some(account.id),
        role: held.role,
        forvaltning: held.forvaltning.clone(),
        valid_from: *from,
        valid_to: *to,
    };
    let grant = operate(&context, operation, Given::default()).await?;
    let place = held.forvaltning.as_deref().unwrap_or("the whole municipality");
    if grant.confirmation == Some(Confirmation::Pending) {
        println!(
            "{} becomes {} in {place} once another ADMIN confirms it (`virkning account confirm {}`).",
            account.email, held.role, account.email
        );
    } else {
        println!("{} is {} in {place}.", account.email, held.role);
    }
    Ok(())
}

/// Confirms the grant of ADMIN that waits.
pub async fn confirm(services: &Services, settings: &ConfirmRole) -> Outcome {
    let context = operator(services, &settings.operator.operator).await?;
    let account = required(&context, &settings.email).await?;
    let grants = standing(&context, account.id).await?;
    let waits = grants.into_iter().find(|grant| grant.confirmation == Some(Confirmation::Pending));
    let grant =
        waits.ok_or_else(|| Failure(format!("No grant of {} waits to be confirmed.", settings.email)))?;
    let given = Given { expected: Expected::Version(grant.version), ..Given::default() };
    operate(&context, Confirm { id: Some(grant.id) }, given).await?;
    println!("{} is {} in the whole municipality.", account.email, grant.role);
    Ok(())
}

pub async fn revoke(services: &Services, settings: &RevokeRole) -> Outcome {
    let RevokeRole { email, held, reason, operator: acting } = settings;
    let context = operator(services, &acting.operator).await?;
    let account = required(&context, email).await?;
    let place = match &held.forvaltning {
        Some(code) => {
            let found = Reference::of(&context).await?.forvaltning(code).map(|forvaltning| forvaltning.id);
            Some(found.ok_or_else(|| Failure(format!("There is no forvaltning {code}.")))?)
        }
        None => None,
    };
    let grants = standing(&context, account.id).await?;
    let is_meant = |grant: &RoleGrant| grant.role == held.role && grant.forvaltning_id == place;
    let meant: Vec<_> = grants.into_iter().filter(is_meant).collect();
    if meant.is_empty() {
        return Err(Failure(format!("{email} has no such role.")));
    }
    for grant in meant {
        let given =
            Given { expected: Expected::Version(grant.version), reason: reason.clone(), ..Given::default() };
        operate(&context, Revoke { id: Some(grant.id) }, given).await?;
    }
    let place = held.forvaltning.as_deref().unwrap_or("the whole municipality");
    println!("{} is no longer {} in {place}.", account.email, held.role);
    Ok(())
}

/// Prints the access review.
pub async fn review(services: &Services, settings: &Review) -> Outcome {
    let context = operator(services, &settings.operator.operator).await?;
    let table = access_review::table(&context, &Filter::default()).await?;
    std::io::stdout().write_all(&table).map_err(|error| Failure(format!("standard output: {error}")))
}

/// The grants of an account that have not ended.
async fn standing(context: &Context, account_id: Uuid) -> Outcome<Vec<RoleGrant>> {
    let now = context.now();
    let grants = role_grant::of_accounts(context, &[account_id]).await?.remove(&account_id);
    Ok(grants.into_iter().flatten().filter(|grant| !role_grant::has_ended(grant, now)).collect())
}

/// Prints a one-time link: the way back in for an administrator whom no other administrator can help, too.
pub async fn reset(services: &Services, settings: &ResetPassword, public_url: &str) -> Outcome {
    let context = operator(services, &settings.operator.operator).await?;
    let account = required(&context, &settings.email).await?;
    let (operation, Link(token)) = account::Reset::new(&context, Some(account.id))?;
    operate(&context, operation, Given::default()).await?;
    println!("{} sets a password within 24 hours, once, at", account.email);
    println!("{public_url}/password#{token}");
    Ok(())
}

async fn required(context: &Context, email: &str) -> Outcome<Account> {
    let account = find(context, email).await?;
    account.ok_or_else(|| Failure(format!("There is no account with the address {email}.")))
}

/// The account of that address, among those that the operator sees.
pub async fn find(context: &Context, email: &str) -> Outcome<Option<Account>> {
    let email =
        text::folded(&text::sought(email).map_err(|problem| Failure(problem.message(Language::English)))?);
    let mut after = None;
    loop {
        let slice = Slice { first: Some(100), after, ..Slice::default() };
        let page = account::list(context, &Page::new(slice, Asked::ROWS)?).await?;
        let last = page.nodes.last().map(|(cursor, _)| cursor.encode());
        let mut accounts = page.nodes.into_iter().map(|(_, account)| account);
        if let Some(account) = accounts.find(|account| text::folded(&account.email) == email) {
            return Ok(Some(account));
        }
        if !page.has_next {
            return Ok(None);
        }
        after = last;
    }
}

fn random_password(environment: &dyn Environment) -> Outcome<String> {
    // Without letters and digits that are mistaken for each other; 32 of them, so that a byte picks one without bias.
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";
    let mut bytes = [0; 20];
    environment.fill_random(&mut bytes)?;
    Ok(bytes.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect())
}
