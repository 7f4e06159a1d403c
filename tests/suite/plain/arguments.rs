//! Arguments that fields can be asked with.

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::Client;
use crate::support::documents::{Generator as Values, Random};
use crate::support::schema::{Field, Input, Schema};

/// What ids, words and moments are known by.
const SOME_VALUES: &str = "{ interventions(first: 30) { nodes { id slug name years { id } funding { id } \
    figures(first: 2) { nodes { id } } } } virkningsevalueringer(first: 30) { nodes { id title criteria { id \
    measurements { id } } } } forvaltninger { id code } districts { id } strategyPrinciples { id } \
    evaluationRounds { nodes { id } } reportingYear(year: 2023) { id } history(last: 60) { nodes { id occurredAt } } }";

pub struct Arguments<'a> {
    values: Values<'a>,
    /// By the name of their connection.
    cursors: BTreeMap<String, Vec<String>>,
}

impl<'a> Arguments<'a> {
    /// Arguments with these ids.
    pub fn of_ids(schema: &'a Schema, seed: u64, ids: &[&str]) -> Self {
        let mut values = Values::new(schema, seed, &[]);
        values.pool.ids.extend(ids.iter().map(|&id| id.to_owned()));
        Self { values, cursors: BTreeMap::new() }
    }

    /// Arguments with all that this client sees.
    pub fn known_to(client: &Client, schema: &'a Schema) -> Self {
        let mut values = Values::new(schema, 0, &[]);
        values.pool.learn(&client.data(SOME_VALUES, json!({})));
        let mut cursors = BTreeMap::new();
        let of_root = schema.get(&schema.query).fields.iter().filter(|field| !field.needs_arguments());
        for field in of_root.filter(|field| schema.get(&field.ty.name).is_connection()) {
            let page =
                client.data(&format!("{{ {}(first: 8) {{ edges {{ cursor }} }} }}", field.name), json!({}));
            let edges = page[&field.name]["edges"].as_array().cloned().unwrap_or_default();
            let known = edges.iter().filter_map(|edge| Some(edge["cursor"].as_str()?.to_owned())).collect();
            cursors.insert(field.ty.name.clone(), known);
        }
        Self { values, cursors }
    }

    pub fn random(&mut self) -> &mut Random {
        &mut self.values.random
    }

    /// As few arguments as the field can be asked with.
    pub fn few(&mut self, field: &Field) -> Vec<String> {
        let page = field.takes("first").then(|| "first: 2".to_owned());
        let needed = |argument: &&Input| argument.is_needed() || argument.name == "slug";
        let needed: Vec<_> = field.arguments.iter().filter(needed).collect();
        page.into_iter().chain(needed.into_iter().map(|argument| self.one(field, argument))).collect()
    }

    /// Some of all arguments of the field, and how many objects a page holds by them.
    pub fn some(&mut self, field: &Field) -> (Vec<String>, usize) {
        let (mut given, mut page) = (Vec::new(), 20);
        if field.takes("first") {
            let (count, at) = if self.random().one_in(3) { ("last", "before") } else { ("first", "after") };
            page = 2 + self.random().below(3);
            given.push(format!("{count}: {page}"));
            let known = self.cursors.get(&field.ty.name);
            let cursor = known.and_then(|known| self.values.random.pick(known));
            let cursor = cursor.map(|cursor| format!("{at}: {cursor:?}"));
            given.extend(cursor.filter(|_| self.values.random.one_in(3)));
        }
        // Exactly one of the two is what it is found by.
        let by_slug = field.takes("slug").then(|| self.random().one_in(2));
        for argument in &field.arguments {
            let wanted = match (argument.name.as_str(), by_slug) {
                ("first" | "last" | "after" | "before", _) => false,
                ("id", Some(by_slug)) => !by_slug,
                ("slug", Some(by_slug)) => by_slug,
                _ => argument.is_needed() || self.random().one_in(3),
            };
            if wanted {
                given.push(self.one(field, argument));
            }
        }
        (given, page)
    }

    fn one(&mut self, field: &Field, argument: &Input) -> String {
        let kind = match argument.name.as_str() {
            "criterionId" => "criterion",
            "virkningsevalueringId" => "virkningsevaluering",
            "event" => "event",
            _ => &field.ty.name.to_lowercase(),
        };
        let is_one = |id: &&String| id.starts_with(&format!("{kind}_"));
        let fitting: Vec<String> = self.values.pool.ids.iter().filter(is_one).cloned().collect();
        let value = match self.values.random.pick(&fitting).filter(|_| argument.ty.name == "ID") {
            Some(id) => format!("{id:?}"),
            None if argument.name == "slug" => "\"den-korte-snor\"".to_owned(),
            None => self.values.value(argument, 0),
        };
        format!("{}: {value}", argument.name)
    }
}
