//! Evaluations, as tests bring them about.

use serde_json::{Value, json};

use super::client::Client;
use super::server::Server;

/// The input with some of its fields given otherwise.
pub fn with(mut input: Value, changes: Value) -> Value {
    let changes = changes.as_object().expect("an object of changes").clone();
    input.as_object_mut().expect("an object").extend(changes);
    input
}

/// The code of a payload's first user error; OK where there is none.
pub fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or("OK")
}

/// Code and field of a payload's first user error.
pub fn fault(payload: &Value) -> (&str, &Value) {
    (code(payload), &payload["userErrors"][0]["field"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}")).to_owned()
}

/// The ids of an evaluation and of what lies below it, or of none.
pub struct Ids {
    pub evaluation: String,
    pub criterion: String,
    pub measurement: String,
    pub element: String,
    pub rival: String,
}

impl Ids {
    /// Made for the kinds of id, by their prefixes.
    pub fn each(mut id: impl FnMut(&str) -> String) -> Self {
        Self {
            evaluation: id("virkningsevaluering"),
            criterion: id("criterion"),
            measurement: id("measurement"),
            element: id("element"),
            rival: id("rival"),
        }
    }

    pub fn all(&self) -> [&str; 5] {
        [&self.evaluation, &self.criterion, &self.measurement, &self.element, &self.rival]
    }
}

/// An attempt at each mutation on something of an evaluation, with the field that names it.
pub fn attempts(ids: &Ids) -> Vec<(&'static str, &'static str, Value)> {
    let Ids { evaluation, criterion, measurement, element, rival } = ids;
    let step = json!({ "id": evaluation, "expectedVersion": 1 });
    let of_criterion = json!({ "id": criterion, "expectedVersion": 1 });
    let share =
        json!({ "numerator": 5, "denominator": 43, "periodStart": "2022-07-01", "periodEnd": "2023-06-30" });
    let added = json!({ "virkningsevalueringId": evaluation, "name": "x", "idempotencyKey": "k" });
    let new_criterion = json!({
        "virkningsevalueringId": evaluation, "dimension": "x", "indicator": "x", "direction": "UP", "basis": "LEVEL",
        "threshold": "0.5", "unit": "SHARE", "pairing": "INDEPENDENT",
    });
    let mut all = vec![
        ("updateVirkningsevaluering", "id", with(step.clone(), json!({ "title": "x" }))),
        ("registerVirkningsevaluering", "id", step.clone()),
        ("submitVirkningsevaluering", "id", step.clone()),
        ("returnVirkningsevaluering", "id", with(step.clone(), json!({ "comment": "x" }))),
        ("approveVirkningsevaluering", "id", step.clone()),
        ("publishVirkningsevaluering", "id", step.clone()),
        ("withdrawVirkningsevaluering", "id", with(step, json!({ "reason": "x" }))),
        ("addSuccessCriterion", "virkningsevalueringId", new_criterion),
        ("updateSuccessCriterion", "id", with(of_criterion.clone(), json!({ "threshold": "0.4" }))),
        (
            "amendSuccessCriterion",
            "id",
            with(of_criterion.clone(), json!({ "threshold": "0.4", "reason": "x" })),
        ),
        ("removeSuccessCriterion", "id", of_criterion),
        (
            "recordMeasurement",
            "criterionId",
            with(share, json!({ "criterionId": criterion, "wave": "FOLLOW_UP" })),
        ),
        (
            "correctMeasurement",
            "id",
            json!({ "id": measurement, "correction": "OTHER", "reason": "x", "numerator": 1, "denominator": 43 }),
        ),
        (
            "recordPairedTable",
            "criterionId",
            json!({ "criterionId": criterion, "n11": 5, "n10": 8, "n01": 0, "n00": 30 }),
        ),
        (
            "addClaim",
            "criterionId",
            json!({ "criterionId": criterion, "text": "x", "printed": "1", "measure": "RELATIVE_CHANGE" }),
        ),
        ("addPopulation", "virkningsevalueringId", added.clone()),
        ("addDataSource", "virkningsevalueringId", added),
        (
            "importMeasurements",
            "virkningsevalueringId",
            json!({ "virkningsevalueringId": evaluation, "csv": "criterion,wave,group,period_start,period_end" }),
        ),
        (
            "addLearning",
            "virkningsevalueringId",
            json!({ "virkningsevalueringId": evaluation, "audience": "MANAGEMENT", "text": "x" }),
        ),
        (
            "addTheoryElement",
            "virkningsevalueringId",
            json!({ "virkningsevalueringId": evaluation, "kind": "ACTIVITY", "text": "x" }),
        ),
        ("updateTheoryElement", "id", json!({ "id": element, "expectedVersion": 1, "text": "x" })),
        ("removeTheoryElement", "id", json!({ "id": element, "expectedVersion": 1 })),
        ("linkTheoryElements", "fromId", json!({ "fromId": element, "toId": element })),
        (
            "unlinkTheoryElements",
            "fromId",
            json!({ "fromId": element, "toId": element, "expectedVersion": 1 }),
        ),
        (
            "attachSuccessCriterion",
            "criterionId",
            json!({ "criterionId": criterion, "elementId": element, "expectedVersion": 1 }),
        ),
        ("detachSuccessCriterion", "criterionId", json!({ "criterionId": criterion, "expectedVersion": 1 })),
        (
            "addQualitativeEvidence",
            "elementId",
            json!({ "elementId": element, "method": "INTERVIEW", "finding": "MIXED", "text": "x" }),
        ),
        (
            "addRivalExplanation",
            "virkningsevalueringId",
            json!({ "virkningsevalueringId": evaluation, "text": "x" }),
        ),
        (
            "assessRivalExplanation",
            "id",
            json!({ "id": rival, "expectedVersion": 1, "assessment": "NOT_ASSESSED" }),
        ),
    ];
    all.extend(attempts_on_observations(evaluation, criterion));
    all
}

fn attempts_on_observations(evaluation: &str, criterion: &str) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            "stateDataProcessing",
            "virkningsevalueringId",
            json!({
                "virkningsevalueringId": evaluation, "expectedVersion": 1, "purpose": "x", "legalBasis": "x",
                "deletionDate": "2150-12-31",
            }),
        ),
        (
            "recordObservations",
            "criterionId",
            json!({
                "criterionId": criterion, "wave": "FOLLOW_UP", "periodStart": "2022-07-01", "periodEnd": "2023-06-30",
                "observations": [{ "participant": "x", "outcome": true }],
            }),
        ),
        (
            "excludeParticipant",
            "criterionId",
            json!({ "criterionId": criterion, "participant": "x", "reason": "x" }),
        ),
        (
            "includeParticipant",
            "criterionId",
            json!({ "criterionId": criterion, "participant": "x", "reason": "x" }),
        ),
        (
            "eraseObservations",
            "virkningsevalueringId",
            json!({ "virkningsevalueringId": evaluation, "expectedVersion": 1, "reason": "x" }),
        ),
    ]
}

