//! Means and numbers of events.

use evidence::effect_size::EffectSizeKind;
use evidence::mean::StatedMean;
use evidence::paired_values::PairedValues;
use evidence::rate::Count;
use evidence::verdict::{MeanPairing, PValue, assess_counts, assess_means};

use super::*;

fn whole(number: i64) -> Millionths {
    Millionths(number * 1_000_000)
}

fn mean(mean: i64, sd: i64, n: u32) -> Wave<StatedMean> {
    Wave::Given(StatedMean { mean: whole(mean), sd: Some(whole(sd)), n: Some(n) })
}

/// Nothing is stated of its spread.
fn bare(mean: i64) -> Wave<StatedMean> {
    Wave::Given(StatedMean { mean: whole(mean), sd: None, n: None })
}

fn number(count: u32, exposure: Option<i64>) -> Wave<Count> {
    Wave::Given(Count::new(count, exposure.map(whole)).unwrap())
}

fn assess_mean(
    goal: Goal,
    before: Wave<StatedMean>,
    after: Wave<StatedMean>,
    pairing: MeanPairing<'_>,
) -> Assessment {
    assess_means(&goal, before, after, pairing, Confidence::P95)
}

fn assess_number(goal: Goal, before: Wave<Count>, after: Wave<Count>) -> Assessment {
    assess_counts(&goal, before, after, Confidence::P95)
}

/// The scores of the reference values.
fn scores() -> PairedValues {
    let [before, after] =
        [[40, 52, 36, 60, 28, 44, 56, 48], [52, 60, 36, 64, 48, 44, 72, 56]].map(|scores| scores.map(whole));
    PairedValues::of_decimals(&before, &after).unwrap()
}

fn stated(mean: f64) -> Wave<StatedMean> {
    let mean = Millionths(format!("{:.0}", mean * 1e6).parse().unwrap());
    Wave::Given(StatedMean { mean, sd: None, n: Some(8) })
}

#[test]
fn the_pairing_chooses_the_method_of_a_mean() {
    let scores = scores();
    let (before, after) = (stated(45.5), stated(54.0));
    let (spread_before, spread_after) = (mean(45, 10, 8), mean(54, 11, 8));
    for (basis, method, paired, unknown) in [
        (
            RelativeChange,
            Method::LogResponseRatio,
            Method::PairedLogResponseRatio,
            Method::PairedLogResponseRatioEnvelope,
        ),
        (AbsoluteChange, Method::Welch, Method::PairedT, Method::PairedTEnvelope),
        (Maintain, Method::Welch, Method::PairedT, Method::PairedTEnvelope),
    ] {
        let goal = goal(basis, Up, 0);
        let of = |pairing| assess_mean(goal, spread_before, spread_after, pairing).method;
        assert_eq!(of(MeanPairing::Independent), Some(method));
        assert_eq!(of(MeanPairing::SamePersonsUnknownValues), Some(unknown));
        assert_eq!(assess_mean(goal, before, after, MeanPairing::Paired(&scores)).method, Some(paired));
    }
    let level = assess_mean(goal(Level, Up, 0), bare(45), spread_after, MeanPairing::Independent);
    assert_eq!((level.method, level.p_value, level.change), (Some(Method::T), None, None));
    let level = assess_mean(goal(Level, Up, 0), before, after, MeanPairing::Paired(&scores));
    assert_eq!((level.method, level.change), (Some(Method::T), Some(Change::Improved)));
}

#[test]
fn values_of_the_same_people_are_surer_than_their_means() {
    let scores = scores();
    let improve = goal(AbsoluteChange, Up, 2_000_000);
    let paired = assess_mean(improve, stated(45.5), stated(54.0), MeanPairing::Paired(&scores));
    assert_eq!((paired.verdict, paired.change), (Verdict::Achieved, Some(Change::Improved)));
    let interval = paired.interval.unwrap();
    assert!((interval.low - 2.454_827_909_889_6).abs() < 1e-9, "{interval:?}");
    assert!(matches!(paired.p_value, Some(PValue::One(p)) if (p - 0.012_680_293_365_08).abs() < 1e-12));
    let g = paired.effect_size.unwrap();
    assert!(g.kind == EffectSizeKind::HedgesGPaired && (g.estimate - 0.707_096_504_962_12).abs() < 1e-9);
    let unknown =
        assess_mean(improve, mean(45, 10, 8), mean(54, 11, 8), MeanPairing::SamePersonsUnknownValues);
    assert_eq!((unknown.verdict, unknown.effect_size), (Verdict::Inconclusive, None));
    let Some(PValue::Range { lowest, highest }) = unknown.p_value else { panic!("{unknown:?}") };
    assert!(lowest < 1e-6 && highest > 0.2, "{lowest} to {highest}");
}

