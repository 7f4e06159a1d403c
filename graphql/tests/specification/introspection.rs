//! Section 4.2, Schema Introspection: answered where it is switched on, refused where it is not.

use graphql::Limits;
use serde_json::Value;

use crate::kennel::{kennel, limited};

/// The query that graphql-js makes with every option switched on, as explorers send it.
const STANDARD: &str = include_str!("introspection.graphql");

fn open() -> Limits {
    Limits { introspection: true, ..Limits::default() }
}

#[tokio::test]
async fn the_standard_query_passes_the_default_limits() {
    let reply = limited(open()).ask(STANDARD).await;
    let schema: Value = serde_json::from_str(reply.flawless()).expect("data are JSON");
    let schema = &schema["__schema"];
    assert_eq!(schema["queryType"]["name"], "Query");
    assert_eq!(schema["mutationType"]["name"], "Mutation");
    assert_eq!(schema["subscriptionType"], Value::Null);
    let types = schema["types"].as_array().expect("types are a list");
    let named = |name: &str| types.iter().find(|ty| ty["name"] == name).expect("the type is told");
    assert_eq!(named("Dog")["kind"], "OBJECT");
    assert_eq!(named("Dog")["interfaces"][0]["name"], "Pet");
    assert_eq!(named("CatOrDog")["possibleTypes"].as_array().map(Vec::len), Some(2));
    assert_eq!(named("DogCommand")["enumValues"][0]["name"], "SIT");
    let name = named("Dog")["fields"]
        .as_array()
        .and_then(|fields| fields.iter().find(|field| field["name"] == "name"));
    assert_eq!(name.expect("the field is told")["type"]["ofType"]["name"], "String");
}

#[tokio::test]
async fn the_answer_is_in_the_order_of_the_query() {
    let query =
        r#"{ __type(name: "CatCommand") { enumValues { name isDeprecated } kind name } dog { __typename } }"#;
    let reply = limited(open()).ask(query).await;
    let data = r#"{"__type":{"enumValues":[{"name":"JUMP","isDeprecated":false}],"kind":"ENUM","name":"CatCommand"},"dog":{"__typename":"Dog"}}"#;
    assert_eq!(reply.flawless(), data);
}

#[tokio::test]
async fn fields_of_introspection_merge_as_others_do() {
    let query = r#"{ __type(name: "Pet") { name ...F } ... on Query { __type(name: "Pet") { kind } } }
        fragment F on __Type { kind possibleTypes { name } possibleTypes { __typename kind } }"#;
    let reply = limited(open()).ask(query).await;
    let data = r#"{"__type":{"name":"Pet","kind":"INTERFACE","possibleTypes":[{"name":"Dog","__typename":"__Type","kind":"OBJECT"},{"name":"Cat","__typename":"__Type","kind":"OBJECT"}]}}"#;
    assert_eq!(reply.flawless(), data);
}

#[tokio::test]
async fn skipped_fields_of_introspection_leave_an_empty_object() {
    let reply = limited(open()).ask("{ __schema { types @skip(if: true) { name } } }").await;
    assert_eq!(reply.flawless(), r#"{"__schema":{}}"#);
}

#[tokio::test]
async fn a_type_that_is_not_there_is_null() {
    let reply = limited(open()).ask(r#"{ __type(name: "Fish") { name } }"#).await;
    assert_eq!(reply.flawless(), r#"{"__type":null}"#);
}

#[tokio::test]
async fn introspection_is_refused_where_it_is_switched_off() {
    for query in [
        STANDARD,
        "{ __schema { types { name } } }",
        r#"{ __type(name: "Dog") { name } }"#,
        r#"{ dog { name } other: __type(name: "Dog") { name } }"#,
        "{ ...F } fragment F on Query { ... { __schema { types { name } } } }",
        "{ __schema @skip(if: true) { types { name } } __typename }",
    ] {
        let reply = kennel().ask(query).await;
        reply.assert_refused();
        assert!(reply.body.len() < 1024, "{}", reply.body);
    }
}

#[tokio::test]
async fn typename_is_answered_where_introspection_is_switched_off() {
    assert_eq!(kennel().ask("{ __typename }").await.flawless(), r#"{"__typename":"Query"}"#);
}
