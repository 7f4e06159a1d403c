//! Section 6.2.3, Subscription, and section 5.2.4.1, Single Root Field: what opens a stream, and each of its answers.

use async_graphql::{EmptyMutation, Error, Object, Result, SimpleObject, Subscription};
use futures_util::stream::{self, BoxStream, StreamExt};
use graphql::{Allowed, Data, Document, Executable, Limits, Opened, Refusal};
use serde_json::{Value, json};

struct Query;

#[Object]
impl Query {
    async fn name(&self) -> &str {
        "Rex"
    }
}

#[derive(SimpleObject)]
struct Bark {
    volume: Result<i32>,
    heard: Option<Result<i32>>,
    name: &'static str,
}

fn bark(volume: Result<i32>) -> Bark {
    Bark { volume, heard: Some(Err(Error::new("Nobody listened."))), name: "Rex" }
}

struct Kennel;

#[Subscription(name = "Subscription")]
impl Kennel {
    /// Barks that do not come before they are waited for.
    async fn barks(
        &self,
        field: &async_graphql::Context<'_>,
        first: i32,
    ) -> Result<BoxStream<'static, Bark>> {
        if first < 0 {
            return Err(Error::new("There is no such bark."));
        }
        Opened::tell(field);
        let barks = [bark(Ok(first)), bark(Err(Error::new("Nothing was heard."))), bark(Ok(first + 2))];
        Ok(stream::iter(barks).boxed())
    }

    /// Never a bark.
    async fn silence(&self, field: &async_graphql::Context<'_>) -> BoxStream<'static, Bark> {
        Opened::tell(field);
        stream::pending().boxed()
    }
}

fn schema() -> Executable<Query, EmptyMutation, Kennel> {
    Executable::new(Query, EmptyMutation, Kennel, Limits::default())
}

fn document(query: &str) -> Document {
    Document { query: query.to_owned(), ..Document::default() }
}

/// What comes of a subscription: its answers, or the body of its refusal.
async fn follow(query: &str) -> Result<Vec<String>, Value> {
    match schema().subscribe(document(query), Data::default()).await {
        Ok(answers) => Ok(answers.map(|answer| answer.body).collect().await),
        Err(Refusal::Answer(answer)) => {
            assert!(!answer.executed);
            Err(serde_json::from_str(&answer.body).expect("JSON"))
        }
        Err(Refusal::Mutation | Refusal::NoSubscription) => Err(Value::Null),
    }
}

#[tokio::test]
async fn each_answer_is_complete_by_itself() {
    let query =
        "subscription { heard: barks(first: 1) { name ...V name } } fragment V on Bark { volume heard }";
    let answers = follow(query).await.expect("a stream");
    let parsed: Vec<Value> =
        answers.iter().map(|answer| serde_json::from_str(answer).expect("JSON")).collect();
    assert!(answers[0].starts_with(r#"{"data":{"heard":{"name":"Rex","volume":1,"heard":null}},"errors":"#));
    assert_eq!(parsed[0]["errors"][0]["path"], json!(["heard", "heard"]));
    // A required field that fails takes the answer with it, and not the stream.
    assert_eq!(parsed[1]["data"], Value::Null);
    assert_eq!(parsed[1]["errors"][0]["path"], json!(["heard", "volume"]));
    assert_eq!(parsed[2]["data"]["heard"]["volume"], 3);
    assert_eq!(parsed.len(), 3);
}

#[tokio::test]
async fn a_stream_is_open_before_anything_comes() {
    let Ok(mut answers) =
        schema().subscribe(document("subscription { silence { name } }"), Data::default()).await
    else {
        panic!("a stream");
    };
    let soon = tokio::time::timeout(std::time::Duration::from_millis(50), answers.next());
    assert!(soon.await.is_err(), "nothing comes");
}

#[tokio::test]
async fn what_cannot_be_opened_is_a_request_error() {
    for query in [
        "subscription { barks(first: -1) { name } }",
        "subscription { barks { name } }",
        "subscription { barks(first: 1) }",
        "subscription { __typename }",
        "subscription { barks(first: 1) { name } silence { name } }",
        "subscription { a: silence { name } b: silence { name } }",
        "subscription { ...F } fragment F on Subscription { a: silence { name } b: silence { name } }",
        "subscription { silence @skip(if: true) { name } }",
        "subscription A { silence { name } } subscription B { silence { name } }",
        "subscription A { a: silence { name } b: silence { name } } query B { name }",
    ] {
        let refused = follow(query).await.expect_err(query);
        assert!(refused.get("data").is_none() && refused["errors"][0]["message"].is_string(), "{query}");
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{query}");
    }
    // One field, however often it is written.
    let same = "subscription { barks(first: 1) { name } ... on Subscription { barks(first: 1) { volume } } }";
    assert_eq!(follow(same).await.expect("a stream").len(), 3);
}

#[tokio::test]
async fn a_stream_answers_subscriptions_and_nothing_else_does() {
    assert_eq!(follow("{ name }").await.expect_err("a refusal"), Value::Null);
    let once =
        schema().execute(document("subscription { silence { name } }"), Allowed::All, Data::default()).await;
    assert!(matches!(once, Err(Refusal::Answer(answer)) if answer.body.contains("stream")));
    assert!(schema().is_subscription(&document("subscription { silence { name } }")).await);
    assert!(!schema().is_subscription(&document("{ name }")).await);
    assert!(!schema().is_subscription(&document("subscription {")).await);
}
