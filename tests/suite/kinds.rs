//! The kinds of measurement, and the timelines and groups of the 2023 report: stored as they are given and read back.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, code, fault, with};

on_both_databases!(
    means_and_summaries_are_kept_as_they_are_given,
    counts_are_kept_with_their_exposure,
    of_a_distribution_the_categories_of_success_are_counted,
    the_status_around_start_and_end_is_a_timeline,
    charges_are_counted_in_windows_of_months,
    two_groups_stand_beside_one_comparison,
    a_measurement_tells_of_whom_it_is_and_where_it_comes_from,
    a_rate_that_cannot_be_told_is_refused,
);

/// A registered evaluation with one criterion, which is given back.
fn criterion(evaluator: &Client, changes: Value) -> String {
    let id = evaluator.plan("ny-start");
    let criterion = evaluator.add_criterion(&id, with(json!({ "pairing": "INDEPENDENT" }), changes));
    evaluator.steps("register", &id);
    criterion
}

fn share(numerator: i32, denominator: i32) -> Value {
    json!({ "numerator": numerator, "denominator": denominator })
}

/// What stands of a criterion, in the order in which it was recorded.
fn measurements(client: &Client, criterion: &str, selection: &str) -> Vec<Value> {
    let read = client.criterion(criterion, &format!("measurements {{ {selection} }}"));
    read["measurements"].as_array().expect("measurements").clone()
}

fn means_and_summaries_are_kept_as_they_are_given(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let level = json!({ "unit": "MEAN", "basis": "ABSOLUTE_CHANGE", "direction": "UP", "threshold": "10" });
    let criterion = criterion(&evaluator, level);
    let selection = "kind value mean sd median minimum maximum n numerator denominator count exposure categories { count }";
    evaluator.recorded(&criterion, "BEFORE", json!({ "mean": "41.123456", "sd": "18.5", "n": 62 }));
    let days = json!({ "mean": "535.7", "median": "396", "minimum": "11", "maximum": "1523" });
    evaluator.recorded(&criterion, "AFTER", days);
    let none =
        json!({ "numerator": null, "denominator": null, "count": null, "exposure": null, "categories": [] });
    assert_eq!(
        measurements(&evaluator, &criterion, selection),
        [
            with(
                json!({
                    "kind": "MEAN", "value": "41.123456", "mean": "41.123456", "sd": "18.5", "n": 62, "median": null,
                    "minimum": null, "maximum": null,
                }),
                none.clone()
            ),
            with(
                json!({
                    "kind": "SUMMARY", "value": "535.7", "mean": "535.7", "sd": null, "n": null, "median": "396",
                    "minimum": "11", "maximum": "1523",
                }),
                none
            ),
        ]
    );
    let result = evaluator.criterion(&criterion, "result { attainment difference verdict notAssessable }");
    assert_eq!(
        result["result"],
        json!({
            "attainment": "MET", "difference": "494.576544", "verdict": "NOT_ASSESSABLE", "notAssessable": "NO_METHOD",
        })
    );
    // Below zero, as some instruments go; and a number is taken like a text.
    let cold = json!({ "mean": -2.5, "sd": 1, "n": 1 });
    evaluator.recorded(&criterion, "FOLLOW_UP", cold);
    let last = measurements(&evaluator, &criterion, "mean sd n").pop();
    assert_eq!(last, Some(json!({ "mean": "-2.5", "sd": "1", "n": 1 })));
}

fn counts_are_kept_with_their_exposure(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let criterion = criterion(&evaluator, json!({ "unit": "COUNT" }));
    evaluator.recorded(&criterion, "BEFORE", json!({ "count": 316, "exposure": "294.5" }));
    evaluator.recorded(&criterion, "AFTER", json!({ "count": 100, "exposure": "300" }));
    evaluator.recorded(&criterion, "FOLLOW_UP", json!({ "count": 0 }));
    assert_eq!(
        measurements(&evaluator, &criterion, "wave kind value count exposure mean"),
        [
            json!({ "wave": "BEFORE", "kind": "COUNT", "value": "1.073005", "count": 316, "exposure": "294.5", "mean": null }),
            json!({ "wave": "AFTER", "kind": "COUNT", "value": "0.333333", "count": 100, "exposure": "300", "mean": null }),
            json!({ "wave": "FOLLOW_UP", "kind": "COUNT", "value": "0", "count": 0, "exposure": null, "mean": null }),
        ]
    );
    let result = evaluator.criterion(&criterion, "result { attainment relativeChange }")["result"].clone();
    assert_eq!(result, json!({ "attainment": "MET", "relativeChange": "-0.689346" }));
}

