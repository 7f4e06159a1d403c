//! Sections 6.3 and 6.3.1: the answer is in the order of the query whichever resolver is done first, and mutations run one
//! after another.

use std::time::Duration;

use async_graphql::{Context, Object};
use serde_json::json;

use crate::harness::{called, server};
use crate::kennel::kennel;

struct Query;
struct Leg;

/// Waits the longer the earlier a field usually stands in the queries below.
async fn wait(field: &Context<'_>, milliseconds: u64) -> i32 {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    called(field, field.item.node.name.node.as_str());
    1
}

#[Object]
impl Query {
    async fn slow(&self, field: &Context<'_>) -> i32 {
        wait(field, 40).await
    }

    async fn middling(&self, field: &Context<'_>) -> i32 {
        wait(field, 20).await
    }

    async fn fast(&self, field: &Context<'_>) -> i32 {
        wait(field, 0).await
    }

    async fn broken(&self, field: &Context<'_>, after: u64) -> async_graphql::Result<i32> {
        wait(field, after).await;
        Err("It broke.".into())
    }

    async fn leg(&self, field: &Context<'_>) -> Leg {
        wait(field, 10).await;
        Leg
    }

    async fn legs(&self) -> Vec<Leg> {
        vec![Leg, Leg]
    }
}

#[Object]
impl Leg {
    async fn slow(&self, field: &Context<'_>) -> i32 {
        wait(field, 40).await
    }

    async fn fast(&self, field: &Context<'_>) -> i32 {
        wait(field, 0).await
    }
}

#[tokio::test]
async fn the_answer_is_in_the_order_of_the_query_though_the_first_field_is_done_last() {
    let reply = server(Query).ask("{ slow middling fast }").await;
    assert_eq!(reply.calls, ["fast", "middling", "slow"], "the resolvers ran together");
    assert_eq!(reply.flawless(), r#"{"slow":1,"middling":1,"fast":1}"#);
    let reply = server(Query).ask("{ fast slow middling }").await;
    assert_eq!(reply.flawless(), r#"{"fast":1,"slow":1,"middling":1}"#);
}

#[tokio::test]
async fn errors_are_in_the_order_of_the_query_whichever_field_failed_first() {
    let reply = server(Query).ask("{ late: broken(after: 40) early: broken(after: 0) }").await;
    let paths: Vec<_> = reply.errors().iter().map(|error| error["path"].clone()).collect();
    assert_eq!(paths, [json!(["late"]), json!(["early"])]);
}

#[tokio::test]
async fn the_order_holds_in_objects_and_in_lists() {
    let query = "{ leg { slow fast } legs { fast slow } fast }";
    let data = r#"{"leg":{"slow":1,"fast":1},"legs":[{"fast":1,"slow":1},{"fast":1,"slow":1}],"fast":1}"#;
    assert_eq!(server(Query).ask(query).await.flawless(), data);
    let query = "{ legs { slow fast } leg { fast slow } }";
    let data = r#"{"legs":[{"slow":1,"fast":1},{"slow":1,"fast":1}],"leg":{"fast":1,"slow":1}}"#;
    assert_eq!(server(Query).ask(query).await.flawless(), data);
}

#[tokio::test]
async fn a_key_stands_where_it_appears_first() {
    let query = "{ slow ...F b: middling slow fast } fragment F on Query { fast a: slow b: middling }";
    assert_eq!(server(Query).ask(query).await.flawless(), r#"{"slow":1,"fast":1,"a":1,"b":1}"#);
    let query = "{ leg { fast } fast leg { slow fast } }";
    assert_eq!(server(Query).ask(query).await.flawless(), r#"{"leg":{"fast":1,"slow":1},"fast":1}"#);
}

#[tokio::test]
async fn typename_and_introspection_stand_where_they_were_asked_for() {
    let query = "{ slow __typename fast leg { slow __typename fast } }";
    let data = r#"{"slow":1,"__typename":"Query","fast":1,"leg":{"slow":1,"__typename":"Leg","fast":1}}"#;
    assert_eq!(server(Query).ask(query).await.flawless(), data);
}

#[tokio::test]
async fn mutations_run_one_after_another() {
    let query = "mutation {
        first: changeTheNumber(newNumber: 1) { theNumber }
        second: changeTheNumber(newNumber: 3) { theNumber }
        third: changeTheNumber(newNumber: 2) { theNumber }
    }";
    let reply = kennel().ask(query).await;
    assert_eq!(
        reply.flawless(),
        r#"{"first":{"theNumber":1},"second":{"theNumber":3},"third":{"theNumber":2}}"#
    );
    assert_eq!(reply.calls, ["changeTheNumber(1)", "changeTheNumber(3)", "changeTheNumber(2)"]);
}

#[tokio::test]
async fn mutations_in_fragments_run_in_the_order_of_their_first_appearance() {
    let query = "mutation {
        ...Later
        changeTheNumber(newNumber: 1) { theNumber }
        ... on Mutation { b: changeTheNumber(newNumber: 3) { theNumber } }
        a: changeTheNumber(newNumber: 2) { again: theNumber }
    }
    fragment Later on Mutation { a: changeTheNumber(newNumber: 2) { theNumber } }";
    let reply = kennel().ask(query).await;
    assert_eq!(
        reply.flawless(),
        r#"{"a":{"theNumber":2,"again":2},"changeTheNumber":{"theNumber":1},"b":{"theNumber":3}}"#
    );
    assert_eq!(reply.calls, ["changeTheNumber(2)", "changeTheNumber(1)", "changeTheNumber(3)"]);
}

#[tokio::test]
async fn a_mutation_that_fails_does_not_keep_the_next_from_running() {
    let query = "mutation { failToChange changeTheNumber(newNumber: 4) { theNumber } }";
    let reply = kennel().ask(query).await;
    assert_eq!(reply.data(), r#"{"failToChange":null,"changeTheNumber":{"theNumber":4}}"#);
    assert_eq!(reply.paths(), [r#"["failToChange"]"#]);
    let reply = kennel().ask("mutation { failBadly changeTheNumber(newNumber: 4) { theNumber } }").await;
    assert_eq!(reply.data(), "null");
    assert_eq!(reply.paths(), [r#"["failBadly"]"#]);
}
