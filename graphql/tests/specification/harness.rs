//! A schema behind the execution under test, and what came back from it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Context, EmptyMutation, EmptySubscription, ObjectType};
use graphql::{Allowed, Answer, Data, Document, Executable, Limits, Refusal};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A schema that can be asked.
pub struct Server<Q, M>(Executable<Q, M, EmptySubscription>);

/// A schema of queries alone, under the limits that stand by default.
pub fn server<Q: ObjectType + 'static>(query: Q) -> Server<Q, EmptyMutation> {
    Server::new(query, EmptyMutation, Limits::default())
}

impl<Q: ObjectType + 'static, M: ObjectType + 'static> Server<Q, M> {
    pub fn new(query: Q, mutation: M, limits: Limits) -> Self {
        Self(Executable::new(query, mutation, EmptySubscription, limits))
    }

    pub async fn ask(&self, query: &str) -> Reply {
        self.ask_with(query, &json!({})).await
    }

    pub async fn ask_with(&self, query: &str, variables: &Value) -> Reply {
        self.send(document(query, variables)).await
    }

    /// Asks for one of several operations.
    pub async fn ask_for(&self, name: &str, query: &str) -> Reply {
        self.send(Document { operation_name: Some(name.to_owned()), ..document(query, &json!({})) }).await
    }

    pub async fn send(&self, document: Document) -> Reply {
        let calls = Calls::default();
        let query = document.query.clone();
        // A document that was asked before goes another way than a new one.
        self.0.is_subscription(&document).await;
        let answer = match self.0.execute(document, Allowed::All, Data::of(calls.clone())).await {
            Ok(answer) | Err(Refusal::Answer(answer)) => answer,
            Err(Refusal::Mutation | Refusal::NoSubscription) => {
                panic!("everything was allowed, and it was refused")
            }
        };
        Reply::read(&query, answer, &calls)
    }

    /// Asks where only queries are allowed: the reply, or none where that was refused as a mutation, and what was called.
    pub async fn only_read(&self, query: &str) -> (Option<Reply>, Vec<String>) {
        let calls = Calls::default();
        let document = document(query, &json!({}));
        let reply = match self.0.execute(document, Allowed::QueriesOnly, Data::of(calls.clone())).await {
            Ok(answer) | Err(Refusal::Answer(answer)) => Some(Reply::read(query, answer, &calls)),
            Err(Refusal::Mutation | Refusal::NoSubscription) => None,
        };
        (reply, calls.names())
    }
}

fn document(query: &str, variables: &Value) -> Document {
    Document { query: query.to_owned(), variables: variables.as_object().cloned(), ..Document::default() }
}

/// What the resolvers wrote down, in the order in which they ran.
#[derive(Clone, Default)]
pub struct Calls(Arc<Mutex<Vec<String>>>);

impl Calls {
    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Writes down that a resolver ran.
pub fn called(field: &Context<'_>, name: impl Into<String>) {
    let calls = &field.data_unchecked::<Calls>().0;
    calls.lock().unwrap_or_else(PoisonError::into_inner).push(name.into());
}

/// A response, by its members.
pub struct Reply {
    /// What was asked and what came back, for the messages of tests, as much of it as one can read.
    told: String,
    pub body: String,
    pub executed: bool,
    pub calls: Vec<String>,
    members: HashMap<String, Box<RawValue>>,
}

impl Reply {
    fn read(query: &str, answer: Answer, calls: &Calls) -> Self {
        let told = format!("{query:.500}\nwas answered {:.1000}", answer.body);
        let members = serde_json::from_str(&answer.body)
            .unwrap_or_else(|error| panic!("that is no JSON object ({error}): {told}"));
        Self { members, told, body: answer.body, executed: answer.executed, calls: calls.names() }
    }

    /// The data as it was sent, to the byte.
    #[track_caller]
    pub fn data(&self) -> &str {
        self.members.get("data").unwrap_or_else(|| panic!("there is no data: {}", self.told)).get()
    }

    pub fn errors(&self) -> Vec<Value> {
        let errors = self.members.get("errors").map(|errors| serde_json::from_str(errors.get()));
        errors.map_or_else(Vec::new, |errors| errors.expect("errors are a list"))
    }

    /// The paths of the errors, sorted as text.
    pub fn paths(&self) -> Vec<String> {
        let mut paths: Vec<_> = self.errors().iter().map(|error| error["path"].to_string()).collect();
        paths.sort();
        paths
    }

    /// The data of a reply in which nothing went wrong.
    #[track_caller]
    pub fn flawless(&self) -> &str {
        assert!(self.executed && !self.members.contains_key("errors"), "{}", self.told);
        self.data()
    }

    /// Asserts the response of a request error (section 7.1): told by a code, and without data.
    #[track_caller]
    pub fn assert_refused(&self) {
        assert!(!self.executed, "executed: {}", self.told);
        assert!(!self.members.contains_key("data"), "a request error has no data: {}", self.told);
        assert!(self.calls.is_empty(), "{:?} ran for a request that was refused", self.calls);
        let errors = self.errors();
        assert!(!errors.is_empty(), "an error is told: {}", self.told);
        for error in errors {
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{}", self.told);
            assert!(error["message"].is_string(), "{}", self.told);
        }
    }
}

/// Parts of a document, one after another, each made from its number.
pub fn repeated(count: usize, part: impl FnMut(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().concat()
}
