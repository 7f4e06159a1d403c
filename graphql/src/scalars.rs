//! Scalars beside those of the specification.

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, Number, Scalar, ScalarType, Value};
use domain::input::{moment, number};
use domain::{Language, Problem, expectation};

use crate::plan::{Json, Leaf};

/// An exact decimal number, written as a string: `"12.4"`, `"-0.6154"`. At most six places; magnitude below nine billion. A
/// number is taken too, a fraction of at most 15 digits.
#[derive(Clone, Copy, Debug)]
pub struct Decimal(pub domain::Decimal);

/// An exact decimal number, written as a string: `"12.4"`, `"-0.6154"`. At most six places; magnitude below nine billion. A
/// number is taken too, a fraction of at most 15 digits.
#[Scalar]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => number::decimal(text).map(Self).map_err(|problem| no_value(&problem)),
            Value::Number(written) => {
                number::decimal_of(written).map(Self).map_err(|problem| no_value(&problem))
            }
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A calendar date from 1900 to 2200, such as `"2024-01-31"`.
#[derive(Clone, Copy, Debug)]
pub struct Date(pub domain::Date);

/// A calendar date from 1900 to 2200, such as `"2024-01-31"`.
#[Scalar]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        moment::date(text).map(Self).map_err(|problem| no_value(&problem))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A moment in UTC with microseconds, by RFC 3339, from 1900 to 2200: `"2024-01-31T12:00:00.000000Z"`.
#[derive(Clone, Copy, Debug)]
pub struct DateTime(pub domain::Timestamp);

/// A moment in UTC with microseconds, by RFC 3339, from 1900 to 2200: `"2024-01-31T12:00:00.000000Z"`.
#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        moment::moment(text).map(Self).map_err(|problem| no_value(&problem))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Whole Danish kroner, a JSON number from 0 to 9007199254740991 (beyond the 32 bits of `Int`).
#[derive(Clone, Copy, Debug)]
pub struct Kroner(pub i64);

/// Whole Danish kroner, a JSON number from 0 to 9007199254740991 (beyond the 32 bits of `Int`).
#[Scalar]
impl ScalarType for Kroner {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => number
                .as_i64()
                .map(Self)
                .ok_or_else(|| InputValueError::custom("expected whole kroner from 0 to 9007199254740991")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Number(self.0.into())
    }
}

fn no_value<T: InputType>(problem: &Problem) -> InputValueError<T> {
    InputValueError::custom(problem.message(Language::default()))
}

fn reads<S: ScalarType>(value: &Value) -> bool {
    <S as ScalarType>::parse(value.clone()).is_ok()
}

/// What a value should have been that is none of the scalar of this name. Of other types the library tells.
pub fn expected(name: &str, value: &Value) -> Option<&'static str> {
    let (is_one, expected) = match name {
        "Int" => {
            let small = |number: &Number| number.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
            let is_one = matches!(value, Value::Number(number) if small(number));
            (is_one, "a whole number from -2147483648 to 2147483647")
        }
        "String" | "ID" => {
            (!matches!(value, Value::String(text) if text.contains('\0')), expectation::NO_NUL)
        }
        "Decimal" => (reads::<Decimal>(value), expectation::DECIMAL),
        "Date" => (reads::<Date>(value), expectation::DATE),
        "DateTime" => (reads::<DateTime>(value), expectation::MOMENT),
        "Kroner" => (reads::<Kroner>(value), expectation::WHOLE_NUMBER),
        _ => return None,
    };
    (!is_one).then_some(expected)
}

macro_rules! leaves {
    ($($value:ty as $scalar:ident: $text:expr;)+) => {$(
        impl Leaf for $value {
            fn declare(registry: &mut Registry) -> String {
                <$scalar as InputType>::create_type_info(registry)
            }

            fn write(&self, out: &mut Json) {
                out.plain($text(*self));
            }
        }
    )+};
}

leaves! {
    domain::Decimal as Decimal: std::convert::identity;
    domain::Date as Date: domain::Day;
    domain::Timestamp as DateTime: std::convert::identity;
}

impl Leaf for Kroner {
    fn declare(registry: &mut Registry) -> String {
        <Self as InputType>::create_type_info(registry)
    }

    fn write(&self, out: &mut Json) {
        out.integer(self.0);
    }
}