fn of_a_distribution_the_categories_of_success_are_counted(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let success = json!({
        "basis": "LEVEL", "direction": "UP", "threshold": "0.3", "successCategories": ["Ordinært job", "Ordinær uddannelse"],
    });
    let criterion = criterion(&evaluator, success);
    let counts = |counts: &[(&str, i32)]| {
        let counts: Vec<_> =
            counts.iter().map(|(category, count)| json!({ "category": category, "count": count })).collect();
        json!({ "categories": counts })
    };
    let printed = [
        ("Ordinært job", 84),
        ("Ordinær uddannelse", 53),
        ("Fortsat ledige", 221),
        ("Fraflyttet København", 29),
    ];
    evaluator.recorded(&criterion, "AFTER", counts(&printed));
    let selection = "kind value numerator denominator categories { category count }";
    let categories = counts(&printed)["categories"].clone();
    assert_eq!(
        measurements(&evaluator, &criterion, selection),
        [json!({
            "kind": "DISTRIBUTION", "value": "0.354005", "numerator": 137, "denominator": 387, "categories": categories,
        })]
    );
    let result = evaluator
        .criterion(&criterion, "successCategories result { attainment verdict interval { method } }");
    assert_eq!(
        result,
        json!({
            "successCategories": ["Ordinært job", "Ordinær uddannelse"],
            "result": { "attainment": "MET", "verdict": "ACHIEVED", "interval": { "method": "WILSON" } },
        })
    );
    for (given, refused) in [
        (counts(&printed[..1]), "SUCCESS_CATEGORIES"),
        (counts(&[("Ordinært job", 1), ("Ordinær uddannelse", 1), ("Ordinært job ", 1)]), "REPEATED"),
        (counts(&[("Ordinært job", -1), ("Ordinær uddannelse", 1)]), "OUT_OF_RANGE"),
        (counts(&[("Ordinært job", i32::MAX), ("Ordinær uddannelse", 1)]), "OUT_OF_RANGE"),
        (with(counts(&printed), share(137, 387)), "SHARE_OR_CATEGORIES"),
    ] {
        assert_eq!(code(&evaluator.record(&criterion, "FOLLOW_UP", given.clone())), refused, "{given}");
    }
    // The same criterion takes a share that someone else has counted.
    evaluator.recorded(&criterion, "FOLLOW_UP", share(120, 387));
}

fn the_status_around_start_and_end_is_a_timeline(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let criterion = criterion(&evaluator, json!({ "direction": "UP", "threshold": "1" }));
    let at = |anchor: &str, month: i32| json!({ "months": { "anchor": anchor, "from": month, "to": month } });
    let timeline = [
        ("BEFORE", "START", -6, 50),
        ("BEFORE", "START", -3, 48),
        ("BEFORE", "START", -1, 46),
        ("BEFORE", "START", 0, 57),
        ("AFTER", "END", 0, 90),
        ("AFTER", "END", 1, 100),
        ("AFTER", "END", 3, 114),
        ("FOLLOW_UP", "END", 6, 110),
    ];
    // Recorded from the end backwards: the order of recording decides nothing.
    for (wave, anchor, month, working) in timeline.into_iter().rev() {
        evaluator.recorded(&criterion, wave, with(share(working, 228), at(anchor, month)));
    }
    let mut read =
        measurements(&evaluator, &criterion, "wave months { anchor from to } numerator denominator");
    read.reverse();
    let expected = timeline.map(|(wave, anchor, month, working)| {
        json!({
            "wave": wave, "months": { "anchor": anchor, "from": month, "to": month }, "numerator": working,
            "denominator": 228,
        })
    });
    assert_eq!(read, expected);
    // The result rests on the points nearest to start and end.
    let decisive = "baseline { numerator } outcome { numerator } result { relativeChange attainment }";
    let resting = json!({
        "baseline": { "numerator": 57 }, "outcome": { "numerator": 90 },
        "result": { "relativeChange": "0.578947", "attainment": "PARTLY" },
    });
    assert_eq!(evaluator.criterion(&criterion, decisive), resting);
    // One for the wave as a whole goes before them.
    evaluator.recorded(&criterion, "AFTER", share(115, 228));
    let whole = evaluator.criterion(&criterion, decisive);
    assert_eq!(
        (&whole["outcome"]["numerator"], &whole["result"]["attainment"]),
        (&json!(115), &json!("MET"))
    );
}

