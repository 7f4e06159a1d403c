//! Documents that nobody would write: each is answered or refused in few words, and nothing panics.

use std::sync::LazyLock;

use graphql::{Allowed, Data, Document, Limits, Refusal, Virkning, virkning};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::harness::Server;
use crate::kennel::{Kennel, Numbers, kennel};

/// More than twenty messages of three hundred letters each, with their places.
const LONGEST_REFUSAL: usize = 20 * 1024;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));
static SCHEMA: LazyLock<Virkning> =
    LazyLock::new(|| virkning(Limits { introspection: true, ..Limits::default() }));

static KENNEL: LazyLock<Server<Kennel, Numbers>> = LazyLock::new(kennel);

/// Documents of the repository and some others, which are mutilated here.
const WRITTEN: [&str; 4] = [
    include_str!("../../../docs/examples/sign-in.graphql"),
    "query($id: ID!, $n: Int = 3) { node(id: $id) { ... on Intervention { slug history(first: $n) { nodes { id } } } } }",
    "mutation($i: RecordMeasurementInput!) { recordMeasurement(input: $i) { measurement { id value } userErrors { code } } }",
    "query A { ...F } query B @skip(if: false) { b: intervention(slug: \"\"\"x \\\"\"\" y\"\"\") { id } } fragment F on Query { viewer { name } }",
];

/// Asks the schema of Virkning as a stranger, and the kennel, by whose resolvers more is answered.
fn ask(query: &str, variables: &Value) {
    let document = |operation_name: Option<&str>| Document {
        query: query.to_owned(),
        operation_name: operation_name.map(str::to_owned),
        variables: variables.as_object().cloned(),
        extensions: None,
    };
    for name in [None, Some("A")] {
        let answered = RUNTIME.block_on(SCHEMA.execute(document(name), Allowed::All, Data::default()));
        let (Ok(answer) | Err(Refusal::Answer(answer))) = answered else {
            panic!("everything is allowed: {query}");
        };
        let told: Value = serde_json::from_str(&answer.body).expect("an answer is JSON");
        assert!(told.get("errors").is_some() || told.get("data").is_some(), "{told:.200}");
        assert!(answer.executed || answer.body.len() < LONGEST_REFUSAL, "{} bytes", answer.body.len());
    }
    let reply = RUNTIME.block_on(KENNEL.ask_with(query, variables));
    assert!(reply.executed || reply.body.len() < LONGEST_REFUSAL, "{} bytes", reply.body.len());
}

/// Words of both schemas, and some of neither.
fn word() -> impl Strategy<Value = String> {
    select(vec![
        "dog",
        "name",
        "pet",
        "owner",
        "pets",
        "cat",
        "human",
        "dogs",
        "nodes",
        "echo",
        "number",
        "first",
        "__typename",
        "viewer",
        "node",
        "id",
        "interventions",
        "intervention",
        "slug",
        "filter",
        "search",
        "history",
        "changeTheNumber",
        "newNumber",
        "theNumber",
        "__schema",
        "__type",
        "types",
        "on",
        "fragment",
        "query",
        "true",
        "null",
        "A",
        "nothing",
        "eventAppended",
        "signIn",
        "input",
        "email",
    ])
    .prop_map(str::to_owned)
}

fn type_name() -> impl Strategy<Value = String> {
    select(vec![
        "Query",
        "Mutation",
        "Dog",
        "Pet",
        "Human",
        "Intervention",
        "Node",
        "Int",
        "ID",
        "String",
        "Nothing",
    ])
    .prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = String> {
    let string = prop_oneof![
        "[a-zæ \\\\u0-9]{0,8}".prop_map(|text| format!("\"{text}\"")),
        "[a-z\n \\\\\"]{0,8}".prop_map(|text| format!("\"\"\"{text}\"\"\"")),
    ];
    let number = "-?[0-9]{1,20}(\\.[0-9]{1,3})?(e[+-]?[0-9]{1,3})?";
    let leaf = prop_oneof![string, number, word(), word().prop_map(|name| format!("${name}"))];
    leaf.prop_recursive(8, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" "))),
            vec((word(), inner), 0..4).prop_map(|fields| {
                let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                format!("{{{}}}", fields.join(", "))
            }),
        ]
    })
}

