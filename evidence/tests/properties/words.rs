//! What is said of numbers and what is printed of them.

use evidence::claim::{
    ChangeClaim, ClaimLabel, Precision, Term, check_change, check_change_of_shares, check_difference,
    check_relative_change, check_share, check_sum, reconstruct_count,
};
use evidence::goal::Millionths;
use evidence::sentence::{Language, Observed, Statement, sentence};
use evidence::verdict::{Attainment, Change, Reason, Verdict};
use proptest::prelude::*;

use crate::{goal, share};

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn sentences_can_be_made_of_anything(
        goal in goal(), before in proptest::option::of(observed()), after in proptest::option::of(observed()),
        attainment in prop::sample::select(Attainment::ALL.to_vec()), verdict in verdict(),
        change in proptest::option::of(prop::sample::select(Change::ALL.to_vec())),
    ) {
        let statement = Statement { goal, before, after, attainment, verdict, change };
        for language in [Language::Danish, Language::English] {
            let text = sentence(&statement, language);
            prop_assert!(text.ends_with('.') && !text.contains("  ") && !text.contains(".."), "{text}");
            let lower = text.to_lowercase();
            prop_assert!(!["effect", "effekt", "virkning"].iter().any(|word| lower.contains(word)), "{text}");
        }
    }

    #[test]
    fn any_figures_can_be_claimed_of(
        figures in prop::collection::vec(any::<i64>(), 2..20), small in (-300..300_i64, 1..300_i64),
        printed in "\\PC{0,14}|-?[0-9]{1,12}(\\.[0-9]{0,6})?",
    ) {
        let all: Vec<Term> = figures.iter().map(|value| Term::of(Millionths(*value))).collect();
        let few = [small.0, small.1].map(|value| Term::of(Millionths(value * 100_000)));
        for precision in [Precision::Exact, Precision::Rounded] {
            let _ = check_sum(&all, precision, &printed);
            for [one, other] in [[all[0], all[1]], few] {
                for check in [check_difference, check_share, check_relative_change] {
                    let (computed, label) = check(one, other, precision, &printed);
                    let Some(computed) = computed else {
                        let unknown = [ClaimLabel::NotCheckable, ClaimLabel::BaselineZero, ClaimLabel::PercentagePoints];
                        prop_assert!(unknown.contains(&label));
                        continue;
                    };
                    // What is computed is, printed, right; but for what is too long to be printed.
                    let again = check(one, other, precision, &computed);
                    if again.0.is_some() {
                        prop_assert_eq!(again.1.agrees(), Some(true), "{:?}", again);
                    }
                }
            }
        }
    }

    #[test]
    fn any_text_can_be_checked(
        before in "\\PC{0,14}|[0-9]{1,3}(\\.[0-9]{0,3})?", after in "\\PC{0,14}|[0-9]{1,3}(\\.[0-9]{0,3})?",
        printed in "\\PC{0,14}|-?[0-9]{1,12}(\\.[0-9]{0,6})?", n in proptest::option::of(0..=5_000_000_u32),
        shares in (share(), share()),
    ) {
        let checked = check_change(&ChangeClaim { before: &before, after: &after, n0: n, n1: n, printed: &printed });
        prop_assert!(checked.from_counts.is_none_or(|text| text.parse::<f64>().is_ok()));
        let counts = reconstruct_count(&before, n.unwrap_or(0));
        prop_assert!(counts.is_empty() || *counts.end() <= n.unwrap_or(0));
        let _ = check_change_of_shares(shares.0, shares.1, Some(&before), Some(&after), &printed);
    }
}

fn observed() -> impl Strategy<Value = Observed> {
    prop_oneof![
        share().prop_map(Observed::Share),
        any::<i64>().prop_map(|value| Observed::Mean(Millionths(value))),
        (0..=100_000_000_i64).prop_map(|value| Observed::Rate(Millionths(value))),
    ]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let assessed = vec![Verdict::Achieved, Verdict::NotAchieved, Verdict::Inconclusive];
    let reasons = Reason::ALL.iter().map(|reason| Verdict::NotAssessable(*reason));
    prop::sample::select(assessed.into_iter().chain(reasons).collect::<Vec<_>>())
}