/// With 25 people, sd 10 and 10 and a change of 6, 6 − t·√(2(1 − r)·4) reaches 2 with t = 2.0639 from r = 0.5305 on.
#[test]
fn an_unknown_pairing_names_the_correlation_that_would_settle_it() {
    let unknown = |threshold| {
        let goal = goal(AbsoluteChange, Up, threshold);
        assess_mean(goal, mean(50, 10, 25), mean(56, 10, 25), MeanPairing::SamePersonsUnknownValues)
    };
    let warned = |settled_from| vec![Warning::CorrelationUnknown { settled_from }];
    assert_eq!(
        (unknown(2_000_000).verdict, unknown(2_000_000).warnings),
        (Verdict::Inconclusive, warned(Some(54)))
    );
    assert_eq!(unknown(6_000_000).warnings, warned(None));
    assert_eq!(
        (unknown(60_000_000).verdict, unknown(60_000_000).warnings),
        (Verdict::NotAchieved, warned(Some(-100)))
    );
    let level = assess_mean(
        goal(Level, Up, 50_000_000),
        mean(50, 10, 25),
        mean(56, 10, 25),
        MeanPairing::SamePersonsUnknownValues,
    );
    assert_eq!((level.verdict, level.warnings), (Verdict::Achieved, vec![]));
}

#[test]
fn a_mean_of_which_too_little_is_stated_is_compared_exactly() {
    let attainment = |goal, before, after| {
        let assessment = assess_mean(goal, before, after, MeanPairing::Independent);
        assert_eq!(assessment.verdict, Verdict::NotAssessable(Reason::NoMethod));
        assert_eq!((assessment.interval, assessment.change, assessment.p_value), (None, None, None));
        assessment.attainment
    };
    let relative = goal(RelativeChange, Up, 125_000);
    assert_eq!(attainment(relative, bare(48), bare(54)), Attainment::Met);
    assert_eq!(attainment(relative, bare(48), mean(53, 10, 30)), Attainment::Partly);
    assert_eq!(attainment(relative, mean(48, 10, 30), bare(48)), Attainment::NotMet);
    assert_eq!(attainment(goal(AbsoluteChange, Down, 6_000_000), bare(54), bare(48)), Attainment::Met);
    assert_eq!(attainment(goal(Maintain, Down, 5_999_999), bare(48), bare(54)), Attainment::NotMet);
    assert_eq!(attainment(goal(Level, Up, 54_000_000), Wave::NotApplicable, bare(54)), Attainment::Met);
    assert_eq!(attainment(goal(Level, Up, 55_000_000), bare(48), bare(54)), Attainment::Partly);
    assert_eq!(attainment(relative, mean(48, 0, 30), mean(54, 0, 30)), Attainment::Met);
    assert_eq!(attainment(relative, mean(48, 1, 1), mean(54, 1, 30)), Attainment::Met);
    assert_eq!(
        attainment(goal(RelativeChange, Down, 500_000), mean(48, 9, 30), mean(0, 9, 30)),
        Attainment::Met
    );
}

#[test]
fn means_that_cannot_be_assessed() {
    let scores = scores();
    let reason = |goal, before, after, pairing| assess_mean(goal, before, after, pairing).verdict.reason();
    let relative = goal(RelativeChange, Up, 125_000);
    let independent = |before, after| reason(relative, before, after, MeanPairing::Independent);
    assert_eq!(independent(bare(-48), bare(54)), Some(Reason::InconsistentInput));
    assert_eq!(independent(bare(48), bare(-54)), Some(Reason::InconsistentInput));
    assert_eq!(independent(bare(0), bare(54)), Some(Reason::BaselineZero));
    assert_eq!(independent(Wave::Missing, bare(54)), Some(Reason::MissingBefore));
    assert_eq!(independent(mean(48, 10, 0), bare(54)), Some(Reason::NoData));
    let level = goal(Level, Up, 0);
    assert_eq!(reason(level, bare(48), Wave::Missing, MeanPairing::Independent), Some(Reason::MissingAfter));
    for basis in [RelativeChange, AbsoluteChange, Level, Maintain] {
        let goal = goal(basis, Up, 0);
        let unknown = MeanPairing::SamePersonsUnknownValues;
        let contradiction = Some(Reason::InconsistentInput);
        assert_eq!(reason(goal, mean(48, 10, 30), mean(54, 10, 31), unknown), contradiction);
        let paired = MeanPairing::Paired(&scores);
        assert_eq!(reason(goal, stated(45.6), stated(54.0), paired), contradiction);
        assert_eq!(reason(goal, mean(45, 10, 9), stated(54.0), paired), contradiction);
    }
}

