//! The log under many writers at two servers at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};

use super::{entries, verify};
use crate::support::{Backend, Client, Database, Server, Snor, with};

on_both_databases!(the_log_has_no_gap_and_no_fork_under_writers_at_two_servers);

const WRITERS: usize = 8;
const ROUNDS: usize = 6;

/// What was accepted, and what was refused.
#[derive(Default)]
struct Outcome {
    accepted: usize,
    refused: usize,
}

impl Outcome {
    /// Carries out a mutation; where the other server holds the lock for too long, once more.
    fn of(&mut self, client: &Client, mutation: &str, input: &Value) {
        loop {
            let answer = client.try_mutate(mutation, input, "__typename").json();
            if answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE" {
                continue;
            }
            assert_eq!(answer["errors"], Value::Null, "{mutation}: {answer}");
            let refused = answer["data"][mutation]["userErrors"] != json!([]);
            *(if refused { &mut self.refused } else { &mut self.accepted }) += 1;
            return;
        }
    }
}

/// Writes of many kinds; some are refused at once, and some after they have begun to write.
fn write(coordinator: &Client, evaluator: &Client, snor: &Snor, writer: usize) -> Outcome {
    let mut outcome = Outcome::default();
    let (ludo, _) = coordinator.intervention("ludo");
    let half_bad = "criterion,wave,group,period_start,period_end,numerator,denominator\n\
                    1,FOLLOW_UP,PARTICIPANTS,2023-07-01,2023-12-31,7,43\n\
                    1,FOLLOW_UP,PARTICIPANTS,2023-07-01,2023-12-31,99,43\n";
    for round in 0..ROUNDS {
        let own = format!("skriver-{writer}-{round}");
        outcome.of(coordinator, "createIntervention", &json!({ "slug": own, "name": own }));
        // All want the same slug: one gets it.
        let same = format!("samme-{round}");
        outcome.of(coordinator, "createIntervention", &json!({ "slug": same, "name": own }));
        let claim = json!({ "year": 2023, "text": own, "printed": "22", "measure": "INTERVENTION_COUNT" });
        outcome.of(coordinator, "addClaim", &claim);
        let stale = json!({ "id": ludo, "expectedVersion": 9, "name": own });
        outcome.of(coordinator, "updateIntervention", &stale);
        let learning = json!({ "virkningsevalueringId": snor.id, "audience": "MANAGEMENT", "text": own });
        outcome.of(evaluator, "addLearning", &learning);
        let months = json!({ "months": { "anchor": "END", "from": round, "to": round } });
        let measured = json!({
            "criterionId": snor.absence, "wave": "AFTER", "numerator": writer, "denominator": 43,
            "periodStart": "2022-07-01", "periodEnd": "2023-06-30",
        });
        outcome.of(evaluator, "recordMeasurement", &with(measured, months));
        let import = json!({ "virkningsevalueringId": snor.id, "csv": half_bad });
        outcome.of(evaluator, "importMeasurements", &import);
    }
    outcome
}

/// Reads the log while it is written: what is there has no gap, and nothing appears below what was seen.
fn watch(database: &Database, over: &AtomicBool) -> i64 {
    let (mut seen, mut times) = (-1, 0);
    let sql = "SELECT max(\"index\") AS last, count(*) AS entries FROM log_entry";
    database.poll(sql, over, |rows| {
        let number = |name: &str| rows[0].try_get::<i64>("", name).expect("a number");
        let last = number("last");
        assert_eq!(number("entries"), last + 1, "a gap below {last}");
        assert!(last >= seen, "{last} after {seen}");
        (seen, times) = (last, times + 1);
    });
    times
}

fn the_log_has_no_gap_and_no_fork_under_writers_at_two_servers(backend: Backend) {
    let one = Server::start(backend);
    let other = Server::serve(one.database().shared(), &["--checkpoint-seconds", "1"]);
    let snor = Snor::registered(&one.signed_in("evaluator-sof"));
    let before = entries(one.database());
    let over = AtomicBool::new(false);
    let (outcomes, looks) = thread::scope(|scope| {
        let (one, other, snor, over) = (&one, &other, &snor, &over);
        // Whoever reads an SQLite file keeps those who write waiting.
        let watcher =
            (backend == Backend::Postgres).then(|| scope.spawn(move || watch(one.database(), over)));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let server = if writer % 2 == 0 { one } else { other };
                let (coordinator, evaluator) =
                    (server.signed_in("coordinator"), server.signed_in("evaluator-sof"));
                scope.spawn(move || write(&coordinator, &evaluator, snor, writer))
            })
            .collect();
        let outcomes: Vec<_> = writers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        over.store(true, Ordering::Relaxed);
        (outcomes, watcher.map(|watcher| watcher.join().expect("a log without gaps")))
    });
    let outcomes: Vec<_> = outcomes.into_iter().map(|outcome| outcome.expect("a writer's outcome")).collect();
    let accepted: usize = outcomes.iter().map(|outcome| outcome.accepted).sum();
    let refused: usize = outcomes.iter().map(|outcome| outcome.refused).sum();
    // Of each round's seven: three of each writer's own, and of two that all want, one.
    assert_eq!(accepted, ROUNDS * (3 * WRITERS + 2), "{refused} refused");
    assert!(looks.is_none_or(|looks| looks > 20), "{looks:?} looks at the log");
    let (status, _) = other.stop();
    assert!(status.success());
    let (status, database) = one.stop();
    assert!(status.success());
    let database = database.expect("the database");
    assert_eq!(entries(&database), before + i64::try_from(accepted).expect("a small number"));
    is_whole(&database);
    verify(&database).assert_success();
}

/// One entry for each event, numbered from 0 without gaps, with its leaf, and in each subject's own order.
fn is_whole(database: &Database) {
    let row = &database
        .query("SELECT min(\"index\") AS first, max(\"index\") AS last, count(*) AS entries FROM log_entry")
        [0];
    let number = |name: &str| row.try_get::<i64>("", name).expect("a number");
    assert_eq!((number("first"), number("last")), (0, number("entries") - 1));
    assert_eq!(database.count("event"), number("entries"));
    for wrong in [
        "SELECT event.id FROM event LEFT JOIN log_entry ON log_entry.event_id = event.id AND log_entry.leaf = event.leaf \
         WHERE log_entry.event_id IS NULL",
        "SELECT later.id FROM event AS earlier JOIN event AS later \
         ON later.subject_id = earlier.subject_id AND later.sequence = earlier.sequence + 1 \
         JOIN log_entry AS first ON first.event_id = earlier.id JOIN log_entry AS second ON second.event_id = later.id \
         WHERE second.\"index\" <= first.\"index\"",
    ] {
        assert!(database.query(wrong).is_empty(), "{wrong}");
    }
}
