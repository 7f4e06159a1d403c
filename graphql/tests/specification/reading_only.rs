//! Where only queries are allowed, as over GET: a mutation is refused and not run.

use crate::kennel::kennel;

#[tokio::test]
async fn a_query_is_answered() {
    let (reply, _) = kennel().only_read("{ dog { name } }").await;
    assert_eq!(reply.expect("a query is answered").flawless(), r#"{"dog":{"name":"Rex"}}"#);
}

#[tokio::test]
async fn a_mutation_is_refused_and_does_not_run() {
    for query in [
        "mutation { changeTheNumber(newNumber: 1) { theNumber } }",
        "mutation M { ...F } fragment F on Mutation { changeTheNumber(newNumber: 1) { theNumber } }",
        "mutation { __typename }",
        "mutation ($n: Int!) { changeTheNumber(newNumber: $n) { theNumber } }",
    ] {
        let (reply, calls) = kennel().only_read(query).await;
        assert!(reply.is_none(), "{query} was answered");
        assert!(calls.is_empty(), "{calls:?} ran");
    }
}

#[tokio::test]
async fn a_mutation_that_is_invalid_is_told_so() {
    let (reply, calls) = kennel().only_read("mutation { unknown }").await;
    reply.expect("a request error is answered").assert_refused();
    assert!(calls.is_empty(), "{calls:?} ran");
}
