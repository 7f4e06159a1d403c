//! A second executor, written by the specification alone, and random documents on which both have to agree.
//!
//! It shares nothing with the execution under test but the data: it works on the generated document itself, not on its text.

mod document;
mod executor;
mod schema;
mod world;

use std::sync::LazyLock;

use async_graphql::EmptyMutation;
use graphql::Limits;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_assume, proptest};
use proptest::{collection, sample};
use serde_json::json;

use crate::harness::{Reply, Server};
use crate::kennel::{Kennel, Numbers, kennel};
use document::Document;
use schema::Query;

static WORLD: LazyLock<Server<Query, EmptyMutation>> = LazyLock::new(|| {
    let limits =
        Limits { aliases: 100_000, directives: 100_000, depth: 100, cost: u64::MAX, ..Limits::default() };
    Server::new(Query, EmptyMutation, Limits { tokens: 1_000_000, ..limits })
});
static KENNEL: LazyLock<Server<Kennel, Numbers>> = LazyLock::new(kennel);

fn wait<T>(reply: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime starts");
    runtime.block_on(reply)
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn assert_answers(reply: &Reply) {
    if reply.executed {
        reply.data();
    } else {
        reply.assert_refused();
    }
}

/// What documents are made of, so that random ones get past the first letters.
const WORDS: &str = r#"{ } ( ) [ ] : $ @ ! = ... | & , # " """ \ \""" query mutation subscription fragment on F G ...F ...G dog
    pet name owner pets barkVolume dogs first __typename __schema __type theNumber changeTheNumber a a: 1 -0 1.5e300 true
    99999999999999999999 null "text" æ 💥"#;
const PHRASES: &[&str] = &[
    "on Dog",
    "on Pet",
    "fragment F on Query",
    "fragment G on Dog",
    "(first: $n)",
    "(newNumber: 1)",
    "@skip(if: true)",
    "@include(if: $on)",
    "query Q($n: Int = 3, $on: Boolean!)",
    "{ dog { name } }",
    "\n",
    "\u{feff}",
    "\u{0}",
];

fn piece() -> impl Strategy<Value = &'static str> {
    sample::select(WORDS.split_whitespace().chain(PHRASES.iter().copied()).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn arbitrary_text_is_answered(text in any::<String>()) {
        assert_answers(&wait(KENNEL.ask(&text)));
    }

    #[test]
    fn arbitrary_pieces_of_documents_are_answered(pieces in collection::vec(piece(), 0..60)) {
        let variables = json!({ "n": 2, "on": true });
        assert_answers(&wait(KENNEL.ask_with(&pieces.join(" "), &variables)));
        assert_answers(&wait(KENNEL.ask_with(&format!("{{ {} }}", pieces.join("")), &variables)));
    }

    #[test]
    fn documents_with_a_piece_changed_are_answered(
        choices in collection::vec(any::<u8>(), 0..80),
        at in any::<sample::Index>(),
        piece in piece(),
    ) {
        let document = Document::from_choices(&choices);
        let text = document.to_string();
        let places: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
        let (before, after) = text.split_at(*at.get(&places));
        assert_answers(&wait(WORLD.ask_with(&format!("{before}{piece}{after}"), &document.variables())));
        assert_answers(&wait(WORLD.ask_with(&format!("{before}{piece}"), &document.variables())));
    }
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn both_executors_answer_the_same(choices in collection::vec(any::<u8>(), 0..300)) {
        let document = Document::from_choices(&choices);
        let text = document.to_string();
        let expected = executor::execute(&document);
        let reply = wait(WORLD.ask_with(&text, &document.variables()));
        // Some limits are the same for all servers.
        prop_assume!(reply.executed || !["more than", "too many"].iter().any(|much| reply.body.contains(much)));
        prop_assert!(reply.executed, "{text}\nwas refused: {}", reply.body);
        prop_assert_eq!(reply.data(), expected.data, "{}\nwith {}", text, document.variables());
        prop_assert_eq!(reply.paths(), expected.paths, "{}\nwith {}", text, document.variables());
    }
}
