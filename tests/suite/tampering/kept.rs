//! Which year of an intervention is its newest, and who leads it then, is kept beside it. No event says it.

use sea_orm::prelude::Uuid;
use serde_json::json;

use super::scene::{Scene, done};
use super::{by_hand, first, literal, verify};
use crate::support::{Backend, Database, Server};

on_both_databases!(
    a_mark_of_the_newest_year_that_is_moved_is_named,
    an_intervention_that_is_given_to_another_is_named,
);

const YEARS_OF_LUDO: &str = "intervention_id = (SELECT id FROM intervention WHERE slug = 'ludo')";

/// The history of the scene, in which one intervention has reported on two years.
fn with_two_years(backend: Backend) -> Database {
    let server = Server::serve(Scene::on(backend).today.copy(), &[]);
    let coordinator = server.signed_in("coordinator");
    done(&coordinator, "openReportingYear", &json!({ "year": 2024 }));
    let (ludo, _) = coordinator.intervention("ludo");
    let report = json!({ "interventionId": ludo, "year": 2024, "remarks": "Nyt år" });
    done(&server.signed_in("evaluator-sof"), "updateInterventionYear", &report);
    server.stop().1.expect("the database")
}

fn report_on(database: &Database, year: i32) -> String {
    let report = format!("SELECT id FROM intervention_year WHERE year = {year} AND {YEARS_OF_LUDO}");
    database.query(&report)[0].try_get::<Uuid>("", "id").expect("an id").to_string()
}

fn a_mark_of_the_newest_year_that_is_moved_is_named(backend: Backend) {
    let database = with_two_years(backend);
    verify(&database, &[], &[]).assert_success();
    let [older, newer] = [2023, 2024].map(|year| report_on(&database, year));
    let mark = |years: &str| {
        by_hand(
            &database,
            &format!("UPDATE intervention_year SET newest = year IN ({years}) WHERE {YEARS_OF_LUDO}"),
        );
    };
    for (marked, wrong) in [("2023", &[&older, &newer][..]), ("2023, 2024", &[&older]), ("2022", &[&newer])] {
        mark(marked);
        let ran = verify(&database, &[], &[]);
        assert!(first(&ran).contains("whether it is the newest year is kept wrongly"), "{}", ran.stdout);
        for report in [&older, &newer] {
            let named = ran.stdout.contains(&format!("INTERVENTION_YEAR {report}: "));
            assert_eq!(named, wrong.contains(&report), "{marked} marked: {}", ran.stdout);
        }
    }
    mark("2024");
    verify(&database, &[], &[]).assert_success();
}

fn an_intervention_that_is_given_to_another_is_named(backend: Backend) {
    let database = Scene::on(backend).today.copy();
    verify(&database, &[], &[]).assert_success();
    let ludo = &database.query("SELECT id, lead_id FROM intervention WHERE slug = 'ludo'")[0];
    let [ludo, lead] = ["id", "lead_id"].map(|column| ludo.try_get::<Uuid>("", column).expect("an id"));
    let give = |to: &str| {
        by_hand(&database, &format!("UPDATE intervention SET lead_id = {to} WHERE slug = 'ludo'"));
    };
    let another = format!("(SELECT id FROM forvaltning WHERE id <> {} LIMIT 1)", literal(backend, lead));
    for to in [another.as_str(), "NULL"] {
        give(to);
        let told = format!("INTERVENTION {ludo}: who leads it is kept wrongly");
        assert_eq!(first(&verify(&database, &[], &[])), told, "{to}");
    }
    give(&literal(backend, lead));
    verify(&database, &[], &[]).assert_success();
}
