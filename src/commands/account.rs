//! Accounts and grants, from the command line: the way to the first ones.

use std::fs;

use domain::account::{self, Account, Password};
use domain::input::text;
use domain::role_grant::GrantRole;
use domain::{Context, Environment, Given, Language, Page, Services, Slice, operate};

use super::{Failure, Outcome, operator};
use crate::settings::{AddAccount, GrantRole as GrantSettings};

pub async fn add(services: &Services, settings: &AddAccount) -> Outcome {
    let (password, made_up) = match &settings.password_file {
        Some(path) => {
            let read =
                fs::read_to_string(path).map_err(|error| Failure(format!("{}: {error}", path.display())))?;
            (read.trim_end_matches(['\r', '\n']).to_owned(), false)
        }
        None => (random_password(&*services.environment)?, true),
    };
    let create =
        account::Create::new(settings.email.clone(), settings.name.clone(), Password(password.clone()));
    let account = match &settings.operator {
        Some(email) => operate(&operator(services, email).await?, create, Given::default()).await?,
        None => found(services, create).await?,
    };
    println!("{} can sign in.", account.email);
    if made_up {
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
    let account = find(&context, &settings.email).await?;
    let account = account
        .ok_or_else(|| Failure(format!("There is no account with the address {}.", settings.email)))?;
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

/// The account of that address, among those that the operator sees.
pub async fn find(context: &Context, email: &str) -> Outcome<Option<Account>> {
    let email =
        text::folded(&text::sought(email).map_err(|problem| Failure(problem.message(Language::English)))?);
    let mut after = None;
    loop {
        let slice = Slice { first: Some(100), after, ..Slice::default() };
        let page = account::list(context, &Page::new(slice, false)?).await?;
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
