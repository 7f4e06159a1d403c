//! Who gets what, measured from outside: each field and each mutation of the schema, for each role, in each place.
//!
//! `tests/access-matrix.txt` holds what is expected. What the schema has and the file has not makes the comparison fail;
//! what stands in no place, and what no attempt is written for, fails before that.

mod letters;
mod reads;
mod tree;
mod writes;

pub use tree::ARGUMENTS;
pub use writes::document;

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::support::places::{PLACES, places};
use crate::support::schema::Schema;
use crate::support::{Backend, Client, Server, compare, virkning};

on_both_databases!(each_role_gets_in_each_place_what_the_matrix_says);

/// Each role in SOF, then each for the whole municipality, then no role.
const ROLES: [&str; 11] = [
    "reader-sof",
    "evaluator-sof",
    "approver-sof",
    "auditor-sof",
    "reader",
    "evaluator",
    "approver",
    "auditor",
    "coordinator",
    "admin",
    "nobody",
];

/// The municipality-wide auditor.
const ALL_SEEING: usize = 7;

/// Who finds the ways to objects of each type: who sees everything, who keeps accounts, and who works with evaluations.
const FINDERS: [usize; 3] = [ALL_SEEING, 9, 1];

/// The letter of each role in each place, by row.
type Cells = BTreeMap<String, [[char; PLACES.len()]; ROLES.len()]>;

const LEGEND: &str = "\
Who gets what, as a running server answers. Compared by the test suite; VIRKNING_ACCEPT=1 tests/run --test suite -- matrix
writes it anew, and the difference is what reviewers read. docs/authorization-matrix.md is the policy that this follows from.

A column is a role: in SOF first, then for the whole municipality, then an account without a role. A cell of one letter
holds everywhere. One of three is of what SOF leads, of what it is a partner in, of what is nothing to SOF. One of six is of
the unpublished evaluation in each of the three, then of the published one; both have something of every kind.

reading  v  a value            n  null            0  none: an empty list, a count of nothing
         .  what it would be a field of is not there for this role
         f  FORBIDDEN
writing  p  permitted: refused for a fault that was put into the input, after the policy was asked
         f  FORBIDDEN         a  NOT_FOUND, as what does not exist
";

fn each_role_gets_in_each_place_what_the_matrix_says(backend: Backend) {
    let (database, places) = places(backend);
    let server = Server::serve(database, &["--explorer"]);
    let clients: Vec<Client> = ROLES.iter().map(|role| server.signed_in(role)).collect();
    let schema = Schema::of(&clients[ALL_SEEING]);
    let mut cells = Cells::new();

    let before = server.database().count("event");
    writes::attempt(&schema, &clients, &places, &mut cells);
    assert_eq!(server.database().count("event"), before, "no attempt changes anything");
    virkning(&server.database().url, &["verify"]).assert_success();

    // A stored result that does not follow, since a difference is a type of its own.
    let tampered = "UPDATE criterion_result SET interval_low = 42000000 WHERE until_version IS NULL";
    server.database().execute(tampered).expect("a result that is tampered with");
    reads::read(&schema, &clients, &places, &mut cells);
    writes::follow(&schema, &clients, &places, &mut cells);
    compare("tests/access-matrix.txt", &printed(&cells));
}

fn printed(cells: &Cells) -> String {
    let name = cells.keys().map(String::len).max().unwrap_or_default();
    let mut text = format!("{LEGEND}\n{:name$}", "");
    for role in ROLES {
        write!(text, "  {role:13}").expect("a string");
    }
    let mut last = "";
    for (row, roles) in cells {
        let group = row.split(['.', '(']).next().unwrap_or(row);
        let gap = if group == last { "" } else { "\n" };
        last = group;
        write!(text, "{gap}\n{row:name$}").expect("a string");
        for places in roles {
            write!(text, "  {:13}", cell(places)).expect("a string");
        }
        text.truncate(text.trim_end().len());
    }
    text.push('\n');
    text
}

/// As few letters as say it.
fn cell(places: &[char; PLACES.len()]) -> String {
    let all: String = places.iter().collect();
    if places.iter().all(|letter| *letter == places[0]) {
        return places[0].to_string();
    }
    let (unpublished, published) = all.split_at(3);
    if unpublished == published { unpublished.to_owned() } else { format!("{unpublished} {published}") }
}
