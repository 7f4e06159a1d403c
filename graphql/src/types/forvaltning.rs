//! Forvaltninger, principles and districts.

use std::collections::HashMap;

use domain::district::District;
use domain::forvaltning::Forvaltning;
use domain::reference::Reference;
use domain::strategy_principle::StrategyPrinciple;
use domain::{Context, Uuid};

use crate::ids::Kind;
use crate::plan::{Fields, Loading, Object};

impl Object for Forvaltning {
    const NAME: &'static str = "Forvaltning";
    const DESCRIPTION: &'static str = "One of the municipality's administrations.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::Forvaltning.id(row.id));
        fields.column("code", "The short name it goes by, such as SOF.", |row| &row.code);
        fields.column("name", "The full name.", |row| &row.name);
    }
}

impl Object for StrategyPrinciple {
    const NAME: &'static str = "StrategyPrinciple";
    const DESCRIPTION: &'static str =
        "A numbered principle (fagprincip) of a strategy, valid for the strategy's years.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |principle| Kind::StrategyPrinciple.id(principle.row.id));
        fields.column("number", "Its number within the strategy.", |principle| &principle.row.number);
        fields.column("name", "What it says.", |principle| &principle.row.name);
        fields.column("strategy", "The strategy it belongs to.", |principle| &principle.strategy.name);
        fields
            .column("fromYear", "The first year it is valid for.", |principle| &principle.strategy.from_year);
        fields.column("toYear", "The last year it is valid for.", |principle| &principle.strategy.to_year);
    }
}

impl Object for District {
    const NAME: &'static str = "District";
    const DESCRIPTION: &'static str =
        "A place (bydel) in a tree. A top-level district is covered by itself or any part of it.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |district| Kind::District.id(district.row.id));
        fields.column("name", "The name it goes by.", |district| &district.row.name);
        fields.column("aliases", "Other names of it, in Danish order.", |district| &district.aliases);
        fields.optional_one(
            "partOf",
            "The district it lies in; none for a top-level one.",
            |district| district.row.parent_id,
            |context, ids| Box::pin(districts(context, ids)),
        );
    }
}

async fn districts(context: &Context, ids: &[Uuid]) -> domain::Result<HashMap<Uuid, District>> {
    let reference = Reference::of(context).await?;
    Ok(ids.iter().filter_map(|id| Some((*id, reference.district_by_id(*id)?.clone()))).collect())
}

/// Forvaltninger by id, for those that refer to them.
pub fn forvaltninger<'a>(context: &'a Context, ids: &'a [Uuid]) -> Loading<'a, HashMap<Uuid, Forvaltning>> {
    Box::pin(async move {
        let reference = Reference::of(context).await?;
        Ok(ids.iter().filter_map(|id| Some((*id, reference.forvaltning_by_id(*id)?.clone()))).collect())
    })
}
