//! The one place where text, numbers and dates from outside are read and refused: arguments of the API, cells of a file and
//! words of the command line alike, so that no way in takes what another refuses.

pub(crate) mod cpr;
pub mod moment;
pub mod number;
pub mod text;
