//! What must not come in, put into every place of the schema that takes a value: refused alike on both databases, and found
//! nowhere afterwards.

use std::collections::BTreeMap;
use std::thread;

use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::support::inputs::{Inputs, Leaf};
use crate::support::{
    Answer, Backend, Client, Ids, Server, Snor, attempts, fault_codes, secret_of, soon, with,
};

/// Two spellings of one personal number, as they would stand in a text or as a key.
const CPR: [&str; 2] = ["Barnet 010190-1234", "0101901234"];

/// Places whose text is compared with what is there, and goes nowhere; and a table, whose cells are told of by themselves.
const COMPARED: [&str; 15] = [
    "addSuccessCriterion.input.instrument",
    "amendSuccessCriterion.input.instrument",
    "updateSuccessCriterion.input.instrument",
    "grantRole.input.forvaltning",
    "setFunding.input.fundedBy",
    "updateInterventionYear.input.leadForvaltning",
    "updateInterventionYear.input.partnerForvaltninger",
    "updateInterventionYear.input.districts",
    "signIn.input.password",
    "refreshSession.input.refreshToken",
    "redeemPasswordLink.input.token",
    "createApiToken.input.roles.forvaltning",
    "changePassword.input.presentPassword",
    "importMeasurements.input.csv",
    // A number of a claim about a year, which the claim given here is not.
    "addClaim.input.terms.number",
];

/// A server with someone who may do everything, and something to do it to.
struct Scene {
    server: Server,
    client: Client,
    inputs: Inputs,
    given: BTreeMap<String, Value>,
}

impl Scene {
    fn set(server: Server) -> Self {
        let client = server.signed_in_with_every_role();
        let id = client.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
        let inputs = Inputs::read(&client);
        let given = given(&client, &id);
        Self { server, client, inputs, given }
    }

    fn leaves(&self) -> Vec<Leaf> {
        self.inputs.leaves()
    }

    /// The answers to a value at a leaf, as a variable and in the document. What stands as text between `§` is put as it is, since
    /// some of what a client can send is no value of JSON.
    fn put(&self, leaf: &Leaf, value: &Value) -> [Answer; 2] {
        let given = self.given.get(&leaf.root.name).map_or(json!({}), |given| json!({ "input": given }));
        let arguments = self.inputs.arguments(leaf, &given, value);
        let (document, variables) = leaf.root.by_variables(&arguments);
        let bare = |text: String| text.replace("\"§", "").replace("§\"", "");
        let by_variables = format!("{{\"query\":{},\"variables\":{}}}", json!(document), bare(variables));
        let literally = bare(leaf.root.by_literals(&self.inputs, &arguments));
        [self.client.post("application/json", by_variables), self.client.ask(&literally, json!({}))]
    }

    fn stored(&self) -> i64 {
        self.server.database().count("event")
    }
}

