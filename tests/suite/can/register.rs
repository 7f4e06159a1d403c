//! The register: reports and their years, money, numbers, rounds.

use serde_json::{Value, json};

use super::{CAN, assert_refused, outcome, told};
use crate::support::{Backend, Client, Server, code, with};

on_both_databases!(what_is_told_of_the_register_is_what_happens);

const USERS: [&str; 7] =
    ["coordinator", "evaluator-sof", "approver-sof", "approver", "evaluator-tmf", "reader", "auditor"];

struct Scene {
    users: Vec<(&'static str, Client)>,
    intervention: Value,
    report: Value,
    round: Value,
}

impl Scene {
    fn client(&self, user: &str) -> &Client {
        &self.users.iter().find(|(known, _)| *known == user).expect("a user").1
    }

    /// A valid input of a mutation, in the versions of now.
    fn input(&self, mutation: &str, year: i32) -> Value {
        let coordinator = self.client("coordinator");
        let query = "query($i: ID!, $r: ID!, $e: ID!, $y: Int!) { intervention(id: $i) { version } reportingYear(year: $y) { version } \
                     report: node(id: $r) { ... on InterventionYear { version } } round: node(id: $e) { ... on EvaluationRound { version } } }";
        let now = coordinator
            .data(query, json!({ "i": self.intervention, "r": self.report, "e": self.round, "y": year }));
        let of_report = json!({ "id": self.report, "expectedVersion": now["report"]["version"] });
        let of_intervention = json!({ "interventionId": self.intervention });
        match mutation {
            "updateIntervention" => {
                json!({ "id": self.intervention, "expectedVersion": now["intervention"]["version"], "since": 2019 })
            }
            "updateInterventionYear" => with(
                of_intervention,
                json!({
                    "year": year, "expectedVersion": now["report"]["version"], "remarks": format!("{mutation} {now}"),
                }),
            ),
            "returnInterventionYear" => with(of_report, json!({ "reason": "x" })),
            "submitInterventionYear" | "approveInterventionYear" => of_report,
            "closeReportingYear" => {
                json!({ "year": year, "expectedVersion": now["reportingYear"]["version"] })
            }
            "addClaim" => {
                json!({ "year": year, "text": "x", "printed": "1", "measure": "INTERVENTION_COUNT" })
            }
            "setFunding" => with(
                of_intervention,
                json!({
                    "budgetYear": 2031, "amountDkk": 1, "permanence": "PERMANENT", "kind": "OPERATION", "fundedBy": ["SOF"],
                }),
            ),
            "setFigure" => with(
                of_intervention,
                json!({
                    "reportedYear": year, "kind": "OUTCOME", "label": "Trivsel", "unit": "pct", "value": "5",
                }),
            ),
            "updateEvaluationRound" => {
                json!({ "id": self.round, "expectedVersion": now["round"]["version"], "theme": "Trivsel igen" })
            }
            "planVirkningsevaluering" => with(
                of_intervention,
                json!({
                    "title": "Trivsel", "periodStart": "2023-01-01", "periodEnd": "2023-12-31",
                }),
            ),
            other => panic!("an input of {other}"),
        }
    }

    /// Compares what everyone is told of everything with what is answered.
    fn compare(&self, state: &str, year: i32) -> usize {
        let query = format!(
            "query($i: ID!, $r: ID!, $e: ID!, $y: Int!) {{ intervention(id: $i) {{ {CAN} }} reportingYear(year: $y) {{ {CAN} }} \
             report: node(id: $r) {{ ... on InterventionYear {{ {CAN} funding {{ {CAN} }} }} }} round: node(id: $e) {{ ... on EvaluationRound {{ {CAN} }} }} }}"
        );
        let variables = json!({ "i": self.intervention, "r": self.report, "e": self.round, "y": year });
        let mut tried = 0;
        for (user, client) in &self.users {
            let seen = client.data(&query, variables.clone());
            for object in ["intervention", "reportingYear", "report", "round"] {
                let can = told(&seen[object]["can"]);
                tried += assert_refused((user, client), state, &can, |mutation| self.input(mutation, year));
            }
        }
        tried
    }

    fn can(&self, user: &str, ability: &str) -> String {
        let query = format!(
            "query($r: ID!) {{ node(id: $r) {{ ... on InterventionYear {{ {CAN} reportingYear {{ {CAN} }} }} }} }}"
        );
        let node = self.client(user).data(&query, json!({ "r": self.report }))["node"].clone();
        let all = told(&node["can"]).into_iter().chain(told(&node["reportingYear"]["can"]));
        all.into_iter().find(|(known, _)| known == ability).expect("the ability").1
    }

