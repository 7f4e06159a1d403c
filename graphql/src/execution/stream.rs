//! A subscription: one answer for each event of its source, each completed as the answer of a query is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use async_graphql::parser::types::OperationType;
use async_graphql::{Context as FieldContext, ObjectType, Response, SubscriptionType};
use futures_util::future::poll_fn;
use futures_util::stream::{self, BoxStream, StreamExt};

use super::complete::Completion;
use super::types::Types;
use super::{Allowed, Answer, Data, Document, Executable, Prepared, Refusal, answered, refused};
use crate::errors::bad_request;

/// Answers as they come.
pub type Answers = BoxStream<'static, Answer>;

/// Raised by a resolver once the source of its events is open. Before that a subscription can still be refused as a request;
/// the source itself may be silent for hours.
#[derive(Clone, Default)]
pub struct Opened(Arc<AtomicBool>);

impl Opened {
    pub fn tell(field: &FieldContext<'_>) {
        if let Some(Self(opened)) = field.data_opt() {
            opened.store(true, Ordering::Relaxed);
        }
    }

    fn told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<Q, M, S> Executable<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    /// Whether a document may be executed and asks for a stream.
    pub async fn is_subscription(&self, document: &Document) -> bool {
        let prepared = self.prepare(document.clone(), Allowed::All).await;
        prepared.is_ok_and(|prepared| prepared.kind() == OperationType::Subscription)
    }

    /// Opens the stream of a subscription; what is none is refused. `data` is what resolvers find in their context.
    pub async fn subscribe(&self, document: Document, data: Data) -> Result<Answers, Refusal> {
        let prepared = self.prepare(document, Allowed::All).await?;
        if prepared.kind() != OperationType::Subscription {
            return Err(Refusal::NoSubscription);
        }
        let Prepared { operation, variables } = prepared;
        let opened = Opened::default();
        let mut request = self.request(operation.clone(), variables, data);
        request.data.insert(opened.clone());
        let mut responses = self.schema.execute_stream(request);
        // Polled until the source is open, or says that it cannot be.
        let first = poll_fn(|context| match responses.poll_next_unpin(context) {
            Poll::Pending if opened.told() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
            Poll::Ready(first) => Poll::Ready(Some(first)),
        });
        let first = match first.await {
            Some(Some(response)) if !opened.told() => {
                let errors: Vec<_> = response.errors.into_iter().map(answered).collect();
                return Err(refused(&errors));
            }
            Some(None) if !opened.told() => {
                return Err(refused(&[bad_request("A subscription has exactly one field.")]));
            }
            first => first.flatten(),
        };
        let types = Arc::clone(&self.types);
        let responses = stream::iter(first).chain(responses);
        Ok(responses.map(move |response| completed(&types, &operation, response)).boxed())
    }
}

fn completed(types: &Types, operation: &super::Operation, response: Response) -> Answer {
    let errors: Vec<_> = response.errors.into_iter().map(answered).collect();
    let completion = Completion { types, operation: operation.clone() };
    Answer { body: completion.body(&response.data, &errors), executed: true, repeatable: false }
}
