//! A PostgreSQL of a test's own, which it may let die.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::database::{Backend, Database};

pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    /// One that writes nothing to the disk that it was not asked to write, as far as that can be set.
    pub fn lazy() -> Self {
        let programs = Database::empty(Backend::Postgres)
            .query("SELECT setting FROM pg_config WHERE name = 'BINDIR'")[0]
            .try_get::<String>("", "setting")
            .expect("a folder");
        // Where the user of PostgreSQL gets whatever TMPDIR says.
        let folder = TempDir::with_prefix_in("virkning-cluster-", "/tmp").expect("a temporary folder");
        if is_roots(folder.path()) {
            let id = Command::new("id").args(["-u", "postgres"]).output().expect("a user").stdout;
            let id = String::from_utf8(id).expect("digits").trim().parse().expect("a number");
            chown(folder.path(), Some(id), None).expect("a folder of its own");
        }
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let cluster = Self { folder, programs: programs.into(), port };
        cluster.run("initdb", &["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]);
        let mut settings = fs::OpenOptions::new()
            .append(true)
            .open(cluster.folder.path().join("data/postgresql.conf"))
            .expect("a file of settings");
        let lazy = "wal_writer_delay = 10s\nwal_writer_flush_after = 1GB\nlisten_addresses = '127.0.0.1'\n\
                    unix_socket_directories = ''\nlogging_collector = off\n";
        settings.write_all(lazy.as_bytes()).expect("settings");
        cluster.start();
        cluster
    }

    pub fn start(&self) {
        let port = format!("-p {}", self.port);
        self.run("pg_ctl", &["start", "-w", "-o", &port, "-l", "log"]);
    }

    /// Ends it without a word to anyone: what it had not handed to the disk is gone.
    pub fn crash(&self) {
        self.run("pg_ctl", &["stop", "-w", "-m", "immediate"]);
    }

    /// A copy of a database in it.
    pub fn copy_of(&self, database: &Database) -> Database {
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres", self.port);
        let dump =
            Command::new(self.programs.join("pg_dump")).arg(&database.url).stdout(Stdio::piped()).spawn();
        let mut dump = dump.expect("pg_dump runs");
        let psql = Command::new(self.programs.join("psql"))
            .args(["-qXv", "ON_ERROR_STOP=1", "-o", "/dev/null", &url])
            .stdin(dump.stdout.take().expect("a dump"))
            .status();
        assert!(psql.expect("psql runs").success() && dump.wait().expect("an end").success());
        database.shared().at(url)
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if is_roots(Path::new("/proc/self")) {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        let said = fs::File::create(self.folder.path().join("said")).expect("a file");
        command.current_dir(&self.folder).args(["-D", "data"]).args(arguments).stdin(Stdio::null());
        let status = command.stdout(said.try_clone().expect("a file")).stderr(said).status();
        let said = || fs::read_to_string(self.folder.path().join("said")).unwrap_or_default();
        assert!(status.expect("it runs").success(), "{}: {}", program.display(), said());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists() {
            self.crash();
        }
    }
}

fn is_roots(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| about.uid() == 0)
}
