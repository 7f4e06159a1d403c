//! Programme theories, and what bears on them.

use domain::programme_theory::{Appraisal, Found, ProgrammeTheory, Seen, TheoryAmendment};
use domain::qualitative_evidence::{self, QualitativeEvidence};
use domain::{permission, programme_theory, rival_explanation};

use super::language::InLanguage;
use super::permission::CAN;
use super::values::Period;
use crate::enums::{Coded, FlawCode, Implementation, Outcomes};
use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for ProgrammeTheory {
    const NAME: &'static str = "ProgrammeTheory";
    const DESCRIPTION: &'static str = "How an intervention is assumed to work (programteori): a chain of elements from input to outcome, with \
         mechanisms and context. Registering freezes it; a later change has a reason, shown beside it.";

    fn fields(fields: &mut Fields<Self>) {
        fields.objects(
            "elements",
            "Its elements, by number; empty where the evaluation has no theory.",
            ProgrammeTheory::elements,
        );
        fields.many(
            "rivalExplanations",
            "What else could explain what is found, in the order in which it was added.",
            |theory| theory.standing,
            |context, standings| Box::pin(rival_explanation::of_evaluations(context, standings)),
        );
        fields.objects(
            "problems",
            "What there is to mend before it can be registered or submitted.",
            ProgrammeTheory::flaws,
        );
        fields.one(
            "statement",
            "Whether it was carried out, and whether what it expects followed.",
            |theory| theory.standing,
            |context, standings| Box::pin(programme_theory::appraisals(context, standings)),
        );
        fields.computed(
            "asRegistered",
            "Whether elements, links and criteria are those that were registered; null before.",
            |theory| theory.as_registered,
        );
        fields.objects("amendments", "Why it was changed since, the oldest first.", |theory| {
            theory.amendments.clone()
        });
    }
}

impl Object for Seen {
    const NAME: &'static str = "TheoryElement";
    const DESCRIPTION: &'static str = "An element of a programme theory.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |seen| Kind::TheoryElement.id(seen.row.id));
        fields.column("kind", "What it is in the theory.", |seen| &seen.row.kind);
        fields.column("number", "Its place in the theory, from 1; never given to another.", |seen| {
            &seen.row.number
        });
        fields.column("text", "What it says.", |seen| &seen.text);
        fields.many(
            "can",
            CAN,
            |seen| (seen.row.id, seen.standing.evaluation_id),
            |context, keys| Box::pin(permission::of_theory_elements(context, keys)),
        );
        fields.objects("leadsTo", "The elements that it leads to, by number.", Seen::leads_to);
        fields.objects("ledToBy", "The elements that lead to it, by number.", Seen::led_to_by);
        fields.many("criteria", "The success criteria that measure it.", Seen::place, |context, places| {
            Box::pin(programme_theory::criterion::of_elements(context, places))
        });
        fields.many(
            "evidence",
            "The qualitative evidence on it, in the order in which it was added.",
            Seen::place,
            |context, places| Box::pin(qualitative_evidence::of_elements(context, places)),
        );
    }
}

impl Object for Found {
    const NAME: &'static str = "TheoryProblem";
    const DESCRIPTION: &'static str = "Something to mend in a programme theory.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("code", "For programs.", |found| Coded::<FlawCode>::new(found.flaw.code()));
        fields.computed_with("text", "In words, with what to do.", |found: &Found, language: &InLanguage| {
            found.flaw.text(language.0).to_owned()
        });
        fields.optional_object(
            "element",
            "The element that it is about; null where it is about the theory as a whole.",
            |found| found.element.clone(),
        );
    }
}

impl Object for Appraisal {
    const NAME: &'static str = "TheoryStatement";
    const DESCRIPTION: &'static str = "What results and qualitative evidence together say of a programme theory. It never speaks of an effect. An element \
         of which nothing is known is left out; mechanisms and context are not weighed.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed(
            "implementation",
            "Whether inputs, activities and outputs came about as planned.",
            |known| Coded::<Implementation>::new(known.implementation()),
        );
        fields.computed("theory", "Whether the expected outcomes followed.", |known| {
            Coded::<Outcomes>::new(known.outcomes())
        });
        fields.computed(
            "assessedCount",
            "Of how many inputs, activities, outputs and outcomes something is known.",
            |known| known.coverage().0,
        );
        fields.computed("elementCount", "How many of them there are.", |known| known.coverage().1);
        fields.computed(
            "settled",
            "Whether it is certain of each criterion that counted that its goal is met or not met.",
            |known| known.settled(),
        );
        fields.computed_with("sentence", "The same in words.", |known: &Appraisal, language: &InLanguage| {
            known.sentence(language.0)
        });
    }
}

impl Object for TheoryAmendment {
    const NAME: &'static str = "TheoryAmendment";
    const DESCRIPTION: &'static str = "A change of a programme theory after it was registered.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("sinceVersion", "The version of the evaluation that brought it.", |row| {
            &row.since_version
        });
        fields.column("reason", "Why.", |row| &row.reason);
    }
}

impl Object for QualitativeEvidence {
    const NAME: &'static str = "QualitativeEvidence";
    const DESCRIPTION: &'static str = "What was heard, seen or read about an element of a programme theory.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::QualitativeEvidence.id(row.id));
        fields.column("method", "How it was gathered.", |row| &row.method);
        fields.column("finding", "What it says of the element.", |row| &row.finding);
        fields.column("text", "What was found.", |row| &row.text);
        fields.column("source", "Where it comes from.", |row| &row.source);
        fields.optional_object("period", "The days that it is about.", |row| {
            Some(Period { from: row.period_start?, to: row.period_end? })
        });
    }
}

impl Object for rival_explanation::Seen {
    const NAME: &'static str = "RivalExplanation";
    const DESCRIPTION: &'static str =
        "What else than the programme theory could explain what is found (rivaliserende forklaring).";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |seen| Kind::RivalExplanation.id(seen.row.id));
        fields.column("text", "What it says.", |seen| &seen.row.text);
        fields.optional_one(
            "element",
            "The outcome that it would explain; null where it would explain what the evaluation finds as a whole.",
            rival_explanation::Seen::place,
            |context, places| Box::pin(programme_theory::elements(context, places)),
        );
        fields.many(
            "can",
            CAN,
            |seen| seen.standing.evaluation_id,
            |context, keys| Box::pin(permission::of_rivals(context, keys)),
        );
        fields.column("assessment", "How it stands.", |seen| &seen.row.assessment);
        fields.column("grounds", "What the assessment rests on; null where there is none.", |seen| {
            &seen.row.grounds
        });
    }
}
