//! A database in which everything that has a type stands in each place that access depends on.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::api_token::secret_of;
use super::client::Client;
use super::database::{Backend, Database};
use super::evaluation::{code, with};
use super::server::Server;

/// Where an evaluation is, as an actor of SOF sees it, and how far it has come.
pub const PLACES: [&str; 6] = [
    "own, unpublished",
    "partner's, unpublished",
    "other's, unpublished",
    "own, published",
    "partner's, published",
    "other's, published",
];

/// Interventions with their lead: SOF's own, one where SOF is a partner, and one that is nothing to SOF.
const INTERVENTIONS: [(&str, &str); 3] =
    [("den-korte-snor", "sof"), ("forebyggelse-af-ekstremisme", "bif"), ("fritidsjobindsatsen", "bif")];

/// Interventions that BIF leads alone, and of which nothing is evaluated yet.
pub const UNTOUCHED: [&str; 2] = ["job-og-uddannelse-til-doemte", "fokus-paa-rocker-og-bandekriminalitet"];

/// The ids of one place, by the name that a table of arguments calls them by.
#[derive(Clone)]
pub struct Place {
    ids: Vec<(&'static str, String)>,
}

impl Place {
    pub fn id(&self, name: &str) -> &str {
        let found = self.ids.iter().find(|(known, _)| *known == name);
        &found.unwrap_or_else(|| panic!("an id of {name}")).1
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(|(_, id)| &**id)
    }

    /// A text with what stands in it as `{name}` replaced by the id of that name.
    pub fn fill(&self, template: &str) -> String {
        self.ids.iter().fold(template.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), id))
    }
}

/// The database, made once, and its places.
pub fn places(backend: Backend) -> (Database, Vec<Place>) {
    static SQLITE: OnceLock<(Database, Vec<Place>)> = OnceLock::new();
    static POSTGRES: OnceLock<(Database, Vec<Place>)> = OnceLock::new();
    let made = match backend {
        Backend::Sqlite => &SQLITE,
        Backend::Postgres => &POSTGRES,
    };
    let (database, places) = made.get_or_init(|| make(backend));
    (database.copy(), places.clone())
}

fn make(backend: Backend) -> (Database, Vec<Place>) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let slugs = INTERVENTIONS.iter().map(|(slug, _)| slug).chain(&UNTOUCHED);
    let interventions: Vec<_> = slugs.map(|slug| coordinator.intervention(slug).0).collect();
    let round = json!({ "year": 2023, "theme": "Trivsel", "interventionIds": interventions });
    let round = made(&coordinator.mutate("createEvaluationRound", &round, "evaluationRound { id }"));
    let places = (0..PLACES.len()).map(|at| {
        let (slug, lead) = INTERVENTIONS[at % 3];
        let place = fill(&server, lead, slug, &round);
        if at >= 3 {
            approve(&server, lead, &place);
            server.signed_in(&format!("approver-{lead}")).steps("publish", place.id("evaluation"));
        }
        place
    });
    let places: Vec<_> = places.collect();
    // A reading for the access log to tell.
    let read =
        "query($c: ID!) { observations(criterionId: $c, purpose: \"Kvalitetssikring\") { totalCount } }";
    server.signed_in("evaluator-sof").data(read, json!({ "c": places[0].id("observed") }));
    let (status, database) = server.stop();
    assert!(status.success());
    (database.expect("a database"), places)
}

/// What belongs to no place: an account, a role and a token of someone else's, and an account that signs in elsewhere.
fn keys(server: &Server) -> Vec<(&'static str, String)> {
    let viewer = "{ viewer { id roleGrants { id } apiTokens { id } } }";
    let owner = server.signed_in("evaluator-tmf");
    let viewer = owner.data(viewer, json!({}))["viewer"].clone();
    let id = |value: &Value| value.as_str().map(str::to_owned);
    let token = id(&viewer["apiTokens"][0]["id"])
        .or_else(|| id(&secret_of(&owner, &[("EVALUATOR", Some("TMF"))])["apiToken"]["id"]));
    vec![
        ("account", id(&viewer["id"]).expect("an account")),
        ("grant", id(&viewer["roleGrants"][0]["id"]).expect("a grant")),
        ("apiToken", token.expect("a token")),
        ("elsewhere", elsewhere(&server.signed_in("admin"))),
    ]
}

fn elsewhere(admin: &Client) -> String {
    let accounts = admin.data("{ accounts(first: 100) { nodes { id issuer } } }", json!({}));
    let nodes = accounts["accounts"]["nodes"].as_array().expect("accounts");
    if let Some(account) = nodes.iter().find(|account| !account["issuer"].is_null()) {
        return account["id"].as_str().expect("an id").to_owned();
    }
    let account = json!({
        "email": "elsewhere@example.dk", "name": "Andetsteds", "issuer": "https://issuer.example", "subject": "1",
    });
    made(&admin.mutate("createAccount", &account, "account { id }"))
}

