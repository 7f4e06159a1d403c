//! Databases of a test's own, copied from one that was filled once.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{OnceLock, mpsc};
use std::thread::{self, JoinHandle};

use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult};
use tempfile::TempDir;

use super::folder::register_folder;
use super::server::virkning;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A database that goes when the test ends.
pub struct Database {
    pub url: String,
    _folder: Option<TempDir>,
}

/// Email, name, role and forvaltning of the suite's accounts; the password is the address.
pub const ACCOUNTS: [(&str, &str, &str, Option<&str>); 15] = [
    ("admin@example.dk", "Admin", "ADMIN", None),
    ("coordinator@example.dk", "Coordinator", "COORDINATOR", None),
    ("auditor@example.dk", "Auditor", "AUDITOR", None),
    ("reader@example.dk", "Reader", "READER", None),
    ("evaluator-sof@example.dk", "Evaluator SOF", "EVALUATOR", Some("SOF")),
    ("approver-sof@example.dk", "Approver SOF", "APPROVER", Some("SOF")),
    ("evaluator-bif@example.dk", "Evaluator BIF", "EVALUATOR", Some("BIF")),
    ("approver-bif@example.dk", "Approver BIF", "APPROVER", Some("BIF")),
    ("evaluator-buf@example.dk", "Evaluator BUF", "EVALUATOR", Some("BUF")),
    ("evaluator-tmf@example.dk", "Evaluator TMF", "EVALUATOR", Some("TMF")),
    ("reader-sof@example.dk", "Reader SOF", "READER", Some("SOF")),
    ("auditor-sof@example.dk", "Auditor SOF", "AUDITOR", Some("SOF")),
    ("approver@example.dk", "Approver", "APPROVER", None),
    ("evaluator@example.dk", "Evaluator", "EVALUATOR", None),
    ("nobody@example.dk", "Nobody", "", None),
];

