//! Every field of every type, read by each role in each place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::tree::{ARGUMENTS, Tree, Way, at_end, ways};
use super::{ALL_SEEING, Cells, FINDERS, ROLES, letters};
use crate::support::Client;
use crate::support::places::{PLACES, Place};
use crate::support::schema::Schema;

/// What is read from one root field: the ways to the types that are reached from it, and the document.
struct Root {
    name: String,
    ways: Vec<Way>,
    tree: Tree,
}

pub fn read(schema: &Schema, clients: &[Client], places: &[Place], cells: &mut Cells) {
    let roots = roots(schema, &FINDERS.map(|role| &clients[role]), &places[0]);
    let mut ids = vec![BTreeMap::new(); places.len()];
    for root in &roots {
        let differs = root.differs_by_place(schema);
        for (at, place) in places.iter().enumerate() {
            if at > 0 && !differs {
                for row in root.rows(schema) {
                    cells.get_mut(&row).expect("a row").iter_mut().for_each(|of| of[at] = of[0]);
                }
                continue;
            }
            let document = root.tree.document(schema, place);
            for (role, client) in clients.iter().enumerate() {
                let answer = client.ask(&document, json!({})).json();
                for (row, letter) in root.told(schema, &answer) {
                    cells.entry(row).or_insert([[' '; PLACES.len()]; ROLES.len()])[role][at] = letter;
                }
                if role == ALL_SEEING {
                    root.note_ids(schema, &answer["data"], &mut ids[at]);
                }
            }
        }
    }
    // What belongs to no place is the same in each.
    let first = ids[0].clone();
    for of_place in &mut ids {
        for (ty, id) in &first {
            of_place.entry(ty.clone()).or_insert_with(|| id.clone());
        }
    }
    read_nodes(schema, clients, &ids, cells);
}

/// The root fields, each type below the first that leads to one. What hangs on an evaluation or an intervention is read there.
fn roots(schema: &Schema, finders: &[&Client], place: &Place) -> Vec<Root> {
    let fields = schema.get(&schema.query).fields.iter().map(|field| &*field.name);
    let first = ["virkningsevaluering", "intervention"];
    let names = first.into_iter().chain(fields.filter(|name| !first.contains(name)));
    let mut missing: Vec<_> = schema.objects().map(|ty| ty.name.clone()).collect();
    let readable = readable(schema);
    missing.retain(|ty| *ty != schema.query && readable.contains(ty));
    let mut roots = Vec::new();
    for name in names {
        let mut root = Root { name: name.to_owned(), ways: vec![], tree: Tree::default() };
        root.tree.grow_root(schema, name);
        for way in ways(schema, name) {
            if missing.contains(&way.ty) && leads_somewhere(schema, finders, place, &way) {
                missing.retain(|ty| *ty != way.ty);
                root.tree.grow(&way.fields);
                root.ways.push(way);
            }
        }
        roots.push(root);
    }
    assert!(
        missing.is_empty(),
        "nothing of {missing:?} is found: let tests/suite/support/places.rs make some in each place"
    );
    roots
}

/// The types that reading leads to; others are only answered to who makes a change.
fn readable(schema: &Schema) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![schema.query.clone()]);
    while let Some(name) = open.pop() {
        let ty = schema.get(&name);
        if found.insert(name) {
            open.extend(ty.fields.iter().map(|field| field.ty.name.clone()).chain(ty.possible.clone()));
        }
    }
    found
}

/// Whether one of the accounts finds an object at the end of a way.
fn leads_somewhere(schema: &Schema, finders: &[&Client], place: &Place, way: &Way) -> bool {
    let mut tree = Tree::default();
    tree.grow_to(&way.fields);
    let document = tree.document(schema, place);
    let found = |finder: &&Client| {
        let answer = finder.ask(&document, json!({})).json();
        !at_end(&answer["data"], &way.fields).is_empty()
    };
    finders.iter().any(found)
}

impl Root {
    fn differs_by_place(&self, schema: &Schema) -> bool {
        let row = format!("{}.{}", schema.query, self.name);
        ARGUMENTS.iter().any(|(known, told)| *known == row && told.contains('{'))
    }

    /// The root field itself, and each field of the types below it.
    fn rows(&self, schema: &Schema) -> Vec<String> {
        let below = self.ways.iter().flat_map(|way| {
            schema.get(&way.ty).fields.iter().map(|field| format!("{}.{}", way.ty, field.name))
        });
        [format!("{}.{}", schema.query, self.name)].into_iter().chain(below).collect()
    }

    /// The letter of each row.
    fn told(&self, schema: &Schema, answer: &Value) -> Vec<(String, char)> {
        if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
            let letter = letters::of_refusal(code).unwrap_or_else(|| panic!("{}: {answer}", self.name));
            let below = self.rows(schema).into_iter().enumerate();
            return below.map(|(at, row)| (row, if at == 0 { letter } else { letters::NO_OBJECT })).collect();
        }
        let data = &answer["data"];
        let mut rows =
            vec![(format!("{}.{}", schema.query, self.name), letters::of_values([&data[&self.name]]))];
        for way in &self.ways {
            let objects = at_end(data, &way.fields);
            for field in &schema.get(&way.ty).fields {
                let values = objects.iter().map(|object| &object[&field.name]);
                let letter = match &*field.name {
                    "totalCount" => letters::of_counts(values),
                    _ => letters::of_values(values),
                };
                rows.push((format!("{}.{}", way.ty, field.name), letter));
            }
        }
        rows
    }

    /// One id of each type that `node` finds.
    fn note_ids(&self, schema: &Schema, data: &Value, ids: &mut BTreeMap<String, String>) {
        for way in &self.ways {
            if schema.get("Node").possible.contains(&way.ty) {
                let objects = at_end(data, &way.fields);
                let id = objects.last().and_then(|object| object["id"].as_str());
                ids.extend(id.map(|id| (way.ty.clone(), id.to_owned())));
            }
        }
    }
}

/// Each type by `node`, with the ids that an all-seeing account found in each place.
fn read_nodes(schema: &Schema, clients: &[Client], ids: &[BTreeMap<String, String>], cells: &mut Cells) {
    for ty in &schema.get("Node").possible {
        assert!(ids[0].contains_key(ty), "an id of {ty}");
    }
    for (at, ids) in ids.iter().enumerate() {
        let asked = ids.iter().map(|(ty, id)| format!("of{ty}: node(id: \"{id}\") {{ __typename }}"));
        let document = format!("{{ {} }}", asked.collect::<Vec<_>>().join(" "));
        for (role, client) in clients.iter().enumerate() {
            let data = client.data(&document, json!({}));
            for ty in ids.keys() {
                let row = format!("{}.node({ty})", schema.query);
                let letter = letters::of_values([&data[format!("of{ty}")]]);
                cells.entry(row).or_insert([[' '; PLACES.len()]; ROLES.len()])[role][at] = letter;
            }
        }
    }
}
