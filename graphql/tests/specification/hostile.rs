//! Documents made to do harm: each is refused, and whoever was asked goes on.

use async_graphql::{EmptyMutation, Object};
use graphql::Limits;
use serde_json::json;

use crate::harness::{Reply, Server, repeated};
use crate::kennel::kennel;

async fn assert_refused(query: &str) -> Reply {
    let server = kennel();
    let reply = server.ask(query).await;
    reply.assert_refused();
    assert!(reply.body.len() < 1024, "{} bytes: {:.200}", reply.body.len(), reply.body);
    assert_eq!(server.ask("{ __typename }").await.flawless(), r#"{"__typename":"Query"}"#);
    reply
}

/// Fragments that each spread the next one twice: 2 to the power of `power` fields.
fn bomb(power: usize) -> String {
    let fragments = repeated(power, |at| {
        let next = at + 1;
        format!(" fragment F{at} on Query {{ ...F{next} ... {{ ...F{next} }} }}")
    });
    fragments + &format!(" fragment F{power} on Query {{ __typename }}")
}

#[tokio::test]
async fn fragment_bombs_are_refused() {
    for power in (10..=25).chain([40, 63, 64, 65, 100, 400]) {
        assert_refused(&format!("{{ ...F0 }}{}", bomb(power))).await;
        assert_refused(&format!("{{ ...F0 }}{}", bomb(power).replace("... {", "").replace(" } }", " }")))
            .await;
    }
}

#[tokio::test]
async fn fragment_bombs_that_nobody_uses_are_refused() {
    for power in (10..=25).chain([400]) {
        assert_refused(&format!("{{ __typename }}{}", bomb(power))).await;
    }
}

#[tokio::test]
async fn fragments_spread_a_few_times_are_no_bomb() {
    let reply = kennel().ask(&format!("{{ ...F0 }}{}", bomb(7))).await;
    assert_eq!(reply.flawless(), r#"{"__typename":"Query"}"#);
}

#[tokio::test]
async fn fragment_bombs_of_fields_are_refused() {
    let fragments = repeated(25, |at| {
        let below = format!("owner {{ pets {{ ... on Dog {{ ...F{} }} }} }}", at + 1);
        format!(" fragment F{at} on Dog {{ {below} other: {below} }}")
    });
    assert_refused(&format!("{{ dog {{ ...F0 }} }}{fragments} fragment F25 on Dog {{ name }}")).await;
}

#[tokio::test]
async fn one_bomb_in_many_operations_is_refused() {
    let operations = repeated(400, |at| format!("query Q{at} {{ ...F0 }} "));
    let reply = kennel().ask_for("Q7", &(operations + &bomb(7))).await;
    reply.assert_refused();
    assert!(reply.body.len() < 1024, "{:.200}", reply.body);
}

#[tokio::test]
async fn fragment_cycles_are_refused() {
    for query in [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { dog { ...B } } fragment B on Dog { owner { pets { ...C } } } fragment C on Pet { ...B }",
        "{ __typename } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ ...A } fragment A on Query { ... { ...A @skip(if: true) } }",
    ] {
        assert_refused(query).await;
    }
    let ring = repeated(300, |at| format!("fragment F{at} on Query {{ ...F{} }} ", (at + 1) % 300));
    assert_refused(&format!("{{ ...F0 }} {ring}")).await;
    assert_refused(&format!("{{ __typename }} {ring}")).await;
}

#[tokio::test]
async fn fragments_that_are_not_there_are_refused() {
    for query in
        ["{ ...Nowhere }", "{ dog { ...Nowhere name } }", "{ ...F } fragment F on Query { ...Nowhere }"]
    {
        assert_refused(query).await;
    }
}

#[tokio::test]
async fn long_chains_of_fragments_are_answered_or_refused() {
    for length in [30, 100, 500] {
        let chain = repeated(length, |at| format!(" fragment F{at} on Query {{ ...F{} }}", at + 1));
        let reply =
            kennel().ask(&format!("{{ ...F0 }}{chain} fragment F{length} on Query {{ __typename }}")).await;
        if reply.executed {
            assert_eq!(reply.flawless(), r#"{"__typename":"Query"}"#);
        } else {
            reply.assert_refused();
        }
    }
}

/// Asserts that nesting is refused at every depth from the limit on, closed and open.
async fn assert_nesting_refused(before: &str, open: &str, close: &str, after: &str) {
    for levels in [65, 1_000, 100_000] {
        let (open, close) = (open.repeat(levels), close.repeat(levels));
        assert_refused(&format!("{before}{open}{close}{after}")).await;
        assert_refused(&format!("{before}{open}")).await;
    }
}

#[tokio::test]
async fn deep_nesting_is_refused() {
    assert_nesting_refused("", "{", "}", "").await;
    assert_nesting_refused("", "{ dog ", "}", "").await;
    assert_nesting_refused("{ ", "... { ", "}", "__typename }").await;
    assert_nesting_refused("{ echo(number: ", "[", "]", ") }").await;
    assert_nesting_refused("{ echo(number: ", "{ a: ", "}", ") }").await;
    assert_nesting_refused("{ echo", "(", ")", " }").await;
    assert_nesting_refused("query ($a: ", "[", "]", ") { __typename }").await;
    assert_nesting_refused("query ($a: Int = ", "[", "]", ") { __typename }").await;
    assert_nesting_refused("{ dog @skip(if: ", "[", "]", ") { name } }").await;
}

/// Nothing that looks like a string to one reader and not to another may hide brackets from the first.
#[tokio::test]
async fn nesting_does_not_hide_in_strings() {
    // The last two have no end as block strings, and are an empty string and another one to a parser that goes back.
    for string in STRINGS.iter().chain(&["\"\"\" x\"", "\"\"\""]) {
        for (open, close) in [("[", "]"), ("{ a: ", "}")] {
            let (open, close) = (open.repeat(100_000), close.repeat(100_000));
            assert_refused(&format!("{{ echo(number: [{string} {open}{close}]) }}")).await;
            assert_refused(&format!("{{ echo(number: [{string} {open}")).await;
        }
        assert_refused(&format!("{{ a: echo(number: {string}) {}", "{ a ".repeat(100_000))).await;
    }
}

/// What a reader takes for one long string that the parser takes for two short ones would count as one token.
#[tokio::test]
async fn tokens_do_not_hide_in_strings() {
    for string in STRINGS {
        let typenames = "__typename ".repeat(6_000);
        for end in ["", " # \"", " # \"\"\"", " # \" \"\"\""] {
            let query = format!("query ($text: String = {string}) {{ {typenames} }}{end}");
            let reply = assert_refused(&query).await;
            assert!(reply.body.contains("tokens"), "{string} with{end}: {}", reply.body);
        }
    }
}

/// Strings that a careless reader ends elsewhere than the parser does.
const STRINGS: &[&str] = &[
    r#""""\"""" x """"#,
    r#""""\""" " """"#,
    r#""""\\""" """"#,
    r#""""\"""""""#,
    r#""""\\"""""""#,
    r#""\\""#,
    r#""\"""#,
    r#""""#,
];

#[tokio::test]
async fn strings_without_end_are_refused() {
    for query in [
        "{ echo(number: \"",
        "{ echo(number: \"\"\"",
        "{ echo(number: \"\\",
        "\"",
        "\"\"\"\\\"\"\"",
        "{ echo(number: \"\n\") }",
    ] {
        assert_refused(query).await;
    }
    assert_refused(&"\"".repeat(100_000)).await;
    assert_refused(&format!("{{ echo(number: {}) }}", "\"\"\"".repeat(33_333))).await;
}

#[tokio::test]
async fn brackets_in_strings_and_comments_are_no_nesting() {
    let brackets = "{[(".repeat(100);
    let query = format!("{{ # {brackets}\n __typename @include(if: true) }}");
    kennel().ask(&query).await.flawless();
    let query =
        format!("query ($a: String = \"{brackets}\") {{ __typename @include(if: true) dog {{ name }} }}");
    let reply = kennel().ask(&query).await;
    assert!(reply.body.contains("is not used"), "{:.300}", reply.body);
    for string in [r#""\"{{""#, "\"\"\"{{ \" \\\"\"\" {{\"\"\""] {
        let reply = kennel().ask(&format!("{{ echo(number: {string}) }}")).await;
        assert!(reply.body.contains("Invalid value"), "{:.300}", reply.body);
    }
}

#[tokio::test]
async fn long_lists_and_names_are_refused() {
    assert_refused(&format!("{{ echo(number: [{}]) }}", "1 ".repeat(100_000))).await;
    assert_refused(&format!("{{ echo(number: {{ {} }}) }}", "a: 1 ".repeat(100_000))).await;
    assert_refused(&format!("{{ {} }}", "__typename ".repeat(100_000))).await;
    assert_refused(&format!("{{ dog {} {{ name }} }}", "@skip(if: false) ".repeat(100_000))).await;
    assert_refused(&"fragment F on Query { __typename } ".repeat(100_000)).await;
    assert_refused(&"query Q { __typename } ".repeat(100_000)).await;
}

#[tokio::test]
async fn what_cannot_be_parsed_is_not_sent_back_whole() {
    for junk in [
        "x".repeat(100_000),
        "æ".repeat(50_000),
        "\"".repeat(50_000),
        "\n".repeat(50_000) + "}",
        "1".repeat(100_000),
    ] {
        assert_refused(&format!("{{ dog {{ {junk} ! }} }}")).await;
        assert_refused(&junk).await;
    }
}

#[tokio::test]
async fn deep_and_long_variables_are_no_harm() {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let long = json!(vec![1; 100_000]);
    for value in [deep, long] {
        let query = "query ($a: Int!) { echo(number: $a) }";
        kennel().ask_with(query, &json!({ "a": value.clone() })).await.assert_refused();
        let reply = kennel().ask_with("{ __typename }", &json!({ "a": value })).await;
        assert_eq!(reply.flawless(), r#"{"__typename":"Query"}"#);
    }
}

#[tokio::test]
async fn an_operation_of_an_endless_name_is_refused() {
    let reply = kennel().ask_for(&"x".repeat(100_000), "{ __typename }").await;
    reply.assert_refused();
    assert!(reply.body.len() < 1024, "{} bytes", reply.body.len());
}

#[tokio::test]
async fn variables_of_types_that_are_not_there_are_refused() {
    for ty in ["Nothing", "[Nothing!]", "[[Nothing]]", "[__Nothing]"] {
        for default in ["", " = 0", " = [0]", " = [[0]]", " = {a: [0]}"] {
            let reply = assert_refused(&format!("query ($a: {ty}{default}) {{ __typename }}")).await;
            assert!(reply.body.contains("Unknown type"), "{:.300}", reply.body);
        }
    }
}

/// Interfaces below interfaces, each of many types.
mod many_types {
    use async_graphql::{Interface, Object};

    macro_rules! things {
        ($($name:ident),+) => {
            $(
                pub struct $name;

                #[Object]
                impl $name {
                    async fn next(&self) -> Option<Thing> {
                        None
                    }
                }
            )+

            #[derive(Interface)]
            #[graphql(field(name = "next", ty = "Option<Thing>"))]
            pub enum Thing {
                $($name($name),)+
            }
        };
    }

    things!(A, B, C, D, E, F, G, H);
}

struct Things;

#[Object(name = "Query")]
impl Things {
    async fn next(&self) -> many_types::Thing {
        many_types::A.into()
    }
}

#[tokio::test]
async fn interfaces_below_interfaces_do_not_multiply() {
    let server = Server::new(Things, EmptyMutation, Limits::default());
    let query = format!("{{ {}__typename{} }}", "next { ".repeat(14), " }".repeat(14));
    let reply = server.ask(&query).await;
    assert!(reply.body.len() < 1024, "{:.200}", reply.body);
    assert_eq!(server.ask("{ next { next { __typename } } }").await.flawless(), r#"{"next":{"next":null}}"#);
}
