//! Going back: what is read as of a moment is what was read at that moment.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, Theory, code, with};

on_both_databases!(
    what_was_read_is_read_again,
    readers_elsewhere_go_back_to_what_was_published,
    the_future_and_what_knows_no_past_are_refused,
    what_was_not_there_yet_is_null,
    an_erased_value_is_not_read_again,
);

const SLUG: &str = "den-korte-snor";

/// Everything below an evaluation.
const EVALUATION: &str = "id version slug title periodStart periodEnd status revision registeredAt \
    round { id version theme interventions { slug name } } intervention { name version } \
    criteria { id number dimension indicator threshold basis direction pairing asRegistered registered { threshold } \
      amendments { threshold amendment sinceVersion } virkningsevaluering { version title } baseline { id numerator } \
      outcome { id numerator } measurements { id wave group { name } value numerator denominator note current \
        population { name } corrects { id current } correction criterion { threshold } } \
      pairedTables { n11 n10 n01 n00 } \
      results { attainment verdict change relativeChange interval { low high } warnings { code } inputHash computedAt \
        sentence(language: EN) } claims { text printed computed label } } \
    learnings { text } populations { name } dataSources { name } transitions { from to at actor comment } \
    programmeTheory { asRegistered amendments { sinceVersion reason } statement { sentence(language: EN) } problems { code } \
      elements { id number kind text leadsTo { number } ledToBy { number } criteria { number } evidence { text finding } } \
      rivalExplanations { text assessment grounds element { number } } } \
    published { version status title programmeTheory { elements { text } } criteria { threshold result { verdict } } } \
    history(first: 100) { totalCount nodes { sequence action changes { field before after } } }";

/// Everything that belongs to an intervention.
const INTERVENTION: &str = "id version slug name since parent { name version } parts { slug name } \
    current { year version } years { id version year status citywide inPackage problem method activities remarks \
      leadForvaltning { code name } partnerForvaltninger { code } principles { number name } districts { name aliases } \
      targetGroups { name ageFrom ageTo } funding { amountDkk } \
      reportingYear { status version claims { text printed computed label } insights { interventionCount fundingDkk \
        byPrinciple { principle { number } count } byForvaltning { forvaltning { code } interventionCount } } } } \
    funding { id version budgetYear amountDkk permanence expires fundedBy { code } } \
    figures(first: 20) { totalCount pageInfo { hasNextPage endCursor } nodes { id version label value absence { kind } } } \
    outcomes: figures(first: 2, kind: OUTCOME) { totalCount nodes { label } } \
    virkningsevalueringer(first: 5) { totalCount nodes { id version title status criteria { threshold result { verdict } \
      measurements { numerator } } published { version } } } \
    history(first: 20) { totalCount nodes { sequence subjectKind action } }";

/// What a reader sees of both, as of a moment or now.
fn read(client: &Client, evaluation: &str, at: Option<&str>) -> (Value, Value) {
    let query = format!(
        "query($id: ID!, $at: DateTime) {{ virkningsevaluering(id: $id, asOf: $at) {{ {EVALUATION} }} }}"
    );
    let below = client.data(&query, json!({ "id": evaluation, "at": at }));
    let query = format!(
        "query($s: String!, $at: DateTime) {{ intervention(slug: $s, asOf: $at) {{ {INTERVENTION} }} }}"
    );
    let above = client.data(&query, json!({ "s": SLUG, "at": at }));
    (below["virkningsevaluering"].clone(), above["intervention"].clone())
}

/// The time of the newest event.
fn newest(auditor: &Client) -> String {
    let data = auditor.data("{ history(last: 1) { nodes { occurredAt } } }", json!({}));
    data["history"]["nodes"][0]["occurredAt"].as_str().expect("a time").to_owned()
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }
}

struct Walk {
    evaluator: Client,
    approver: Client,
    coordinator: Client,
    dice: Dice,
    snor: Snor,
    theory: Theory,
    rival: String,
    measured: Vec<String>,
    count: u64,
}

