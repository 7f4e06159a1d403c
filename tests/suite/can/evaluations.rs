//! Evaluations, through their life.

use serde_json::{Value, json};

use super::{CAN, READINGS, assert_refused, mutation, outcome, told};
use crate::support::{Backend, Client, Server, code, with};

on_both_databases!(
    what_is_told_of_an_evaluation_is_what_happens,
    one_who_wrote_is_told_that_another_approves
);

/// Refusals that are the input's fault, whatever the state.
const OF_INPUT: [&str; 9] = [
    "OK",
    "NOTHING_TO_ERASE",
    "NOTHING_TO_PAIR",
    "ALREADY_LINKED",
    "NOT_FOUND",
    "NOT_OF_UNIT",
    "ALREADY_MEASURED",
    "REQUIRED",
    "TABLE_DOES_NOT_FIT",
];

/// An evaluation with something of each kind below it.
struct Scene {
    evaluator: Client,
    users: Vec<(&'static str, Client)>,
    id: String,
    criterion: String,
    corrected: String,
    measurement: String,
    element: String,
    other: String,
    rival: String,
    /// What makes each input another one.
    number: std::cell::Cell<i32>,
}

impl Scene {
    fn new(server: &Server) -> Self {
        let users = ["evaluator-sof", "approver-sof", "approver", "coordinator", "reader-sof", "auditor"];
        let users: Vec<_> = users.into_iter().map(|user| (user, server.signed_in(user))).collect();
        let evaluator = users[0].1.clone();
        let id = evaluator.plan("den-korte-snor");
        let number = std::cell::Cell::new(0);
        let empty = String::new;
        Self {
            evaluator,
            users,
            id,
            criterion: empty(),
            corrected: empty(),
            measurement: empty(),
            element: empty(),
            other: empty(),
            rival: empty(),
            number,
        }
    }

    fn next(&self) -> i32 {
        self.number.set(self.number.get() + 1);
        self.number.get()
    }

