//! What a document may cost, found before anything else walks it.
//!
//! Fragments that each spread the next one twice double the work with every line. Here each fragment is weighed once, and
//! sums saturate, so that weighing takes time linear in the document however large the weight.

use std::collections::HashMap;

use async_graphql::parser::types::{BaseType, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned, ServerError, Value as Given, Variables};
use async_graphql_value::Value;

use super::types::{Types, named};
use crate::errors::bad_request;

/// How much one request may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Names and marks in the document.
    pub tokens: usize,
    /// Fields within fields.
    pub depth: u64,
    /// Fields given another name.
    pub aliases: u64,
    pub directives: u64,
    /// Selected fields, each counted as often as the pages above it can hold objects.
    pub cost: u64,
    /// Whether the schema may be asked about itself.
    pub introspection: bool,
}

impl Limits {
    pub const DEFAULT: Self =
        Self { tokens: 5_000, depth: 15, aliases: 30, directives: 50, cost: 100_000, introspection: false };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What a list without pages is reckoned to hold.
const WHOLE_LIST: u64 = 10;
/// The objects of a page for which no number is given.
const DEFAULT_PAGE: u64 = 20;

/// Fragments spread, each as often as the fragments around it are. No one writes so many; a few that spread each other do.
const MOST_SPREADS: u64 = 500;

/// Selections of the merged operation, in which those below an interface stand once for each of its types.
const MOST_COPIES: u64 = 50_000;

#[derive(Clone, Copy, Default)]
struct Weight {
    depth: u64,
    aliases: u64,
    directives: u64,
    spreads: u64,
    copies: u64,
    cost: u64,
}

impl Weight {
    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            spreads: self.spreads.saturating_add(other.spreads),
            copies: self.copies.saturating_add(other.copies),
            cost: self.cost.saturating_add(other.cost),
        }
    }
}

pub fn check(
    document: &ExecutableDocument,
    types: &Types,
    variables: &Variables,
    limits: &Limits,
) -> Result<(), ServerError> {
    let mut scales = Scales {
        document,
        types,
        variables,
        defaults: defaults(document),
        weighed: HashMap::new(),
        introspects: false,
    };
    let mut together = Weight::default();
    for (_, operation) in document.operations.iter() {
        let weight = scales.selection(&operation.node.selection_set, Some(Types::root(operation.node.ty)))?;
        within(weight, limits)?;
        // Validation walks all operations, whichever is executed.
        together = together.beside(Weight { aliases: 0, directives: 0, ..weight });
    }
    within(together, limits)?;
    for name in document.fragments.keys() {
        let weight = scales.fragment(name)?;
        within(weight, limits)?;
    }
    if scales.introspects && !limits.introspection {
        return Err(bad_request("Introspection is switched off on this server."));
    }
    Ok(())
}

/// The highest number that each variable has by default in any operation.
fn defaults(document: &ExecutableDocument) -> HashMap<&Name, u64> {
    let mut defaults = HashMap::new();
    let definitions =
        document.operations.iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
    for definition in definitions {
        if let Some(Given::Number(number)) = definition.node.default_value() {
            let highest = defaults.entry(&definition.node.name.node).or_default();
            *highest = number.as_u64().unwrap_or_default().max(*highest);
        }
    }
    defaults
}

fn within(weight: Weight, limits: &Limits) -> Result<(), ServerError> {
    for (what, given, limit) in [
        ("nested levels", weight.depth, limits.depth),
        ("aliases", weight.aliases, limits.aliases),
        ("directives", weight.directives, limits.directives),
        ("fragments to spread", weight.spreads, MOST_SPREADS),
        ("selections for the types of its interfaces", weight.copies, MOST_COPIES),
        ("points of cost", weight.cost, limits.cost),
    ] {
        if given > limit {
            return Err(bad_request(format!("The request has more than {limit} {what}.")));
        }
    }
    Ok(())
}

struct Scales<'a> {
    document: &'a ExecutableDocument,
    types: &'a Types,
    variables: &'a Variables,
    defaults: HashMap<&'a Name, u64>,
    /// None while a fragment is being weighed: meeting it then is a cycle.
    weighed: HashMap<&'a Name, Option<Weight>>,
    introspects: bool,
}

impl<'a> Scales<'a> {
    fn selection(
        &mut self,
        set: &'a Positioned<SelectionSet>,
        parent: Option<&'a str>,
    ) -> Result<Weight, ServerError> {
        let mut sum = Weight::default();
        for item in &set.node.items {
            let weight = match &item.node {
                Selection::Field(field) => self.field(&field.node, parent)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    self.selection(&fragment.node.selection_set, condition.or(parent))?
                }
            };
            let directives = count(item.node.directives().len());
            let own = match &item.node {
                Selection::Field(_) => Weight { directives, ..Weight::default() },
                Selection::InlineFragment(_) => Weight { directives, cost: 1, ..Weight::default() },
                Selection::FragmentSpread(_) => {
                    Weight { directives, cost: 1, spreads: 1, ..Weight::default() }
                }
            };
            sum = sum.beside(weight).beside(own);
        }
        Ok(sum)
    }

    fn field(&mut self, field: &'a Field, parent: Option<&'a str>) -> Result<Weight, ServerError> {
        let name = field.name.node.as_str();
        self.introspects |= name == "__schema" || name == "__type";
        let declared = parent.and_then(|parent| self.types.field(parent, name));
        let ty = declared.map(named);
        let below = self.selection(&field.selection_set, ty)?;
        let pages = match declared.map(|declared| &declared.base) {
            // The lists of a page hold what the page was reckoned to hold.
            Some(BaseType::List(_)) if !parent.is_some_and(is_page) => WHOLE_LIST,
            Some(BaseType::Named(name)) if is_page(name) => self.page(field),
            _ => 1,
        };
        let objects = ty.and_then(|ty| self.types.possible(ty)).map_or(1, |objects| count(objects.len()));
        Ok(Weight {
            depth: below.depth.saturating_add(1),
            aliases: below.aliases.saturating_add(u64::from(field.alias.is_some())),
            directives: below.directives,
            spreads: below.spreads,
            copies: below.copies.saturating_mul(objects).saturating_add(1),
            cost: below.cost.saturating_mul(pages).saturating_add(1),
        })
    }

    /// How many objects the page of a connection can hold.
    fn page(&self, field: &Field) -> u64 {
        let given = ["first", "last"].into_iter().filter_map(|name| match &field.get_argument(name)?.node {
            Value::Number(number) => number.as_u64(),
            Value::Variable(variable) => match self.variables.get(variable) {
                Some(Given::Number(number)) => number.as_u64(),
                Some(_) => None,
                None => self.defaults.get(variable).copied(),
            },
            _ => None,
        });
        given.max().unwrap_or(DEFAULT_PAGE).max(1)
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Weight, ServerError> {
        match self.weighed.get(name) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => return Err(bad_request("A fragment spreads itself.")),
            None => {}
        }
        // A fragment that is not there is told by validation.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Weight::default());
        };
        self.weighed.insert(name, None);
        let weight = self.selection(
            &fragment.node.selection_set,
            Some(fragment.node.type_condition.node.on.node.as_str()),
        )?;
        self.weighed.insert(name, Some(weight));
        Ok(weight)
    }
}

fn is_page(ty: &str) -> bool {
    ty.ends_with("Connection")
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