impl Walk {
    /// Does something at random. Much of it is refused, which changes nothing.
    fn step(&mut self) {
        self.count += 1;
        let number = self.dice.below(40) + 1;
        let evaluation = self.snor.id.clone();
        let criterion =
            if self.dice.below(2) == 0 { &self.snor.absence } else { &self.snor.friendships }.clone();
        let version = self.evaluator.version(&evaluation);
        let of_evaluation = json!({ "id": evaluation, "expectedVersion": version });
        let of_criterion = json!({ "id": criterion, "expectedVersion": version });
        let added = json!({ "virkningsevalueringId": evaluation, "name": format!("Nr. {}", self.count) });
        let threshold = json!({ "threshold": format!("0.{number}"), "reason": "Efter drøftelse" });
        match self.dice.below(20) {
            0 => self.write("updateVirkningsevaluering", with(of_evaluation, json!({ "title": format!("Titel {number}") }))),
            1 => self.write("updateSuccessCriterion", with(of_criterion, threshold)),
            2 | 3 => self.write("amendSuccessCriterion", with(of_criterion, threshold)),
            4..=6 => self.record(&criterion, number),
            7 | 8 => self.correct(number),
            9 => self.write("addPopulation", added),
            10 => self.write("addLearning", json!({ "virkningsevalueringId": evaluation, "audience": "MANAGEMENT", "text": format!("Lært {number}") })),
            11 => self.write("recordPairedTable", json!({ "criterionId": criterion, "n11": 5, "n10": 8, "n01": 0, "n00": 30 })),
            12 => self.write("addClaim", json!({ "criterionId": criterion, "text": format!("Påstand {number}"), "printed": "-61.5", "measure": "RELATIVE_CHANGE" })),
            13..=16 => {
                // Part of the way to a publication, and now and then all of it.
                for step in ["register", "submit", "approve", "publish"] {
                    self.decide(step);
                    if self.dice.below(4) == 0 {
                        break;
                    }
                }
            }
            17 | 18 => self.think(number),
            _ => self.register(number),
        }
    }

    /// A change of the programme theory that leaves it sound, or of what bears on it.
    fn think(&mut self, number: u64) {
        let Theory { input, output, school, crime, trust, .. } = &self.theory;
        let version = self.evaluator.version(&self.snor.id);
        let because =
            |input: Value| with(input, json!({ "expectedVersion": version, "reason": "Efter drøftelse" }));
        let text = format!("Nr. {number}");
        let criterion = &self.snor.absence;
        let (mutation, input) = match self.dice.below(8) {
            0 => ("updateTheoryElement", because(json!({ "id": school, "text": text }))),
            1 => ("linkTheoryElements", json!({ "fromId": input, "toId": output, "reason": text })),
            2 => ("unlinkTheoryElements", because(json!({ "fromId": input, "toId": output }))),
            3 => ("attachSuccessCriterion", because(json!({ "criterionId": criterion, "elementId": crime }))),
            4 => ("detachSuccessCriterion", because(json!({ "criterionId": criterion }))),
            5 => (
                "addQualitativeEvidence",
                json!({ "elementId": output, "method": "OBSERVATION", "finding": "WEAKENS", "text": text }),
            ),
            6 => (
                "assessRivalExplanation",
                because(json!({ "id": self.rival, "assessment": "PLAUSIBLE", "grounds": text })),
            ),
            _ => ("removeTheoryElement", because(json!({ "id": trust }))),
        };
        self.write(mutation, input);
    }

    fn write(&self, mutation: &str, input: Value) {
        self.evaluator.try_mutate(mutation, &input, "__typename");
    }

    fn decide(&self, step: &str) {
        let by = if step == "approve" || step == "publish" { &self.approver } else { &self.evaluator };
        by.step(step, &self.snor.id, json!({}));
    }

    fn record(&mut self, criterion: &str, number: u64) {
        let wave = ["BEFORE", "AFTER", "FOLLOW_UP"][usize::try_from(number % 3).expect("an index")];
        let group = if number.is_multiple_of(4) {
            json!({ "kind": "SUBGROUP", "name": "Piger" })
        } else {
            Value::Null
        };
        let mut measured = json!({ "numerator": number, "denominator": 43 });
        if !group.is_null() {
            measured = with(measured, json!({ "group": group }));
        }
        let recorded = self.evaluator.record(criterion, wave, measured);
        self.measured.extend(recorded["measurement"]["id"].as_str().map(str::to_owned));
    }

    fn correct(&mut self, number: u64) {
        let Some(id) = self.measured.last().cloned() else { return };
        let input = json!({ "id": id, "correction": "OTHER", "reason": "Talt om", "numerator": number, "denominator": 43 });
        let corrected = self.evaluator.mutate("correctMeasurement", &input, "measurement { id }");
        self.measured.extend(corrected["measurement"]["id"].as_str().map(str::to_owned));
    }

