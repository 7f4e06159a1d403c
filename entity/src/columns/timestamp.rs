use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::DeriveValueType;
use sea_orm::sea_query::DateTimeLikeValue;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};

/// A moment in UTC as microseconds since 1970, the precision that both databases keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Timestamp(i64);

/// Lets typed columns compare it.
impl DateTimeLikeValue for Timestamp {}

/// A text that is no RFC 3339 moment, or one outside the years 0001 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a moment in RFC 3339, such as 2024-01-31T12:00:00Z")]
pub struct InvalidTimestamp;

/// The first and the last moment in UTC that RFC 3339 can write with a year that is not zero.
const EARLIEST: i64 = -62_135_596_800_000_000;
const LATEST: i64 = 253_402_300_799_999_999;

impl Timestamp {
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The time that has passed since an earlier moment; none since a later one.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or_default())
    }

    /// Whole seconds since 1970, rounded down, as JSON Web Tokens count them.
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
}

impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(moment: OffsetDateTime) -> Result<Self, InvalidTimestamp> {
        let micros = i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000));
        let micros = micros.map_err(|_out_of_range| InvalidTimestamp)?;
        if (EARLIEST..=LATEST).contains(&micros) { Ok(Self(micros)) } else { Err(InvalidTimestamp) }
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with exactly six decimals, so that texts sort as moments do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only a hand at the database can have written such a one; verifying must be able to tell of it.
        let Ok(moment) = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000) else {
            return write!(f, "{} µs since 1970", self.0);
        };
        // Large answers hold thousands of them: by the usual way they took a third of the time in which one is written.
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        for (place, number) in [
            (0..4, moment.year().unsigned_abs()),
            (5..7, u8::from(moment.month()).into()),
            (8..10, moment.day().into()),
            (11..13, moment.hour().into()),
            (14..16, moment.minute().into()),
            (17..19, moment.second().into()),
            (20..26, moment.microsecond()),
        ] {
            put(&mut text[place], number);
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_impossible| fmt::Error)?)
    }
}

/// A day as RFC 3339 has it, written as quickly.
#[derive(Clone, Copy, Debug)]
pub struct Day(pub Date);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(date) = self;
        // Only a hand at the database can have written another year.
        if !(0..=9999).contains(&date.year()) {
            return date.fmt(f);
        }
        let mut text = *b"0000-00-00";
        for (place, number) in [
            (0..4, date.year().unsigned_abs()),
            (5..7, u8::from(date.month()).into()),
            (8..10, date.day().into()),
        ] {
            put(&mut text[place], number);
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_impossible| fmt::Error)?)
    }
}

/// Writes a number into a place that has as many digits.
fn put(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit += u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        OffsetDateTime::parse(text, &Rfc3339).map_err(|_unreadable| InvalidTimestamp)?.try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_its_date_is() {
        for day in (-400_000..3_000_000).step_by(997).filter_map(|day| Date::from_julian_day(day).ok()) {
            assert_eq!(Day(day).to_string(), day.to_string());
        }
    }

    #[test]
    fn prints_six_decimals_in_utc_and_reads_them_back() {
        let moment: Timestamp = "2024-01-31T13:00:00.5+01:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2024-01-31T12:00:00.500000Z");
        assert_eq!(moment.to_string().parse(), Ok(moment));
        for outside in ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00", "2024-01-31", ""] {
            assert_eq!(outside.parse::<Timestamp>(), Err(InvalidTimestamp), "{outside}");
        }
        assert_eq!(Timestamp(EARLIEST).to_string(), "0001-01-01T00:00:00.000000Z");
        assert_eq!(Timestamp(LATEST).to_string(), "9999-12-31T23:59:59.999999Z");
        assert_eq!(Timestamp(i64::MAX).to_string(), format!("{} µs since 1970", i64::MAX));
        assert_eq!("1969-12-31T23:59:59.999999Z".parse(), Ok(Timestamp::from_micros(-1)));
    }
}
