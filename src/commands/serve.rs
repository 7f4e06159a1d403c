//! Serving, for real.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use domain::log::Key;
use domain::{Database, Services};

use super::{Failure, Outcome};
use crate::checkpoints::Keeper;
use crate::http::{App, DemoAccount, Listening, Served, Streams, listen, write_ready_file};
use crate::settings::Serve;
use crate::tokens::{SHORTEST_SECRET, Tokens};
use crate::upkeep::Upkeep;

/// Secrets that stand in documentation, or that someone in a hurry would type.
const EXAMPLES: [&str; 3] = ["changeme", "secret", "example"];

pub async fn serve(services: &Services, secret: &[u8], key: Arc<Key>, settings: &Serve) -> Outcome {
    let app = app(services.clone(), secret, key, settings.explorer.then(Vec::new), settings);
    run(start(app, settings)?, settings, None).await
}

/// The secret, once everything that can be told beforehand is right; else all that is wrong, at once.
pub fn checked(database_url: &str, settings: &Serve) -> Outcome<Vec<u8>> {
    let mut faults = Vec::new();
    if let Err(error) = Database::check_url(database_url) {
        faults.push(format!("--database-url: {error}"));
    }
    if let Some(folder) =
        settings.ready_file.as_deref().and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty())
        && !folder.is_dir()
    {
        faults.push(format!("--ready-file: there is no folder {}", folder.display()));
    }
    if let Some(path) = &settings.checkpoint_file
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        && !folder.is_dir()
    {
        faults.push(format!("--checkpoint-file: there is no folder {}", folder.display()));
    }
    let secret = match &settings.jwt_secret_file {
        None => Err("--jwt-secret-file: give the file with the secret that signs access tokens".to_owned()),
        Some(path) => read_secret(path).map_err(|fault| format!("--jwt-secret-file: {fault}")),
    };
    match secret {
        Ok(secret) if faults.is_empty() => return Ok(secret),
        Ok(_) => {}
        Err(fault) => faults.push(fault),
    }
    Err(Failure(format!("The configuration has faults:\n  {}", faults.join("\n  "))))
}

fn read_secret(path: &Path) -> Result<Vec<u8>, String> {
    let secret = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let secret = secret.trim_ascii().to_vec();
    if secret.len() < SHORTEST_SECRET {
        return Err(format!(
            "{} has {} bytes; give at least {SHORTEST_SECRET} random ones",
            path.display(),
            secret.len()
        ));
    }
    let text = String::from_utf8_lossy(&secret).to_lowercase();
    let repeated = secret.iter().all(|byte| secret.first() == Some(byte));
    if repeated || EXAMPLES.iter().any(|example| text.contains(example)) {
        return Err(format!(
            "{} holds an example, not a secret; make one with `openssl rand -hex 32`",
            path.display()
        ));
    }
    Ok(secret)
}

/// What is served. The explorer is on where it has accounts to offer, if only none.
pub fn app(
    services: Services,
    secret: &[u8],
    key: Arc<Key>,
    explorer: Option<Vec<DemoAccount>>,
    settings: &Serve,
) -> App {
    let limits = settings.limits.of_requests();
    App {
        services,
        schema: Arc::new(graphql::virkning(settings.limits.of_documents(explorer.is_some()))),
        tokens: Arc::new(Tokens::new(secret)),
        checkpoint_key: key,
        explorer: explorer.map(Arc::new),
        ready: Arc::new(AtomicBool::new(true)),
        streams: Arc::new(Streams::new(limits)),
        limits,
        origins: settings.cors_origin.clone().into(),
    }
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
    let upkeep = Upkeep::start(services.clone(), settings.access_log_days);
    let keeper = Keeper::start(services, key, settings);
    let served = listening.run().await.map_err(|error| Failure(format!("The server failed: {error}")));
    keeper.stop().await;
    upkeep.stop().await;
    served
}
