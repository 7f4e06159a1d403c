//! A history to tamper with.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Backend, Client, Database, Server, Snor, Theory, code, copy_of, register_folder, virkning, with,
};

/// A database without its triggers, and what an auditor has of it.
pub struct Scene {
    /// The triggers are there: as the server left it, before and after the last writes.
    pub yesterday: Database,
    pub today: Database,
    /// The triggers are gone.
    defenceless: Database,
    /// Checkpoints that were kept elsewhere, and how many entries they know.
    pub early: (PathBuf, i64),
    pub middle: (PathBuf, i64),
    pub last: (PathBuf, i64),
    _folder: TempDir,
}

impl Scene {
    /// The scene on this database, which all tests share.
    pub fn on(backend: Backend) -> &'static Self {
        static SQLITE: OnceLock<Scene> = OnceLock::new();
        static POSTGRES: OnceLock<Scene> = OnceLock::new();
        match backend {
            Backend::Sqlite => SQLITE.get_or_init(|| Self::set(backend)),
            Backend::Postgres => POSTGRES.get_or_init(|| Self::set(backend)),
        }
    }

    /// A copy that a hand can do anything to.
    pub fn copy(&self) -> Database {
        self.defenceless.copy()
    }

    fn set(backend: Backend) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let keep = |database: &Database, name: &str| {
            let note = virkning(&database.url, &["checkpoint"]);
            note.assert_success();
            let path = folder.path().join(name);
            fs::write(&path, &note.stdout).expect("a kept checkpoint");
            (path, database.count("log_entry"))
        };
        let server = Server::serve(small(backend), &[]);
        let coordinator = server.signed_in("coordinator");
        for change in [json!({ "since": 2019 }), json!({ "name": "LUDO og venner" })] {
            rename(&coordinator, "ludo", &change);
        }
        let early = keep(server.database(), "early");
        evaluate(&server);
        administer(&server);
        let middle = keep(server.database(), "middle");
        rename(&coordinator, "ssp-plus", &json!({ "name": "SSP++" }));
        let (_, database) = server.stop();
        let yesterday = database.expect("the database");
        let server = Server::serve(yesterday.copy(), &[]);
        let coordinator = server.signed_in("coordinator");
        rename(&coordinator, "all-in", &json!({ "name": "ALL OUT" }));
        done(&coordinator, "createEvaluationRound", &json!({ "year": 2026, "theme": "Den sidste" }));
        let (_, database) = server.stop();
        let today = database.expect("the database");
        let last = keep(&today, "last");
        let defenceless = today.copy();
        drop_triggers(&defenceless);
        Self { yesterday, today, defenceless, early, middle, last, _folder: folder }
    }
}

/// The register with few figures, since each tampering is looked for in all of it.
fn small(backend: Backend) -> Database {
    let folder = copy_of(register_folder());
    let figures = folder.path().join("figures.csv");
    let all = fs::read_to_string(&figures).expect("figures");
    fs::write(&figures, all.lines().take(9).fold(String::new(), |few, line| few + line + "\n"))
        .expect("few figures");
    fs::remove_file(folder.path().join("claim_terms.csv")).expect("what claims of the others are made of");
    let claims = folder.path().join("claims.csv");
    let all = fs::read_to_string(&claims).expect("claims");
    fs::write(&claims, all.replace(",SUM,,true,", ",SUM,,,")).expect("claims of nothing rounded");
    let acting = ["reader@", "evaluator-sof@", "approver-sof@", "reader-sof@"];
    let path = folder.path().to_string_lossy().into_owned();
    Database::filled(backend, &path, |email| acting.iter().any(|name| email.starts_with(name)))
}

pub fn done(client: &Client, mutation: &str, input: &Value) -> Value {
    let payload = client.mutate(mutation, input, "__typename");
    assert_eq!(code(&payload), "OK", "{mutation}: {payload}");
    payload
}

/// Changes an intervention as it is now.
pub fn rename(client: &Client, slug: &str, change: &Value) {
    let (id, version) = client.intervention(slug);
    let input = with(json!({ "id": id, "expectedVersion": version }), change.clone());
    done(client, "updateIntervention", &input);
}