/// Input that each mutation takes, as far as it goes with one of each thing.
fn given(client: &Client, account: &Value) -> BTreeMap<String, Value> {
    let drafted = Snor::drafted(client);
    let element = client.add_element(&drafted.id, "ACTIVITY", "Samtaler");
    let drafted = Ids {
        rival: client.add_rival(&drafted.id, "x"),
        element,
        measurement: String::new(),
        ..ids_of(&drafted)
    };
    let snor = Snor::registered(client);
    client.states_processing(&snor.id);
    let measurement = client.recorded_share(&snor.absence, "BEFORE", 13, 43);
    let registered = Ids {
        rival: client.add_rival(&snor.id, "x"),
        measurement,
        element: drafted.element.clone(),
        ..ids_of(&snor)
    };
    let mut all = BTreeMap::new();
    for (ids, only) in [(&registered, None), (&drafted, Some(IN_DRAFT))] {
        let version = json!({ "expectedVersion": client.version(&ids.evaluation) });
        for (mutation, _, input) in attempts(ids) {
            if only.is_none_or(|only| only.contains(&mutation)) {
                let input =
                    if input.get("expectedVersion").is_some() { with(input, version.clone()) } else { input };
                all.insert(mutation.to_owned(), input);
            }
        }
    }
    let (ludo, version) = client.intervention("ludo");
    let (report, report_version) = client.report("ludo");
    let step = json!({ "id": report, "expectedVersion": report_version });
    let round = client.mutate(
        "createEvaluationRound",
        &json!({ "year": 2023, "theme": "Trivsel" }),
        "evaluationRound { id version }",
    );
    let long = "a long enough password";
    let made =
        client.mutate("createPasswordLink", &json!({ "accountId": account }), "link account { version }");
    let account_version = &made["account"]["version"];
    let link = made["link"].as_str().and_then(|link| link.split('#').nth(1)).expect("a link");
    let api_token = secret_of(client, &[("EVALUATOR", None)])["apiToken"].clone();
    let register = json!({
        "createEvaluationRound": { "year": 2024, "theme": "x" },
        "updateEvaluationRound": { "id": round["evaluationRound"]["id"], "expectedVersion": round["evaluationRound"]["version"] },
        "addInstrument": { "code": "X", "name": "x", "direction": "UP" },
        "planVirkningsevaluering": { "interventionId": ludo, "title": "x", "periodStart": "2022-07-01", "periodEnd": "2023-06-30" },
        "createAccount": { "email": "x@example.dk", "name": "x", "password": long },
        "updateAccount": { "id": account, "expectedVersion": account_version },
        "changePassword": { "presentPassword": "evaluator@example.dk", "newPassword": long },
        "createPasswordLink": { "accountId": account },
        "redeemPasswordLink": { "token": link, "password": long },
        "createApiToken": { "name": "x", "roles": [{ "role": "EVALUATOR" }], "expiresAt": soon(client) },
        "revokeApiToken": { "id": api_token["id"], "expectedVersion": api_token["version"] },
        "confirmRoleGrant": { "id": "x", "expectedVersion": 1 },
        "grantRole": { "accountId": account, "role": "READER" },
        "createIntervention": { "slug": "ny", "name": "Ny" },
        "updateIntervention": { "id": ludo, "expectedVersion": version },
        "openReportingYear": { "year": 2040 },
        "closeReportingYear": { "year": 2023, "expectedVersion": 1 },
        "updateInterventionYear": { "interventionId": ludo, "year": 2023, "expectedVersion": report_version },
        "submitInterventionYear": step,
        "returnInterventionYear": with(step.clone(), json!({ "reason": "x" })),
        "approveInterventionYear": step,
        "setFunding": { "interventionId": ludo, "budgetYear": 2030, "amountDkk": 1, "fundedBy": ["SOF"] },
        "setFigure": {
            "interventionId": ludo, "reportedYear": 2023, "kind": "OUTCOME", "label": "x", "unit": "pct", "value": "1",
        },
    });
    all.extend(register.as_object().expect("an object").clone());
    all
}

/// What is changed only before the registration.
const IN_DRAFT: &[&str] = &[
    "updateVirkningsevaluering",
    "addSuccessCriterion",
    "updateSuccessCriterion",
    "addTheoryElement",
    "updateTheoryElement",
    "addQualitativeEvidence",
];

fn ids_of(snor: &Snor) -> Ids {
    Ids {
        evaluation: snor.id.clone(),
        criterion: snor.absence.clone(),
        measurement: String::new(),
        element: String::new(),
        rival: String::new(),
    }
}

/// Whether the answer is one that a client can do something with.
fn assert_sound(answer: &Answer, leaf: &Leaf, value: &Value) {
    let codes = fault_codes(answer);
    let ours = ["INTERNAL", "UNAVAILABLE", "TIMEOUT"];
    assert!(
        answer.status < 500 && !codes.iter().any(|code| ours.contains(&code.as_str())),
        "{leaf}: {value:.100}: {:.1000}",
        answer.body
    );
}

/// What was put where, and the codes of the answer, as a variable and in the document.
type Told = Vec<(String, Vec<String>)>;

/// Does the same on both databases, and tells whether they answer alike.
fn on_both_alike(work: impl Fn(Backend) -> Told + Sync) {
    let (sqlite, postgres) = thread::scope(|scope| {
        let sqlite = scope.spawn(|| work(Backend::Sqlite));
        let postgres = work(Backend::Postgres);
        (sqlite.join().expect("SQLite's answers"), postgres)
    });
    for (one, other) in sqlite.iter().zip(&postgres) {
        assert_eq!(one, other, "SQLite and PostgreSQL answer alike");
    }
    assert_eq!(sqlite.len(), postgres.len());
}

