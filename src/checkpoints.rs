//! The key that checkpoints are signed with, and the task that signs them as the history grows.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::background::Background;
use crate::commands::{Failure, Outcome};
use crate::settings::{Log, Serve};
use domain::log::{self, Kept, Key, PublicKey};
use domain::{Services, SystemEnvironment};

/// How often the checkpoint at the end is tried.
const LAST_ATTEMPTS: u32 = 3;

/// Where the key is kept.
pub fn key_file(url: &str, settings: &Log) -> PathBuf {
    let beside = || match url.strip_prefix("sqlite://") {
        Some(path) => format!("{path}.checkpoint-key"),
        None => "virkning.checkpoint-key".to_owned(),
    };
    settings.checkpoint_key_file.clone().unwrap_or_else(|| beside().into())
}

/// The key of this database's checkpoints, made where there is none.
pub fn key(url: &str, settings: &Log) -> Outcome<Key> {
    let path = key_file(url, settings);
    if !path.exists() {
        make(&path, &settings.checkpoint_origin)?;
    }
    read(&path)
}

/// What tells whether checkpoints were signed with the key; none where there is no key file.
pub fn public_key(url: &str, settings: &Log) -> Outcome<Option<PublicKey>> {
    let path = key_file(url, settings);
    if path.exists() { Ok(Some(read(&path)?.public().clone())) } else { Ok(None) }
}

fn read(path: &Path) -> Outcome<Key> {
    let fault =
        |error: &dyn fmt::Display| Failure(format!("--checkpoint-key-file: {}: {error}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| fault(&error))?;
    Key::read(&text).map_err(|error| fault(&error))
}

fn make(path: &Path, origin: &str) -> Outcome {
    if origin.is_empty() || origin.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
        return Err(Failure("--checkpoint-origin: give a name without spaces and plus".into()));
    }
    let text = Key::generate(&SystemEnvironment, origin)?;
    let written = write_once(path, &text);
    written.map_err(|error| {
        Failure(format!("--checkpoint-key-file: {} cannot be made: {error}", path.display()))
    })?;
    tracing::info!(path = %path.display(), "made the key that signs checkpoints; keep a copy of it");
    Ok(())
}

/// Writes a file that only its owner reads, all of it at once, unless another process was quicker.
fn write_once(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension(format!("unfinished-{}", std::process::id()));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&unfinished, path);
    fs::remove_file(&unfinished)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Signs the log if it has grown, and keeps what was signed in the database. What is kept last.
pub async fn keep(services: &Services, key: &Key) -> Outcome<Option<Kept>> {
    log::settle(services).await?;
    Ok(log::keep_checkpoint(services, key).await?)
}

/// Where the newest checkpoint is written for others to take.
struct Outside {
    path: PathBuf,
    /// The size of the log that the file tells of.
    size: Option<i64>,
}

impl Outside {
    /// Writes the file in one step, if the log has grown, whoever made it grow.
    fn write(&mut self, kept: &Kept) -> Outcome {
        if self.size == Some(kept.size) {
            return Ok(());
        }
        let unfinished = self.path.with_extension("unfinished");
        let written = fs::write(&unfinished, &kept.note).and_then(|()| fs::rename(&unfinished, &self.path));
        written.map_err(|error| Failure(format!("--checkpoint-file: {}: {error}", self.path.display())))?;
        self.size = Some(kept.size);
        Ok(())
    }
}

/// Signs the log of a server as it grows, and once more when the server has stopped.
pub fn start_keeping(services: Services, key: Arc<Key>, settings: &Serve) -> Background {
    let mut outside = settings.checkpoint_file.clone().map(|path| Outside { path, size: None });
    let pause = Duration::from_secs(settings.checkpoint_seconds);
    Background::start("signing checkpoints", async move |mut stopped| {
        loop {
            let last = tokio::time::timeout(pause, &mut stopped).await.is_ok();
            // Connections that a thread of the server opened end with it; the last try must not fall to them.
            for attempt in 1..=if last { LAST_ATTEMPTS } else { 1 } {
                let kept = keep(&services, &key).await.and_then(|kept| match (kept, &mut outside) {
                    (Some(kept), Some(outside)) => outside.write(&kept),
                    _ => Ok(()),
                });
                match kept {
                    Ok(()) => break,
                    Err(failure) => tracing::warn!(%failure, attempt, "no checkpoint"),
                }
            }
            if last {
                return;
            }
        }
    })
}
