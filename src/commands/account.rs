//! Accounts and grants, from the command line: the way to the first ones.

use std::fs;

use domain::account::{self, Account, Link, Password};
use domain::role_grant::GrantRole;
use domain::{Context, Environment, Given, Page, Services, Slice, operate};

use super::{Failure, Outcome, operator};
use crate::settings::{AddAccount, GrantRole as GrantSettings, ResetPassword};

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
    let context = operator(services, &settings.operator.operator).await?;
    let account = found_by(&context, &settings.email).await?;
    operate(
        &context,
        GrantRole::now(account.id, settings.role, settings.forvaltning.clone()),
        Given::default(),
    )
    .await?;
    let place = settings.forvaltning.as_deref().unwrap_or("the whole municipality");
    println!("{} is {} in {place}.", account.email, settings.role);
    Ok(())
}

/// Prints a one-time link: the way back in for an administrator whom no other administrator can help, too.
pub async fn reset(services: &Services, settings: &ResetPassword, public_url: &str) -> Outcome {
    let context = operator(services, &settings.operator.operator).await?;
    let account = found_by(&context, &settings.email).await?;
    let (operation, Link(token)) = account::Reset::new(&context, Some(account.id))?;
    operate(&context, operation, Given::default()).await?;
    println!("{} sets a password within 24 hours, once, at", account.email);
    println!("{public_url}/password#{token}");
    Ok(())
}

async fn found_by(context: &Context, email: &str) -> Outcome<Account> {
    let account = find(context, email).await?;
    account.ok_or_else(|| Failure(format!("There is no account with the address {email}.")))
}

/// The account of that address, among those that the operator sees.
pub async fn find(context: &Context, email: &str) -> Outcome<Option<Account>> {
    let mut after = None;
    loop {
        let slice = Slice { first: Some(100), after, ..Slice::default() };
        let page = account::list(context, &Page::new(slice, false)?).await?;
        let last = page.nodes.last().map(|(cursor, _)| cursor.encode());
        let mut accounts = page.nodes.into_iter().map(|(_, account)| account);
        if let Some(account) = accounts.find(|account| account.email.eq_ignore_ascii_case(email)) {
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