    /// A change of what the evaluation is about.
    fn register(&mut self, number: u64) {
        let (id, version) = self.coordinator.intervention(SLUG);
        let by = |client: &Client, mutation: &str, input: Value| {
            client.try_mutate(mutation, &input, "__typename");
        };
        match self.dice.below(6) {
            0 => by(
                &self.coordinator,
                "updateIntervention",
                json!({ "id": id, "expectedVersion": version, "name": format!("Snor {number}") }),
            ),
            1 => {
                let (unit, _) = self.coordinator.intervention("ludo");
                by(
                    &self.coordinator,
                    "updateIntervention",
                    json!({ "id": id, "expectedVersion": version, "parentId": unit }),
                );
            }
            2 => {
                let (part, version) = self.coordinator.intervention("green-teams");
                by(
                    &self.coordinator,
                    "updateIntervention",
                    json!({ "id": part, "expectedVersion": version, "parentId": id }),
                );
            }
            3 => {
                let (_, report) = self.coordinator.report(SLUG);
                let input = json!({
                    "interventionId": id, "year": 2023, "expectedVersion": report, "problem": format!("Problem {number}"),
                    "targetGroups": [{ "name": "Unge", "ageFrom": format!("{number}.5") }], "principles": [1, number % 5 + 1],
                    "districts": ["Valby"],
                });
                by(&self.evaluator, "updateInterventionYear", input);
            }
            4 => by(
                &self.coordinator,
                "setFunding",
                json!({
                    "interventionId": id, "budgetYear": 2030 + number, "amountDkk": number * 1000, "fundedBy": ["SOF"],
                    "permanence": "PERMANENT",
                }),
            ),
            _ => by(
                &self.evaluator,
                "setFigure",
                json!({
                    "interventionId": id, "reportedYear": 2023, "kind": "OUTCOME", "label": format!("Tal {number}"), "unit": "pct",
                    "value": format!("{number}.25"),
                }),
            ),
        }
    }
}

fn what_was_read_is_read_again(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let readers =
        [evaluator.clone(), auditor.clone(), server.signed_in("evaluator-bif"), server.signed_in("reader")];
    let snor = Snor::drafted(&evaluator);
    let mut walk = Walk {
        theory: Theory::of(&evaluator, &snor),
        rival: evaluator.add_rival(&snor.id, "En ny skoleleder"),
        snor,
        approver: server.signed_in("approver-sof"),
        coordinator: server.signed_in("coordinator"),
        dice: Dice(0x0005_eed1_2023 + u64::from(backend == Backend::Postgres)),
        measured: Vec::new(),
        count: 0,
        evaluator,
    };
    let mut remembered: Vec<(String, Vec<(Value, Value)>)> = Vec::new();
    for _ in 0..80 {
        walk.step();
        let at = newest(&auditor);
        if remembered.last().is_none_or(|(last, _)| *last != at) {
            let seen = readers.iter().map(|reader| read(reader, &walk.snor.id, None)).collect();
            remembered.push((at, seen));
        }
    }
    let published = remembered.iter().filter(|(_, seen)| !seen[2].0.is_null()).count();
    assert!(remembered.len() > 30 && published > 5, "{} moments, {published} published", remembered.len());
    for (number, (at, seen)) in remembered.iter().enumerate() {
        for (who, (reader, (evaluation, intervention))) in readers.iter().zip(seen).enumerate() {
            // The auditor goes back to each moment, the others in turn.
            if who != 1 && number % 3 != who % 3 {
                continue;
            }
            let (then_evaluation, then_intervention) = read(reader, &walk.snor.id, Some(at));
            assert_eq!(*evaluation, then_evaluation, "as of {at}");
            assert_eq!(*intervention, then_intervention, "as of {at}");
        }
    }
}

fn readers_elsewhere_go_back_to_what_was_published(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let snor = Snor::published(&server);
    let at_publication = newest(&auditor);
    let evaluator = server.signed_in("evaluator-sof");
    let input =
        json!({ "id": snor.id, "expectedVersion": evaluator.version(&snor.id), "title": "Skrevet om" });
    evaluator.mutate("updateVirkningsevaluering", &input, "__typename");
    let rewritten = newest(&auditor);
    let elsewhere = server.signed_in("evaluator-bif");
    let at = |client: &Client, at: &str| {
        let query =
            "query($id: ID!, $at: DateTime) { virkningsevaluering(id: $id, asOf: $at) { title status } }";
        client.data(query, json!({ "id": snor.id, "at": at }))["virkningsevaluering"].clone()
    };
    let as_published = json!({ "title": "Trivsel", "status": "PUBLISHED" });
    assert_eq!(at(&elsewhere, &at_publication), as_published);
    assert_eq!(at(&elsewhere, &rewritten), as_published);
    assert_eq!(at(&evaluator, &rewritten), json!({ "title": "Skrevet om", "status": "REGISTERED" }));
    // What is withdrawn is withdrawn from the past as well, but not for those whose work it is.
    let approver = server.signed_in("approver-sof");
    assert_eq!(code(&approver.step("withdraw", &snor.id, json!({ "reason": "Forkerte tal" }))), "OK");
    assert_eq!(at(&elsewhere, &at_publication), Value::Null);
    assert_eq!(at(&evaluator, &at_publication), as_published);
    let query = "query($id: ID!, $at: DateTime) { virkningsevaluering(id: $id, asOf: $at) { history { totalCount } } }";
    let count = |at: &str| {
        let data = evaluator.data(query, json!({ "id": snor.id, "at": at }));
        data["virkningsevaluering"]["history"]["totalCount"].as_i64().expect("a count")
    };
    assert_eq!(count(&rewritten), count(&at_publication) + 1);
}

