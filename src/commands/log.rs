//! Verifying the history, and giving out what others verify it with.

use std::fmt;
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::Path;

use data_encoding::BASE64;
use domain::log::{self, Anchor, Fault, Key, PublicKey, Report};
use domain::{Services, Uuid};

use super::{Failure, Outcome};
use crate::checkpoints;
use crate::settings::{Checkpoint, Log, Verify};

/// What signatures are checked with: the key that was given, else that of the key file.
pub fn public_key(url: &str, signing: &Log, settings: &Verify) -> Outcome<Option<PublicKey>> {
    match &settings.public_key {
        Some(text) => {
            PublicKey::read(text).map(Some).map_err(|error| Failure(format!("--public-key: {error}")))
        }
        None => checkpoints::public_key(url, signing),
    }
}

pub async fn verify(services: &Services, key: Option<PublicKey>, settings: &Verify) -> Outcome {
    let mut anchors = Vec::new();
    for path in &settings.checkpoint {
        anchors.push(kept("--checkpoint", path)?);
    }
    if key.is_none() {
        eprintln!("No key to check signatures with: give --public-key. Checkpoints are taken at their word.");
    }
    let verify = log::Verify { anchors, key, only_new: settings.only_new };
    let report = log::verify(services, &verify, show).await?;
    print(&report);
    if report.fault_count == 0 {
        return Ok(());
    }
    Err(Failure(format!("The history does not hold: {} record(s) do not agree.", report.fault_count)))
}

fn print(report: &Report) {
    for (at, fault) in report.faults.iter().enumerate() {
        let Fault { index, record, wrong } = fault;
        let place = index.map_or_else(String::new, |index| format!(" (log entry {index})"));
        let first = if at == 0 { "First record that does not agree: " } else { "" };
        println!("{first}{record}{place}: {wrong}");
    }
    let Report { entries, events, subjects, erased, anchors, kept, .. } = report;
    println!(
        "{entries} entries of the log; {events} events hashed again; {subjects} subjects compared with their rows."
    );
    if *erased > 0 {
        println!(
            "{erased} values were erased from the events: what the tables hold of these is not compared."
        );
    }
    println!("The log agrees with {anchors} checkpoint(s) kept outside and {kept} in the database.");
    if let Some(root) = report.root {
        println!("Root: {}", BASE64.encode(&root));
    }
}

/// Rewrites one line of a terminal; elsewhere, a line for each tenth.
fn show(done: u64, total: u64) {
    const STEP: u64 = 500;
    let mut terminal = std::io::stderr();
    let tenth = |done: u64| done * 10 / total.max(1);
    let _shown = if terminal.is_terminal() {
        write!(terminal, "\r{done} of {total} events\x1b[K{}", if done == total { "\n" } else { "" })
    } else if tenth(done) > tenth(done.saturating_sub(STEP)) {
        writeln!(terminal, "{done} of {total} events")
    } else {
        Ok(())
    };
}

pub async fn checkpoint(services: &Services, key: &Key, settings: &Checkpoint) -> Outcome {
    if settings.public_key {
        println!("{}", key.public().as_str());
        return Ok(());
    }
    if let Some(id) = &settings.event {
        let missing = || Failure(format!("--event: the log has no event {id}"));
        let event = id.strip_prefix("event_").unwrap_or(id);
        let event = Uuid::try_parse(event).map_err(|_no_id| missing())?;
        let inclusion = log::inclusion_of(services, key, event).await?.ok_or_else(missing)?;
        print!("{}", inclusion.bundle());
        return Ok(());
    }
    if let Some(path) = &settings.since {
        let proof = log::consistency_since(services, key, kept("--since", path)?).await?;
        let shorter = || Failure(format!("--since: the log is shorter than {} says", path.display()));
        print!("{}", proof.ok_or_else(shorter)?.bundle());
        return Ok(());
    }
    print!("{}", log::checkpoint_of(services, key).await?.note);
    Ok(())
}

fn kept(option: &str, path: &Path) -> Outcome<Anchor> {
    let fault = |error: &dyn fmt::Display| Failure(format!("{option}: {}: {error}", path.display()));
    let note = fs::read_to_string(path).map_err(|error| fault(&error))?;
    Anchor::read(path.display().to_string(), note).map_err(|error| fault(&error))
}
