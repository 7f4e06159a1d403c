//! The command line. Each option is also an environment variable.

mod oidc;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{Role, Threshold};

use oidc::SignIn;

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
    pub log: Log,

    #[command(flatten)]
    pub serve: Serve,

    /// The fewest people of whom anything is shown to those who may not see the participants themselves, 3 to 1000
    #[arg(
        long,
        env = "VIRKNING_DISCLOSURE_THRESHOLD",
        value_name = "PEOPLE",
        default_value = "5",
        value_parser = threshold,
        global = true
    )]
    pub disclosure_threshold: Threshold,
}

fn threshold(text: &str) -> Result<Threshold, String> {
    let wanted = || "a whole number from 3 to 1000 is wanted".to_owned();
    text.parse().ok().and_then(Threshold::new).ok_or_else(wanted)
}

/// How the log of the history is signed.
#[derive(Debug, Args)]
pub struct Log {
    /// File with the key that signs checkpoints of the history. It is made where there is none; without this setting beside
    /// the file of an SQLite database, else as virkning.checkpoint-key in the working directory. Servers of one database share
    /// it
    #[arg(long, env = "VIRKNING_CHECKPOINT_KEY_FILE", value_name = "PATH", global = true)]
    pub checkpoint_key_file: Option<PathBuf>,

    /// What checkpoints call this log, as a key that is made remembers it: no spaces and no plus
    #[arg(
        long,
        env = "VIRKNING_CHECKPOINT_ORIGIN",
        value_name = "NAME",
        default_value = "virkning",
        global = true
    )]
    pub checkpoint_origin: String,
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
    /// Hash history and data again, and name the first record that does not agree
    Verify(Verify),
    /// Print a signed checkpoint of the history, to be kept elsewhere, or a proof
    Checkpoint(Checkpoint),
}

#[derive(Debug, Args)]
pub struct Verify {
    /// A checkpoint that was kept elsewhere; several, one option each, narrow down where the history was changed
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,

    /// What `virkning checkpoint --public-key` printed; without it the key file is read, if there is one
    #[arg(long, env = "VIRKNING_CHECKPOINT_PUBLIC_KEY", value_name = "KEY")]
    pub public_key: Option<String>,

    /// Hash only what was written since the largest of the checkpoints, with all that it touched; of what is older, compare
    /// the stored leaves with the checkpoint
    #[arg(long, requires = "checkpoint")]
    pub only_new: bool,
}

#[derive(Debug, Args)]
pub struct Checkpoint {
    /// Print the proof that this event is in the log, as a bundle that `verifier/verify_proof.py` checks
    #[arg(long, value_name = "ID", conflicts_with_all = ["since", "public_key"])]
    pub event: Option<String>,

    /// Print the proof that the log of this checkpoint is the beginning of the present one, as a bundle
    #[arg(long, value_name = "FILE", conflicts_with = "public_key")]
    pub since: Option<PathBuf>,

    /// Print the public key instead, which auditors check signatures with
    #[arg(long)]
    pub public_key: bool,
}

/// Options of `serve` and `demo`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "VIRKNING_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,

    /// File with the secret that signs access tokens, at least 32 bytes (only `serve` needs it)
    #[arg(long, env = "VIRKNING_JWT_SECRET_FILE", value_name = "PATH", global = true)]
    pub jwt_secret_file: Option<PathBuf>,

    /// File with another secret whose tokens are believed too, while secrets are being exchanged
    #[arg(long, env = "VIRKNING_JWT_OTHER_SECRET_FILE", value_name = "PATH", global = true)]
    pub jwt_other_secret_file: Option<PathBuf>,

    #[command(flatten)]
    pub sign_in: SignIn,

    /// File to write, as JSON, once the server answers: its url, and for `demo` the accounts
    #[arg(long, env = "VIRKNING_READY_FILE", global = true)]
    pub ready_file: Option<PathBuf>,

    /// File to write the newest checkpoint of the history to, from where it can be copied elsewhere
    #[arg(long, env = "VIRKNING_CHECKPOINT_FILE", value_name = "PATH", global = true)]
    pub checkpoint_file: Option<PathBuf>,

    /// Seconds between two checkpoints while the history grows
    #[arg(
        long,
        env = "VIRKNING_CHECKPOINT_SECONDS",
        default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=86400),
        global = true
    )]
    pub checkpoint_seconds: u64,

    /// Serve the explorer at /explorer and answer introspection (`demo` always does)
    #[arg(long, env = "VIRKNING_EXPLORER", global = true, value_parser = BoolishValueParser::new())]
    pub explorer: bool,

    #[arg(
        long,
        env = "VIRKNING_ACCESS_LOG_DAYS",
        value_name = "DAYS",
        default_value = "180",
        value_parser = clap::value_parser!(u32).range(1..=36_500),
        global = true,
        help = "How many days the access log keeps who was refused what; older entries are deleted"
    )]
    pub access_log_days: u32,
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
    /// Identity provider that signs the account in instead of a password, as its tokens name it
    #[arg(long, value_name = "URL", requires = "subject", conflicts_with = "password_file")]
    pub issuer: Option<String>,
    /// What the identity provider calls the account: the sub of its tokens
    #[arg(long, value_name = "SUB", requires = "issuer")]
    pub subject: Option<String>,
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