/// An evaluation of an intervention, with something of each kind, registered and not yet published.
pub fn fill(server: &Server, lead: &str, slug: &'static str, round: &str) -> Place {
    let maker = Maker {
        evaluator: &server.signed_in(&format!("evaluator-{lead}")),
        coordinator: &server.signed_in("coordinator"),
        slug,
        round,
    };
    let ids = maker.fill().into_iter().chain(keys(server));
    Place { ids: ids.collect() }
}

/// Has it approved, once its theory is sound.
pub fn approve(server: &Server, lead: &str, place: &Place) {
    let evaluation = place.id("evaluation");
    let evaluator = server.signed_in(&format!("evaluator-{lead}"));
    let orphan = json!({ "id": place.id("orphan"), "reason": "Fører ingen steder hen" });
    assert_eq!(code(&evaluator.change("removeTheoryElement", evaluation, orphan)), "OK");
    evaluator.steps("submit", evaluation);
    server.signed_in(&format!("approver-{lead}")).steps("approve", evaluation);
}

/// The id of what a mutation made, the only object of its payload.
fn made(payload: &Value) -> String {
    assert_eq!(code(payload), "OK", "{payload}");
    let mut objects = payload.as_object().expect("a payload").values();
    let id = objects.find_map(|object| object["id"].as_str());
    id.unwrap_or_else(|| panic!("an id in {payload}")).to_owned()
}

/// Who makes an evaluation that has something of each kind.
struct Maker<'a> {
    evaluator: &'a Client,
    coordinator: &'a Client,
    slug: &'static str,
    round: &'a str,
}