impl Database {
    /// A new database without tables.
    pub fn empty(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = TempDir::new().expect("a temporary folder");
                Self { url: sqlite_url(folder.path()), _folder: Some(folder) }
            }
            Backend::Postgres => Self { url: create_postgres("template1"), _folder: None },
        }
    }

    /// The register of 2023 and the suite's accounts.
    pub fn register(backend: Backend) -> Self {
        static SQLITE: OnceLock<Database> = OnceLock::new();
        static POSTGRES: OnceLock<Database> = OnceLock::new();
        let filled = match backend {
            Backend::Sqlite => SQLITE.get_or_init(|| Self::filled(backend, register_folder(), |_all| true)),
            Backend::Postgres => {
                POSTGRES.get_or_init(|| Self::filled(backend, register_folder(), |_all| true))
            }
        };
        filled.copy()
    }

    /// A copy of a database that nobody is at.
    pub fn copy(&self) -> Self {
        match self.backend() {
            Backend::Sqlite => {
                let folder = TempDir::new().expect("a temporary folder");
                fs::copy(sqlite_path(&self.url), folder.path().join("virkning.db"))
                    .expect("a copy of the database");
                Self { url: sqlite_url(folder.path()), _folder: Some(folder) }
            }
            Backend::Postgres => Self { url: create_postgres(database_name(&self.url)), _folder: None },
        }
    }

    /// The same database, reached at another address.
    pub fn at(self, url: String) -> Self {
        Self { url, ..self }
    }

    /// The same database for a second server, which must end before the first owner does.
    pub fn shared(&self) -> Self {
        Self { url: self.url.clone(), _folder: None }
    }

    pub fn backend(&self) -> Backend {
        if self.url.starts_with("sqlite:") { Backend::Sqlite } else { Backend::Postgres }
    }

    /// A new database with the register of a folder, and those of the suite's accounts that are wanted. The administrator
    /// and the coordinator are always there.
    pub fn filled(backend: Backend, folder: &str, wanted: impl Fn(&str) -> bool) -> Self {
        let database = Self::empty(backend);
        let run = |arguments: &[&str]| {
            virkning(&database.url, arguments).assert_success();
        };
        run(&["migrate"]);
        let secrets = TempDir::new().expect("a temporary folder");
        for (at, (email, name, role, forvaltning)) in ACCOUNTS.into_iter().enumerate() {
            if at > 1 && !wanted(email) {
                continue;
            }
            let password = secrets.path().join(email);
            fs::write(&password, email).expect("a password file");
            let password = password.to_string_lossy();
            let mut add = vec!["account", "add", email, "--name", name, "--password-file", &password];
            if at > 0 {
                add.extend(["--as", "admin@example.dk"]);
            }
            run(&add);
            // The first is made ADMIN by being first; the coordinator imports the forvaltninger that others hold roles in.
            if at > 0 && !role.is_empty() {
                let mut grant = vec!["account", "grant", email, role, "--as", "admin@example.dk"];
                if let Some(code) = forvaltning {
                    grant.extend(["--forvaltning", code]);
                }
                run(&grant);
            }
            if role == "COORDINATOR" {
                run(&["import", folder, "--as", email]);
            }
        }
        database
    }

    /// Rows of a statement, by a hand at the database.
    pub fn query(&self, sql: &str) -> Vec<QueryResult> {
        run_async(async {
            let database = self.connect().await;
            let rows = database.query_all_raw(statement(&database, sql)).await.expect("rows");
            database.close().await.expect("a closed connection");
            rows
        })
    }

    /// Carries out a statement by hand; the error's text where the database refuses it.
    pub fn execute(&self, sql: &str) -> Result<(), String> {
        run_async(async {
            let database = self.connect().await;
            let done = database.execute_unprepared(sql).await;
            database.close().await.expect("a closed connection");
            done.map(|_| ()).map_err(|error| error.to_string())
        })
    }

    /// Asks the same again and again over one connection until told to stop.
    pub fn poll(&self, sql: &str, stop: &AtomicBool, mut see: impl FnMut(&[QueryResult])) {
        run_async(async {
            let database = self.connect().await;
            while !stop.load(Ordering::Relaxed) {
                see(&database.query_all_raw(statement(&database, sql)).await.expect("rows"));
            }
            database.close().await.expect("a closed connection");
        });
    }

    /// Every row of every table, as text; bytes as hexadecimal digits.
    pub fn everything(&self) -> String {
        let tables = match self.backend() {
            Backend::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            }
            Backend::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
        };
        let tables =
            self.query(tables).into_iter().map(|row| row.try_get::<String>("", "name").expect("a name"));
        tables.map(|table| self.rows_of(&table)).collect()
    }

    fn rows_of(&self, table: &str) -> String {
        let whole = match self.backend() {
            Backend::Postgres => format!("CAST({table}.* AS text)"),
            Backend::Sqlite => {
                let columns = self.query(&format!("SELECT name FROM pragma_table_info('{table}')"));
                let column = |row: QueryResult| {
                    let name: String = row.try_get("", "name").expect("a name");
                    format!(
                        "CASE typeof(\"{name}\") WHEN 'blob' THEN lower(hex(\"{name}\")) ELSE coalesce(\"{name}\", '') END"
                    )
                };
                columns.into_iter().map(column).collect::<Vec<_>>().join(" || ' ' || ")
            }
        };
        let rows = self.query(&format!("SELECT {whole} AS row FROM {table}"));
        rows.iter().map(|row| row.try_get::<String>("", "row").expect("a row") + "\n").collect()
    }

    /// Carries out the beginning of a transaction by hand and holds what it took, such as locks.
    pub fn hold(&self, sql: &str) -> Held {
        let (taken, is_taken) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let (url, sql) = (self.url.clone(), sql.to_owned());
        let holder = thread::spawn(move || {
            let database = Self { url, _folder: None };
            run_async(async {
                let connection = database.connect().await;
                connection.execute_unprepared(&sql).await.expect("what is to be held");
                taken.send(()).expect("someone who waits");
                // It ends when the other end is dropped.
                let _dropped = released.recv();
                connection.execute_unprepared("ROLLBACK").await.expect("an end of the transaction");
                connection.close().await.expect("a closed connection");
            });
        });
        is_taken.recv().expect("what is to be held");
        Held { release: Some(release), holder: Some(holder) }
    }

    pub fn count(&self, table: &str) -> i64 {
        let rows = self.query(&format!("SELECT COUNT(*) AS count FROM {table}"));
        rows[0].try_get("", "count").expect("a count")
    }

    async fn connect(&self) -> DatabaseConnection {
        let mut options = sea_orm::ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        sea_orm::Database::connect(options).await.expect("a connection")
    }
}

/// What a transaction by hand holds until this is dropped.
pub struct Held {
    release: Option<mpsc::Sender<()>>,
    holder: Option<JoinHandle<()>>,
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.release.take());
        if let Some(holder) = self.holder.take() {
            let _failed_already = holder.join();
        }
    }
}

fn statement(database: &DatabaseConnection, sql: &str) -> sea_orm::Statement {
    sea_orm::Statement::from_string(database.get_database_backend(), sql)
}

fn run_async<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work)
}

fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}/virkning.db", folder.display())
}

fn sqlite_path(url: &str) -> &str {
    url.trim_start_matches("sqlite://").trim_end_matches("")
}

fn create_postgres(template: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("VIRKNING_TEST_POSTGRES")
        .expect("VIRKNING_TEST_POSTGRES names a PostgreSQL to test on; tests/run starts one");
    let name = format!("suite_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let administration = Database { url: server.clone(), _folder: None };
    administration.execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).expect("a new database");
    format!("{}/{name}", server.rsplit_once('/').expect("a database in the address").0)
}

fn database_name(url: &str) -> &str {
    url.rsplit_once('/').expect("a database in the address").1
}

/// Waits until servers have noticed what a hand at the database did to accounts, roles or tokens: they remember who asks for
/// two seconds.
pub fn until_noticed() {
    thread::sleep(std::time::Duration::from_millis(2_100));
}
