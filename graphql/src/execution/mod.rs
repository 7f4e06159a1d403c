//! Execution that can be trusted: what async-graphql 7.2 gets wrong is put right here, once, around any schema.
//!
//! A request passes five stages. It is parsed under limits on its text ([`tokens`]); its cost is bounded ([`bound`]) before
//! anything walks its fragments; it is validated as it was sent, by async-graphql and by rules that async-graphql lacks
//! ([`conflicts`], [`variables`], [`scalars`]); fields that stand twice are merged ([`merge`]); and after execution the answer is put in the
//! query's order, with a failed non-null field passing its null up ([`complete`]).

mod bound;
mod complete;
mod conflicts;
mod known;
mod mark;
mod merge;
mod repeatable;
mod scalars;
mod stages;
mod stream;
mod tokens;
mod typename;
mod types;
mod variables;

pub use bound::Limits;
pub use stream::{Answers, Opened};

use std::any::Any;
use std::sync::Arc;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
};
use async_graphql::{ObjectType, Pos, Positioned, Request, Schema, ServerError, SubscriptionType, Variables};

use crate::errors::{bad_request, has_code, with_code};
use complete::Completion;
use known::{Asked, Known, Valid};
use mark::Marks;
use stages::{Stage, at_origin};
use types::Types;

/// What a client sends.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    pub query: String,
    #[serde(default)]
    pub operation_name: Option<String>,
    #[serde(default)]
    pub variables: Option<serde_json::Map<String, serde_json::Value>>,
    /// An object where it is given, as the protocol has it. There are none that this server knows.
    #[serde(default)]
    pub extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What resolvers find in their context.
#[derive(Default)]
pub struct Data(async_graphql::Data);

impl Data {
    pub fn of(value: impl Any + Send + Sync) -> Self {
        let mut data = async_graphql::Data::default();
        data.insert(value);
        Self(data)
    }
}

/// An answer as it will be sent.
pub struct Answer {
    pub body: String,
    /// Whether execution began. If not, the request itself was at fault and there is no data.
    pub executed: bool,
    /// Whether the same reader gets the same answer as long as nothing is written.
    pub repeatable: bool,
}

/// Whether a request that may only read may carry this operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    QueriesOnly,
    All,
}

/// Why a document was not executed at all.
pub enum Refusal {
    /// Answered to the client as it is.
    Answer(Answer),
    /// The operation is a mutation, and only queries are allowed here.
    Mutation,
    /// The operation is a query or a mutation, and only a subscription is answered by a stream.
    NoSubscription,
}

/// An operation that may be executed, with nothing in it that stands twice.
struct Prepared {
    operation: Operation,
    variables: Variables,
}

type Operation = Positioned<OperationDefinition>;

impl Prepared {
    fn kind(&self) -> OperationType {
        self.operation.node.ty
    }
}

/// A schema with what it takes to execute it rightly.
pub struct Executable<Q, M, S> {
    schema: Schema<Q, M, S>,
    types: Arc<Types>,
    marks: Marks,
    limits: Limits,
    known: Known,
}

