//! The program, as its users run it.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::Client;
use super::database::{Backend, Database};

/// Longer than a start ever takes, on a machine that compiles at the same time.
const PATIENCE: Duration = Duration::from_mins(1);

/// What signs the access tokens of the suite's servers.
pub const SECRET: &str = "f3a9c1d27b5e48609a1c3e5f7b9d2046";

/// What a command said and how it ended.
pub struct Ran {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn assert_success(&self) {
        assert!(self.status.success(), "{}{}", self.stdout, self.stderr);
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_virkning"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("VIRKNING_")) {
        command.env_remove(name);
    }
    // One key for all that a test starts on one database; tests share it.
    command.env("VIRKNING_CHECKPOINT_KEY_FILE", concat!(env!("CARGO_TARGET_TMPDIR"), "/checkpoint-key"));
    command.stdin(Stdio::null());
    command
}

/// Runs a command on a database to its end.
pub fn virkning(url: &str, arguments: &[&str]) -> Ran {
    let output = program().args(["--database-url", url]).args(arguments).output().expect("the program runs");
    Ran {
        status: output.status,
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A running server, stopped when the test ends.
pub struct Server {
    pub url: String,
    /// What the ready file said.
    pub ready: Value,
    process: Child,
    folder: TempDir,
    pub database: Option<Database>,
}

impl Server {
    /// Serves the register of 2023 with the suite's accounts.
    pub fn start(backend: Backend) -> Self {
        Self::serve(Database::register(backend), &["--explorer"])
    }

    /// Serves a database.
    pub fn serve(database: Database, options: &[&str]) -> Self {
        Self::serve_with(database, &[("--jwt-secret-file", SECRET)], options, &[])
    }

    /// Serves a database with secrets of the test's own, each for its option, and variables of the environment.
    pub fn serve_with(
        database: Database,
        secrets: &[(&str, &str)],
        options: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let mut command = program();
        command.arg("serve").args(["--database-url", &database.url]);
        for (option, secret) in secrets {
            let path = folder.path().join(option.trim_start_matches('-'));
            fs::write(&path, secret).expect("a secret file");
            command.arg(option).arg(path);
        }
        command.args(options).envs(environment.iter().copied());
        Self::spawn(command, folder, Some(database))
    }

    /// Serves the register of 2023, and logs all that it can.
    pub fn talkative(backend: Backend) -> Self {
        let secrets = [("--jwt-secret-file", SECRET)];
        Self::serve_with(Database::register(backend), &secrets, &["--explorer"], &[("VIRKNING_LOG", "trace")])
    }

    /// Runs the demo in a folder.
    pub fn demo(options: &[&str]) -> Self {
        let mut command = program();
        command.arg("demo").args(options);
        Self::spawn(command, TempDir::new().expect("a temporary folder"), None)
    }

    fn spawn(mut command: Command, folder: TempDir, database: Option<Database>) -> Self {
        let ready_file = folder.path().join("ready.json");
        let log = File::create(folder.path().join("log")).expect("a log file");
        let out = File::create(folder.path().join("out")).expect("an output file");
        command.args(["--listen", "127.0.0.1:0", "--log-format", "json", "--ready-file"]).arg(&ready_file);
        let mut process = command.stderr(log).stdout(out).spawn().expect("the server starts");
        let started = Instant::now();
        let ready = loop {
            if let Ok(text) = fs::read_to_string(&ready_file) {
                break serde_json::from_str::<Value>(&text).expect("JSON in the ready file");
            }
            let ended = process.try_wait().expect("a process");
            let log = || fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            assert!(ended.is_none() && started.elapsed() < PATIENCE, "the server did not start: {}", log());
            std::thread::sleep(Duration::from_millis(5));
        };
        let url = ready["url"].as_str().expect("a url").to_owned();
        Self { url, ready, process, folder, database }
    }

    pub fn database(&self) -> &Database {
        self.database.as_ref().expect("a server with a database of the test's")
    }

    /// A client that is nobody.
    pub fn stranger(&self) -> Client {
        Client::new(&self.url)
    }

    /// A client signed in as the account with this user name.
    pub fn signed_in(&self, user: &str) -> Client {
        let email = format!("{user}@example.dk");
        self.stranger().sign_in(&email, &email)
    }

    /// A client who may do everything: the evaluator of the whole municipality, granted the other roles.
    pub fn signed_in_with_every_role(&self) -> Client {
        let (admin, client) = (self.signed_in("admin"), self.signed_in("evaluator"));
        let id = client.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
        for role in ["COORDINATOR", "APPROVER", "AUDITOR", "ADMIN"] {
            let grant = json!({ "accountId": id, "role": role });
            let granted = admin.mutate("grantRole", &grant, "roleGrant { id }");
            assert_eq!(granted["userErrors"], json!([]), "{role}");
        }
        client
    }

    pub fn log(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.log_path()).expect("a log");
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("a JSON log line: {line}")))
            .collect()
    }

    /// All that it has logged, as it stands.
    pub fn logged(&self) -> String {
        fs::read_to_string(self.log_path()).expect("a log")
    }

    pub fn printed(&self) -> String {
        fs::read_to_string(self.folder.path().join("out")).expect("output")
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// How many SQL statements a request took beside those that found who asked, as its log line says.
    pub fn statements_of(&self, request_id: &str) -> u64 {
        self.counted(request_id, "statements")
    }

    /// How many transactions it was answered in.
    pub fn transactions_of(&self, request_id: &str) -> u64 {
        self.counted(request_id, "transactions")
    }

    /// How many it took to find who asked.
    pub fn identifying(&self, request_id: &str) -> u64 {
        self.counted(request_id, "identifying")
    }

    fn counted(&self, request_id: &str, what: &str) -> u64 {
        let started = Instant::now();
        loop {
            let line = self
                .log()
                .into_iter()
                .find(|line| line["request"] == request_id && line["message"] == "answered");
            match line {
                Some(line) => return line[what].as_u64().expect("a count"),
                None => assert!(started.elapsed() < PATIENCE, "no log line for {request_id}"),
            }
        }
    }

    /// How long the server has computed since it started, in ticks of the system, of which there are a hundred in a second.
    pub fn ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id())).expect("a running server");
        let (_, after_name) = stat.rsplit_once(") ").expect("the name of the program");
        let fields: Vec<_> = after_name.split(' ').collect();
        let ticks = |at: usize| fields[at].parse::<u64>().expect("a number of ticks");
        ticks(11) + ticks(12)
    }

    /// Asks the server to stop, as an operator does, and waits until it has.
    pub fn stop(mut self) -> (ExitStatus, Option<Database>) {
        self.signal_to_stop();
        let status = self.process.wait().expect("an exit status");
        // Shown where the test fails.
        for line in fs::read_to_string(self.log_path()).unwrap_or_default().lines() {
            if line.contains("\"WARN\"") || line.contains("\"ERROR\"") {
                eprintln!("{line}");
            }
        }
        (status, self.database.take())
    }

    pub fn signal_to_stop(&self) {
        self.signal("-TERM");
    }

    /// Ends it without a word.
    pub fn kill(&self) {
        self.signal("-KILL");
    }

    fn signal(&self, signal: &str) {
        let kill = Command::new("kill").args([signal, &self.process.id().to_string()]).status();
        assert!(kill.expect("kill runs").success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _already_ended = self.process.kill();
        let _already_waited = self.process.wait();
    }
}
