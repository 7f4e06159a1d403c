//! What one request may ask for, and what a server may be set to: at a limit it is answered, one over it is refused at once
//! and in few words.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::health::quickest;
use crate::support::{Answer, Backend, Client, Database, EventStream, Server, Socket, virkning};

/// How long a refusal may take.
const AT_ONCE: Duration = Duration::from_millis(100);

fn assert_answered(client: &Client, query: &str, variables: &Value) {
    let answer = client.ask(query, variables.clone());
    assert!(answer.json().get("errors").is_none(), "{query:.300}: {:.300}", answer.body);
}

fn assert_refused(client: &Client, query: &str, variables: &Value) {
    let (answer, took) = quickest(|| client.ask(query, variables.clone()));
    assert_brief(&answer, query);
    assert!(took < AT_ONCE, "{took:?}: {query:.300}");
}

fn assert_brief(answer: &Answer, query: &str) {
    assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{query:.300}");
    assert!(answer.json().get("data").is_none(), "{query:.300}");
    assert!(answer.body.len() < 1024, "{} bytes: {query:.300}", answer.body.len());
}

fn numbered(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(" ")
}

/// An intervention so many levels deep, without a list.
fn deep(levels: usize) -> String {
    let pairs = (levels - 2) / 2;
    let last = if levels.is_multiple_of(2) { "id" } else { "current { id }" };
    let (open, close) = ("current { intervention { ".repeat(pairs), "} } ".repeat(pairs));
    format!("{{ intervention(slug: \"ludo\") {{ {open} {last} {close} }} }}")
}

fn aliases(count: usize) -> String {
    format!("{{ {} }}", numbered(count, |at| format!("a{at}: __typename")))
}

fn directives(count: usize) -> String {
    format!("{{ {} }}", "__typename @include(if: true) ".repeat(count))
}

/// So many tokens, brackets included.
fn tokens(count: usize) -> String {
    format!("{{ {} }}", "__typename ".repeat(count - 2))
}