#[test]
fn few_people_are_warned_of_by_their_mean_too() {
    let warnings = |basis, n0, n1| {
        assess_mean(goal(basis, Up, 0), mean(48, 10, n0), mean(54, 10, n1), MeanPairing::Independent).warnings
    };
    assert_eq!(warnings(AbsoluteChange, 20, 20), []);
    assert_eq!(warnings(AbsoluteChange, 19, 20), [Warning::SmallN]);
    assert_eq!(warnings(Level, 19, 20), []);
    assert_eq!(warnings(Level, 20, 19), [Warning::SmallN]);
    let scores = scores();
    let before = Wave::Given(StatedMean { mean: Millionths(45_500_000), sd: None, n: None });
    let paired = assess_mean(goal(AbsoluteChange, Up, 0), before, bare(54), MeanPairing::Paired(&scores));
    assert_eq!(paired.warnings, [Warning::SmallN]);
}

#[test]
fn events_are_counted_per_exposure() {
    let fall = goal(RelativeChange, Down, 250_000);
    let rates = assess_number(fall, number(53, Some(43)), number(31, Some(43)));
    assert_eq!((rates.verdict, rates.attainment), (Verdict::Inconclusive, Attainment::Met));
    assert_eq!((rates.method, rates.change), (Some(Method::RateRatioExact), Some(Change::Improved)));
    assert!(matches!(rates.p_value, Some(PValue::One(p)) if (p - 0.021_383_189_937).abs() < 1e-9));
    assert_eq!(rates.warnings, [Warning::OverdispersionUnknown]);
    let numbers = assess_number(fall, number(53, None), number(31, None));
    assert_eq!((numbers.interval, numbers.p_value), (rates.interval, rates.p_value));
    let absolute = assess_number(goal(AbsoluteChange, Down, 0), number(53, Some(43)), number(31, Some(43)));
    assert_eq!((absolute.method, absolute.verdict), (Some(Method::RateDifferenceMover), Verdict::Achieved));
    assert!(matches!(absolute.p_value, Some(PValue::One(p)) if (0.01..0.05).contains(&p)), "{absolute:?}");
    let level = assess_number(goal(Level, Down, 1_100_000), Wave::Missing, number(31, Some(43)));
    assert_eq!((level.method, level.verdict, level.change), (Some(Method::Garwood), Verdict::Achieved, None));
}

#[test]
fn rates_are_compared_exactly() {
    let third = |basis, direction, threshold, count| {
        let before = number(1, Some(3));
        assess_number(goal(basis, direction, threshold), before, number(count, Some(3))).attainment
    };
    assert_eq!(third(RelativeChange, Up, 1_000_000, 2), Attainment::Met);
    assert_eq!(third(RelativeChange, Up, 1_000_001, 2), Attainment::Partly);
    assert_eq!(third(AbsoluteChange, Up, 333_333, 2), Attainment::Met);
    assert_eq!(third(AbsoluteChange, Up, 333_334, 2), Attainment::Partly);
    assert_eq!(third(Level, Down, 666_666, 2), Attainment::NotMet);
    assert_eq!(third(Level, Down, 666_667, 2), Attainment::Met);
    let longest = Wave::Given(Count::new(u32::MAX, Some(Millionths(i64::MAX))).unwrap());
    let shorter = Wave::Given(Count::new(u32::MAX, Some(Millionths(i64::MAX - 1))).unwrap());
    let up = goal(RelativeChange, Up, 0);
    assert_eq!(assess_number(up, longest, shorter).attainment, Attainment::Met);
    assert_eq!(assess_number(up, shorter, longest).attainment, Attainment::NotMet);
}

#[test]
fn events_that_cannot_be_assessed() {
    let relative = goal(RelativeChange, Down, 250_000);
    let reason = |before, after| assess_number(relative, before, after).verdict.reason();
    assert_eq!(reason(number(0, Some(3)), number(1, Some(3))), Some(Reason::BaselineZero));
    assert_eq!(reason(number(4, Some(3)), number(1, None)), Some(Reason::InconsistentInput));
    assert_eq!(reason(Wave::NotApplicable, number(1, None)), Some(Reason::BaselineNotApplicable));
    assert_eq!(reason(number(4, None), Wave::Missing), Some(Reason::MissingAfter));
    assert_eq!([0, -1].map(|exposure| Count::new(1, Some(Millionths(exposure)))), [None, None]);
}