impl Maker<'_> {
    fn fill(&self) -> Vec<(&'static str, String)> {
        let evaluator = self.evaluator;
        let evaluation = evaluator.plan(self.slug);
        let plan = json!({ "id": evaluation, "enrolled": 50, "roundId": self.round });
        assert_eq!(code(&evaluator.change("updateVirkningsevaluering", &evaluation, plan)), "OK");
        evaluator.states_processing(&evaluation);
        let named = json!({ "virkningsevalueringId": evaluation, "name": "Unge i Den Korte Snor" });
        let population = made(&evaluator.mutate("addPopulation", &named, "population { id }"));
        let source = made(&evaluator.mutate("addDataSource", &named, "dataSource { id }"));
        let criterion = evaluator.add_criterion(&evaluation, json!({ "pairing": "INDEPENDENT" }));
        let paired = evaluator.add_criterion(&evaluation, json!({ "dimension": "Venskaber" }));
        let observed = self.add_mean(&evaluation);
        let distribution = json!({ "dimension": "Uddannelse", "successCategories": ["I gang"] });
        let distribution = evaluator.add_criterion(&evaluation, distribution);
        let (element, rival) = self.theory(&evaluation, &criterion);
        evaluator.steps("register", &evaluation);
        let measurement = self.measure(&criterion, &population, &source);
        self.measure_others(&evaluation, &paired, &observed, &distribution);
        let orphan = self.amend(&evaluation, &criterion);
        let figures = self.published_numbers();
        let events =
            "query($id: ID!) { virkningsevaluering(id: $id) { history(first: 1) { nodes { id } } } }";
        let event = evaluator.data(events, json!({ "id": evaluation }));
        let event = event["virkningsevaluering"]["history"]["nodes"][0]["id"].as_str().expect("an event");
        let mut ids = vec![
            ("intervention", evaluator.intervention(self.slug).0),
            ("report", evaluator.report(self.slug).0),
            ("round", self.round.to_owned()),
            ("event", event.to_owned()),
            ("evaluation", evaluation),
            ("criterion", criterion),
            ("observed", observed),
            ("measurement", measurement),
            ("population", population),
            ("source", source),
            ("element", element),
            ("orphan", orphan),
            ("rival", rival),
        ];
        ids.extend(figures);
        ids
    }

    fn add_mean(&self, evaluation: &str) -> String {
        let mean = json!({
            "dimension": "Trivsel", "indicator": "Trivselsscore", "unit": "MEAN", "basis": "ABSOLUTE_CHANGE",
            "direction": "UP", "threshold": "1", "instrument": "WHO_5",
        });
        self.evaluator.add_criterion(evaluation, mean)
    }

    fn theory(&self, evaluation: &str, criterion: &str) -> (String, String) {
        let evaluator = self.evaluator;
        let activity = evaluator.add_element(evaluation, "ACTIVITY", "Ugentlige samtaler");
        let outcome = evaluator.add_element(evaluation, "SHORT_TERM_OUTCOME", "De unge går i skole");
        assert_eq!(code(&evaluator.link(&activity, &outcome)), "OK");
        let attached = json!({ "criterionId": criterion, "elementId": outcome });
        assert_eq!(code(&evaluator.change("attachSuccessCriterion", evaluation, attached)), "OK");
        evaluator.add_evidence(&outcome, "SUPPORTS", "De fortæller det selv");
        let rival = json!({ "virkningsevalueringId": evaluation, "elementId": outcome, "text": "Skolen er en anden" });
        let rival = evaluator.mutate("addRivalExplanation", &rival, "rivalExplanation { id }");
        (outcome, made(&rival))
    }

    /// Participants and a comparison group before and after, one number of them corrected.
    fn measure(&self, criterion: &str, population: &str, source: &str) -> String {
        let of_all = json!({ "populationId": population, "sourceId": source });
        let share = |numerator: i32, denominator: i32| {
            with(of_all.clone(), json!({ "numerator": numerator, "denominator": denominator }))
        };
        let waiting =
            json!({ "group": { "kind": "COMPARISON", "name": "Ventelisten", "comparability": "MATCHED" } });
        for (wave, numerator, compared) in [("BEFORE", 13, 22), ("AFTER", 6, 20)] {
            self.evaluator.recorded(criterion, wave, share(numerator, 43));
            self.evaluator.recorded(criterion, wave, with(share(compared, 80), waiting.clone()));
        }
        self.evaluator.recorded(criterion, "DURING", json!({ "absence": "NOT_STATED" }));
        let month = json!({ "months": { "anchor": "END", "from": 3, "to": 3 } });
        let wrong = self.evaluator.recorded(criterion, "FOLLOW_UP", with(share(2, 40), month));
        let corrected = json!({
            "id": wrong, "correction": "TYPING_ERROR", "reason": "Tastefejl", "numerator": 3, "denominator": 40,
        });
        let corrected = self.evaluator.mutate("correctMeasurement", &corrected, "measurement { id }");
        made(&corrected)
    }

    fn measure_others(&self, evaluation: &str, paired: &str, observed: &str, distribution: &str) {
        self.evaluator.recorded_share(paired, "BEFORE", 13, 43);
        self.evaluator.recorded_share(paired, "AFTER", 5, 43);
        let table = json!({ "criterionId": paired, "n11": 5, "n10": 8, "n01": 0, "n00": 30 });
        assert_eq!(code(&self.evaluator.mutate("recordPairedTable", &table, "criterion { id }")), "OK");
        for (wave, rise) in [("BEFORE", 0), ("AFTER", 1)] {
            let items = |number: i32| json!([number % 3 + rise, 2, number % 4 + rise * (number % 2), 1, 2]);
            self.evaluator.observed(observed, wave, "items", &(0..12).map(items).collect::<Vec<_>>());
        }
        let left_out = json!({ "criterionId": observed, "participant": "P3", "reason": "Er flyttet" });
        assert_eq!(code(&self.evaluator.mutate("excludeParticipant", &left_out, "criterion { id }")), "OK");
        let erased =
            json!({ "virkningsevalueringId": evaluation, "participant": "P5", "reason": "Har bedt om det" });
        assert_eq!(code(&self.evaluator.change("eraseObservations", evaluation, erased)), "OK");
        for (wave, counts) in [("BEFORE", [12, 20]), ("AFTER", [20, 11])] {
            let counted = |(category, count)| json!({ "category": category, "count": count });
            let categories: Value = ["I gang", "Ikke i gang"].into_iter().zip(counts).map(counted).collect();
            self.evaluator.recorded(distribution, wave, json!({ "categories": categories }));
        }
    }

    /// What is said once the criteria are registered. Gives an element of the theory that leads nowhere.
    fn amend(&self, evaluation: &str, criterion: &str) -> String {
        let evaluator = self.evaluator;
        let amended = json!({
            "id": criterion, "expectedVersion": evaluator.version(evaluation), "threshold": "0.4", "reason": "Efter drøftelse",
        });
        assert_eq!(code(&evaluator.mutate("amendSuccessCriterion", &amended, "criterion { id }")), "OK");
        let orphan = evaluator.add_element(evaluation, "CONTEXT", "Skolen er ny");
        let claim = json!({
            "criterionId": criterion, "text": "Fraværet er halveret", "printed": "-50", "measure": "RELATIVE_CHANGE",
        });
        made(&evaluator.mutate("addClaim", &claim, "claim { id }"));
        let learning =
            json!({ "virkningsevalueringId": evaluation, "audience": "MANAGEMENT", "text": "Begynd før" });
        made(&evaluator.mutate("addLearning", &learning, "learning { id }"));
        orphan
    }

    /// Money and a number of few people, which the register prints.
    fn published_numbers(&self) -> Vec<(&'static str, String)> {
        let (intervention, _) = self.coordinator.intervention(self.slug);
        let query =
            "query($i: ID!) { intervention(id: $i) { funding { id } figures(first: 1) { nodes { id } } } }";
        let found =
            self.coordinator.data(query, json!({ "i": intervention.as_str() }))["intervention"].clone();
        let id = |value: &Value| {
            value.as_str().unwrap_or_else(|| panic!("an id: {found}, {}", self.slug)).to_owned()
        };
        vec![("funding", id(&found["funding"][0]["id"])), ("figure", id(&found["figures"]["nodes"][0]["id"]))]
    }
}