fn arguments() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        1 => vec((word(), value()), 1..3).prop_map(|given| {
            let given: Vec<_> = given.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            format!("({})", given.join(", "))
        }),
    ]
}

fn directives() -> impl Strategy<Value = String> {
    let one = (select(vec!["skip", "include", "deprecated", "nothing"]), value())
        .prop_map(|(name, value)| format!(" @{name}(if: {value})"));
    prop_oneof![4 => Just(String::new()), 1 => vec(one, 1..4).prop_map(|all| all.concat())]
}

fn alias() -> impl Strategy<Value = String> {
    prop_oneof![3 => Just(String::new()), 1 => word().prop_map(|name| format!("{name}: "))]
}

fn selection() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => (alias(), word(), arguments(), directives()).prop_map(|(a, n, g, d)| format!("{a}{n}{g}{d}")),
        1 => (select(vec!["A", "B", "C"]), directives()).prop_map(|(name, d)| format!("...{name}{d}")),
    ];
    leaf.prop_recursive(18, 64, 5, |inner| {
        let set = vec(inner, 1..5).prop_map(|items| format!("{{ {} }}", items.join(" ")));
        prop_oneof![
            3 => (alias(), word(), arguments(), set.clone()).prop_map(|(a, n, g, set)| format!("{a}{n}{g} {set}")),
            1 => (type_name(), directives(), set).prop_map(|(on, d, set)| format!("... on {on}{d} {set}")),
        ]
    })
}

fn document() -> impl Strategy<Value = String> {
    let set = || vec(selection(), 1..4).prop_map(|items| format!("{{ {} }}", items.join(",\n")));
    let variables = vec((word(), type_name(), value()), 0..3).prop_map(|all| {
        let all: Vec<_> = all.iter().map(|(name, ty, value)| format!("${name}: [{ty}!] = {value}")).collect();
        if all.is_empty() { String::new() } else { format!("({})", all.join(" ")) }
    });
    let operation = (select(vec!["query", "mutation", "subscription"]), variables, directives(), set())
        .prop_map(|(kind, variables, d, set)| format!("{kind} A{variables}{d} {set}"));
    let fragment = (select(vec!["A", "B", "C"]), type_name(), set())
        .prop_map(|(name, on, set)| format!("fragment {name} on {on} {set}"));
    (prop_oneof![set(), operation], vec(fragment, 0..4))
        .prop_map(|(operation, fragments)| format!("{operation} # {{\n{}", fragments.join(" ")))
}

fn given() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(6, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((word(), inner), 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    });
    vec((word(), value), 0..4).prop_map(|fields| fields.into_iter().collect::<Value>())
}

/// The document with a piece of it taken out, doubled, or put in the place of another.
fn mutilated() -> impl Strategy<Value = String> {
    (select(WRITTEN.to_vec()), any::<[prop::sample::Index; 3]>(), 1..400_usize).prop_map(
        |(text, places, times)| {
            let letters: Vec<char> = text.chars().collect();
            let mut at = places.map(|place| place.index(letters.len()));
            at.sort_unstable();
            let piece = |from: usize, to: usize| letters[from..to].iter().collect::<String>();
            let middle = piece(at[0], at[1]).repeat(if at[1] % 3 == 0 { times } else { times % 3 });
            piece(0, at[0]) + &middle + &piece(at[2], letters.len())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(query in any::<String>(), bytes in vec(any::<u8>(), 0..200)) {
        ask(&query, &json!({}));
        ask(&String::from_utf8_lossy(&bytes), &json!({}));
    }

    #[test]
    fn any_row_of_tokens_is_answered(tokens in vec(prop_oneof![word(), value(), "[{}()\\[\\]:!$@=|&\"#,.\n]{1,3}", Just("...".to_owned())], 0..60)) {
        ask(&tokens.join(" "), &json!({}));
        ask(&tokens.concat(), &json!({}));
    }

    #[test]
    fn any_document_is_answered(query in document(), variables in given()) {
        ask(&query, &variables);
    }

    #[test]
    fn any_mutilated_document_is_answered(query in mutilated(), variables in given()) {
        ask(&query, &variables);
    }
}
