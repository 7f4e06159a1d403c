//! How often the server allocates memory for a document: printed, checked in, and about the same on every machine.

use std::sync::Arc;

use allocation_counter::measure;
use domain::attempts::Caller;
use domain::log::Key;
use domain::session::SignedIn;
use domain::{Context, Database, Environment, Language, QUERY_TIME, Services, SystemEnvironment, Timestamp};
use graphql::{AccessTokens, Allowed, Data, Document, Limits, Shared, Virkning, virkning};
use tokio::runtime::Runtime;

use crate::support::operations::{Operation, operations};
use crate::support::{Backend, Server, compare_about};

/// Nobody signs in.
struct NoTokens;

impl AccessTokens for NoTokens {
    fn issue(&self, _session: &SignedIn, _expires_at: Timestamp) -> domain::Result<String> {
        Err(domain::Error::Unauthenticated)
    }
}

/// The server without HTTP, on one thread.
struct Here {
    runtime: Runtime,
    schema: Virkning,
    services: Services,
    key: Arc<Key>,
}

impl Here {
    fn at(url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let database = runtime.block_on(Database::connect(url, QUERY_TIME)).expect("a database");
        let services = Services::of(database);
        let key = Key::generate(&SystemEnvironment, "test").expect("a key");
        let key = Arc::new(Key::read(&key).expect("a key"));
        Self { runtime, schema: virkning(Limits::default()), services, key }
    }

    async fn answer(&self, operation: &Operation) {
        let Self { services, key, schema, .. } = self;
        let request_id = SystemEnvironment.new_id();
        let email = format!("{}@example.dk", operation.user);
        let context = Context::of_operator(services, &email, request_id).await.expect("a context");
        let shared = Shared {
            services: services.clone(),
            tokens: Arc::new(NoTokens),
            checkpoint_key: Arc::clone(key),
            language: Language::default(),
            request_id,
            caller: Caller::nobody(),
            public_url: String::new(),
            context: context.clone(),
            lifetime: None,
        };
        let document = Document {
            query: operation.query.to_owned(),
            variables: operation.variables.as_object().cloned(),
            ..Document::default()
        };
        let answered = schema.execute(document, Allowed::All, Data::of(shared)).await;
        let body = answered.map(|answer| answer.body).unwrap_or_default();
        assert!(body.starts_with("{\"data\"") && !body.contains("\"errors\""), "{}: {body}", operation.name);
        context.expect("an account").release().await;
    }
}

#[test]
fn documents_take_few_allocations() {
    let server = Server::start(Backend::Sqlite);
    let operations = operations(&server.signed_in("coordinator"), &server.signed_in("evaluator"));
    let (_, database) = server.stop();
    let database = database.expect("the database");
    let here = Here::at(&database.url);
    let mut counts = Vec::new();
    for operation in &operations {
        // What changes something is carried out once; what is read is read again, when its document is known.
        if !operation.changes() {
            here.runtime.block_on(here.answer(operation));
        }
        let taken = measure(|| here.runtime.block_on(here.answer(operation)));
        counts.push((operation.name, f64::from(u32::try_from(taken.count_total).expect("a number"))));
    }
    let title = "Allocations for each document on SQLite, with those that find who asks.";
    compare_about("tests/allocations.txt", title, &counts);
}
