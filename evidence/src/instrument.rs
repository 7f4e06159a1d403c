//! Measuring instruments: scales on which a person has a score.

use std::ops::RangeInclusive;

use crate::code::codes;
use crate::exact::Ratio;
use crate::goal::{Direction, Millionths};
use crate::interval::{Confidence, Interval};
use crate::paired::{PairedTable, tango};
use crate::paired_values::PairedValues;
use crate::share::Share;

/// What is to be known of an instrument to reckon with its scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    direction: Direction,
    range: RangeInclusive<Millionths>,
    smallest_change: Millionths,
}

impl Instrument {
    /// None where the range is empty, or the smallest change that matters to a person (the minimal clinically important
    /// difference, MCID) is not positive.
    pub fn new(
        direction: Direction,
        range: RangeInclusive<Millionths>,
        smallest_change: Millionths,
    ) -> Option<Self> {
        let is_scale = !range.is_empty() && smallest_change > Millionths(0);
        is_scale.then_some(Self { direction, range, smallest_change })
    }

    /// The WHO-5 well-being index: from 0 to 100, more is better, and ten points matter (Topp et al. 2015).
    pub fn who5() -> Self {
        let points = |points: i64| Millionths(points * 1_000_000);
        Self { direction: Direction::Up, range: points(0)..=points(100), smallest_change: points(10) }
    }

    /// Whether a score can be one of this instrument.
    pub fn has(&self, score: Millionths) -> bool {
        self.range.contains(&score)
    }

    /// Who improved and who worsened by the smallest change that matters or more; just as much counts.
    pub fn changes(&self, scores: &PairedValues) -> PersonalChanges {
        let smallest = Ratio::from(self.smallest_change).to_f64();
        let (mut rose, mut fell) = (0, 0);
        for difference in scores.differences() {
            rose += u32::from(*difference >= smallest);
            fell += u32::from(*difference <= -smallest);
        }
        let (improved, worsened) = match self.direction {
            Direction::Up => (rose, fell),
            Direction::Down => (fell, rose),
        };
        PersonalChanges { improved, worsened, unchanged: scores.n() - rose - fell }
    }
}

/// How many people improved, worsened or did neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonalChanges {
    improved: u32,
    worsened: u32,
    unchanged: u32,
}

impl PersonalChanges {
    pub const fn improved(self) -> u32 {
        self.improved
    }

    pub const fn worsened(self) -> u32 {
        self.worsened
    }

    pub const fn unchanged(self) -> u32 {
        self.unchanged
    }

    /// The share of all who improved, for the interval of one share; none without people.
    pub fn share_improved(self) -> Option<Share> {
        self.table().after().filter(|share| share.n() > 0)
    }

    /// The share who improved less the share who worsened, from −1 to 1; none without people.
    pub fn net_change(self) -> Option<f64> {
        let n = self.share_improved()?.n();
        Some((f64::from(self.improved) - f64::from(self.worsened)) / f64::from(n))
    }

    /// The interval of the net change (Tango 1998), those who improved and worsened being the two kinds of change.
    pub fn net_interval(self, confidence: Confidence) -> Option<Interval> {
        tango(&self.table(), confidence)
    }

    const fn table(self) -> PairedTable {
        PairedTable { n11: 0, n10: self.worsened, n01: self.improved, n00: self.unchanged }
    }
}

codes! {
    /// What a WHO-5 score says of the risk of depression.
    Who5Band {
        /// 35 or below.
        HighRisk => "HIGH_RISK",
        /// From 36 to 50.
        Risk => "RISK",
        /// Above 50.
        NoImmediateRisk => "NO_IMMEDIATE_RISK",
    }
}

/// A person's WHO-5 score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who5 {
    /// The sum of the answers, from 0 to 25.
    pub raw: u8,
    /// The raw score times four, from 0 to 100.
    pub score: u8,
    pub band: Who5Band,
}

/// The score of five answers from 0 to 5 (WHO 1998); none where one is missing or out of range.
pub fn who5_score(answers: [Option<u8>; 5]) -> Option<Who5> {
    let answered = |answer: Option<u8>| answer.filter(|answer| *answer <= 5);
    let raw = answers.into_iter().map(answered).sum::<Option<u8>>()?;
    let score = 4 * raw;
    let band = match score {
        0..=35 => Who5Band::HighRisk,
        36..=50 => Who5Band::Risk,
        _ => Who5Band::NoImmediateRisk,
    };
    Some(Who5 { raw, score, band })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_begin_where_they_should() {
        let of = |answers: [u8; 5]| who5_score(answers.map(Some)).map(|who5| (who5.score, who5.band));
        assert_eq!(of([0; 5]), Some((0, Who5Band::HighRisk)));
        assert_eq!(of([2, 2, 2, 2, 0]), Some((32, Who5Band::HighRisk)));
        assert_eq!(of([2, 2, 2, 2, 1]), Some((36, Who5Band::Risk)));
        assert_eq!(of([3, 3, 2, 2, 2]), Some((48, Who5Band::Risk)));
        assert_eq!(of([3, 3, 3, 2, 2]), Some((52, Who5Band::NoImmediateRisk)));
        assert_eq!(of([5; 5]), Some((100, Who5Band::NoImmediateRisk)));
    }

    #[test]
    fn an_answer_that_is_missing_or_out_of_range_gives_no_score() {
        assert_eq!(who5_score([Some(5), Some(5), None, Some(5), Some(5)]), None);
        for wrong in [6, u8::MAX] {
            assert_eq!(who5_score([Some(5), Some(5), Some(wrong), Some(5), Some(5)]), None);
        }
    }

    #[test]
    fn where_less_is_better_a_fall_improves() {
        let points = |points: i64| Millionths(points * 1_000_000);
        let scores =
            PairedValues::of_decimals(&[50, 50, 50, 50].map(points), &[45, 54, 56, 44].map(points)).unwrap();
        let less = Instrument::new(Direction::Down, points(0)..=points(60), points(5)).unwrap();
        let changes = less.changes(&scores);
        assert_eq!((changes.improved(), changes.worsened(), changes.unchanged()), (2, 1, 1));
        let more = Instrument::new(Direction::Up, points(0)..=points(60), points(5)).unwrap();
        assert_eq!(more.changes(&scores).share_improved(), Share::new(1, 4));
    }

    #[test]
    fn without_a_range_or_a_change_that_matters_it_is_no_instrument() {
        let (zero, one) = (Millionths(0), Millionths(1));
        assert_eq!(Instrument::new(Direction::Up, one..=zero, one), None);
        assert_eq!(Instrument::new(Direction::Up, zero..=one, zero), None);
        assert!(Instrument::who5().has(Millionths(100_000_000)));
        assert!(!Instrument::who5().has(Millionths(100_000_001)));
    }
}
