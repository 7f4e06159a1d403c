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
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use proptest::{collection, sample};
use serde_json::json;

use crate::harness::{Reply, Server};
use crate::kennel::{Kennel, Numbers, kennel};
use document::Document;
use schema::Query;

static WORLD: LazyLock<Server<Query, EmptyMutation>> = LazyLock::new(|| {
    let limits =
        Limits { aliases: 100_000, directives: 100_000, depth: 100, cost: 10_000_000, ..Limits::default() };
    Server::new(Query, EmptyMutation, Limits { tokens: 1_000_000, ..limits })
});
static KENNEL: LazyLock<Server<Kennel, Numbers>> = LazyLock::new(kennel);

fn wait<T>(reply: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
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
const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "$",
    "@",
    "!",
    "=",
    "...",
    "|",
    "&",
    ",",
    "#",
    "\n",
    "\"",
    "\"\"\"",
    "\\",
    "\\\"\"\"",
    "query",
    "mutation",
    "subscription",
    "fragment",
    "on",
    "F",
    "G",
    "...F",
    "...G",
    "on Dog",
    "on Pet",
    "fragment F on Query",
    "fragment G on Dog",
    "dog",
    "pet",
    "name",
    "owner",
    "pets",
    "barkVolume",
    "dogs",
    "first",
    "first: 3",
    "(first: $n)",
    "__typename",
    "__schema",
    "__type",
    "@skip(if: true)",
    "@include(if: $on)",
    "query Q($n: Int = 3, $on: Boolean!)",
    "changeTheNumber(newNumber: 1)",
    "theNumber",
    "1",
    "-0",
    "1.5e300",
    "99999999999999999999",
    "true",
    "null",
    "\"text\"",
    "{ dog { name } }",
    "a",
    "a:",
    "\u{feff}",
    "æ",
    "\u{0}",
    "é",
    "💥",
];

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn arbitrary_text_is_answered(text in any::<String>()) {
        assert_answers(&wait(KENNEL.ask(&text)));
    }

    #[test]
    fn arbitrary_pieces_of_documents_are_answered(pieces in collection::vec(sample::select(PIECES), 0..60)) {
        let variables = json!({ "n": 2, "on": true });
        assert_answers(&wait(KENNEL.ask_with(&pieces.join(" "), &variables)));
        assert_answers(&wait(KENNEL.ask_with(&format!("{{ {} }}", pieces.join("")), &variables)));
    }

    #[test]
    fn documents_with_a_piece_changed_are_answered(
        choices in collection::vec(any::<u8>(), 0..80),
        at in any::<sample::Index>(),
        piece in sample::select(PIECES),
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
    #![proptest_config(config(2_000))]

    #[test]
    fn both_executors_answer_the_same(choices in collection::vec(any::<u8>(), 0..300)) {
        let document = Document::from_choices(&choices);
        let text = document.to_string();
        let expected = executor::execute(&document);
        let reply = wait(WORLD.ask_with(&text, &document.variables()));
        prop_assert!(reply.executed, "{text}\nwas refused: {}", reply.body);
        prop_assert_eq!(reply.data(), expected.data, "{}\nwith {}", text, document.variables());
        prop_assert_eq!(reply.paths(), expected.paths, "{}\nwith {}", text, document.variables());
    }
}
