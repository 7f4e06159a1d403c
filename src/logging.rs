//! Logs: to standard error, structured, without personal data.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::fmt;

use crate::settings::LogFormat;

pub fn start(format: LogFormat) {
    let filter =
        EnvFilter::try_from_env("VIRKNING_LOG").unwrap_or_else(|_unset| EnvFilter::new("warn,virkning=info"));
    let logs = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => logs.init(),
        LogFormat::Json => logs.json().flatten_event(true).init(),
    }
}