fn charges_are_counted_in_windows_of_months(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let criterion = criterion(&evaluator, json!({ "threshold": "0.2" }));
    let window =
        |anchor: &str, from: i32, to: i32| json!({ "months": { "anchor": anchor, "from": from, "to": to } });
    let windows = [
        ("BEFORE", "START", -6, -3, 330),
        ("BEFORE", "START", -3, 0, 340),
        ("DURING", "START", 0, 3, 320),
        ("DURING", "END", -3, 0, 316),
        ("AFTER", "END", 0, 3, 173),
        ("AFTER", "END", 3, 6, 181),
        ("FOLLOW_UP", "END", 6, 12, 190),
    ];
    for (wave, anchor, from, to, charged) in windows {
        evaluator.recorded(&criterion, wave, with(share(charged, 589), window(anchor, from, to)));
    }
    let read = measurements(&evaluator, &criterion, "wave months { anchor from to } numerator");
    let expected = windows.map(|(wave, anchor, from, to, charged)| {
        json!({ "wave": wave, "months": { "anchor": anchor, "from": from, "to": to }, "numerator": charged })
    });
    assert_eq!(read, expected);
    let decisive =
        evaluator.criterion(&criterion, "baseline { numerator } outcome { numerator } result { verdict }");
    assert_eq!(
        decisive,
        json!({ "baseline": { "numerator": 340 }, "outcome": { "numerator": 173 }, "result": { "verdict": "ACHIEVED" } })
    );
}

fn two_groups_stand_beside_one_comparison(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let level = json!({ "basis": "LEVEL", "direction": "UP", "threshold": "0.35", "indicator": "Bor i monitoreringsområde" });
    let criterion = criterion(&evaluator, level);
    let group = |kind: &str, name: &str| json!({ "group": { "kind": kind, "name": name } });
    let others = json!({
        "group": { "kind": "COMPARISON", "name": "Øvrige unge", "comparability": "GENERAL_POPULATION" },
    });
    evaluator.recorded(
        &criterion,
        "AFTER",
        with(share(344, 1_000), group("SUBGROUP", "Kommunale fritidsjob")),
    );
    evaluator.recorded(&criterion, "AFTER", with(share(400, 1_000), group("SUBGROUP", "Private fritidsjob")));
    evaluator.recorded(&criterion, "AFTER", with(share(66, 1_000), others.clone()));
    let read = measurements(&evaluator, &criterion, "group { kind name comparability } value");
    let named = |kind: &str, name: &str| json!({ "kind": kind, "name": name, "comparability": null });
    assert_eq!(
        read,
        [
            json!({ "group": named("SUBGROUP", "Kommunale fritidsjob"), "value": "0.344" }),
            json!({ "group": named("SUBGROUP", "Private fritidsjob"), "value": "0.4" }),
            json!({ "group": others["group"], "value": "0.066" }),
        ]
    );
    // Each subgroup has a result, all participants have one, and a comparison group has none.
    let results = evaluator
        .criterion(&criterion, "result { group } results { group verdict notAssessable attainment }");
    assert_eq!(
        results,
        json!({
            "result": { "group": null },
            "results": [
                { "group": null, "verdict": "NOT_ASSESSABLE", "notAssessable": "MISSING_AFTER", "attainment": "NOT_ASSESSABLE" },
                { "group": "Kommunale fritidsjob", "verdict": "INCONCLUSIVE", "notAssessable": null, "attainment": "NOT_MET" },
                { "group": "Private fritidsjob", "verdict": "ACHIEVED", "notAssessable": null, "attainment": "MET" },
            ],
        })
    );
    let matched =
        json!({ "group": { "kind": "COMPARISON", "name": "Øvrige unge", "comparability": "MATCHED" } });
    let refused = evaluator.record(&criterion, "BEFORE", with(share(66, 1_000), matched));
    assert_eq!(code(&refused), "INVALID_GROUP", "one group is comparable in one way");
    evaluator.recorded(&criterion, "BEFORE", with(share(70, 1_000), others));
}

