//! What the command line does.

mod account;
mod demo;
mod log;
mod register;
mod secrets;
mod serve;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::access_log;
use domain::last_use;
use domain::{Context, Database, Error, Services};
use migration::{Migrator, MigratorTrait};

use crate::checkpoints;
use crate::settings::{Account, Cli, Command, Log};

/// How often it is tried to write the last denials.
const WRITES: u32 = 3;
const BETWEEN_WRITES: Duration = Duration::from_millis(200);

/// Why a command did not do what it should, in words for the operator.
#[derive(Debug)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(match error {
            Error::Forbidden => "The operator's roles do not permit this.".into(),
            Error::Refused(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
            other => other.to_string(),
        })
    }
}

pub type Outcome<T = ()> = Result<T, Failure>;

pub async fn run(cli: Cli) -> Outcome {
    let Cli {
        command,
        database_url: url,
        log: signing,
        serve: settings,
        reach,
        disclosure_threshold,
        log_format: _,
    } = cli;
    let time = settings.limits.query_time();
    let guarded = |services| Services { disclosure_threshold, ..services };
    let local_accounts = settings.sign_in.local_accounts;
    match command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let tokens = serve::checked(&url, &settings)?;
            let key = Arc::new(checkpoints::key(&url, &signing)?);
            if Database::is_exposed(&url) {
                tracing::warn!(
                    "the connection to the database may be read on its way: give its address ?sslmode=verify-full&sslrootcert=FILE"
                );
            }
            let schema = serve::schema(&settings, settings.explorer);
            let services = Services { local_accounts, ..guarded(current(&url, time).await?) };
            on(services, async |services| {
                serve::serve(services, tokens, key, schema, &settings, &reach).await
            })
            .await
        }
        Command::Demo(demo) => demo::demo(&demo, &signing, &settings, &reach, disclosure_threshold).await,
        Command::Migrate => on(connect(&url, time).await?, async |services| migrate(services).await).await,
        Command::Import(import) => {
            Box::pin(writing(&url, time, &signing, async |services| {
                register::import(services, &import).await
            }))
            .await
        }
        Command::Export(export) => {
            let services = guarded(current(&url, time).await?);
            on(services, async |services| register::export(services, &export).await).await
        }
        Command::Account { command: Account::Add(add) } => {
            writing(&url, time, &signing, async |services| account::add(services, &add).await).await
        }
        Command::Account { command: Account::Grant(grant) } => {
            writing(&url, time, &signing, async |services| account::grant(services, &grant).await).await
        }
        Command::Account { command: Account::Reset(reset) } => {
            let listen = || format!("http://{}", settings.listen);
            let public_url = reach.public_url.clone().unwrap_or_else(listen);
            writing(&url, time, &signing, async |services| {
                account::reset(services, &reset, &public_url).await
            })
            .await
        }
        Command::Account { command: Account::Confirm(confirm) } => {
            writing(&url, time, &signing, async |services| account::confirm(services, &confirm).await).await
        }
        Command::Account { command: Account::Revoke(revoke) } => {
            writing(&url, time, &signing, async |services| account::revoke(services, &revoke).await).await
        }
        Command::Account { command: Account::Review(review) } => {
            on(current(&url, time).await?, async |services| account::review(services, &review).await).await
        }
        Command::Schema => {
            print!("{}", graphql::virkning(graphql::Limits::default()).sdl());
            Ok(())
        }
        Command::Verify(verify) => {
            let key = log::public_key(&url, &signing, &verify)?;
            on(current(&url, time).await?, async |services| log::verify(services, key, &verify).await).await
        }
        Command::Checkpoint(checkpoint) => {
            let key = checkpoints::key(&url, &signing)?;
            on(current(&url, time).await?, async |services| {
                log::checkpoint(services, &key, &checkpoint).await
            })
            .await
        }
    }
}

/// Does the work, and signs the log that has grown by it.
async fn writing(
    url: &str,
    time: Duration,
    signing: &Log,
    work: impl AsyncFnOnce(&Services) -> Outcome,
) -> Outcome {
    let key = checkpoints::key(url, signing)?;
    on(current(url, time).await?, async |services| {
        work(services).await?;
        checkpoints::keep(services, &key).await?;
        Ok(())
    })
    .await
}

/// Does the work, writes what was denied in it, and closes the database, however the work ended.
async fn on(services: Services, work: impl AsyncFnOnce(&Services) -> Outcome) -> Outcome {
    let outcome = work(&services).await;
    write_denials(&services).await;
    if let Err(error) = last_use::write_last(&services).await {
        tracing::warn!(%error, "last uses: those of the last minute are not written");
    }
    let closed = services.database.close().await;
    outcome.and(closed.map_err(Failure::from))
}

/// Writes what a command was denied, or what came since a server last wrote. A connection to PostgreSQL goes with the thread of
/// the server that opened it, which may be ending just now: then another one does it.
async fn write_denials(services: &Services) {
    for _ in 1..WRITES {
        if access_log::write(services).await.is_ok() {
            return;
        }
        tokio::time::sleep(BETWEEN_WRITES).await;
    }
    if let Err(error) = access_log::write(services).await {
        tracing::warn!(%error, "access log: what was denied last is not written");
    }
}

async fn connect(url: &str, query_time: Duration) -> Outcome<Services> {
    Database::check_url(url).map_err(|error| Failure(format!("--database-url: {error}")))?;
    let database = Database::connect(url, query_time).await?;
    Ok(Services::of(database))
}

/// A database with this version's tables.
async fn current(url: &str, query_time: Duration) -> Outcome<Services> {
    if let Some(path) = url.strip_prefix("sqlite://")
        && !Path::new(path).exists()
    {
        return Err(Failure(format!("There is no database at {path}. `virkning migrate` makes one.")));
    }
    let services = connect(url, query_time).await?;
    // Reading only: the role that the server runs as need not be one that may make tables.
    let pending = Migrator::get_pending_migrations_read_only(services.database.connection())
        .await
        .map_err(|error| not_migrated(&error))?;
    if pending.is_empty() {
        return Ok(services);
    }
    Err(Failure(format!(
        "The database is {} migration(s) behind this version. Run `virkning migrate` first.",
        pending.len()
    )))
}

async fn migrate(services: &Services) -> Outcome {
    Migrator::up(services.database.connection(), None).await.map_err(|error| not_migrated(&error))
}

fn not_migrated(error: &migration::DbErr) -> Failure {
    Failure(format!(
        "The database's migrations cannot be told or carried out: {error}\n\
         If a newer version of Virkning has migrated it, use that version."
    ))
}

async fn operator(services: &Services, email: &str) -> Outcome<Context> {
    let request_id = services.environment.new_id();
    match Context::of_operator(services, email, request_id).await {
        Ok(Some(context)) => Ok(context),
        Ok(None) => Err(Failure(format!("There is no account with the address {email}."))),
        Err(Error::Unauthenticated) => Err(Failure(format!("The account {email} is not active."))),
        Err(error) => Err(error.into()),
    }
}