impl Client {
    /// Plans an evaluation of an intervention and gives back its id.
    pub fn plan(&self, slug: &str) -> String {
        let input = json!({
            "interventionId": self.intervention(slug).0, "title": "Trivsel", "periodStart": "2022-07-01",
            "periodEnd": "2023-06-30",
        });
        let planned = self.mutate("planVirkningsevaluering", &input, "virkningsevaluering { id }");
        text(&planned["virkningsevaluering"]["id"])
    }

    /// Adds a criterion about school absence, with some of its fields given otherwise, and gives back its id.
    pub fn add_criterion(&self, evaluation: &str, changes: Value) -> String {
        let input = json!({
            "virkningsevalueringId": evaluation, "dimension": "Skolefravær",
            "indicator": "Andel unge med over 50 pct. skolefravær", "direction": "DOWN", "basis": "RELATIVE_CHANGE",
            "threshold": "0.5", "unit": "SHARE", "pairing": "SAME_PERSONS",
        });
        let added = self.mutate("addSuccessCriterion", &with(input, changes), "criterion { id }");
        text(&added["criterion"]["id"])
    }

    /// Tries to record a measurement and gives back the payload.
    pub fn record(&self, criterion: &str, wave: &str, measured: Value) -> Value {
        let input = json!({
            "criterionId": criterion, "wave": wave, "periodStart": "2022-07-01", "periodEnd": "2023-06-30",
        });
        let selection = "measurement { id } criterion { result { attainment verdict notAssessable } }";
        self.mutate("recordMeasurement", &with(input, measured), selection)
    }

    /// Records a measurement and gives back its id.
    pub fn recorded(&self, criterion: &str, wave: &str, measured: Value) -> String {
        let recorded = self.record(criterion, wave, measured);
        assert_eq!(code(&recorded), "OK", "{recorded}");
        text(&recorded["measurement"]["id"])
    }

    /// Records so many people with the outcome of all measured, and gives back the measurement's id.
    pub fn recorded_share(&self, criterion: &str, wave: &str, numerator: i32, denominator: i32) -> String {
        self.recorded(criterion, wave, json!({ "numerator": numerator, "denominator": denominator }))
    }

    /// States why observations of an evaluation may be kept.
    pub fn states_processing(&self, evaluation: &str) {
        let input = json!({
            "virkningsevalueringId": evaluation, "expectedVersion": self.version(evaluation),
            "purpose": "At vise, om deltagerne trives", "legalBasis": "Databeskyttelsesloven § 10",
            "deletionDate": "2150-12-31",
        });
        let stated = self.mutate("stateDataProcessing", &input, "virkningsevaluering { id }");
        assert_eq!(code(&stated), "OK", "{stated}");
    }

