//! Which columns of measurements a reading needs. Nothing has more rows, and few readings ask for all that a measurement can
//! be: reading every column took as long as all else that a large answer takes.

use std::ops::BitOr;

use entity::measurement;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, QuerySelect, QueryTrait, Select};

use super::MeasurementRow;
use crate::columns::{Date, GroupKind, Timestamp, Uuid, Wave};

/// Columns beside those that every reading needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns(u32);

impl BitOr for Columns {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Names the columns: of those that are read only where they are asked for, with what stands for them where they are not.
macro_rules! columns {
    (
        always { $($own:ident $Own:ident,)+ }
        asked { $($bit:literal $NAME:ident $field:ident $Column:ident $absent:expr,)+ }
    ) => {
        impl Columns {
            $(pub const $NAME: Self = Self(1 << $bit);)+
            pub const ALL: Self = Self($(Self::$NAME.0 |)+ 0);

            /// The selection of these columns alone.
            fn of(self, rows: Select<measurement::Entity>) -> Select<measurement::Entity> {
                let mut rows = rows.select_only();
                $(rows = rows.column(measurement::Column::$Own);)+
                $(if self.holds(Self::$NAME) {
                    rows = rows.column(measurement::Column::$Column);
                })+
                rows
            }

            fn row(self, found: &QueryResult) -> Result<MeasurementRow, DbErr> {
                let mut places = 0..;
                let mut next = || places.next().unwrap_or_default();
                Ok(MeasurementRow {
                    $($own: found.try_get_by_index(next())?,)+
                    $($field: if self.holds(Self::$NAME) { found.try_get_by_index(next())? } else { $absent },)+
                })
            }
        }
    };
}

columns! {
    always {
        id Id,
        success_criterion_id SuccessCriterionId,
        since_version SinceVersion,
        until_version UntilVersion,
        kind Kind,
        numerator Numerator,
        denominator Denominator,
        categories Categories,
    }
    asked {
        0 EVALUATION virkningsevaluering_id VirkningsevalueringId Uuid::nil(),
        1 WAVE wave Wave Wave::Before,
        2 MONTHS_ANCHOR months_anchor MonthsAnchor None,
        3 MONTHS_FROM months_from MonthsFrom None,
        4 MONTHS_TO months_to MonthsTo None,
        5 GROUP_KIND group_kind GroupKind GroupKind::Participants,
        6 GROUP_NAME group_name GroupName None,
        7 COMPARABILITY comparability Comparability None,
        8 SLOT slot Slot String::new(),
        9 PERIOD_START period_start PeriodStart Date::MIN,
        10 PERIOD_END period_end PeriodEnd Date::MIN,
        11 POPULATION population_id PopulationId None,
        12 SOURCE data_source_id DataSourceId None,
        13 COMPUTED computed Computed false,
        14 MEAN mean Mean None,
        15 SD sd Sd None,
        16 MEDIAN median Median None,
        17 MINIMUM minimum Minimum None,
        18 MAXIMUM maximum Maximum None,
        19 N n N None,
        20 COUNT count Count None,
        21 EXPOSURE exposure Exposure None,
        22 ABSENCE absence Absence None,
        23 ABSENCE_REASON absence_reason AbsenceReason None,
        24 NOTE note Note None,
        25 CORRECTS corrects_id CorrectsId None,
        26 CORRECTION correction Correction None,
        27 CORRECTION_REASON correction_reason CorrectionReason None,
        28 RECORDED_AT recorded_at RecordedAt Timestamp::from_micros(0),
    }
}

impl Columns {
    pub const NONE: Self = Self(0);
    pub const MONTHS: Self = Self(Self::MONTHS_ANCHOR.0 | Self::MONTHS_FROM.0 | Self::MONTHS_TO.0);
    pub const GROUP: Self = Self(Self::GROUP_KIND.0 | Self::GROUP_NAME.0 | Self::COMPARABILITY.0);
    pub const PERIOD: Self = Self(Self::PERIOD_START.0 | Self::PERIOD_END.0);
    pub const VALUE: Self = Self(Self::MEAN.0 | Self::COUNT.0 | Self::EXPOSURE.0);

    const fn holds(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) async fn read(
        self,
        db: &DatabaseTransaction,
        rows: Select<measurement::Entity>,
    ) -> Result<Vec<MeasurementRow>, DbErr> {
        let found = db.query_all(&self.of(rows).into_query()).await?;
        found.iter().map(|found| self.row(found)).collect()
    }
}
