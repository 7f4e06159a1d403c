//! Ways from the root to an object of each type, and the document that goes them all.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::support::places::Place;
use crate::support::schema::{Field, Schema};

/// What fields are asked with, where they need to be told. `{name}` is the id of that name in the place.
pub const ARGUMENTS: [(&str, &str); 13] = [
    ("Query.node", r#"id: "{evaluation}""#),
    ("Query.intervention", r#"id: "{intervention}""#),
    ("Query.reportingYear", "year: 2023"),
    ("Query.virkningsevaluering", r#"id: "{evaluation}""#),
    (
        "Query.plan",
        r#"direction: UP, basis: RELATIVE_CHANGE, threshold: "0.5", unit: SHARE, pairing: PAIRED, baseline: "0.3", n: 40"#,
    ),
    ("Query.observations", r#"criterionId: "{observed}", purpose: "Kvalitetssikring""#),
    ("Query.recompute", r#"virkningsevalueringId: "{evaluation}""#),
    ("Query.checkpoint", ""),
    ("Query.inclusionProof", r#"event: "{event}""#),
    ("Query.consistencyProof", "from: 1"),
    // Readings are logged before they are answered, denials after a while.
    ("Query.accessLog", "filter: { outcome: READ }"),
    ("SuccessCriterion.plan", "n: 40"),
    ("Virkningsevaluering.compare", "from: REGISTERED, to: PRESENT"),
];

/// The most fields between the root and an object.
const LONGEST: usize = 6;
/// The ways to one type that are looked at from one root.
const MOST_WAYS: usize = 12;

/// A field with its arguments.
fn asked(ty: &str, field: &Field) -> String {
    let row = format!("{ty}.{}", field.name);
    let told = ARGUMENTS.iter().find(|(known, _)| *known == row).map(|(_, arguments)| *arguments);
    assert!(
        told.is_some() || !field.needs_arguments(),
        "{row} needs arguments: say which in tests/suite/matrix/tree.rs"
    );
    let page = field.takes("first").then_some("first: 10");
    let given: Vec<_> = told.into_iter().chain(page).filter(|arguments| !arguments.is_empty()).collect();
    if given.is_empty() { field.name.clone() } else { format!("{}({})", field.name, given.join(", ")) }
}

/// Fields from the root, and the type of the objects that they lead to.
pub struct Way {
    pub fields: Vec<String>,
    pub ty: String,
    passed: BTreeSet<String>,
}

/// The ways from a root field to objects, the shorter first. What has a root field of its own is reached by that alone, and
/// no type is passed twice.
pub fn ways(schema: &Schema, root: &str) -> Vec<Way> {
    let own = ["Intervention", "Virkningsevaluering", "ReportingYear", "EvaluationRound"];
    let first = schema.get(&schema.query).field(root);
    let ty = first.ty.name.clone();
    let mut open = VecDeque::from([Way { fields: vec![root.to_owned()], ty, passed: BTreeSet::new() }]);
    let (mut found, mut seen) = (Vec::new(), BTreeMap::<String, usize>::new());
    while let Some(way) = open.pop_front() {
        let seen = seen.entry(way.ty.clone()).or_default();
        *seen += 1;
        if *seen > MOST_WAYS {
            continue;
        }
        if own.contains(&&*way.ty) && way.fields.len() > 1 && !first.ty.name.starts_with(&way.ty) {
            continue;
        }
        if way.fields.len() < LONGEST && schema.get(&way.ty).kind == "OBJECT" {
            for field in &schema.get(&way.ty).fields {
                if schema.is_composite(&field.ty.name) && !way.passed.contains(&field.ty.name) {
                    let fields = way.fields.iter().cloned().chain([field.name.clone()]).collect();
                    let passed = way.passed.iter().cloned().chain([way.ty.clone()]).collect();
                    open.push_back(Way { fields, ty: field.ty.name.clone(), passed });
                }
            }
        }
        found.push(way);
    }
    found
}

/// A selection that goes several ways and takes up all fields at their ends.
#[derive(Default)]
pub struct Tree {
    below: BTreeMap<String, Self>,
    whole: bool,
}

impl Tree {
    pub fn grow(&mut self, fields: &[String]) {
        match fields.split_first() {
            Some((field, rest)) => self.below.entry(field.clone()).or_default().grow(rest),
            None => self.whole = true,
        }
    }

    /// Goes a way without taking up what is at its end.
    pub fn grow_to(&mut self, fields: &[String]) {
        if let Some((field, rest)) = fields.split_first() {
            self.below.entry(field.clone()).or_default().grow_to(rest);
        }
    }

    /// Takes in a root field, with what says whether there is anything.
    pub fn grow_root(&mut self, schema: &Schema, name: &str) {
        let field = schema.get(&schema.query).field(name);
        let count = schema.get(&field.ty.name).is_connection().then(|| "totalCount".to_owned());
        self.grow_to(&[name.to_owned()].into_iter().chain(count).collect::<Vec<_>>());
    }

    /// The selection on a type.
    pub fn selection(&self, schema: &Schema, ty: &str) -> String {
        let declared = schema.get(ty);
        let fields =
            declared.fields.iter().filter(|field| self.whole || self.below.contains_key(&field.name));
        let written = fields.map(|field| {
            let below = match self.below.get(&field.name) {
                Some(below) if schema.is_composite(&field.ty.name) => below.selection(schema, &field.ty.name),
                None if schema.get(&field.ty.name).is_connection() => "{ totalCount }".to_owned(),
                None if schema.is_composite(&field.ty.name) => "{ __typename }".to_owned(),
                _ => String::new(),
            };
            format!("{} {below}", asked(ty, field))
        });
        let fields: BTreeSet<String> = written.collect();
        let rest = if fields.is_empty() { "__typename" } else { "" };
        format!("{{ {rest}{} }}", fields.into_iter().collect::<Vec<_>>().join(" "))
    }

    pub fn document(&self, schema: &Schema, place: &Place) -> String {
        place.fill(&self.selection(schema, &schema.query))
    }
}

/// The objects at the end of a way.
pub fn at_end<'a>(data: &'a Value, fields: &[String]) -> Vec<&'a Value> {
    match (data, fields.split_first()) {
        (Value::Null, _) => vec![],
        (Value::Array(items), _) => items.iter().flat_map(|item| at_end(item, fields)).collect(),
        (object, Some((field, rest))) => at_end(&object[field], rest),
        (object, None) => vec![object],
    }
}
