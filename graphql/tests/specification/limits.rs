//! What one request may ask for: at a limit it is answered, one over it is refused in few words.

use graphql::Limits;
use serde_json::{Value, json};

use crate::harness::{Reply, repeated};
use crate::kennel::limited;

/// Limits that stand in no one's way.
const WIDE: Limits = Limits {
    tokens: 1_000_000,
    depth: 1_000,
    aliases: 1_000_000,
    directives: 1_000_000,
    cost: 1_000_000_000,
    introspection: false,
};

#[track_caller]
fn assert_refused_briefly(reply: &Reply) {
    reply.assert_refused();
    assert!(reply.body.len() < 1024, "{} bytes: {:.200}", reply.body.len(), reply.body);
}

/// Asserts that a query is answered under the limit that `set` makes of `most`, and refused under one less.
async fn assert_costs(query: &str, variables: &Value, most: u64, set: impl Fn(u64) -> Limits) {
    limited(set(most)).ask_with(query, variables).await.flawless();
    let reply = limited(set(most - 1)).ask_with(query, variables).await;
    assert_refused_briefly(&reply);
    let limit = (most - 1).to_string();
    let message = reply.errors()[0]["message"].as_str().map(str::to_owned).unwrap_or_default();
    assert!(message.contains(&limit), "{message:?} does not name the limit {limit}: {query:.300}");
}

fn depth(depth: u64) -> Limits {
    Limits { depth, ..WIDE }
}

fn aliases(aliases: u64) -> Limits {
    Limits { aliases, ..WIDE }
}

fn directives(directives: u64) -> Limits {
    Limits { directives, ..WIDE }
}

fn tokens(tokens: u64) -> Limits {
    Limits { tokens: usize::try_from(tokens).expect("a small number"), ..WIDE }
}

fn cost(cost: u64) -> Limits {
    Limits { cost, ..WIDE }
}

/// `... { ... { ... } }`, which asks for nothing more than what is inside.
fn wrapped(times: usize, inner: &str) -> String {
    format!("{}{inner}{}", "... { ".repeat(times), " }".repeat(times))
}

#[tokio::test]
async fn depth_is_the_number_of_fields_within_fields() {
    for (query, levels) in [
        ("{ dog { name } }", 2),
        ("{ human { name } dog { owner { pets { name } } } __typename }", 4),
        ("{ dog { ... on Pet { ... on Dog { owner { name } } } } }", 3),
        ("{ dog { ...A } } fragment A on Dog { owner { ...B } } fragment B on Human { pets { name } }", 4),
        ("{ dog { owner @skip(if: true) { pets { name } } } }", 4),
    ] {
        assert_costs(query, &json!({}), levels, depth).await;
    }
}

#[tokio::test]
async fn aliases_are_counted_as_often_as_they_are_asked_for() {
    for (query, count) in [
        ("{ a: dog { name } }", 1),
        ("{ a: dog { b: name c: barkVolume } d: __typename dog: dog { name } }", 5),
        ("{ a: __typename b: __typename @skip(if: true) }", 2),
        ("{ dog { ...F owner { pets { ... on Dog { ...F } } } } } fragment F on Dog { a: name b: name }", 4),
    ] {
        assert_costs(query, &json!({}), count, aliases).await;
    }
}

#[tokio::test]
async fn directives_are_counted_as_often_as_they_are_asked_for() {
    for (query, count) in [
        ("{ dog @include(if: true) { name } }", 1),
        ("{ dog @include(if: true) { name @skip(if: false) @include(if: true) } }", 3),
        (
            "{ ... @include(if: true) { ...F @include(if: true) } } fragment F on Query { dog { name @skip(if: false) } }",
            3,
        ),
        (
            "{ ...F ... { ...F } } fragment F on Query { dog { name @skip(if: false) barkVolume @skip(if: true) } }",
            4,
        ),
    ] {
        assert_costs(query, &json!({}), count, directives).await;
    }
}

#[tokio::test]
async fn tokens_are_names_values_and_marks() {
    for (query, count) in [
        ("{ dog { name } }", 6),
        ("{dog{name}}", 6),
        ("{ dog, { name } } # and a comment {{{ \"", 6),
        ("query Q($n: Int! = 1) { echo(number: $n) }", 20),
        ("{ __type: __typename }", 5),
    ] {
        assert_costs(query, &json!({}), count, tokens).await;
    }
}

#[tokio::test]
async fn every_selection_costs_something() {
    for (query, points) in [
        ("{ __typename }", 1),
        ("{ a: __typename __typename b: __typename }", 3),
        ("{ dog { name } }", 2),
        ("{ dog { name name name } }", 4),
        ("{ dog { name @skip(if: true) barkVolume } }", 3),
        ("{ ... { dog { name } } }", 3),
        ("{ ...F dog { ...G } ...F } fragment F on Query { __typename } fragment G on Dog { name }", 7),
    ] {
        assert_costs(query, &json!({}), points, cost).await;
    }
}

