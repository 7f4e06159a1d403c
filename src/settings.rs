//! The command line. Each option is also an environment variable.

mod limits;
mod oidc;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{Role, Threshold, Timestamp};
use ipnet::IpNet;

use oidc::SignIn;

use crate::http::Origin;
pub use limits::Limits;

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

    #[command(flatten)]
    pub reach: Reach,

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

/// How people reach the server, and what their addresses tell.
#[derive(Clone, Debug, Args)]
pub struct Reach {
    /// Network of a proxy whose X-Forwarded-For is believed, such as 10.0.0.0/8 or one address; several with commas, or one
    /// option each. Without it that header counts for nothing
    #[arg(
        long,
        env = "VIRKNING_TRUSTED_PROXY",
        value_name = "NETWORK",
        value_delimiter = ',',
        value_parser = network,
        global = true
    )]
    pub trusted_proxy: Vec<IpNet>,

    /// Network behind which many people are, such as a town hall's one address: ten times as many wrong passwords are taken
    /// from there before others are refused. Several with commas, or one option each
    #[arg(
        long,
        env = "VIRKNING_SHARED_ADDRESS",
        value_name = "NETWORK",
        value_delimiter = ',',
        value_parser = network,
        global = true
    )]
    pub shared_address: Vec<IpNet>,

    #[arg(
        long,
        env = "VIRKNING_PUBLIC_URL",
        value_name = "URL",
        value_parser = public_url,
        global = true,
        help = "Where people reach the server, as one-time links name it: https://HOST, with a path where the proxy adds one; without it the address that the server listens on"
    )]
    pub public_url: Option<String>,
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse()
        .or_else(|_no_network| address())
        .map_err(|_neither| "10.0.0.0/8, 2001:db8::/32 or one address is wanted".to_owned())
}

fn public_url(text: &str) -> Result<String, String> {
    let plain = text.split_once("://").is_some_and(|(scheme, rest)| {
        matches!(scheme, "http" | "https")
            && !rest.is_empty()
            && !rest.starts_with('/')
            && !rest.contains(|c: char| c.is_whitespace() || matches!(c, '?' | '#' | '@'))
    });
    if plain {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("https://HOST or http://HOST is wanted".to_owned())
    }
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

    /// A page of this origin may read answers and open sockets: scheme, host and port as browsers say them. Give several by
    /// one option each, or separated by commas; without any, only the server's own pages may
    #[arg(long, env = "VIRKNING_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', global = true)]
    pub cors_origin: Vec<Origin>,

    #[command(flatten)]
    pub limits: Limits,
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
    /// Grant a role to an account. ADMIN holds once another ADMIN has confirmed it
    Grant(GrantRole),
    /// Print a one-time link by which the account's owner sets a password
    Reset(ResetPassword),
    /// Confirm what another ADMIN granted: that the account is ADMIN
    Confirm(ConfirmRole),
    /// End a role of an account now, or withdraw one that waits to be confirmed
    Revoke(RevokeRole),
    /// Print who has which role where as comma-separated values, for a review
    Review(Review),
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
    #[command(flatten)]
    pub held: HeldRole,
    /// From when the role holds, such as 2026-01-01T00:00:00Z; without it, from now on
    #[arg(long, value_name = "MOMENT")]
    pub from: Option<Timestamp>,
    /// Until when it holds; without it, it has no end
    #[arg(long, value_name = "MOMENT")]
    pub to: Option<Timestamp>,
    #[command(flatten)]
    pub operator: Operator,
}

/// A role in a place.
#[derive(Debug, Args)]
pub struct HeldRole {
    /// READER, EVALUATOR, APPROVER, COORDINATOR, AUDITOR or ADMIN
    pub role: Role,
    /// Code of the forvaltning in which the role holds; without it, the whole municipality
    #[arg(long, value_name = "CODE")]
    pub forvaltning: Option<String>,
}

#[derive(Debug, Args)]
pub struct ConfirmRole {
    /// The account's address
    pub email: String,
    #[command(flatten)]
    pub operator: Operator,
}

#[derive(Debug, Args)]
pub struct RevokeRole {
    /// The account's address
    pub email: String,
    #[command(flatten)]
    pub held: HeldRole,
    /// Why, for the history
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub operator: Operator,
}

#[derive(Debug, Args)]
pub struct Review {
    #[command(flatten)]
    pub operator: Operator,
}

#[derive(Debug, Args)]
pub struct ResetPassword {
    /// The account's address
    pub email: String,
    #[command(flatten)]
    pub operator: Operator,
}
