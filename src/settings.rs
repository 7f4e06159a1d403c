//! The command line. Each option is also an environment variable.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::Role;

/// GraphQL backend for impact evaluations in a municipality.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    #[arg(
        long,
        env = "VIRKNING_DATABASE_URL",
        default_value = "sqlite://virkning.db",
        global = true,
        hide_env_values = true,
        help = "The database: sqlite://PATH for a file, or postgres://USER:PASSWORD@HOST:PORT/NAME"
    )]
    pub database_url: String,

    /// How logs are written, to standard error: text for people, json for machines
    #[arg(long, env = "VIRKNING_LOG_FORMAT", default_value = "text", global = true)]
    pub log_format: LogFormat,

    #[command(flatten)]
    pub serve: Serve,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API (what happens without a command too)
    Serve,
    /// Serve an embedded database with the 2023 register and an account for every role, all printed
    Demo(Demo),
    /// Bring the database to this version's tables
    Migrate,
    /// Read a folder of register files into the database: all of it or nothing
    Import(Import),
    /// Write the register as a folder of files
    Export(Export),
    /// Make accounts and grant them roles
    Account {
        #[command(subcommand)]
        command: Account,
    },
    /// Print the GraphQL schema
    Schema,
}

/// Options of `serve` and `demo`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "VIRKNING_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,

    /// File with the secret that signs access tokens, at least 32 bytes (only `serve` needs it)
    #[arg(long, env = "VIRKNING_JWT_SECRET_FILE", global = true)]
    pub jwt_secret_file: Option<PathBuf>,

    /// File to write, as JSON, once the server answers: its url, and for `demo` the accounts
    #[arg(long, env = "VIRKNING_READY_FILE", global = true)]
    pub ready_file: Option<PathBuf>,

    /// Serve the explorer at /explorer and answer introspection (`demo` always does)
    #[arg(long, env = "VIRKNING_EXPLORER", global = true, value_parser = BoolishValueParser::new())]
    pub explorer: bool,
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Folder to keep the demo's database in; without it a temporary one is used and removed at the end
    #[arg(long, env = "VIRKNING_DEMO_DATA")]
    pub data: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Import {
    /// The folder, as docs/import-format.md describes it
    pub path: PathBuf,
    #[command(flatten)]
    pub operator: Operator,
}

#[derive(Debug, Args)]
pub struct Export {
    /// The folder to write; it is made if it is not there
    pub path: PathBuf,
    #[command(flatten)]
    pub operator: Operator,
}

/// Who acts at the command line.
#[derive(Debug, Args)]
pub struct Operator {
    /// Address of the account that acts; its roles decide what it may do
    #[arg(long = "as", env = "VIRKNING_AS", value_name = "EMAIL")]
    pub operator: String,
}

#[derive(Debug, Subcommand)]
pub enum Account {
    /// Make an account. The first one of a database becomes ADMIN
    Add(AddAccount),
    /// Grant a role to an account
    Grant(GrantRole),
}

#[derive(Debug, Args)]
pub struct AddAccount {
    /// The address to sign in with
    pub email: String,
    /// The name that the history shows
    #[arg(long)]
    pub name: String,
    /// File with the first password; without it one is made up and printed
    #[arg(long, value_name = "PATH")]
    pub password_file: Option<PathBuf>,
    /// Address of the ADMIN who acts (left out for the first account)
    #[arg(long = "as", env = "VIRKNING_AS", value_name = "EMAIL")]
    pub operator: Option<String>,
}

#[derive(Debug, Args)]
pub struct GrantRole {
    /// The account's address
    pub email: String,
    /// READER, EVALUATOR, APPROVER, COORDINATOR, AUDITOR or ADMIN
    pub role: Role,
    /// Code of the forvaltning in which the role holds; without it, the whole municipality
    #[arg(long, value_name = "CODE")]
    pub forvaltning: Option<String>,
    #[command(flatten)]
    pub operator: Operator,
}
