//! Following the history: what comes, to whom, and in which order.

use std::collections::BTreeSet;
use std::thread;

use serde_json::{Value, json};

use crate::support::access_log::written;
use crate::support::{Backend, Client, EventStream, Sent, Server, Socket};

on_both_databases!(
    events_come_in_order_with_all_that_is_asked_of_them,
    what_another_forvaltning_does_is_not_heard_of,
    a_filter_lets_through_what_fits,
    without_a_place_to_begin_it_begins_now,
    the_place_to_begin_is_an_event_that_the_reader_may_read,
    who_comes_back_gets_exactly_what_was_missed,
    what_a_command_writes_is_heard_of_too,
    many_writers_are_heard_in_the_order_of_the_log,
);

const FOLLOW: &str = "subscription($after: ID) { eventAppended(after: $after) { id } }";

/// The last event that the reader sees: a place to begin.
fn last_id(reader: &Client) -> Value {
    reader.data("{ history(last: 1) { nodes { id } } }", json!({}))["history"]["nodes"][0]["id"].clone()
}

/// The ids of the events after one, as `history` lists them.
fn ids(reader: &Client) -> Vec<Value> {
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    loop {
        let query = "query($after: String) { history(first: 100, after: $after) { nodes { id } \
                     pageInfo { hasNextPage endCursor } } }";
        let page = reader.data(query, json!({ "after": after }))["history"].clone();
        ids.extend(page["nodes"].as_array().expect("nodes").iter().map(|node| node["id"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            return ids;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Renames an intervention, which leaves an event.
fn rename(coordinator: &Client, slug: &str, name: &str) {
    let (id, version) = coordinator.intervention(slug);
    let input = json!({ "id": id, "expectedVersion": version, "name": name, "reason": "Den hedder sådan" });
    let payload = coordinator.mutate("updateIntervention", &input, "intervention { id }");
    assert_eq!(payload["userErrors"], json!([]));
}

fn events_come_in_order_with_all_that_is_asked_of_them(backend: Backend) {
    let server = Server::start(backend);
    let (coordinator, auditor) = (server.signed_in("coordinator"), server.signed_in("auditor"));
    let mut socket = Socket::of(&auditor);
    let query = "subscription Follow($after: ID, $with: Boolean!) { \
         news: eventAppended(after: $after) { ...Whole changes { after before: field } } } \
         fragment Whole on Event { __typename kind: subjectKind action reason actor { name roles } \
         ... on Event { changes { __typename field } } id @skip(if: true) sequence @include(if: $with) }";
    socket.subscribe("1", query, json!({ "after": last_id(&auditor), "with": false }));
    for name in ["Et", "To", "Tre"] {
        rename(&coordinator, "ludo", name);
    }
    for name in ["Et", "To", "Tre"] {
        // To the byte: fields in the query's order.
        let expected = json!({ "news": {
            "__typename": "Event",
            "kind": "INTERVENTION",
            "action": "UPDATE",
            "reason": "Den hedder sådan",
            "actor": { "name": "Coordinator", "roles": ["COORDINATOR"] },
            "changes": [{ "__typename": "Change", "field": "name", "after": name, "before": "name" }],
        } });
        assert_eq!(socket.next("1"), expected);
    }
}

fn what_another_forvaltning_does_is_not_heard_of(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let readers = ["evaluator-sof", "evaluator-bif", "auditor", "auditor-sof"].map(|user| {
        let reader = server.signed_in(user);
        let mut socket = Socket::of(&reader);
        let query = "subscription($after: ID) { eventAppended(after: $after) { changes { after } } }";
        socket.subscribe("1", query, json!({ "after": last_id(&reader) }));
        socket
    });
    // Of SOF, of BIF, of BIF with SOF as partner, of nobody, and what only keepers of accounts read.
    rename(&coordinator, "ludo", "af SOF");
    rename(&coordinator, "fritidsjobindsatsen", "af BIF");
    rename(&coordinator, "forebyggelse-af-ekstremisme", "af begge");
    coordinator.mutate("openReportingYear", &json!({ "year": 2024 }), "reportingYear { year }");
    let account = json!({ "email": "ny@example.dk", "name": "Ny", "password": "en lang adgangskode" });
    server.signed_in("admin").mutate("createAccount", &account, "account { id }");
    rename(&coordinator, "ssp-plus", "til sidst");
    let heard = readers.map(|mut socket| {
        let mut heard = Vec::new();
        while heard.last().is_none_or(|last| last != "til sidst") {
            let changes = socket.next("1")["eventAppended"]["changes"].clone();
            let values = changes.as_array().expect("changes").iter().map(|change| change["after"].as_str());
            let told = values
                .flatten()
                .find(|value| ["af SOF", "af BIF", "af begge", "2024", "Ny", "til sidst"].contains(value));
            heard.push(told.unwrap_or("other").to_owned());
        }
        heard
    });
    let expected: [&[&str]; 4] = [
        &["af SOF", "af begge", "til sidst"],
        &["af BIF", "af begge", "til sidst"],
        &["af SOF", "af BIF", "af begge", "2024", "Ny", "til sidst"],
        &["af SOF", "af begge", "2024", "til sidst"],
    ];
    assert_eq!(heard, expected);
}

fn a_filter_lets_through_what_fits(backend: Backend) {
    let server = Server::start(backend);
    let (coordinator, auditor) = (server.signed_in("coordinator"), server.signed_in("auditor"));
    let (ludo, _) = coordinator.intervention("ludo");
    let mut socket = Socket::of(&auditor);
    let query = "subscription($filter: EventFilter, $after: ID) { \
                 eventAppended(filter: $filter, after: $after) { changes { after } } }";
    let after = last_id(&auditor);
    socket.subscribe(
        "1",
        query,
        json!({ "filter": { "subjectId": ludo, "action": "UPDATE" }, "after": after }),
    );
    rename(&coordinator, "all-in", "Et");
    rename(&coordinator, "ludo", "To");
    rename(&coordinator, "all-in", "Tre");
    rename(&coordinator, "ludo", "Fire");
    for name in ["To", "Fire"] {
        assert_eq!(socket.next("1")["eventAppended"]["changes"][0]["after"], name);
    }
    socket.subscribe("2", query, json!({ "filter": { "subjectKind": "VEJR" } }));
    assert_eq!(socket.refusal("2"), "BAD_USER_INPUT");
}

fn without_a_place_to_begin_it_begins_now(backend: Backend) {
    let server = Server::start(backend);
    let (coordinator, auditor) = (server.signed_in("coordinator"), server.signed_in("auditor"));
    rename(&coordinator, "ludo", "Før");
    // Its response begins once it is open.
    let mut stream = EventStream::open(&auditor, FOLLOW, &json!({}));
    rename(&coordinator, "ludo", "Efter");
    assert_eq!(
        stream.next(),
        Sent::Next(json!({ "data": { "eventAppended": { "id": last_id(&auditor) } } }))
    );
}

fn the_place_to_begin_is_an_event_that_the_reader_may_read(backend: Backend) {
    let server = Server::start(backend);
    let (coordinator, bif) = (server.signed_in("coordinator"), server.signed_in("evaluator-bif"));
    rename(&coordinator, "ludo", "af SOF");
    let foreign = last_id(&server.signed_in("evaluator-sof"));
    let (ludo, _) = coordinator.intervention("ludo");
    let unknown = "event_01a209285eab731c8a320b311ec3abf2";
    let refused = [foreign, json!(unknown), json!(ludo), json!("x"), json!("")].map(|after| {
        let response = EventStream::request(&bif, FOLLOW, &json!({ "after": after }));
        let status = response.status().as_u16();
        (status, response.into_body().read_to_string().expect("a body"))
    });
    let body: Value = serde_json::from_str(&refused[0].1).expect("JSON");
    let error = &body["errors"][0]["extensions"];
    assert_eq!((&error["code"], &error["faults"][0]["field"]), (&json!("NOT_FOUND"), &json!(["after"])));
    assert!(body.get("data").is_none());
    // What may not be read is answered to the byte as what does not exist.
    assert!(refused.iter().all(|refusal| *refusal == refused[0]), "{refused:?}");
    assert_eq!(refused[0].0, 400);
    // And each time it is a denial that auditors read of.
    written(&server.signed_in("auditor"), 5);
}

fn who_comes_back_gets_exactly_what_was_missed(backend: Backend) {
    let server = Server::start(backend);
    let (coordinator, auditor) = (server.signed_in("coordinator"), server.signed_in("auditor"));
    let mut socket = Socket::of(&auditor);
    socket.subscribe("1", FOLLOW, json!({ "after": last_id(&auditor) }));
    rename(&coordinator, "ludo", "0");
    let received = socket.next("1")["eventAppended"]["id"].clone();
    drop(socket);
    let before = ids(&auditor).len();
    for number in 1..=5 {
        rename(&coordinator, "ludo", &number.to_string());
    }
    let missed = ids(&auditor).split_off(before);
    assert_eq!(missed.len(), 5);
    let mut socket = Socket::of(&auditor);
    socket.subscribe("1", FOLLOW, json!({ "after": received }));
    for id in missed {
        assert_eq!(socket.next("1")["eventAppended"]["id"], id);
    }
    // From the first event on it is all of the register, more than one statement reads; and then it is live.
    let all = ids(&auditor);
    socket.subscribe("2", FOLLOW, json!({ "after": all[0] }));
    for id in &all[1..] {
        assert_eq!(socket.next("2")["eventAppended"]["id"], *id);
    }
    rename(&coordinator, "ludo", "6");
    let live = [socket.hear().message(), socket.hear().message()];
    let answered: BTreeSet<_> = live.iter().map(|message| message["id"].as_str().expect("an id")).collect();
    assert_eq!(answered, BTreeSet::from(["1", "2"]));
    assert!(live.iter().all(|one| one["payload"]["data"]["eventAppended"]["id"] == last_id(&auditor)));
}

fn what_a_command_writes_is_heard_of_too(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let mut stream = EventStream::open(&admin, FOLLOW, &json!({}));
    let arguments = ["account", "grant", "nobody@example.dk", "READER", "--as", "admin@example.dk"];
    crate::support::virkning(&server.database().url, &arguments).assert_success();
    assert_eq!(stream.next(), Sent::Next(json!({ "data": { "eventAppended": { "id": last_id(&admin) } } })));
}

fn many_writers_are_heard_in_the_order_of_the_log(backend: Backend) {
    const WRITERS: usize = 8;
    const EACH: usize = 12;
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let slugs =
        ["ludo", "all-in", "ssp-plus", "sjakket", "ny-start", "kbh-18-plus", "green-teams", "din-betjent"];
    let begin = last_id(&auditor);
    let mut live = Socket::of(&auditor);
    live.subscribe("1", FOLLOW, json!({ "after": begin }));
    let (heard, resumed) = thread::scope(|scope| {
        for slug in slugs {
            let coordinator = server.signed_in("coordinator");
            scope.spawn(move || {
                for number in 0..EACH {
                    rename(&coordinator, slug, &format!("{slug} {number}"));
                }
            });
        }
        // Another comes back again and again, each time from the last that it has.
        let resuming = scope.spawn(|| {
            let (mut ids, mut after) = (Vec::new(), begin.clone());
            while ids.len() < WRITERS * EACH {
                let mut socket = Socket::of(&auditor);
                socket.subscribe("1", FOLLOW, json!({ "after": after }));
                for _ in 0..7.min(WRITERS * EACH - ids.len()) {
                    after = socket.next("1")["eventAppended"]["id"].clone();
                    ids.push(after.clone());
                }
            }
            ids
        });
        let heard: Vec<_> =
            (0..WRITERS * EACH).map(|_| live.next("1")["eventAppended"]["id"].clone()).collect();
        (heard, resuming.join().expect("all events"))
    });
    let rows = server.database().query("SELECT event_id FROM log_entry ORDER BY \"index\"");
    let log: Vec<String> = rows
        .iter()
        .map(|row| row.try_get::<sea_orm::prelude::Uuid>("", "event_id").expect("an id"))
        .map(|id| format!("event_{}", id.simple()))
        .collect();
    assert_eq!(heard, log[log.len() - WRITERS * EACH..]);
    assert_eq!(resumed, heard);
}