/// Documents of a kind that grow with a number.
type Kind = (&'static str, fn(usize) -> String);

const KINDS: [Kind; 4] =
    [("depth", deep), ("aliases", aliases), ("directives", directives), ("tokens", tokens)];

#[test]
fn at_a_limit_passes_and_one_over_is_refused_at_once() {
    let server = Server::serve(Database::register(Backend::Sqlite), &[]);
    let reader = server.signed_in("reader");
    for ((name, kind), limit) in KINDS.into_iter().zip([15, 30, 50, 5_000]) {
        assert_answered(&reader, &kind(limit), &json!({}));
        for over in [limit + 1, limit * 2] {
            assert_refused(&reader, &kind(over), &json!({}));
            assert_refused(&server.stranger(), &kind(over), &json!({}));
        }
        eprintln!("{name}: {limit}");
    }
}

#[test]
fn the_limits_are_settings() {
    let set = [
        ("--limit-depth", "9"),
        ("--limit-aliases", "3"),
        ("--limit-directives", "4"),
        ("--limit-tokens", "150"),
        ("--limit-body", "16"),
    ];
    let options: Vec<_> = set.into_iter().flat_map(|(name, value)| [name, value]).collect();
    let server = Server::serve(Database::register(Backend::Sqlite), &options);
    let reader = server.signed_in("reader");
    for ((_, kind), limit) in KINDS.into_iter().zip([9, 3, 4, 150]) {
        assert_answered(&reader, &kind(limit), &json!({}));
        assert_refused(&reader, &kind(limit + 1), &json!({}));
    }
    let body = |size: usize| {
        let start = "{\"query\":\"{ __typename }\",\"variables\":{\"x\":\"";
        format!("{start}{}\"}}}}", "x".repeat(size - start.len() - 3))
    };
    assert_eq!(reader.post("application/json", body(16 * 1024)).status, 200);
    let refused = reader.post("application/json", body(16 * 1024 + 1));
    assert_eq!(refused.status, 413);
    assert!(refused.body.contains("16 KiB"), "{}", refused.body);
}

/// A thousand points, in as many ways as there are to ask for them.
#[test]
fn cost_counts_pages_and_every_selection() {
    let server = Server::serve(
        Database::register(Backend::Sqlite),
        &["--limit-cost", "1000", "--limit-tokens", "5000"],
    );
    let reader = server.signed_in("reader");
    // Ninety-nine times ten, one for the page itself, and the rest beside it.
    let page = |argument: &str, beside: usize| {
        format!(
            "{{ interventions({argument}) {{ nodes {{ {} }} }} {} }}",
            "id ".repeat(9),
            "__typename ".repeat(beside)
        )
    };
    let by_variable = |beside: usize| format!("query($n: Int) {}", page("first: $n", beside));
    let by_default = |beside: usize| format!("query($n: Int = 99) {}", page("first: $n", beside));
    let wrapped = |beside: usize| {
        let (inside, beside) = ("... { id } ".repeat(4), "__typename ".repeat(beside));
        format!("{{ interventions(first: 99) {{ nodes {{ {inside} }} }} {beside} }}")
    };
    let reused = |beside: usize| {
        let beside = "__typename ".repeat(beside);
        format!(
            "{{ interventions(first: 99) {{ nodes {{ ...F ...F }} }} {beside} }} fragment F on Intervention {{ id id }}"
        )
    };
    for (least, over, variables) in [
        (page("first: 99", 9), page("first: 99", 10), json!({})),
        (page("first: 99", 9), page("first: 100", 9), json!({})),
        (page("last: 99", 9), page("last: 99", 10), json!({})),
        (by_variable(9), by_variable(10), json!({ "n": 99 })),
        (by_default(9), by_default(10), json!({})),
        (tokens(1_002), tokens(1_003), json!({})),
        (wrapped(108), wrapped(109), json!({})),
        (reused(306), reused(307), json!({})),
    ] {
        assert_answered(&reader, &least, &variables);
        assert_refused(&reader, &over, &variables);
    }
    // Numbers that no page has cost what they say.
    for number in ["2147483647", "18446744073709551615", "99999999999999999999999"] {
        assert_refused(&reader, &page(&format!("first: {number}"), 0), &json!({}));
    }
    assert_refused(&reader, &by_variable(0), &json!({ "n": u64::MAX }));
}

#[test]
fn introspection_passes_the_limits_where_it_is_allowed() {
    let query = include_str!("../../graphql/tests/specification/introspection.graphql");
    let open = Server::start(Backend::Sqlite);
    let data = open.stranger().data(query, json!({}));
    assert!(data["__schema"]["types"].as_array().is_some_and(|types| types.len() > 100));
    let closed = Server::serve(Database::register(Backend::Sqlite), &[]);
    assert_refused(&closed.signed_in("admin"), query, &json!({}));
}

#[test]
fn streams_are_as_many_as_is_set() {
    let follow = "subscription { eventAppended { id } }";
    let server = Server::serve(
        Database::register(Backend::Sqlite),
        &["--limit-streams", "3", "--limit-streams-of-account", "2", "--limit-subscriptions", "1"],
    );
    let (auditor, other) = (server.signed_in("auditor"), server.signed_in("auditor-sof"));
    let mut socket = Socket::of(&auditor);
    socket.subscribe("1", follow, json!({}));
    socket.subscribe("2", follow, json!({}));
    assert_eq!(socket.refusal("2"), "BAD_USER_INPUT");
    let _second = EventStream::open(&auditor, follow, &json!({}));
    let status = |client: &Client| EventStream::request(client, follow, &json!({})).status().as_u16();
    assert_eq!(status(&auditor), 429);
    let _third = EventStream::open(&other, follow, &json!({}));
    assert_eq!(status(&other), 503);
}

#[test]
fn a_limit_beyond_reason_is_no_setting() {
    for (name, wrong) in [
        ("--limit-depth", ["2", "51"]),
        ("--limit-aliases", ["-1", "10001"]),
        ("--limit-directives", ["x", "10001"]),
        ("--limit-tokens", ["99", "100001"]),
        ("--limit-cost", ["999", "100000001"]),
        ("--limit-body", ["15", "65537"]),
        ("--limit-header-seconds", ["0", "61"]),
        ("--limit-body-seconds", ["0", "301"]),
        ("--limit-query-seconds", ["0", "601"]),
        ("--limit-streams", ["0", "10001"]),
        ("--limit-streams-of-account", ["0", "10001"]),
        ("--limit-subscriptions", ["0", "1001"]),
    ] {
        for value in wrong {
            let ran = virkning("sqlite://nothing.db", &["serve", &format!("{name}={value}")]);
            assert!(!ran.status.success() && ran.stderr.contains(name), "{name} {value}: {}", ran.stderr);
        }
    }
}
