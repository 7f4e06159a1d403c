//! Writing programme theories as they stand, with what bears on them.

use std::collections::HashMap;

use super::evaluations::{Names, rows_of};
use super::{Rows, text};
use crate::columns::Uuid;
use crate::context::Context;
use crate::error::Result;
use crate::programme_theory::{self, ProgrammeTheory, Seen};
use crate::register::tables::{
    ELEMENT_CRITERIA, QUALITATIVE_EVIDENCE, RIVAL_EXPLANATIONS, THEORY_ELEMENTS, THEORY_LINKS, Table,
};
use crate::virkningsevaluering::Standing;
use crate::{qualitative_evidence, rival_explanation};

pub(super) async fn tables(
    context: &Context,
    standings: &[Standing],
    names: &Names,
) -> Result<Vec<(&'static Table, Rows)>> {
    let theories = programme_theory::of_evaluations(context, standings).await?;
    let elements: Vec<Seen> = theories.values().flat_map(ProgrammeTheory::elements).collect();
    let places: Vec<_> = elements.iter().map(Seen::place).collect();
    let numbers: HashMap<Uuid, String> =
        elements.iter().map(|seen| (seen.row.id, seen.row.number.to_string())).collect();
    // What each row about an element begins with, or refers to it by.
    let name = |standing: &Standing| names.get(standing).cloned().unwrap_or_default();
    let number = |id: Uuid| numbers.get(&id).cloned().unwrap_or_default();
    let element = |seen: &Seen| {
        vec![name(&seen.standing), number(seen.row.id), seen.row.kind.to_string(), seen.text.clone()]
    };
    let links = |seen: &Seen| {
        let (name, from) = (name(&seen.standing), number(seen.row.id));
        let to = seen.leads_to().into_iter().map(|to| number(to.row.id));
        to.map(|to| vec![name.clone(), from.clone(), to]).collect::<Rows>()
    };
    let mut criteria = Rows::new();
    for ((id, standing), measuring) in programme_theory::criterion::of_elements(context, &places).await? {
        let row = |criterion: &i32| vec![name(&standing), criterion.to_string(), number(id)];
        criteria.extend(measuring.iter().map(|seen| row(&seen.row.number)));
    }
    let mut evidence = Rows::new();
    for ((id, standing), rows) in qualitative_evidence::of_elements(context, &places).await? {
        evidence.extend(rows.into_iter().map(|row| {
            vec![
                name(&standing),
                number(id),
                row.method.to_string(),
                row.text,
                row.finding.to_string(),
                text(row.source),
                text(row.period_start),
                text(row.period_end),
            ]
        }));
    }
    let rivals =
        rows_of(names, rival_explanation::of_evaluations(context, standings).await?, |name, seen| {
            let element = seen.row.theory_element_id.map(number);
            vec![name, seen.row.text, text(element), seen.row.assessment.to_string(), text(seen.row.grounds)]
        });
    Ok(vec![
        (&THEORY_ELEMENTS, elements.iter().map(element).collect()),
        (&THEORY_LINKS, elements.iter().flat_map(links).collect()),
        (&ELEMENT_CRITERIA, criteria),
        (&QUALITATIVE_EVIDENCE, evidence),
        (&RIVAL_EXPLANATIONS, rivals),
    ])
}