    /// A valid input of a mutation on the evaluation, or on what lies below it.
    fn input(&self, mutation: &str) -> Value {
        let number = self.next();
        let text = format!("Nummer {number}");
        let version = self.evaluator.version(&self.id);
        let evaluation = json!({ "virkningsevalueringId": self.id });
        let step = json!({ "id": self.id, "expectedVersion": version });
        let of_criterion = json!({ "id": self.criterion, "expectedVersion": version });
        let period = json!({ "periodStart": "2022-07-01", "periodEnd": "2023-06-30" });
        let day = number % 27 + 1;
        match mutation {
            "updateVirkningsevaluering" => with(step, json!({ "title": text })),
            "returnVirkningsevaluering" => with(step, json!({ "comment": text })),
            "withdrawVirkningsevaluering" => with(step, json!({ "reason": text })),
            "addSuccessCriterion" => with(
                evaluation,
                json!({
                    "dimension": text, "indicator": text, "direction": "UP", "basis": "LEVEL", "threshold": "0.5",
                    "unit": "SHARE", "pairing": "SAME_PERSONS",
                }),
            ),
            "importMeasurements" => with(
                evaluation,
                json!({ "csv": format!(
                "criterion,numerator,denominator,wave,group,group_name,period_start,period_end\n\
                 1,5,43,BEFORE,SUBGROUP,{text},2022-07-01,2023-06-30\n"
            ) }),
            ),
            "stateDataProcessing" => with(
                evaluation,
                json!({
                    "expectedVersion": version, "purpose": text, "legalBasis": "x", "deletionDate": "2150-12-31",
                }),
            ),
            "eraseObservations" => with(evaluation, json!({ "expectedVersion": version, "reason": "x" })),
            "addLearning" => with(evaluation, json!({ "audience": "MANAGEMENT", "text": text })),
            "addPopulation" | "addDataSource" => with(evaluation, json!({ "name": text })),
            "addTheoryElement" => {
                with(evaluation, json!({ "kind": "MECHANISM", "text": text, "reason": "x" }))
            }
            "linkTheoryElements" => json!({ "fromId": self.other, "toId": self.element, "reason": "x" }),
            "unlinkTheoryElements" => {
                json!({ "fromId": self.other, "toId": self.element, "expectedVersion": version, "reason": "x" })
            }
            "addRivalExplanation" => with(evaluation, json!({ "text": text })),
            "updateSuccessCriterion" => with(of_criterion, json!({ "dimension": text })),
            "amendSuccessCriterion" => with(of_criterion, json!({ "dimension": text, "reason": "x" })),
            "recordMeasurement" => with(
                period,
                json!({
                    "criterionId": self.criterion, "wave": "BEFORE", "numerator": 13, "denominator": 43,
                    "group": { "kind": "SUBGROUP", "name": text },
                }),
            ),
            "recordPairedTable" => {
                json!({ "criterionId": self.criterion, "n11": 5, "n10": 8, "n01": 0, "n00": 30 })
            }
            "recordObservations" => with(
                period,
                json!({
                    "criterionId": self.criterion, "wave": "BEFORE", "observations": [{ "participant": text, "outcome": true }],
                }),
            ),
            "excludeParticipant" | "includeParticipant" => {
                json!({ "criterionId": self.criterion, "participant": text, "reason": "x" })
            }
            "addClaim" => json!({
                "criterionId": self.criterion, "text": text, "printed": "1", "measure": "RELATIVE_CHANGE",
            }),
            "attachSuccessCriterion" => json!({
                "criterionId": self.criterion, "elementId": self.other, "expectedVersion": version, "reason": "x",
            }),
            "detachSuccessCriterion" => {
                json!({ "criterionId": self.criterion, "expectedVersion": version, "reason": "x" })
            }
            "updateTheoryElement" => {
                json!({ "id": self.element, "expectedVersion": version, "text": text, "reason": "x" })
            }
            "removeTheoryElement" => json!({ "id": self.element, "expectedVersion": version, "reason": "x" }),
            "addQualitativeEvidence" => json!({
                "elementId": self.element, "method": "INTERVIEW", "finding": "MIXED", "text": format!("{text} {day}"),
            }),
            "assessRivalExplanation" => json!({
                "id": self.rival, "expectedVersion": version, "assessment": "RULED_OUT", "grounds": text,
            }),
            "removeSuccessCriterion" => of_criterion,
            _ => step,
        }
    }

    fn correction(&self, measurement: &str) -> Value {
        json!({
            "id": measurement, "correction": "OTHER", "reason": "x", "numerator": self.next() % 40, "denominator": 43,
        })
    }

    /// Compares what everyone is told of everything with what is answered, and gives back how many refusals were tried.
    fn compare(&self, state: &str) -> usize {
        let before = self.evaluator.version(&self.id);
        let mut tried = 0;
        for (user, client) in &self.users {
            let (user, client) = (*user, client);
            let all = client.evaluation(&self.id, CAN)["can"].clone();
            tried += assert_refused((user, client), state, &told(&all), |mutation| self.input(mutation));
            for (id, kind, has) in [
                (&self.criterion, "SuccessCriterion", !self.criterion.is_empty()),
                (&self.element, "TheoryElement", !self.element.is_empty()),
                (&self.rival, "RivalExplanation", !self.rival.is_empty()),
            ] {
                if has {
                    let can = told(&self.of_part(client, kind, id));
                    tried += assert_refused((user, client), state, &can, |mutation| self.input(mutation));
                }
            }
            for measurement in [&self.measurement, &self.corrected].into_iter().filter(|id| !id.is_empty()) {
                let query =
                    format!("query($id: ID!) {{ node(id: $id) {{ ... on Measurement {{ {CAN} }} }} }}");
                let node = client.data(&query, json!({ "id": measurement }))["node"].clone();
                if !node.is_null() {
                    let input = |_mutation: &str| self.correction(measurement);
                    tried += assert_refused((user, client), state, &told(&node["can"]), input);
                }
            }
        }
        assert_eq!(self.evaluator.version(&self.id), before, "{state}: nothing is changed");
        tried
    }

