//! Section 6.3.2, Field Collection: fields of one response key are one field, resolved once, with all that is asked below.

use serde_json::json;

use crate::kennel::kennel;

/// Asserts the data of a query, and which resolvers ran, in any order.
async fn assert_merged(query: &str, data: &str, calls: &[&str]) {
    let mut reply = kennel().ask(query).await;
    assert_eq!(reply.flawless(), data, "{query}");
    reply.calls.sort();
    assert_eq!(reply.calls, calls, "{query}");
}

/// Whether a query includes the dog's name, by what its fields `dog { __typename }` answer.
async fn assert_named(named: bool, query: &str, variables: serde_json::Value) {
    let reply = kennel().ask_with(query, &variables).await;
    let expected = if named { r#"{"dog":{"id":"Dog","name":"Rex"}}"# } else { r#"{"dog":{"id":"Dog"}}"# };
    assert_eq!(reply.flawless(), expected, "{query} with {variables}");
}

#[tokio::test]
async fn a_field_that_stands_twice_is_resolved_once() {
    let data = r#"{"dog":{"name":"Rex","barkVolume":9}}"#;
    let calls = ["Dog.barkVolume", "Dog.name", "dog"];
    assert_merged("{ dog { name } dog { barkVolume } }", data, &calls).await;
    assert_merged("{ dog { name barkVolume name } dog { barkVolume name } }", data, &calls).await;
}

#[tokio::test]
async fn merging_reaches_every_level() {
    let query = "{ dog { owner { pets { name } } } dog { owner { name pets { __typename } } } }";
    let data = r#"{"dog":{"owner":{"pets":[{"name":"Rex","__typename":"Dog"},{"name":"Mis","__typename":"Cat"}],"name":"Ada"}}}"#;
    assert_merged(query, data, &["Cat.name", "Dog.name", "Dog.owner", "Human.pets", "dog"]).await;
}

#[tokio::test]
async fn fields_merge_with_those_of_fragments() {
    let data = r#"{"dog":{"name":"Rex","barkVolume":9}}"#;
    let calls = ["Dog.barkVolume", "Dog.name", "dog"];
    for query in [
        "{ dog { name } ...More } fragment More on Query { dog { barkVolume } }",
        "{ dog { name ...Loud } } fragment Loud on Dog { barkVolume name }",
        "{ dog { name } ... on Query { dog { barkVolume } } }",
        "{ dog { name } ... { dog { barkVolume } } }",
        "{ dog { ... on Pet { name } ... on Dog { name barkVolume } } }",
        "{ ...A ...B } fragment A on Query { ...C } fragment B on Query { ...C dog { barkVolume } } \
         fragment C on Query { dog { name } }",
    ] {
        assert_merged(query, data, &calls).await;
    }
}

#[tokio::test]
async fn a_fragment_spread_twice_counts_where_it_stands_first() {
    let query = "{ dog { ...Loud name ...Loud } } fragment Loud on Dog { barkVolume }";
    assert_merged(query, r#"{"dog":{"barkVolume":9,"name":"Rex"}}"#, &["Dog.barkVolume", "Dog.name", "dog"])
        .await;
}

#[tokio::test]
async fn a_spread_that_is_skipped_does_not_stand_in_the_way_of_the_next() {
    let query = "{ dog { ...Loud @skip(if: true) name ...Loud } } fragment Loud on Dog { barkVolume }";
    assert_merged(query, r#"{"dog":{"name":"Rex","barkVolume":9}}"#, &["Dog.barkVolume", "Dog.name", "dog"])
        .await;
}

#[tokio::test]
async fn the_response_key_is_the_alias() {
    let query = "{ a: dog { name } b: dog { name } a: dog { loud: barkVolume } dog { name } }";
    let data = r#"{"a":{"name":"Rex","loud":9},"b":{"name":"Rex"},"dog":{"name":"Rex"}}"#;
    let calls = ["Dog.barkVolume", "Dog.name", "Dog.name", "Dog.name", "dog", "dog", "dog"];
    assert_merged(query, data, &calls).await;
}

#[tokio::test]
async fn fields_merge_where_their_arguments_are_the_same() {
    let query = "query Q($command: DogCommand!) {
        dog { doesKnowCommand(dogCommand: $command) }
        dog { doesKnowCommand(dogCommand: $command) name }
    }";
    let reply = kennel().ask_with(query, &json!({ "command": "SIT" })).await;
    assert_eq!(reply.flawless(), r#"{"dog":{"doesKnowCommand":true,"name":"Rex"}}"#);
}

#[tokio::test]
async fn skip_and_include_are_read_from_literals() {
    for (named, directives) in [
        (false, "@skip(if: true)"),
        (true, "@skip(if: false)"),
        (true, "@include(if: true)"),
        (false, "@include(if: false)"),
        (false, "@skip(if: true) @include(if: true)"),
        (false, "@skip(if: false) @include(if: false)"),
        (true, "@include(if: true) @skip(if: false)"),
    ] {
        for selection in [
            format!("name {directives}"),
            format!("... on Dog {directives} {{ name }}"),
            format!("... {directives} {{ name }}"),
            format!("...Named {directives}"),
        ] {
            let spread = if selection.starts_with("...N") { "fragment Named on Dog { name }" } else { "" };
            let query = format!("{{ dog {{ id: __typename {selection} }} }} {spread}");
            assert_named(named, &query, json!({})).await;
        }
    }
}

#[tokio::test]
async fn skip_and_include_are_read_from_variables_and_their_defaults() {
    for (named, definition, variables) in [
        (true, "$on: Boolean!", json!({ "on": true })),
        (false, "$on: Boolean!", json!({ "on": false })),
        (true, "$on: Boolean = true", json!({})),
        (false, "$on: Boolean = false", json!({})),
        (false, "$on: Boolean! = true", json!({ "on": false })),
        (true, "$on: Boolean! = false", json!({ "on": true })),
    ] {
        let query = format!("query Q({definition}) {{ dog {{ id: __typename name @include(if: $on) }} }}");
        assert_named(named, &query, variables.clone()).await;
        let query = format!(
            "query Q({definition}) {{ dog {{ id: __typename ...F }} }} fragment F on Dog {{ name @skip(if: $on) }}"
        );
        assert_named(!named, &query, variables).await;
    }
}

#[tokio::test]
async fn what_is_skipped_in_one_place_may_be_included_in_another() {
    let query = "{ dog @skip(if: true) { name } dog { barkVolume } }";
    assert_merged(query, r#"{"dog":{"barkVolume":9}}"#, &["Dog.barkVolume", "dog"]).await;
    let query = "{ dog { name @skip(if: true) } dog { name barkVolume @include(if: false) } }";
    assert_merged(query, r#"{"dog":{"name":"Rex"}}"#, &["Dog.name", "dog"]).await;
}

#[tokio::test]
async fn an_object_of_which_everything_is_skipped_is_an_empty_object() {
    assert_merged("{ dog @skip(if: true) { name } }", "{}", &[]).await;
    assert_merged("{ dog { name @skip(if: true) } }", r#"{"dog":{}}"#, &["dog"]).await;
    let query = "{ dog { owner { pets { name @include(if: false) } } } }";
    let data = r#"{"dog":{"owner":{"pets":[{},{}]}}}"#;
    assert_merged(query, data, &["Dog.owner", "Human.pets", "dog"]).await;
}

#[tokio::test]
async fn a_mutation_that_stands_twice_runs_once() {
    for query in [
        "mutation { changeTheNumber(newNumber: 1) { theNumber } changeTheNumber(newNumber: 1) { again: theNumber } }",
        "mutation { changeTheNumber(newNumber: 1) { theNumber } ...F } \
         fragment F on Mutation { changeTheNumber(newNumber: 1) { again: theNumber } }",
        "mutation { changeTheNumber(newNumber: 1) { theNumber } ... on Mutation { changeTheNumber(newNumber: 1) { again: theNumber } } }",
    ] {
        let reply = kennel().ask(query).await;
        assert_eq!(reply.flawless(), r#"{"changeTheNumber":{"theNumber":1,"again":1}}"#, "{query}");
        assert_eq!(reply.calls, ["changeTheNumber(1)"], "{query}");
    }
}
