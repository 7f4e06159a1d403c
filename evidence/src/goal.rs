//! What a success criterion asks for.

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// What the threshold is a threshold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The change as a part of the value before, (after − before) / before, at least the threshold the wanted way.
    RelativeChange,
    /// The difference, after − before, at least the threshold the wanted way.
    AbsoluteChange,
    /// The value after, on the wanted side of the threshold or on it.
    Level,
    /// The difference, at most the threshold the unwanted way.
    Maintain,
}

/// An exact decimal with six places, as a count of millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millionths(pub i64);

/// What is to be reached. Reaching it exactly is reaching it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    pub direction: Direction,
    pub basis: Basis,
    /// Never negative. A fraction where the basis is relative or the outcome is a share (0.5 is 50%, or 50 percentage
    /// points), else in the unit of the mean or rate.
    pub threshold: Millionths,
}
