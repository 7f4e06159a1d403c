//! Small objects without an id.

use domain::{Absence, Date};

use crate::plan::{Fields, Object};

impl Object for Absence {
    const NAME: &'static str = "Absence";
    const DESCRIPTION: &'static str = "Why a value is not there.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("kind", "What kind of absence it is.", |absence| &absence.kind);
        fields.column("reason", "Why, in words; none where the kind says it all.", |absence| &absence.reason);
    }
}

const NOT_STATED: domain::Absent = domain::Absent::Stated(domain::AbsenceKind::NotStated);

/// The absence of a field that can be empty for reasons of its own.
#[derive(Clone)]
pub struct FieldAbsence {
    pub field: &'static str,
    pub kind: domain::Absent,
}

/// The fields among these that the source does not state.
pub fn not_stated(fields: &[(&'static str, bool)]) -> Vec<FieldAbsence> {
    let absent = fields.iter().filter(|(_, stated)| !stated);
    absent.map(|(field, _)| FieldAbsence { field, kind: NOT_STATED }).collect()
}

impl Object for FieldAbsence {
    const NAME: &'static str = "FieldAbsence";
    const DESCRIPTION: &'static str = "Why a field of an object is null.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("field", "The name of the field.", |absence| absence.field.to_owned());
        fields.column("kind", "Why it is null.", |absence| &absence.kind);
    }
}

/// A span of days, both included.
#[derive(Clone)]
pub struct Period {
    pub from: Date,
    pub to: Date,
}

impl Object for Period {
    const NAME: &'static str = "Period";
    const DESCRIPTION: &'static str = "A span of days, the first and the last included.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("from", "The first day.", |period| &period.from);
        fields.column("to", "The last day.", |period| &period.to);
    }
}