    /// What is told of a part that is no node, by way of its evaluation.
    fn of_part(&self, client: &Client, kind: &str, id: &str) -> Value {
        let selection = format!(
            "criteria {{ id {CAN} }} programmeTheory {{ elements {{ id {CAN} }} rivalExplanations {{ id {CAN} }} }}"
        );
        let seen = client.evaluation(&self.id, &selection);
        let list = match kind {
            "SuccessCriterion" => &seen["criteria"],
            "TheoryElement" => &seen["programmeTheory"]["elements"],
            _ => &seen["programmeTheory"]["rivalExplanations"],
        };
        let found = list.as_array().expect("a list").iter().find(|part| part["id"] == id);
        found.unwrap_or_else(|| panic!("{kind} {id} in {seen}"))["can"].clone()
    }

    /// Does all that the evaluator is told to be able to but steps and what takes something away.
    fn does_what_it_can(&self, state: &str) {
        let ends = [
            "removeSuccessCriterion",
            "removeTheoryElement",
            "unlinkTheoryElements",
            "detachSuccessCriterion",
        ];
        let mut all = told(&self.evaluator.evaluation(&self.id, CAN)["can"]);
        for (kind, id) in [
            ("SuccessCriterion", &self.criterion),
            ("TheoryElement", &self.element),
            ("RivalExplanation", &self.rival),
        ] {
            if !id.is_empty() {
                all.extend(told(&self.of_part(&self.evaluator, kind, id)));
            }
        }
        let allowed = all.into_iter().filter(|(_, code)| code == "OK").map(|(ability, _)| ability);
        let allowed =
            allowed.filter(|ability| !READINGS.contains(&ability.as_str())).map(|one| mutation(&one));
        for mutation in
            allowed.filter(|name| !name.ends_with("Virkningsevaluering") && !ends.contains(&&**name))
        {
            let outcome = outcome(&self.evaluator, &mutation, &self.input(&mutation));
            assert!(
                OF_INPUT.contains(&&*outcome),
                "{state}: {mutation} is allowed, and answered with {outcome}"
            );
        }
        let updated =
            self.evaluator.step("update", &self.id, json!({ "title": format!("Titel {}", self.next()) }));
        assert_eq!(code(&updated), "OK", "{state}");
    }

