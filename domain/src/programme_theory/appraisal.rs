//! What results and qualitative evidence together say of a theory.

use std::collections::{HashMap, HashSet};

use evidence::theory::{Appraisal as Known, Element, Evidence, Side, appraise};
use evidence::verdict::{Attainment, Reason, Verdict};

use super::{Place, ProgrammeTheory, criterion, of_evaluations};
use crate::columns::ElementKind;
use crate::context::Context;
use crate::criterion_result::{self, ResultRow};
use crate::error::{Language, Result};
use crate::qualitative_evidence;
use crate::success_criterion;
use crate::virkningsevaluering::Standing;

/// What is known of a theory.
#[derive(Clone, Copy, Debug)]
pub struct Appraisal(Known);

impl Appraisal {
    /// Whether inputs, activities and outputs came about as planned.
    pub const fn implementation(self) -> &'static str {
        self.0.implementation.as_str()
    }

    /// Whether the expected outcomes followed.
    pub const fn outcomes(self) -> &'static str {
        self.0.outcomes.as_str()
    }

    /// How many of the elements something is known of, and of how many it might be.
    pub fn coverage(self) -> (i64, i64) {
        let count = |elements: usize| i64::try_from(elements).unwrap_or(i64::MAX);
        (count(self.0.assessed), count(self.0.elements))
    }

    /// Whether each goal that counted is settled.
    pub const fn settled(self) -> bool {
        self.0.settled
    }

    pub fn sentence(self, language: Language) -> String {
        self.0.sentence(language.into())
    }
}

/// What is known of each evaluation's theory. Mechanisms and context explain, and are not weighed.
pub async fn appraisals(context: &Context, standings: &[Standing]) -> Result<HashMap<Standing, Appraisal>> {
    let theories = of_evaluations(context, standings).await?;
    let places: Vec<Place> =
        theories.values().flat_map(ProgrammeTheory::elements).map(|element| element.place()).collect();
    let measuring = criterion::of_elements(context, &places).await?;
    let criteria: HashSet<_> = measuring.values().flatten().map(success_criterion::Seen::place).collect();
    let criteria: Vec<_> = criteria.into_iter().collect();
    let results = criterion_result::of_participants(context, &criteria).await?;
    let heard = qualitative_evidence::of_elements(context, &places).await?;
    let evidence = |place: Place| {
        let criteria = measuring.get(&place).into_iter().flatten();
        let results = criteria.filter_map(|measuring| results.get(&measuring.place()));
        let findings = heard.get(&place).into_iter().flatten();
        let findings =
            findings.filter_map(|row| row.finding.as_str().parse().ok().map(Evidence::Qualitative));
        results.map(|seen| said(&seen.row)).chain(findings).collect()
    };
    let appraisal = |(standing, theory): (&Standing, &ProgrammeTheory)| {
        let weighed = theory.elements().into_iter().filter_map(|element| {
            let side = side(element.row.kind)?;
            Some(Element { side, evidence: evidence(element.place()) })
        });
        (*standing, Appraisal(appraise(&weighed.collect::<Vec<_>>())))
    };
    Ok(theories.iter().map(appraisal).collect())
}

const fn side(kind: ElementKind) -> Option<Side> {
    match kind {
        ElementKind::Input | ElementKind::Activity | ElementKind::Output => Some(Side::Implementation),
        ElementKind::ShortTermOutcome | ElementKind::LongTermOutcome => Some(Side::Outcome),
        ElementKind::Mechanism | ElementKind::Context => None,
    }
}

fn said(row: &ResultRow) -> Evidence {
    let reason = row.not_assessable.as_ref().and_then(|code| code.parse::<Reason>().ok());
    Evidence::Result(
        row.attainment.parse().unwrap_or(Attainment::NotAssessable),
        Verdict::from_parts(&row.verdict, reason).unwrap_or(Verdict::Inconclusive),
    )
}
