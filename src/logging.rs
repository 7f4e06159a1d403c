//! Logs: to standard error, structured, without personal data, whatever is set.

use std::io::IsTerminal;
use std::panic::{self, PanicHookInfo};

use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::LogFormat;

/// Our packages. They log no text from outside, at any level.
const OURS: [&str; 4] = ["virkning", "domain", "graphql", "migration"];

pub fn start(format: LogFormat) {
    let filter =
        EnvFilter::try_from_env("VIRKNING_LOG").unwrap_or_else(|_unset| EnvFilter::new("warn,virkning=info"));
    let logs = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal());
    let may_be_logged = filter_fn(may_be_logged);
    match format {
        LogFormat::Text => logs.finish().with(may_be_logged).init(),
        LogFormat::Json => logs.json().flatten_event(true).finish().with(may_be_logged).init(),
    }
    panic::set_hook(Box::new(tell_of_panic));
}

/// What libraries say in detail holds what they were given: statements with their values, headers with tokens, frames with
/// passwords. No setting switches it on.
fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    let package = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || OURS.contains(&package)
}

/// Where a panic was, and not its message, which may hold the value that nobody expected.
fn tell_of_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panicked");
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_setting_logs_what_libraries_were_given_nor_what_a_panic_says() {
        let written = Written::default();
        let writer = written.clone();
        let logs = fmt().with_env_filter("trace").with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(logs.with(filter_fn(may_be_logged)), || {
            tracing::trace!(target: "sqlx::query", value = "secret", "SELECT");
            tracing::debug!(target: "actix_http::h1", "secret");
            tracing::info!(target: "sqlx::pool", "told by a library");
            tracing::trace!(target: "domain::session", "told by us");
            let hook = panic::take_hook();
            panic::set_hook(Box::new(tell_of_panic));
            assert!(panic::catch_unwind(|| panic!("secret {}", 1)).is_err());
            panic::set_hook(hook);
        });
        let told =
            String::from_utf8_lossy(&written.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
        assert!(!told.contains("secret"), "{told}");
        for part in ["told by a library", "told by us", "panicked", "src/logging.rs:"] {
            assert!(told.contains(part), "{part} in {told}");
        }
    }
}
