//! Sections 5, 6.1 and 7.1: a request that is itself at fault is not executed at all, and its response has no data.

use serde_json::json;

use crate::kennel::kennel;

async fn assert_refused(query: &str) {
    kennel().ask(query).await.assert_refused();
}

/// Two operations, of which one has to be named.
const TWO: &str = "query getDogName { dog { name } } query getOwnerName { dog { owner { name } } }";

#[tokio::test]
async fn what_is_no_document_is_refused() {
    for query in [
        "",
        " # nothing",
        "{",
        "}",
        "{ }",
        "{ dog { } }",
        "nonsense",
        "{ dog(: 1) }",
        "query",
        "\u{0}",
        "{ 🐕 }",
    ] {
        assert_refused(query).await;
    }
}

#[tokio::test]
async fn a_document_without_an_operation_is_refused() {
    assert_refused("fragment F on Dog { name }").await;
}

/// Section 5.1.1
#[tokio::test]
async fn type_definitions_are_refused() {
    assert_refused("query getDogName { dog { name } } extend type Dog { color: String }").await;
}

/// Section 6.1
#[tokio::test]
async fn the_named_operation_is_executed() {
    let reply = kennel().ask_for("getOwnerName", TWO).await;
    assert_eq!(reply.flawless(), r#"{"dog":{"owner":{"name":"Ada"}}}"#);
    let reply = kennel().ask_for("getDogName", TWO).await;
    assert_eq!(reply.flawless(), r#"{"dog":{"name":"Rex"}}"#);
    let reply = kennel().ask("query getDogName { dog { name } }").await;
    assert_eq!(reply.flawless(), r#"{"dog":{"name":"Rex"}}"#);
}

/// Section 6.1
#[tokio::test]
async fn an_operation_that_is_not_there_is_refused() {
    kennel().ask_for("getCatName", TWO).await.assert_refused();
    kennel().ask_for("getCatName", "{ dog { name } }").await.assert_refused();
    kennel().ask_for("getCatName", "query getDogName { dog { name } }").await.assert_refused();
}

/// Section 6.1
#[tokio::test]
async fn one_of_several_operations_has_to_be_named() {
    assert_refused(TWO).await;
}

/// Sections 5.2.1.1 and 5.2.2.1
#[tokio::test]
async fn operations_are_told_apart_by_their_names() {
    assert_refused("query getName { dog { name } } query getName { dog { owner { name } } }").await;
    assert_refused("query dogOperation { dog { name } } mutation dogOperation { failToChange }").await;
    assert_refused("{ dog { name } } query getName { dog { owner { name } } }").await;
    assert_refused("{ dog { name } } { dog { name } }").await;
}

#[tokio::test]
async fn subscriptions_are_refused_where_there_are_none() {
    assert_refused("subscription { newMessage { body } }").await;
    assert_refused("subscription { __typename }").await;
}

/// Sections 5.3.1 and 5.3.3
#[tokio::test]
async fn fields_that_are_not_there_are_refused() {
    for query in [
        "{ cat { name } }",
        "{ dog { meowVolume } }",
        "{ dog { barkVolume: kawVolume } }",
        "{ pet { nickname } }",
        "{ catOrDog { name } }",
        "{ dog { barkVolume { sinceWhen } } }",
        "{ human }",
        "{ pet }",
        "{ catOrDog }",
        "mutation { dog { name } }",
    ] {
        assert_refused(query).await;
    }
}

/// Section 5.4
#[tokio::test]
async fn arguments_that_do_not_fit_are_refused() {
    for query in [
        "{ dog { doesKnowCommand(command: SIT) } }",
        "{ dog { isHouseTrained(atOtherHomes: true) @include(unless: false) } }",
        "{ dog { isHouseTrained(atOtherHomes: true, atOtherHomes: true) } }",
        "{ dog { doesKnowCommand } }",
        "{ dog { doesKnowCommand(dogCommand: null) } }",
        "{ dog { doesKnowCommand(dogCommand: JUMP) } }",
        r#"{ echo(number: "1") }"#,
        "{ echo(number: 1.5) }",
        "{ echo(number: [1, 2]) }",
        "{ dog { name @include } }",
        "{ dog { name @skip(if: 1) } }",
    ] {
        assert_refused(query).await;
    }
}

/// Section 5.5
#[tokio::test]
async fn fragments_that_do_not_fit_are_refused() {
    for query in [
        "{ dog { ...F } } fragment F on Dog { name } fragment F on Dog { barkVolume }",
        "{ dog { ...F } } fragment F on NotInSchema { name }",
        "{ dog { ... on NotInSchema { name } } }",
        "{ dog { ...F } } fragment F on Int { something }",
        "{ dog { ... on Boolean { something } } }",
        "{ dog { name } } fragment F on Dog { barkVolume }",
        "{ dog { ...undefinedFragment } }",
        "{ dog { ...F } } fragment F on Dog { name ...F }",
        "{ dog { ...F } } fragment F on Dog { name ...G } fragment G on Dog { barkVolume ...F }",
        "{ dog { ... on Cat { meowVolume } } }",
        "{ human { ...F } } fragment F on Pet { name }",
    ] {
        assert_refused(query).await;
    }
}

/// Section 5.7
#[tokio::test]
async fn directives_that_do_not_fit_are_refused() {
    for query in [
        "{ dog { name @unknown } }",
        "query @skip(if: true) { dog { name } }",
        "{ dog { name @skip(if: true) @skip(if: false) } }",
        "{ dog { __typename @unknown } }",
        "{ __typename @include(if: $undefined) }",
    ] {
        assert_refused(query).await;
    }
}

/// Section 5.8
#[tokio::test]
async fn variables_that_do_not_fit_are_refused() {
    for query in [
        "query ($a: Int, $a: Int) { echo(number: $a) }",
        "query ($dog: Dog) { dog { name } }",
        "{ echo(number: $undefined) }",
        "query ($unused: Int) { dog { name } }",
        r#"query ($a: Int! = "one") { echo(number: $a) }"#,
        "query A { ...F } query B($on: Boolean!) { ...F } fragment F on Query { dog { name @skip(if: $on) } }",
    ] {
        kennel().ask_with(query, &json!({ "a": 1, "on": true })).await.assert_refused();
    }
}

/// Section 5.8.4
#[tokio::test]
async fn a_variable_may_be_used_on_typename_alone() {
    let query = "query ($on: Boolean!) { dog { __typename @include(if: $on) name } ...F }
        fragment F on Query { kind: __typename @skip(if: $on) }";
    let reply = kennel().ask_with(query, &json!({ "on": true })).await;
    assert_eq!(reply.flawless(), r#"{"dog":{"__typename":"Dog","name":"Rex"}}"#);
}

/// Section 6.1.2
#[tokio::test]
async fn variables_that_cannot_be_read_are_refused_before_anything_runs() {
    let query = "mutation ($n: Int!) {
        changeTheNumber(newNumber: 1) { theNumber } second: changeTheNumber(newNumber: $n) { theNumber }
    }";
    for variables in [
        json!({}),
        json!({ "n": null }),
        json!({ "n": "1" }),
        json!({ "n": 1.5 }),
        json!({ "n": [1] }),
        json!({ "n": {} }),
        json!({ "n": true }),
    ] {
        kennel().ask_with(query, &variables).await.assert_refused();
    }
    let reply = kennel().ask_with(query, &json!({ "n": 2 })).await;
    assert_eq!(reply.calls, ["changeTheNumber(1)", "changeTheNumber(2)"]);
}

/// Section 6.1.2: also by whoever has executed the document before, with others.
#[tokio::test]
async fn variables_are_judged_each_time() {
    let server = kennel();
    let query = "query ($command: DogCommand!) { dog { doesKnowCommand(dogCommand: $command) } }";
    let right = json!({ "command": "SIT" });
    for wrong in [json!("MEOW"), json!(["SIT"]), json!(1), json!(null)] {
        server.ask_with(query, &right).await.flawless();
        let wrong = json!({ "command": wrong });
        let reply = server.ask_with(query, &wrong).await;
        reply.assert_refused();
        assert_eq!(reply.body, kennel().ask_with(query, &wrong).await.body);
    }
}

/// Section 6.1.2
#[tokio::test]
async fn conditions_are_read_as_variables_before_anything_runs() {
    let query = "query ($on: Boolean!) { dog { name @include(if: $on) barkVolume } }";
    for variables in [json!({}), json!({ "on": null }), json!({ "on": "true" }), json!({ "on": 1 })] {
        kennel().ask_with(query, &variables).await.assert_refused();
    }
}

/// Section 6.1.2: of the other operations no variables are asked.
#[tokio::test]
async fn only_the_variables_of_the_named_operation_are_needed() {
    let query = "query A { dog { name } } query B($n: Int!) { echo(number: $n) }";
    assert_eq!(kennel().ask_for("A", query).await.flawless(), r#"{"dog":{"name":"Rex"}}"#);
}

#[tokio::test]
async fn variables_that_no_one_asked_for_are_ignored() {
    let reply = kennel().ask_with("{ dog { name } }", &json!({ "other": [1, { "a": null }] })).await;
    assert_eq!(reply.flawless(), r#"{"dog":{"name":"Rex"}}"#);
}

#[tokio::test]
async fn what_is_skipped_is_validated_all_the_same() {
    for query in [
        "{ dog { name meowVolume @skip(if: true) } }",
        "{ dog { name ... on Dog @include(if: false) { meowVolume } } }",
        "{ dog { name ...F @skip(if: true) } } fragment F on Dog { meowVolume }",
        "{ dog { name isHouseTrained(nowhere: true) @skip(if: true) } }",
        "{ dog { name ...undefinedFragment @skip(if: true) } }",
        "{ dog { name } dog { unknown @include(if: false) } }",
    ] {
        assert_refused(query).await;
    }
}

#[tokio::test]
async fn operations_that_are_not_asked_for_are_validated_all_the_same() {
    let query = "query A { dog { name } } query B { dog { meowVolume } }";
    kennel().ask_for("A", query).await.assert_refused();
}

#[tokio::test]
async fn every_error_of_the_request_has_its_place_in_the_document() {
    let reply = kennel().ask("{\n  dog { unknown\n other }\n}").await;
    reply.assert_refused();
    let places: Vec<_> = reply.errors().iter().map(|error| error["locations"].to_string()).collect();
    assert_eq!(places, [r#"[{"column":9,"line":2}]"#, r#"[{"column":2,"line":3}]"#]);
}

#[tokio::test]
async fn no_name_is_suggested_for_a_field_that_is_not_there() {
    let reply = kennel().ask("{ dog { nam } }").await;
    assert!(!reply.body.contains("Did you mean"), "{}", reply.body);
}

/// Sections 5.3.3 and 5.4.1: `__typename` is a leaf without arguments, like a field of the schema.
#[tokio::test]
async fn typename_has_neither_fields_nor_arguments() {
    for query in [
        "{ __typename { name } }",
        "{ dog { __typename { length } } }",
        "{ __typename(x: 1) }",
        "{ dog { ... on Pet { kind: __typename(x: 1) } } }",
        "{ dog { ...F } } fragment F on Dog { __typename { name } }",
    ] {
        assert_refused(query).await;
    }
}