fn the_future_and_what_knows_no_past_are_refused(backend: Backend) {
    let server = Server::start(backend);
    let reader = server.signed_in("coordinator");
    let ask = |at: &str, selection: &str| {
        let query =
            format!("query($at: DateTime) {{ intervention(slug: \"ludo\", asOf: $at) {{ {selection} }} }}");
        reader.ask(&query, json!({ "at": at })).json()
    };
    let future = ask("2199-01-01T00:00:00Z", "name");
    assert_eq!(future["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{future}");
    assert_eq!(future["errors"][0]["extensions"]["faults"][0]["field"], json!(["asOf"]));
    let now = newest(&server.signed_in("auditor"));
    let page = ask(&now, "figures(first: 1, after: \"nonsense\") { totalCount }");
    assert_eq!(page["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{page}");
    // Pages of the past are pages like others.
    let first = ask(&now, "figures(first: 1) { pageInfo { endCursor } nodes { id } }");
    let cursor =
        first["data"]["intervention"]["figures"]["pageInfo"]["endCursor"].as_str().expect("a cursor");
    let next = ask(
        &now,
        &format!(
            "figures(first: 1, after: \"{cursor}\") {{ pageInfo {{ hasPreviousPage }} nodes {{ id }} }}"
        ),
    );
    let present = reader.data(
        "query($c: String!) { intervention(slug: \"ludo\") { figures(first: 1, after: $c) { pageInfo { hasPreviousPage } nodes { id } } } }",
        json!({ "c": cursor }),
    );
    assert_eq!(next["data"], present);
}

fn what_was_not_there_yet_is_null(backend: Backend) {
    let server = Server::start(backend);
    let before = newest(&server.signed_in("auditor"));
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let query = "query($id: ID!, $at: DateTime) { virkningsevaluering(id: $id, asOf: $at) { id } }";
    let then = evaluator.data(query, json!({ "id": snor.id, "at": before }));
    assert_eq!(then["virkningsevaluering"], Value::Null);
    let query = "{ intervention(slug: \"ludo\", asOf: \"2001-01-01T00:00:00Z\") { name } }";
    assert_eq!(evaluator.data(query, json!({}))["intervention"], Value::Null);
    let nobody = server.signed_in("nobody");
    let query = "query($at: DateTime) { intervention(slug: \"ludo\", asOf: $at) { name } }";
    assert_eq!(nobody.data(query, json!({ "at": before }))["intervention"], Value::Null);
}

fn an_erased_value_is_not_read_again(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let (id, version) = coordinator.intervention("ludo");
    let rename = |name: &str, version: i64| {
        let input = json!({ "id": id, "expectedVersion": version, "name": name });
        coordinator.mutate("updateIntervention", &input, "intervention { id }");
    };
    rename("Til at glemme", version);
    let at = newest(&server.signed_in("auditor"));
    rename("LUDO", version + 1);
    let database = server.database();
    let rows = database.query("SELECT openings FROM event_detail WHERE openings LIKE '%Til at glemme%'");
    assert_eq!(rows.len(), 2);
    for row in rows {
        let openings: String = row.try_get("", "openings").expect("openings");
        let mut erased: Value = serde_json::from_str(&openings).expect("JSON");
        for opening in erased.as_object_mut().expect("an object").values_mut() {
            if opening["value"] == "Til at glemme" {
                *opening = json!({});
            }
        }
        let quoted = |text: &str| text.replace('\'', "''");
        let (erased, openings) = (quoted(&erased.to_string()), quoted(&openings));
        let statement =
            format!("UPDATE event_detail SET openings = '{erased}' WHERE openings = '{openings}'");
        database.execute(&statement).expect("erasing");
    }
    let query = "query($at: DateTime) { intervention(slug: \"ludo\", asOf: $at) { name } }";
    assert_eq!(coordinator.data(query, json!({ "at": at }))["intervention"]["name"], "[erased]");
}
