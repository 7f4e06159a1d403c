//! What is PostgreSQL's alone: encrypted connections, a role to run as that owns nothing, and how it compresses.

use serde_json::json;

use crate::support::{Backend, Database, Server, virkning};

const ROLES: &str = include_str!("../../docs/postgresql-roles.sql");

/// The address of the same database for another role, with options.
fn address(database: &Database, role: &str, options: &str) -> String {
    format!("{}{options}", database.url.replacen("postgres@", &format!("{role}@"), 1))
}

#[test]
fn a_connection_is_encrypted_where_the_address_demands_it() {
    let certificate = std::env::var("VIRKNING_TEST_POSTGRES_CERTIFICATE").expect("tests/run names it");
    let database = Database::register(Backend::Postgres);
    let verified = format!("?sslmode=verify-full&sslrootcert={certificate}");
    let server = Server::serve(database.shared().at(address(&database, "postgres", &verified)), &[]);
    server.signed_in("reader").data("{ viewer { name } }", json!({}));
    let connections = database.query(
        "SELECT COUNT(*) AS count, COUNT(*) FILTER (WHERE ssl) AS encrypted FROM pg_stat_activity \
         JOIN pg_stat_ssl USING (pid) WHERE application_name = 'virkning' AND datname = current_database()",
    );
    let number = |column: &str| connections[0].try_get::<i64>("", column).expect("a number");
    assert!(number("count") > 0);
    assert_eq!(number("encrypted"), number("count"));
    // Nobody known vouches for this certificate, so without it there is no connection, and no falling back to an open one.
    let refused = virkning(&address(&database, "postgres", "?sslmode=verify-full"), &["verify"]);
    assert!(!refused.status.success(), "{}", refused.stdout);
}

#[test]
fn the_server_runs_as_a_role_that_cannot_change_tables_or_history() {
    let database = Database::empty(Backend::Postgres);
    for statement in [
        "CREATE ROLE virkning_owner LOGIN",
        "CREATE ROLE virkning_server LOGIN",
        "ALTER SCHEMA public OWNER TO virkning_owner",
    ] {
        database.execute(statement).expect("roles");
    }
    let (owner, running) =
        (address(&database, "virkning_owner", ""), address(&database, "virkning_server", ""));
    let refused = virkning(&running, &["migrate"]);
    assert!(!refused.status.success(), "{}", refused.stdout);
    virkning(&owner, &["migrate"]).assert_success();
    database.shared().at(owner).execute(ROLES).expect("grants");

    virkning(&running, &["account", "add", "admin@example.dk", "--name", "Admin"]).assert_success();
    let grant = ["account", "grant", "admin@example.dk", "COORDINATOR", "--as", "admin@example.dk"];
    virkning(&running, &grant).assert_success();
    let database = database.at(running);
    let register = crate::support::register_folder();
    virkning(&database.url, &["import", register, "--as", "admin@example.dk"]).assert_success();
    virkning(&database.url, &["verify"]).assert_success();
    let server = Server::serve(database, &[]);
    assert_eq!(server.stranger().get("/health/ready").status, 200);
    for statement in [
        "DELETE FROM event",
        "UPDATE event SET sequence = 0",
        "DELETE FROM log_entry",
        "UPDATE log_checkpoint SET size = 0",
        "DELETE FROM event_detail",
        "TRUNCATE event",
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "DROP TRIGGER event_append_only ON event",
        "DROP TABLE event",
        "CREATE TABLE other (id INTEGER)",
        "DELETE FROM seaql_migrations",
        "SET session_replication_role = replica",
    ] {
        let refused = server.database().execute(statement).expect_err(statement);
        assert!(
            refused.contains("permission denied") || refused.contains("must be owner"),
            "{statement}: {refused}"
        );
    }
}

#[test]
fn texts_of_events_are_compressed_by_the_quicker_method_that_there_is() {
    let database = Database::register(Backend::Postgres);
    let columns = database.query(
        "SELECT (attcompression = 'l') = (SELECT 'lz4' = ANY (enumvals) FROM pg_settings \
         WHERE name = 'default_toast_compression') AS quickly FROM pg_attribute \
         WHERE (attrelid, attname) IN (('event'::regclass, 'body'), ('event_detail'::regclass, 'openings'))",
    );
    assert_eq!(columns.len(), 2);
    for column in columns {
        assert!(column.try_get::<bool>("", "quickly").expect("a column"));
    }
}
