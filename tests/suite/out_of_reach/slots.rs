//! Every place of the schema that takes an id.

use serde_json::{Value, json};

use crate::matrix::ARGUMENTS;
use crate::support::schema::{Field, Input, Schema};

/// The names that lead to a field of an input, from outside in; each with whether a list is passed.
pub type Slot = Vec<(String, bool)>;

/// The places for ids within an input.
pub fn slots_of(schema: &Schema, input: &str) -> Vec<Slot> {
    let fields = &schema.get(input).inputs;
    fields.iter().flat_map(|field| below(schema, field)).collect()
}

fn below(schema: &Schema, field: &Input) -> Vec<Slot> {
    let own = (field.name.clone(), field.ty.list);
    if field.ty.name == "ID" {
        return vec![vec![own]];
    }
    let deeper = slots_of(schema, &field.ty.name).into_iter();
    deeper.map(|slot| [vec![own.clone()], slot].concat()).collect()
}

/// An input with an id at a place, which is made where it is not there.
pub fn with_id(input: &Value, slot: &[(String, bool)], id: &str) -> Value {
    let Some(((name, list), rest)) = slot.split_first() else {
        return json!(id);
    };
    let mut input = if input.is_object() { input.clone() } else { json!({}) };
    let inside = if *list { &input[name][0] } else { &input[name] };
    let inside = with_id(inside, rest, id);
    input[name] = if *list { json!([inside]) } else { inside };
    input
}

/// Documents with `$id` at every place where reading takes one. What cannot be null stands alone: an error of its would hide
/// the others.
pub fn readings(schema: &Schema) -> Vec<String> {
    let query = schema.get(&schema.query);
    let elsewhere = schema.objects().filter(|ty| ty.name != schema.query).flat_map(|ty| &ty.fields);
    for field in elsewhere {
        let takes = field.arguments.iter().any(|argument| !below(schema, argument).is_empty());
        assert!(!takes, "{} takes an id below the root: let tests/suite/out_of_reach ask it", field.name);
    }
    let (mut together, mut documents) = (Vec::new(), Vec::new());
    for field in &query.fields {
        for slot in field.arguments.iter().flat_map(|argument| below(schema, argument)) {
            let asked = at_slot(schema, field, &slot);
            if field.ty.required {
                documents.push(asked);
            } else {
                together.push(format!("at{}: {asked}", together.len()));
            }
        }
    }
    documents.push(together.join(" "));
    documents.iter().map(|asked| format!("query($id: ID!) {{ {asked} }}")).collect()
}

fn at_slot(schema: &Schema, field: &Field, slot: &Slot) -> String {
    let (argument, _) = &slot[0];
    let given = literal(&with_id(&Value::Null, slot, "$id")[argument]);
    let row = format!("{}.{}", schema.query, field.name);
    let told = ARGUMENTS.iter().find(|(known, _)| *known == row).map_or("", |(_, told)| *told);
    let others = told.split(", ").filter(|part| part.split(':').next() != Some(argument));
    let others = others.filter(|part| !part.is_empty()).map(str::to_owned);
    let arguments: Vec<_> = others.chain([format!("{argument}: {given}")]).collect();
    let selection = match schema.get(&field.ty.name) {
        page if page.is_connection() => "{ totalCount pageInfo { hasNextPage endCursor } edges { cursor } }",
        _ => "{ __typename }",
    };
    format!("{}({}) {selection}", field.name, arguments.join(", "))
}

/// As it is written in a document.
fn literal(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {}", literal(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::String(variable) => variable.clone(),
        other => other.to_string(),
    }
}