/// An evaluation in which something of each kind has changed.
fn evaluate(server: &Server) {
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let named = |name: &str| json!({ "virkningsevalueringId": snor.id, "name": name });
    done(&evaluator, "addPopulation", &named("Unikke deltagere"));
    done(&evaluator, "addDataSource", &named("Skolens fraværsregister"));
    let amended = json!({
        "id": snor.absence, "expectedVersion": evaluator.version(&snor.id), "threshold": "0.4", "reason": "Som aftalt",
    });
    done(&evaluator, "amendSuccessCriterion", &amended);
    let outcome = evaluator.criterion(&snor.absence, "outcome { id }")["outcome"]["id"].clone();
    let correction = json!({
        "id": outcome, "correction": "TYPING_ERROR", "reason": "Tastefejl", "numerator": 6, "denominator": 43,
    });
    done(&evaluator, "correctMeasurement", &correction);
    let table = json!({ "criterionId": snor.absence, "n11": 6, "n10": 7, "n01": 0, "n00": 30 });
    done(&evaluator, "recordPairedTable", &table);
    let claim = json!({
        "criterionId": snor.absence, "text": "Faldet med 61,6 pct.", "printed": "-61.6", "measure": "RELATIVE_CHANGE",
    });
    done(&evaluator, "addClaim", &claim);
    let learning =
        json!({ "virkningsevalueringId": snor.id, "audience": "MANAGEMENT", "text": "Det virker" });
    done(&evaluator, "addLearning", &learning);
    theorise(&evaluator, &snor);
    evaluator.steps("submit", &snor.id);
    let returned = server.signed_in("approver-sof").step(
        "return",
        &snor.id,
        json!({ "comment": "Læringen er for kort" }),
    );
    assert_eq!(code(&returned), "OK");
    let retitled =
        json!({ "id": snor.id, "expectedVersion": evaluator.version(&snor.id), "title": "Trivsel igen" });
    done(&evaluator, "updateVirkningsevaluering", &retitled);
}

/// A programme theory in which something of each kind has changed.
fn theorise(evaluator: &Client, snor: &Snor) {
    let theory = Theory::of(evaluator, snor);
    evaluator.add_evidence(&theory.activity, "SUPPORTS", "Samtalerne er holdt");
    let rival = evaluator.add_rival(&snor.id, "En ny skoleleder");
    for (mutation, input) in [
        (
            "updateTheoryElement",
            json!({ "id": theory.activity, "text": "Samtaler hver uge", "reason": "Præciseret" }),
        ),
        ("unlinkTheoryElements", json!({ "fromId": theory.trust, "toId": theory.school, "reason": "x" })),
        ("removeTheoryElement", json!({ "id": theory.trust, "reason": "x" })),
        (
            "assessRivalExplanation",
            json!({ "id": rival, "assessment": "RULED_OUT", "grounds": "Flere skoler" }),
        ),
    ] {
        assert_eq!(code(&evaluator.change(mutation, &snor.id, input)), "OK", "{mutation}");
    }
}

/// Accounts, grants and a round that changed.
fn administer(server: &Server) {
    let (admin, coordinator) = (server.signed_in("admin"), server.signed_in("coordinator"));
    let reader = server.signed_in("reader-sof").data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    done(&admin, "updateAccount", &json!({ "id": reader, "expectedVersion": 1, "name": "Læser i SOF" }));
    let grant = json!({ "accountId": reader, "role": "READER", "forvaltning": "BIF" });
    let granted = admin.mutate("grantRole", &grant, "roleGrant { id version }")["roleGrant"].clone();
    done(&admin, "revokeRole", &json!({ "id": granted["id"], "expectedVersion": granted["version"] }));
    done(&coordinator, "createEvaluationRound", &json!({ "year": 2024, "theme": "Trivsel" }));
}

fn drop_triggers(database: &Database) {
    match database.backend() {
        Backend::Sqlite => {
            for row in database.query("SELECT name FROM sqlite_master WHERE type = 'trigger'") {
                let name: String = row.try_get("", "name").expect("a name");
                database.execute(&format!("DROP TRIGGER {name}")).expect("a trigger less");
            }
        }
        Backend::Postgres => {
            let all = "DO $$ DECLARE found record; BEGIN FOR found IN SELECT tgname, tgrelid::regclass AS relation \
                       FROM pg_trigger WHERE NOT tgisinternal LOOP \
                       EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, found.relation); END LOOP; END $$";
            database.execute(all).expect("no triggers");
        }
    }
}