    /// Does what someone is told to be able to.
    fn does(&self, user: &str, ability: &str) {
        assert_eq!(self.can(user, ability), "OK", "{user} {ability}");
        let mutation = super::mutation(ability);
        assert_eq!(
            outcome(self.client(user), &mutation, &self.input(&mutation, 2024)),
            "OK",
            "{user} {mutation}"
        );
    }
}

fn what_is_told_of_the_register_is_what_happens(backend: Backend) {
    let server = Server::start(backend);
    let users: Vec<_> = USERS.into_iter().map(|user| (user, server.signed_in(user))).collect();
    let coordinator = users[0].1.clone();
    let open = coordinator.mutate("openReportingYear", &json!({ "year": 2024 }), "reportingYear { year }");
    assert_eq!(code(&open), "OK");
    let intervention = json!(coordinator.intervention("den-korte-snor").0);
    let report = json!({ "interventionId": intervention, "year": 2024, "remarks": "Ny" });
    let report = users[1].1.mutate("updateInterventionYear", &report, "interventionYear { id }");
    let round = json!({ "year": 2024, "theme": "Trivsel" });
    let round = coordinator.mutate("createEvaluationRound", &round, "evaluationRound { id }");
    let scene = Scene {
        users,
        intervention,
        report: report["interventionYear"]["id"].clone(),
        round: round["evaluationRound"]["id"].clone(),
    };
    assert_eq!(scene.can("coordinator", "CLOSE_REPORTING_YEAR"), "REPORTS_NOT_APPROVED");
    let mut tried = scene.compare("DRAFT", 2024);
    for user in ["evaluator-sof", "coordinator"] {
        scene.does(user, "UPDATE_INTERVENTION_YEAR");
    }
    scene.does("evaluator-sof", "SUBMIT_INTERVENTION_YEAR");
    tried += scene.compare("SUBMITTED", 2024);
    scene.does("approver-sof", "RETURN_INTERVENTION_YEAR");
    scene.does("evaluator-sof", "SUBMIT_INTERVENTION_YEAR");
    scene.does("approver", "APPROVE_INTERVENTION_YEAR");
    tried += scene.compare("APPROVED", 2024);
    let figure = scene.input("setFigure", 2024);
    assert_eq!(outcome(&coordinator, "setFigure", &figure), "OK");
    scene.does("coordinator", "CLOSE_REPORTING_YEAR");
    tried += scene.compare("of a closed year", 2024);
    assert_eq!(scene.can("coordinator", "UPDATE_INTERVENTION_YEAR"), "YEAR_CLOSED");
    assert!(tried > 150, "{tried} refusals were tried");
    figures_and_funding(&scene);
}

/// Numbers follow the year that reports them, money follows no year.
fn figures_and_funding(scene: &Scene) {
    let query = format!(
        "query($i: ID!) {{ intervention(id: $i) {{ funding {{ {CAN} }} figures(first: 100) {{ nodes {{ {CAN} \
         reportedYear }} }} }} }}"
    );
    for (user, funding, open, closed) in [
        ("coordinator", "OK", "OK", "YEAR_CLOSED"),
        ("evaluator-sof", "FORBIDDEN", "OK", "YEAR_CLOSED"),
        ("evaluator-tmf", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN"),
        ("reader", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN"),
    ] {
        let client = scene.client(user);
        let seen = client.data(&query, json!({ "i": scene.intervention }))["intervention"].clone();
        assert_eq!(told(&seen["funding"][0]["can"])["SET_FUNDING"], funding, "{user}");
        assert_eq!(outcome(client, "setFunding", &scene.input("setFunding", 2024)), funding, "{user}");
        let figures = seen["figures"]["nodes"].as_array().expect("figures");
        let figure = |year: i32| {
            let of_year = figures.iter().find(|figure| figure["reportedYear"] == year).expect("a figure");
            told(&of_year["can"])["SET_FIGURE"].clone()
        };
        assert_eq!((&*figure(2023), &*figure(2024)), (open, closed), "{user}");
        let new = with(scene.input("setFigure", 2023), json!({ "label": user }));
        assert_eq!(outcome(client, "setFigure", &new), open, "{user}");
        let present = with(scene.input("setFigure", 2024), json!({ "expectedVersion": 1, "value": "6" }));
        assert_eq!(outcome(client, "setFigure", &present), closed, "{user}");
    }
}
