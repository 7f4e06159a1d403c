//! Serving, for real.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use domain::log::Key;
use domain::{Database, Services};
use graphql::Virkning;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Failure, Outcome, secrets};
use crate::checkpoints;
use crate::http::{
    Answers, App, DemoAccount, Listening, Networks, Served, Streams, listen, write_ready_file,
};
use crate::settings::{Reach, Serve};
use crate::tokens::{Issuer, Own, Tokens};
use crate::upkeep;

pub async fn serve(
    services: &Services,
    tokens: Tokens,
    key: Arc<Key>,
    schema: JoinHandle<Virkning>,
    settings: &Serve,
    reach: &Reach,
) -> Outcome {
    let explorer = settings.explorer.then(Vec::new);
    let app = app(services.clone(), tokens, key, schema, reach, settings, explorer).await?;
    run(start(app, settings)?, settings, None).await
}

/// The schema in the making, on a thread of its own: it takes about as long as to open the database.
pub fn schema(settings: &Serve, explorer: bool) -> JoinHandle<Virkning> {
    let limits = settings.limits.of_documents(explorer);
    spawn_blocking(move || graphql::virkning(limits))
}

/// What judges tokens, once everything that can be told beforehand is right; else all that is wrong, at once.
pub fn checked(database_url: &str, settings: &Serve) -> Outcome<Tokens> {
    let mut faults = Vec::new();
    if let Err(error) = Database::check_url(database_url) {
        faults.push(format!("--database-url: {error}"));
    }
    for (option, path) in
        [("--ready-file", &settings.ready_file), ("--checkpoint-file", &settings.checkpoint_file)]
    {
        let folder = path.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            faults.push(format!("{option}: there is no folder {}", folder.display()));
        }
    }
    let provider = settings.sign_in.provider(&mut faults);
    match secrets::read(settings, &mut faults) {
        Some((signing, other)) if faults.is_empty() => {
            let own = Own::new(&signing, other.as_deref());
            Ok(Tokens::new(own, settings.sign_in.local_accounts, provider.map(Issuer::new)))
        }
        _ => Err(Failure(format!("The configuration has faults:\n  {}", faults.join("\n  ")))),
    }
}

/// What is served. The explorer is on where it has accounts to offer, if only none.
pub async fn app(
    services: Services,
    tokens: Tokens,
    key: Arc<Key>,
    schema: JoinHandle<Virkning>,
    reach: &Reach,
    settings: &Serve,
    explorer: Option<Vec<DemoAccount>>,
) -> Outcome<App> {
    let limits = settings.limits.of_requests();
    let schema = schema.await.map_err(|error| Failure(format!("The schema could not be made: {error}")))?;
    Ok(App {
        services,
        schema: Arc::new(schema),
        tokens: Arc::new(tokens),
        checkpoint_key: key,
        explorer: explorer.map(Arc::new),
        ready: Arc::new(AtomicBool::new(true)),
        streams: Arc::new(Streams::new(limits)),
        limits,
        answers: Arc::new(Answers::new(settings.limits.of_answers())),
        origins: settings.cors_origin.clone().into(),
        networks: Arc::new(Networks::new(reach)),
        public_url: Arc::new(reach.public_url.clone().map(OnceLock::from).unwrap_or_default()),
    })
}

pub fn start(app: App, settings: &Serve) -> Outcome<Listening> {
    let address = settings.listen;
    listen(app, address).map_err(|error| Failure(format!("--listen: {address}: {error}")))
}

pub async fn run(listening: Listening, settings: &Serve, accounts: Option<&[DemoAccount]>) -> Outcome {
    let url = listening.url();
    tracing::info!(url, "serving");
    if let Some(path) = &settings.ready_file {
        let written = write_ready_file(path, &Served { url, accounts });
        written.map_err(|error| Failure(format!("--ready-file: {}: {error}", path.display())))?;
    }
    let (services, key) = (listening.app.services.clone(), Arc::clone(&listening.app.checkpoint_key));
    let upkeep = upkeep::start(services.clone(), settings.access_log_days);
    let keeping = checkpoints::start_keeping(services, key, settings);
    let refreshing = listening.app.tokens.issuer().map(Issuer::keep_fresh);
    let served = listening.run().await.map_err(|error| Failure(format!("The server failed: {error}")));
    if let Some(refreshing) = refreshing {
        refreshing.stop().await;
    }
    keeping.stop().await;
    upkeep.stop().await;
    served
}