    /// Takes a step that someone is told to be able to take.
    fn steps(&self, user: &str, step: &str) {
        let (_, client) = self.users.iter().find(|(known, _)| *known == user).expect("a user");
        let can = told(&client.evaluation(&self.id, CAN)["can"]);
        let ability = format!("{}_VIRKNINGSEVALUERING", step.to_uppercase());
        assert_eq!(can[&ability], "OK", "{user} {step}");
        let more = match step {
            "return" => json!({ "comment": "x" }),
            "withdraw" => json!({ "reason": "x" }),
            _ => json!({}),
        };
        assert_eq!(code(&client.step(step, &self.id, more)), "OK", "{user} {step}");
    }
}

fn what_is_told_of_an_evaluation_is_what_happens(backend: Backend) {
    let server = Server::start(backend);
    let mut scene = Scene::new(&server);
    let evaluator = scene.evaluator.clone();
    let can =
        |scene: &Scene, ability: &str| told(&evaluator.evaluation(&scene.id, CAN)["can"])[ability].clone();
    assert_eq!(can(&scene, "REGISTER_VIRKNINGSEVALUERING"), "NO_CRITERIA");
    scene.element = evaluator.add_element(&scene.id, "SHORT_TERM_OUTCOME", "Skole");
    scene.other = evaluator.add_element(&scene.id, "OUTPUT", "Samtaler");
    let mut tried = scene.compare("DRAFT without criteria");

    scene.criterion = evaluator.add_criterion(&scene.id, json!({}));
    scene.corrected = evaluator.recorded_share(&scene.criterion, "BEFORE", 13, 43);
    let corrected =
        evaluator.mutate("correctMeasurement", &scene.correction(&scene.corrected), "measurement { id }");
    corrected["measurement"]["id"].as_str().expect("an id").clone_into(&mut scene.measurement);
    scene.rival = evaluator.add_rival(&scene.id, "Noget andet");
    assert_eq!(can(&scene, "REGISTER_VIRKNINGSEVALUERING"), "THEORY_UNSOUND");
    tried += scene.compare("DRAFT with a theory that is unsound");
    scene.does_what_it_can("DRAFT");
    // What it did has left evidence on the element.
    let element = told(&scene.of_part(&evaluator, "TheoryElement", &scene.element));
    assert_eq!(element["REMOVE_THEORY_ELEMENT"], "ELEMENT_IN_USE");
    tried += scene.compare("DRAFT with all below it");

    scene.other = sound(&evaluator, &scene);
    scene.steps("evaluator-sof", "register");
    tried += scene.compare("REGISTERED");
    scene.does_what_it_can("REGISTERED");
    scene.other = sound(&evaluator, &scene);
    scene.steps("evaluator-sof", "submit");
    tried += scene.compare("SUBMITTED");
    scene.steps("approver-sof", "return");
    scene.steps("evaluator-sof", "submit");
    scene.steps("approver", "approve");
    tried += scene.compare("APPROVED");
    scene.does_what_it_can("APPROVED");
    scene.other = sound(&evaluator, &scene);
    scene.steps("evaluator-sof", "submit");
    scene.steps("approver-sof", "approve");
    scene.steps("approver-sof", "publish");
    tried += scene.compare("PUBLISHED");
    scene.does_what_it_can("PUBLISHED");
    scene.other = sound(&evaluator, &scene);
    tried += scene.compare("REGISTERED again");
    scene.steps("approver-sof", "withdraw");
    tried += scene.compare("WITHDRAWN");
    assert!(tried > 1_000, "{tried} refusals were tried");
}

/// Leaves of the theory the outcome that evidence bears on, with what leads to it, so that it can be registered. Gives back
/// the output.
fn sound(evaluator: &Client, scene: &Scene) -> String {
    let elements = evaluator.theory(&scene.id, "elements { id }")["elements"].clone();
    for element in elements.as_array().expect("elements") {
        let input = json!({ "id": element["id"], "reason": "x" });
        let removed = evaluator.change("removeTheoryElement", &scene.id, input);
        let in_use = element["id"] == *scene.element;
        assert_eq!(code(&removed), if in_use { "ELEMENT_IN_USE" } else { "OK" }, "{removed}");
    }
    let activity = evaluator.add_element(&scene.id, "ACTIVITY", "Ugentlige samtaler");
    let output = evaluator.add_element(&scene.id, "OUTPUT", "43 har haft samtaler");
    assert_eq!(code(&evaluator.link(&activity, &output)), "OK");
    assert_eq!(code(&evaluator.link(&output, &scene.element)), "OK");
    let problems = evaluator.theory(&scene.id, "problems { code }")["problems"].clone();
    assert_eq!(problems, json!([]));
    let measures = json!({ "criterionId": scene.criterion, "elementId": scene.element, "reason": "x" });
    assert_eq!(code(&evaluator.change("attachSuccessCriterion", &scene.id, measures)), "OK");
    output
}

fn one_who_wrote_is_told_that_another_approves(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let both = server.signed_in("evaluator-sof");
    let id = both.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let grant = json!({ "accountId": id, "role": "APPROVER", "forvaltning": "SOF" });
    assert_eq!(code(&admin.mutate("grantRole", &grant, "roleGrant { id }")), "OK");
    let snor = crate::support::Snor::submitted(&server);
    let why = "can { ability why { code message } }";
    let can = both.evaluation(&snor.id, why)["can"].clone();
    let approve = can
        .as_array()
        .expect("permissions")
        .iter()
        .find(|one| one["ability"] == "APPROVE_VIRKNINGSEVALUERING");
    let why = &approve.expect("it")["why"];
    let refused = both.step("approve", &snor.id, json!({}));
    assert_eq!(
        (&why["code"], &why["message"]),
        (&refused["userErrors"][0]["code"], &refused["userErrors"][0]["message"])
    );
    assert_eq!(why["code"], "OWN_WORK");
    // It names nobody.
    assert!(!why["message"].to_string().contains("Evaluator"), "{why}");
    let other = told(&server.signed_in("approver-sof").evaluation(&snor.id, CAN)["can"]);
    assert_eq!(other["APPROVE_VIRKNINGSEVALUERING"], "OK");
}
