//! An attempt at each mutation, at whatever is in a place. What the schema adds needs an entry here, and only here.

use serde_json::{Value, json};

use super::evaluation::{Ids, attempts, with};
use super::places::Place;

/// A version that nothing has: to those who may write it is stale, once they have been found to.
pub const NO_VERSION: i64 = 999_999;

/// Mutations that no role is needed for: who they are about is who sends them.
pub const ONES_OWN: [&str; 6] =
    ["signIn", "refreshSession", "signOut", "signOutEverywhere", "changePassword", "redeemPasswordLink"];

pub struct Attempt {
    pub mutation: &'static str,
    /// Sound, but for the version where one is named.
    pub input: Value,
    /// The same with a fault of its own, so that who may do it changes nothing.
    pub faulty: Value,
}

impl Attempt {
    fn new(mutation: &'static str, input: Value, fault: Value) -> Self {
        let stale = json!({ "expectedVersion": NO_VERSION });
        let fault = if input.get("expectedVersion").is_some() { stale } else { fault };
        Self { mutation, faulty: with(input.clone(), fault), input }
    }
}

/// An attempt at each mutation on what is in a place.
pub fn attempts_at(place: &Place) -> Vec<Attempt> {
    let ids = Ids {
        evaluation: place.id("evaluation").to_owned(),
        criterion: place.id("criterion").to_owned(),
        measurement: place.id("measurement").to_owned(),
        element: place.id("element").to_owned(),
        rival: place.id("rival").to_owned(),
    };
    let of_evaluation = attempts(&ids)
        .into_iter()
        .map(|(mutation, _, input)| Attempt::new(mutation, input, fault_of_evaluation(mutation)));
    on_the_register(place).into_iter().chain(on_accounts(place)).chain(of_evaluation).collect()
}

/// What is wrong with an attempt that names no version.
fn fault_of_evaluation(mutation: &str) -> Value {
    match mutation {
        "addSuccessCriterion" => json!({ "dimension": "" }),
        "recordMeasurement" | "correctMeasurement" => json!({ "numerator": 44 }),
        "recordPairedTable" => json!({ "n11": -1 }),
        "addPopulation" | "addDataSource" => json!({ "name": "" }),
        "addClaim"
        | "addLearning"
        | "addTheoryElement"
        | "addQualitativeEvidence"
        | "addRivalExplanation" => json!({ "text": "" }),
        "recordObservations" => json!({ "observations": [] }),
        "excludeParticipant" | "includeParticipant" => json!({ "participant": "" }),
        "importMeasurements" => json!({ "csv": "x" }),
        // An element that leads to itself.
        _ => json!({}),
    }
}

fn on_the_register(place: &Place) -> Vec<Attempt> {
    let (intervention, report, round) = (place.id("intervention"), place.id("report"), place.id("round"));
    let step = json!({ "id": report, "expectedVersion": 1 });
    let empty = |field: &str| json!({ field: "" });
    vec![
        Attempt::new(
            "planVirkningsevaluering",
            json!({
                "interventionId": intervention, "title": "x", "periodStart": "2023-01-01", "periodEnd": "2023-12-31",
            }),
            empty("title"),
        ),
        Attempt::new(
            "createEvaluationRound",
            json!({ "year": 2023, "theme": "x", "interventionIds": [intervention] }),
            empty("theme"),
        ),
        Attempt::new(
            "updateEvaluationRound",
            json!({ "id": round, "expectedVersion": 1, "theme": "x" }),
            json!({}),
        ),
        Attempt::new("addInstrument", json!({ "code": "X", "name": "x", "direction": "UP" }), empty("name")),
        Attempt::new("createIntervention", json!({ "slug": "x", "name": "x" }), empty("name")),
        Attempt::new(
            "updateIntervention",
            json!({ "id": intervention, "expectedVersion": 1, "name": "x" }),
            json!({}),
        ),
        Attempt::new("openReportingYear", json!({ "year": 2031 }), json!({ "year": 2023 })),
        Attempt::new("closeReportingYear", json!({ "year": 2023, "expectedVersion": 1 }), json!({})),
        Attempt::new(
            "updateInterventionYear",
            json!({ "interventionId": intervention, "year": 2023, "expectedVersion": 1, "remarks": "x" }),
            json!({}),
        ),
        Attempt::new("submitInterventionYear", step.clone(), json!({})),
        Attempt::new("returnInterventionYear", with(step.clone(), json!({ "reason": "x" })), json!({})),
        Attempt::new("approveInterventionYear", step, json!({})),
        Attempt::new(
            "setFunding",
            json!({
                "interventionId": intervention, "budgetYear": 2024, "expectedVersion": 1, "amountDkk": 1, "fundedBy": [],
            }),
            json!({}),
        ),
        Attempt::new(
            "setFigure",
            json!({
                "interventionId": intervention, "reportedYear": 2023, "kind": "OUTCOME", "label": "x", "unit": "x",
                "expectedVersion": 1, "value": "1",
            }),
            json!({}),
        ),
    ]
}

fn on_accounts(place: &Place) -> Vec<Attempt> {
    let account = place.id("account");
    vec![
        Attempt::new(
            "createAccount",
            json!({ "email": "x@example.dk", "name": "x", "password": "a long enough password" }),
            json!({ "email": "no address" }),
        ),
        Attempt::new("updateAccount", json!({ "id": account, "expectedVersion": 1, "name": "x" }), json!({})),
        Attempt::new(
            "grantRole",
            json!({ "accountId": account, "role": "READER" }),
            json!({ "role": "COORDINATOR", "forvaltning": "SOF" }),
        ),
        Attempt::new("confirmRoleGrant", json!({ "id": place.id("grant"), "expectedVersion": 1 }), json!({})),
        Attempt::new("revokeRole", json!({ "id": place.id("grant"), "expectedVersion": 1 }), json!({})),
        // One that signs in elsewhere gets no link.
        Attempt::new(
            "createPasswordLink",
            json!({ "accountId": account }),
            json!({ "accountId": place.id("elsewhere") }),
        ),
        Attempt::new(
            "createApiToken",
            json!({ "name": "x", "roles": [{ "role": "READER" }], "expiresAt": "2027-06-01T00:00:00Z" }),
            json!({ "name": "" }),
        ),
        Attempt::new(
            "revokeApiToken",
            json!({ "id": place.id("apiToken"), "expectedVersion": 1 }),
            json!({}),
        ),
    ]
}
