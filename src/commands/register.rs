//! Importing and exporting the register's files.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::Path;

use domain::Services;
use domain::register::{self, Exported, Files, Progress};

use super::{Failure, Outcome, operator};
use crate::settings::{Export, Import};

pub async fn import(services: &Services, settings: &Import) -> Outcome {
    let files = read(&settings.path)?;
    let context = operator(services, &settings.operator.operator).await?;
    match register::import(&context, &files, show).await? {
        Ok(summaries) => {
            for (file, summary) in summaries {
                println!(
                    "{file}: {} new, {} changed, {} as they were",
                    summary.created, summary.changed, summary.unchanged
                );
            }
            Ok(())
        }
        Err(faults) => {
            let list = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            Err(Failure(format!("{list}\nNothing was imported: {} fault(s).", faults.len())))
        }
    }
}

/// Rewrites one line of a terminal; elsewhere, a line for each file.
fn show(progress: Progress) {
    let Progress { file, done, rows } = progress;
    let mut terminal = std::io::stderr();
    let _shown = if terminal.is_terminal() {
        write!(terminal, "\r{file}: {done} of {rows}\x1b[K{}", if done == rows { "\n" } else { "" })
    } else if done == rows {
        writeln!(terminal, "{file}: {rows} rows read")
    } else {
        Ok(())
    };
}

fn read(folder: &Path) -> Outcome<Files> {
    let unreadable = |error: std::io::Error| Failure(format!("{}: {error}", folder.display()));
    let mut files = Files::default();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.0.insert(name, fs::read(&path).map_err(unreadable)?);
        }
    }
    if files.0.is_empty() {
        return Err(Failure(format!("{} holds no .csv files.", folder.display())));
    }
    Ok(files)
}

pub async fn export(services: &Services, settings: &Export) -> Outcome {
    let context = operator(services, &settings.operator.operator).await?;
    let Exported { files, hidden } = register::export(&context).await?;
    let folder = &settings.path;
    let unwritable = |error: std::io::Error| Failure(format!("{}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(unwritable)?;
    for (name, content) in files.0 {
        fs::write(folder.join(name), content).map_err(unwritable)?;
    }
    if hidden > 0 {
        eprintln!(
            "{hidden} row(s) are left out, because they tell of few people and {} does not see participants everywhere.",
            settings.operator.operator
        );
    }
    Ok(())
}