impl<Q, M, S> Executable<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    pub fn new(query: Q, mutation: M, subscription: S, limits: Limits) -> Self {
        let schema = Schema::build(query, mutation, subscription)
            .extension(stages::Stages)
            .disable_suggestions()
            .finish();
        let types = Types::of(&schema.sdl());
        let marks = mark::of(&types);
        Self { schema, types: Arc::new(types), marks, limits, known: Known::new() }
    }

    pub fn sdl(&self) -> String {
        self.schema.sdl()
    }

    /// Answers a document. `data` is what resolvers find in their context.
    pub async fn execute(&self, document: Document, allowed: Allowed, data: Data) -> Result<Answer, Refusal> {
        let prepared = self.prepare(document, allowed).await?;
        if prepared.kind() == OperationType::Subscription {
            return Err(refused(&[bad_request(
                "A subscription is answered by a stream: accept text/event-stream, or use a WebSocket.",
            )]));
        }
        let Prepared { operation, variables } = prepared;
        let completion = Completion { types: &self.types, operation: operation.clone() };
        let response = self.schema.execute(self.request(operation, variables, data)).await;
        let errors: Vec<_> = response.errors.into_iter().map(answered).collect();
        let repeatable = errors.is_empty() && repeatable::is(&self.types, &completion.operation.node);
        Ok(Answer { body: completion.body(&response.data, &errors), executed: true, repeatable })
    }

    /// Everything that comes before execution.
    async fn prepare(&self, document: Document, allowed: Allowed) -> Result<Prepared, Refusal> {
        let variables = Variables::from_json(document.variables.unwrap_or_default().into());
        let asked = (document.query, document.operation_name);
        let name = asked.1.as_deref();
        let known = self.known.get(&asked);
        let document = match &known {
            Some(Valid { document, .. }) => {
                bound::check(document, &self.types, &variables, &self.limits)
                    .map_err(|error| refused(&[error]))?;
                Arc::clone(document)
            }
            None => self.valid(asked.clone(), &variables).await?,
        };
        let operation = operation_of(&document, name).ok_or_else(|| refused(&[no_operation(name)]))?;
        let checked = self.check(&document, &operation.node, &variables);
        // Of a document that comes for the first time, validation has told by now what is wrong with its variables.
        if known.is_some_and(|valid| valid.by_variables || checked.is_err()) {
            self.validate(&document, name, &variables).await.map_err(|errors| refused(&errors))?;
        }
        if operation.node.ty == OperationType::Mutation && allowed == Allowed::QueriesOnly {
            return Err(Refusal::Mutation);
        }
        checked.map_err(|errors| refused(&errors))?;
        let operation = merge::merged(&self.types, &document, operation, &variables);
        Ok(Prepared { operation, variables })
    }

    /// That the operation can be given these variables.
    fn check(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), Vec<ServerError>> {
        variables::check(operation, variables).map_err(|error| vec![error])?;
        scalars::check(&self.types, document, operation, variables)
    }

    /// The document as it was sent, parsed and validated.
    async fn valid(&self, asked: Asked, variables: &Variables) -> Result<Arc<ExecutableDocument>, Refusal> {
        let (query, name) = &asked;
        let parsed = self.parse(query, variables).map_err(|error| refused(&[error]))?;
        variables::are_of_known_types(&self.types, &parsed).map_err(|error| refused(&[error]))?;
        let validated = self.validate(&parsed, name.as_deref(), variables).await;
        validated.map_err(|errors| refused(&errors))?;
        typename::check(&parsed).map_err(|error| refused(&[error]))?;
        conflicts::check(&self.types, &parsed).map_err(|error| refused(&[error]))?;
        let parsed = Arc::new(parsed);
        self.known.keep(&self.types, asked, &parsed);
        Ok(parsed)
    }

    fn request(&self, operation: Operation, variables: Variables, data: Data) -> Request {
        let fragments = mark::used(&self.marks, &operation.node.selection_set.node);
        let merged = ExecutableDocument { operations: DocumentOperations::Single(operation), fragments };
        let mut request = Request::new("").variables(variables);
        request.set_parsed_query(merged);
        request.data = data.0;
        request.data.insert(Stage::Execute);
        request
    }

    fn parse(&self, query: &str, variables: &Variables) -> Result<ExecutableDocument, ServerError> {
        tokens::check(query, &self.limits)?;
        let parsed = parse_query(query)
            .map_err(|error| coded(scalars::of_number(query, without_excerpt(error.into()))))?;
        bound::check(&parsed, &self.types, variables, &self.limits)?;
        Ok(parsed)
    }

    /// By all rules of async-graphql, on the document as it was sent.
    async fn validate(
        &self,
        document: &ExecutableDocument,
        operation_name: Option<&str>,
        variables: &Variables,
    ) -> Result<(), Vec<ServerError>> {
        let mut request = Request::new("").variables(variables.clone()).data(Stage::Validate);
        request.operation_name = operation_name.map(str::to_owned);
        let mut document = document.clone();
        typename::expose_directives(&mut document);
        request.set_parsed_query(document);
        let errors = self.schema.execute(request).await.errors;
        if errors.is_empty() {
            return Ok(());
        }
        Err(errors.into_iter().map(coded).collect())
    }
}

/// What was not read from a document stands nowhere in it.
fn positioned<T>(node: T) -> Positioned<T> {
    Positioned::new(node, Pos::default())
}

/// The parser draws the line of an error, however long the line is. What it expected is told after the drawing.
fn without_excerpt(error: ServerError) -> ServerError {
    match error.message.rsplit_once("\n  = ") {
        Some((_drawing, message)) => ServerError { message: message.to_owned(), ..error },
        None => error,
    }
}

/// An error of execution as it is told. What has no code by now is an argument that could not be read.
fn answered(error: ServerError) -> ServerError {
    coded(at_origin(error))
}

fn coded(error: ServerError) -> ServerError {
    if has_code(&error) { error } else { with_code(error, "BAD_USER_INPUT") }
}

/// The longest message of a refusal, and the most of them: enough to mend a document by, not to send it back whole.
const LONGEST_MESSAGE: usize = 300;
const MOST_MESSAGES: usize = 20;

fn refused(errors: &[ServerError]) -> Refusal {
    let brief = |error: &ServerError| ServerError {
        message: error.message.chars().take(LONGEST_MESSAGE).collect(),
        ..error.clone()
    };
    let errors: Vec<_> = errors.iter().take(MOST_MESSAGES).map(brief).collect();
    let body = serde_json::json!({ "errors": errors }).to_string();
    Refusal::Answer(Answer { body, executed: false, repeatable: false })
}

fn operation_of<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a Positioned<OperationDefinition>> {
    let mut operations = document.operations.iter();
    match name {
        Some(name) => {
            operations.find(|(own, _)| own.is_some_and(|own| own == name)).map(|(_, operation)| operation)
        }
        None if operations.len() == 1 => operations.next().map(|(_, operation)| operation),
        None => None,
    }
}

fn no_operation(name: Option<&str>) -> ServerError {
    match name {
        Some(_) => bad_request("The document has no operation of this name."),
        None => bad_request("The document has several operations; name one in operationName."),
    }
}
