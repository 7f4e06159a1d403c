//! The server and command line of Virkning. No rule of the domain lives here.

// The future of a mutation nests its root, subject, field and operation.
#![recursion_limit = "256"]

mod background;
mod checkpoints;
mod commands;
mod http;
mod logging;
mod settings;
mod tokens;
mod upkeep;

use std::process::ExitCode;

use clap::Parser;

use mimalloc::MiMalloc;
use settings::Cli;

/// An answer is built of many small pieces: by the system's allocator that took a sixth longer, and memory was not given back.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    logging::start(cli.log_format);
    let run = actix_web::rt::System::new().block_on(commands::run(cli));
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
