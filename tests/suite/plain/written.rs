//! The queries that stand in the repository: in the documentation and in the tests.

use std::fs;
use std::path::Path;

use async_graphql_parser::parse_query;
use async_graphql_parser::types::{BaseType, OperationType, VariableDefinition};
use serde_json::{Map, Value, json};

use super::executor::only_operation;

/// Documents that ask, each once.
pub fn queries() -> Vec<String> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut queries = Vec::new();
    visit(&repository.join("docs"), &mut queries);
    visit(&repository.join("tests/suite"), &mut queries);
    take(&repository.join("README.md"), &mut queries);
    let mut queries: Vec<_> = queries.iter().map(|query| with_short_pages(query)).collect();
    queries.sort();
    queries.dedup();
    queries
}

/// The query with no page of more than three, so that asking field by field comes to an end.
fn with_short_pages(query: &str) -> String {
    let mut short = String::new();
    let mut rest = query;
    while let Some(at) = rest.find("first: ").into_iter().chain(rest.find("last: ")).min() {
        let number = at + rest[at..].find(' ').map_or(0, |space| space + 1);
        let end = number + rest[number..].find(|c: char| !c.is_ascii_digit()).unwrap_or_default();
        let count = rest[number..end]
            .parse()
            .map_or(rest[number..end].to_owned(), |count: u64| count.min(3).to_string());
        short += &rest[..number];
        short += &count;
        rest = &rest[end..];
    }
    short + rest
}

fn visit(folder: &Path, queries: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            visit(&path, queries);
        } else {
            take(&path, queries);
        }
    }
}

fn take(path: &Path, queries: &mut Vec<String>) {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let text = || fs::read_to_string(path).expect("a text");
    match extension {
        "graphql" => queries.extend(query(&text())),
        "md" => {
            let text = text();
            let blocks = text.split("```graphql\n").skip(1);
            queries.extend(blocks.filter_map(|block| query(block.split("```").next()?)));
        }
        "rs" => {
            let literals = literals(&text());
            let formatted = |literal: &str| query(&literal.replace("{{", "{").replace("}}", "}"));
            queries
                .extend(literals.iter().filter_map(|literal| query(literal).or_else(|| formatted(literal))));
        }
        _ => {}
    }
}

/// The text, where it is a document with one operation, which is a query of what the server holds.
fn query(text: &str) -> Option<String> {
    let document = parse_query(text).ok()?;
    let asks =
        document.operations.iter().count() == 1 && only_operation(&document).ty == OperationType::Query;
    (asks && !text.contains("__schema") && !text.contains("__type(")).then(|| text.to_owned())
}

/// The string literals of Rust code.
fn literals(code: &str) -> Vec<String> {
    let mut literals = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '/', '\'', 'r']) {
        let (before, from) = rest.split_at(at);
        let in_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        rest = if from.starts_with("//") {
            from.find('\n').map_or("", |end| &from[end..])
        } else if let Some(raw) = from.strip_prefix("r#\"").filter(|_| !in_word) {
            let (literal, after) = raw.split_once("\"#").unwrap_or((raw, ""));
            literals.push(literal.to_owned());
            after
        } else if let Some(quoted) = from.strip_prefix('"') {
            let (literal, after) = unescaped(quoted);
            literals.push(literal);
            after
        } else if let Some(after) = from.strip_prefix("'\"'") {
            after
        } else {
            &from[1..]
        };
    }
    literals
}

/// A literal after its opening quote, and what comes after its closing one.
fn unescaped(quoted: &str) -> (String, &str) {
    let mut literal = String::new();
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => match letters.next() {
                Some('\n') => letters = letters.as_str().trim_start().chars(),
                Some('n') => literal.push('\n'),
                Some(other) => literal.push(other),
                None => {}
            },
            other => literal.push(other),
        }
    }
    (literal, letters.as_str())
}

/// Variables for a query, with this for each that is an id. Nothing where there is none that is fitting.
pub fn variables(query: &str, id: &str) -> Option<Value> {
    let document = parse_query(query).expect("a query");
    let mut given = Map::new();
    for definition in &only_operation(&document).variable_definitions {
        let VariableDefinition { name, var_type, default_value, .. } = &definition.node;
        let name = name.node.as_str();
        let BaseType::Named(ty) = &var_type.node.base else { return None };
        let value = match (ty.as_str(), name) {
            ("ID", _) => json!(id),
            ("Int", "year" | "y") => json!(2023),
            ("Int", _) => json!(2),
            ("String", _) if !var_type.node.nullable => json!("den-korte-snor"),
            _ if var_type.node.nullable || default_value.is_some() => continue,
            _ => return None,
        };
        given.insert(name.to_owned(), value);
    }
    Some(Value::Object(given))
}
