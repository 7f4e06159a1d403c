//! The schema and the authorization matrix are checked in: a change to either is seen in review.

use crate::support::{compare, virkning};

#[test]
fn the_schema_is_the_one_that_is_checked_in() {
    let printed = virkning("sqlite://unused.db", &["schema"]);
    printed.assert_success();
    compare("schema.graphql", &printed.stdout);
}

#[test]
fn everything_in_the_schema_is_described() {
    let schema = include_str!("../../schema.graphql");
    let mut described = false;
    let mut inside = false;
    let mut bare = Vec::new();
    for line in schema.lines() {
        let text = line.trim();
        match text {
            "\"\"\"" => {
                inside = !inside;
                described = true;
            }
            _ if inside || text.is_empty() || text == "}" || text.starts_with("schema") => {}
            _ if text.starts_with("query:")
                || text.starts_with("mutation:")
                || text.starts_with("subscription:")
                || text.starts_with("directive") => {}
            _ => {
                if !described && !text.starts_with(')') {
                    bare.push(text);
                }
                described = false;
            }
        }
    }
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}

#[test]
fn the_policy_is_the_matrix_that_is_checked_in() {
    let explained = format!(
        "# Who may do what\n\n\
         Printed from `domain/src/policy.rs` and compared by the test suite. A cell says where a grant of the role permits it: \
         `lead`, where the grant's forvaltning leads the intervention; `own`, where it leads or takes part; `home`, the same, \
         but not by a grant for the whole municipality; `municipality`, with a grant for the whole municipality only; `all`, \
         everywhere; `–`, nowhere. A grant for the whole municipality counts as one for every forvaltning. What is not listed \
         nobody may. An entry of the access log is read by the intervention that it is about; one about none, with a grant for \
         the whole municipality.\n\n{}",
        domain::policy::matrix()
    );
    compare("docs/authorization-matrix.md", &explained);
}