#[test]
fn every_text_is_refused_that_must_not_come_in() {
    on_both_alike(|backend| {
        let scene = Scene::set(Server::talkative(backend));
        let before = scene.stored();
        let mut told = Told::new();
        let mut wrong = Vec::new();
        for leaf in scene.leaves().iter().filter(|leaf| ["String", "ID"].contains(&leaf.scalar.as_str())) {
            let mut put = |value: &str| {
                let value = json!(value);
                let answers = scene.put(leaf, &value);
                for answer in &answers {
                    assert_sound(answer, leaf, &value);
                }
                let codes = answers.iter().flat_map(fault_codes).collect::<Vec<_>>();
                told.push((format!("{leaf}: {value:.30}"), codes.clone()));
                codes
            };
            let place = leaf.to_string();
            let nul = put("a\0b");
            let long = put(&"x".repeat(20_000));
            let numbers: Vec<_> = CPR.into_iter().map(&mut put).collect();
            let refuses = |codes: &Vec<String>| {
                let told =
                    codes.iter().filter(|code| ["CPR_NUMBER", "BAD_USER_INPUT"].contains(&code.as_str()));
                told.count() >= 2
            };
            if nul != ["BAD_USER_INPUT"; 2] {
                wrong.push(format!("NUL in {place}: {nul:?}"));
            }
            if leaf.scalar == "String" && !is_cursor(leaf) {
                if !COMPARED.contains(&place.as_str()) && !numbers.iter().all(refuses) {
                    wrong.push(format!("a personal number in {place}: {numbers:?}"));
                }
                if long.is_empty() {
                    wrong.push(format!("20,000 letters in {place}"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(scene.stored(), before, "nothing is stored");
        assert_nowhere(scene.server, &["010190-1234", "0101901234"]);
        told
    });
}

fn is_cursor(leaf: &Leaf) -> bool {
    leaf.root.operation == "query" && ["after", "before"].contains(&leaf.path[0].as_str())
}

/// Looks for texts in every row of every table and in all that the server logged, then stops it.
fn assert_nowhere(server: Server, texts: &[&str]) {
    let rows = server.database().everything();
    let log = server.logged();
    assert!(rows.len() > 100_000 && log.contains("answered"), "there is something to look at");
    for text in texts {
        let bytes = HEXLOWER.encode(text.as_bytes());
        for (place, all) in [("the database", &rows), ("the log", &log), ("the output", &server.printed())] {
            for written in [*text, &bytes] {
                let found = all.find(written).map(|at| at.saturating_sub(200));
                assert_eq!(
                    found.map(|at| &all[all.ceil_char_boundary(at)..]),
                    None,
                    "{text} stands in {place}"
                );
            }
        }
    }
}

/// Values that are none of their type, as a client can send them.
fn malformed(scalar: &str) -> &'static [&'static str] {
    match scalar {
        "Int" => {
            &["§1e309§", "§NaN§", "§1.5§", "NaN", "Infinity", "50", "-0", "§true§", "§9007199254740993§"]
        }
        "Kroner" => &["§1e309§", "§NaN§", "§1.5§", "NaN", "Infinity", "50", "-0", "§true§"],
        "Decimal" => &[
            "§1e309§",
            "§9007199254740993§",
            "§0.0000001§",
            "NaN",
            "Infinity",
            "-Infinity",
            "1e309",
            "1e3",
            "9007199254740993",
            "0x10",
            "1,5",
            "",
            " 1",
            "§true§",
            "٣",
        ],
        "Date" => &[
            "2023-02-29",
            "2024-13-01",
            "1899-12-31",
            "2201-01-01",
            "10000-01-01",
            "-0001-01-01",
            "2024-1-1",
            "",
            "x",
            "§20240101§",
        ],
        "DateTime" => &[
            "2023-02-29T00:00:00Z",
            "1899-12-31T23:59:59Z",
            "2201-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2024-01-01",
            "",
            "§1704067200§",
        ],
        _ => &[],
    }
}

/// Values of their type that a careless reader stumbles over.
fn odd(scalar: &str) -> &'static [&'static str] {
    match scalar {
        "Int" => &["§-1§", "§-0§", "§2147483647§", "§-2147483648§"],
        "Kroner" => &["§-1§", "§-0§", "§9007199254740993§"],
        "Decimal" => &[
            "-0",
            "§-0§",
            "§-0.0§",
            "50",
            "101",
            "-101",
            "9007199254.740991",
            "-9007199254.740991",
            "0.000001",
        ],
        "Date" => &["1900-01-01", "2200-12-31"],
        "DateTime" => &["1900-01-01T00:00:00Z", "2200-12-31T23:59:59.999999Z"],
        _ => &[],
    }
}

#[test]
fn every_number_and_date_is_read_exactly_or_refused() {
    on_both_alike(|backend| {
        let scene = Scene::set(Server::start(backend));
        let before = scene.stored();
        let mut told = Told::new();
        let mut wrong = Vec::new();
        for leaf in scene.leaves() {
            for text in malformed(&leaf.scalar) {
                let value = json!(text);
                for answer in scene.put(&leaf, &value) {
                    assert_sound(&answer, &leaf, &value);
                    let codes = fault_codes(&answer);
                    if codes.is_empty() || codes.iter().any(|code| code != "BAD_USER_INPUT") {
                        wrong.push(format!("{leaf}: {text}: {codes:?}"));
                    }
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(scene.stored(), before, "nothing is stored");
        for leaf in scene.leaves() {
            for text in odd(&leaf.scalar) {
                let value = json!(text);
                let answers = scene.put(&leaf, &value);
                for answer in &answers {
                    assert_sound(answer, &leaf, &value);
                }
                told.push((format!("{leaf}: {text}"), answers.iter().flat_map(fault_codes).collect()));
            }
        }
        told
    });
}