#[tokio::test]
async fn a_list_without_pages_costs_as_much_as_ten_objects() {
    for (query, points) in [
        ("{ human { pets { name } } }", 1 + 1 + 10),
        (
            "{ dog { ...F } human { pets { ...F } } } fragment F on Pet { name __typename }",
            1 + 3 + 1 + 1 + 10 * 3,
        ),
        ("{ dog { owner { pets { ... on Dog { owner { pets { name } } } } } } }", 3 + 10 * (1 + 2 + 10)),
    ] {
        assert_costs(query, &json!({}), points, cost).await;
    }
}

#[tokio::test]
async fn a_page_costs_as_much_as_it_can_hold() {
    for (query, points) in [
        ("{ dogs { nodes { name } } }", 1 + 20 * 2),
        ("{ dogs(first: 7) { nodes { name } } }", 1 + 7 * 2),
        ("{ dogs(last: 7) { nodes { name } } }", 1 + 7 * 2),
        ("{ dogs(first: 3, last: 7) { nodes { name } } }", 1 + 7 * 2),
        ("{ dogs(first: 0) { nodes { name } } }", 1 + 2),
        ("{ dogs(first: null) { nodes { name } } }", 1 + 20 * 2),
        (
            "{ a: dogs(first: 2) { nodes { name } } b: dogs(first: 3) { nodes { name } } }",
            1 + 2 * 2 + 1 + 3 * 2,
        ),
        (
            "{ ...F } fragment F on Query { dogs(first: 7) { nodes { ...N } } } fragment N on Dog { name }",
            1 + 1 + 7 * 3,
        ),
    ] {
        assert_costs(query, &json!({}), points, cost).await;
    }
}

#[tokio::test]
async fn a_page_given_by_a_variable_costs_what_the_variable_says() {
    let points = |count: u64| 1 + count * 2;
    for (query, variables, count) in [
        ("query ($n: Int) { dogs(first: $n) { nodes { name } } }", json!({ "n": 50 }), 50),
        ("query ($n: Int) { dogs(last: $n) { nodes { name } } }", json!({ "n": 50 }), 50),
        ("query ($n: Int) { dogs(first: $n) { nodes { name } } }", json!({}), 20),
        ("query ($n: Int) { dogs(first: $n) { nodes { name } } }", json!({ "n": null }), 20),
        ("query ($n: Int = 60) { dogs(first: $n) { nodes { name } } }", json!({}), 60),
        ("query ($n: Int = 60) { dogs(first: $n) { nodes { name } } }", json!({ "n": 5 }), 5),
        (
            "query ($n: Int = 60) { ...F } fragment F on Query { dogs(first: $n) { nodes { name } } }",
            json!({}),
            61,
        ),
    ] {
        let points = if query.contains("...F") { 1 + points(60) } else { points(count) };
        assert_costs(query, &variables, points, cost).await;
    }
}

#[tokio::test]
async fn a_page_beyond_all_numbers_is_refused() {
    for count in ["2147483647", "18446744073709551615", "99999999999999999999999"] {
        let query = format!("{{ dogs(first: {count}) {{ nodes {{ name }} }} }}");
        assert_refused_briefly(&limited(Limits::default()).ask(&query).await);
    }
    let query = "query ($n: Int) { dogs(first: $n) { nodes { name } } }";
    let reply = limited(Limits::default()).ask_with(query, &json!({ "n": u64::MAX })).await;
    assert_refused_briefly(&reply);
}

#[tokio::test]
async fn operations_of_one_document_cost_together() {
    let query =
        "query A { dog { ...F } } query B { dog { ...F } } fragment F on Dog { name barkVolume nickname }";
    limited(cost(10)).ask_for("A", query).await.flawless();
    assert_refused_briefly(&limited(cost(9)).ask_for("A", query).await);
}

#[tokio::test]
async fn a_document_at_the_default_limits_is_answered() {
    let deep = wrapped(20, "dog { owner { pets { ... on Dog { owner { pets { name } } } } } }");
    let aliases = repeated(30, |at| format!("a{at}: __typename "));
    let directives = "name @include(if: true) ".repeat(50);
    let query = format!("{{ {deep} {aliases} dog {{ {directives} }} }}");
    limited(Limits::default()).ask(&query).await.flawless();
}

#[tokio::test]
async fn a_document_over_the_default_limits_is_refused() {
    let aliases = repeated(31, |at| format!("a{at}: __typename "));
    for query in [
        format!("{{ {aliases} }}"),
        format!("{{ dog {{ {} }} }}", "name @include(if: true) ".repeat(51)),
        format!("{{ {}name{} }}", "dog { owner { pets { ... on Dog { ".repeat(5), "} } } }".repeat(5)),
        format!("{{ {} }}", "__typename ".repeat(5_000)),
        "{ dogs(first: 200000) { nodes { name } } }".to_owned(),
    ] {
        assert_refused_briefly(&limited(Limits::default()).ask(&query).await);
    }
}