    /// Tries to record what participants answered, each with a pseudonym, and gives back the payload.
    pub fn observe(&self, criterion: &str, wave: &str, answers: &[(&str, Value)], more: Value) -> Value {
        let observation = |(participant, answer): &(&str, Value)| {
            with(json!({ "participant": participant }), answer.clone())
        };
        let input = json!({
            "criterionId": criterion, "wave": wave, "periodStart": "2022-07-01", "periodEnd": "2023-06-30",
            "observations": answers.iter().map(observation).collect::<Value>(),
        });
        let selection = "measurement { id value numerator denominator mean sd n count exposure computed } \
                         criterion { result { attainment verdict } }";
        self.mutate("recordObservations", &with(input, more), selection)
    }

    /// Records a number for each of P1, P2 and so on, in a field of the answer.
    pub fn observed(&self, criterion: &str, wave: &str, field: &str, values: &[Value]) {
        let names: Vec<_> = (1..=values.len()).map(|number| format!("P{number}")).collect();
        let answers =
            names.iter().map(String::as_str).zip(values.iter().map(|value| json!({ field: value })));
        let recorded = self.observe(criterion, wave, &answers.collect::<Vec<_>>(), json!({}));
        assert_eq!(code(&recorded), "OK", "{recorded}");
    }

    /// The version of an evaluation, as this client sees it.
    pub fn version(&self, evaluation: &str) -> i64 {
        self.evaluation(evaluation, "version")["version"].as_i64().expect("a version")
    }

    /// What is asked of an evaluation; null where this client sees none.
    pub fn evaluation(&self, id: &str, selection: &str) -> Value {
        let query = format!("query($id: ID!) {{ virkningsevaluering(id: $id) {{ {selection} }} }}");
        self.data(&query, json!({ "id": id }))["virkningsevaluering"].clone()
    }

    /// What is asked of a criterion; null where this client sees none.
    pub fn criterion(&self, id: &str, selection: &str) -> Value {
        let query =
            format!("query($id: ID!) {{ node(id: $id) {{ ... on SuccessCriterion {{ {selection} }} }} }}");
        self.data(&query, json!({ "id": id }))["node"].clone()
    }

    /// Takes a step in an evaluation's life, by the version that this client sees; `step` is the verb of the mutation.
    pub fn step(&self, step: &str, evaluation: &str, more: Value) -> Value {
        let input = with(json!({ "id": evaluation, "expectedVersion": self.version(evaluation) }), more);
        self.mutate(
            &format!("{step}Virkningsevaluering"),
            &input,
            "virkningsevaluering { status version revision }",
        )
    }

    /// Takes a step that succeeds.
    pub fn steps(&self, step: &str, evaluation: &str) {
        assert_eq!(code(&self.step(step, evaluation, json!({}))), "OK", "{step}");
    }
}

/// The wellbeing evaluation of Den Korte Snor, with the goals and numbers of the report of 2023.
pub struct Snor {
    pub id: String,
    /// School absence: 13 of 43 before, 5 of 43 after.
    pub absence: String,
    /// Friendships: 14 of 43 before, 26 of 43 after.
    pub friendships: String,
}

impl Snor {
    /// With both criteria, as a draft.
    pub fn drafted(evaluator: &Client) -> Self {
        let id = evaluator.plan("den-korte-snor");
        let absence = evaluator.add_criterion(&id, json!({}));
        let friendships = json!({
            "dimension": "Venskaber", "indicator": "Andel unge med prosociale venskabsrelationer", "direction": "UP",
            "threshold": "0.3",
        });
        let friendships = evaluator.add_criterion(&id, friendships);
        Self { id, absence, friendships }
    }

    /// Registered, without measurements.
    pub fn registered(evaluator: &Client) -> Self {
        let snor = Self::drafted(evaluator);
        evaluator.steps("register", &snor.id);
        snor
    }

    /// Registered, with the four measurements.
    pub fn measured(evaluator: &Client) -> Self {
        let snor = Self::registered(evaluator);
        for (criterion, before, after) in [(&snor.absence, 13, 5), (&snor.friendships, 14, 26)] {
            evaluator.recorded_share(criterion, "BEFORE", before, 43);
            evaluator.recorded_share(criterion, "AFTER", after, 43);
        }
        snor
    }

    /// The same, submitted by SOF's evaluator.
    pub fn submitted(server: &Server) -> Self {
        let evaluator = server.signed_in("evaluator-sof");
        let snor = Self::measured(&evaluator);
        evaluator.steps("submit", &snor.id);
        snor
    }

    /// The same, approved and published by SOF's approver.
    pub fn published(server: &Server) -> Self {
        let snor = Self::submitted(server);
        let approver = server.signed_in("approver-sof");
        approver.steps("approve", &snor.id);
        approver.steps("publish", &snor.id);
        snor
    }
}