fn a_measurement_tells_of_whom_it_is_and_where_it_comes_from(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("ny-start");
    let criterion = evaluator.add_criterion(&id, json!({}));
    let population = json!({
        "virkningsevalueringId": id, "name": "43 unikke deltagere", "countedFrom": "Fra indskrivningen",
        "leftOut": "Dem uden for skole",
    });
    let selection = "population { id } virkningsevaluering { version }";
    let of_population = evaluator.mutate("addPopulation", &population, selection);
    assert_eq!(of_population["virkningsevaluering"]["version"], 3);
    let source = json!({
        "virkningsevalueringId": id, "name": "POLSAS", "supplier": "Københavns Politi", "extractedOn": "2023-10-02",
        "coveredUntil": "2023-09-30", "delay": "Tre måneder", "knownLimits": "Kun sigtelser",
    });
    let of_source = evaluator.mutate("addDataSource", &source, "dataSource { id }");
    let measured = json!({
        "populationId": of_population["population"]["id"], "sourceId": of_source["dataSource"]["id"], "note": "Uden afbrudte",
    });
    evaluator.recorded(&criterion, "BEFORE", with(share(13, 43), measured));
    let selection = "note period { from to } population { name countedFrom leftOut } source { name supplier extractedOn \
                     coveredUntil delay knownLimits } criterion { id virkningsevaluering { id } }";
    let without_owner = |mut of: Value| {
        of.as_object_mut().expect("an object").remove("virkningsevalueringId");
        of
    };
    assert_eq!(
        measurements(&evaluator, &criterion, selection),
        [json!({
            "note": "Uden afbrudte", "period": { "from": "2022-07-01", "to": "2023-06-30" },
            "population": without_owner(population.clone()), "source": without_owner(source.clone()),
            "criterion": { "id": criterion, "virkningsevaluering": { "id": id } },
        })]
    );
    // A name is the same however it is spaced.
    for (mutation, input, name) in
        [("addPopulation", population, " 43 unikke deltagere"), ("addDataSource", source, "POLSAS ")]
    {
        let refused = evaluator.mutate(mutation, &with(input, json!({ "name": name })), "__typename");
        assert_eq!(fault(&refused), ("TAKEN", &json!(["name"])), "{mutation}");
    }
    // Those of another evaluation, even of the same intervention, are none of this one's.
    let other = evaluator.plan("ny-start");
    let criterion = evaluator.add_criterion(&other, json!({}));
    for (field, id) in
        [("populationId", &of_population["population"]["id"]), ("sourceId", &of_source["dataSource"]["id"])]
    {
        let refused = evaluator.record(&criterion, "BEFORE", with(share(13, 43), json!({ field: id })));
        assert_eq!(fault(&refused), ("NOT_FOUND", &json!([field])));
    }
}

fn a_rate_that_cannot_be_told_is_refused(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let criterion = criterion(&evaluator, json!({ "unit": "COUNT" }));
    let refused = evaluator.record(&criterion, "BEFORE", json!({ "count": 100_000, "exposure": "0.000001" }));
    // Else its value is a bare null, without an absence beside it.
    assert_eq!(fault(&refused), ("OUT_OF_RANGE", &json!(["exposure"])), "{refused}");
}
