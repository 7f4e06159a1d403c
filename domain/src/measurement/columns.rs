//! Which columns of measurements a reading needs. Nothing has more rows, and few readings ask for all that a measurement can
//! be: reading every column took as long as all else that a large answer takes.

use std::collections::HashMap;
use std::ops::BitOr;

use entity::{measurement, paired_table};
use futures_util::TryStreamExt;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, Iterable, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select, StreamTrait,
};

use super::MeasurementRow;
use crate::columns::{Date, GroupKind, Timestamp, Uuid, Wave};
use crate::in_order::InOrder;
use crate::paired_table::{self as tables, PairedTable};

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
        always { $($own:ident $Own:ident $own_read:ident,)+ }
        asked { $($bit:literal $NAME:ident $field:ident $Column:ident $read:ident $absent:expr,)+ }
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

            fn row(self, row: &mut InOrder<'_>) -> Result<MeasurementRow, DbErr> {
                Ok(MeasurementRow {
                    $($own: row.$own_read()?,)+
                    $($field: if self.holds(Self::$NAME) { row.$read()? } else { $absent },)+
                })
            }
        }
    };
}

columns! {
    always {
        id Id plain,
        success_criterion_id SuccessCriterionId plain,
        since_version SinceVersion plain,
        until_version UntilVersion optional_plain,
        kind Kind optional_code,
        numerator Numerator optional_plain,
        denominator Denominator optional_plain,
        categories Categories optional,
    }
    asked {
        0 EVALUATION virkningsevaluering_id VirkningsevalueringId plain Uuid::nil(),
        1 WAVE wave Wave code Wave::Before,
        2 MONTHS_ANCHOR months_anchor MonthsAnchor optional_code None,
        3 MONTHS_FROM months_from MonthsFrom optional_plain None,
        4 MONTHS_TO months_to MonthsTo optional_plain None,
        5 GROUP_KIND group_kind GroupKind code GroupKind::Participants,
        6 GROUP_NAME group_name GroupName optional_plain None,
        7 COMPARABILITY comparability Comparability optional_code None,
        8 SLOT slot Slot plain String::new(),
        9 PERIOD_START period_start PeriodStart plain Date::MIN,
        10 PERIOD_END period_end PeriodEnd plain Date::MIN,
        11 POPULATION population_id PopulationId optional_plain None,
        12 SOURCE data_source_id DataSourceId optional_plain None,
        13 COMPUTED computed Computed plain false,
        14 MEAN mean Mean optional None,
        15 SD sd Sd optional None,
        16 MEDIAN median Median optional None,
        17 MINIMUM minimum Minimum optional None,
        18 MAXIMUM maximum Maximum optional None,
        19 N n N optional_plain None,
        20 COUNT count Count optional_plain None,
        21 EXPOSURE exposure Exposure optional None,
        22 ABSENCE absence Absence optional_code None,
        23 ABSENCE_REASON absence_reason AbsenceReason optional_plain None,
        24 NOTE note Note optional_plain None,
        25 CORRECTS corrects_id CorrectsId optional_plain None,
        26 CORRECTION correction Correction optional_code None,
        27 CORRECTION_REASON correction_reason CorrectionReason optional_plain None,
        28 RECORDED_AT recorded_at RecordedAt given Timestamp::from_micros(0),
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

    /// The rows of each criterion, in no order.
    pub(super) async fn read(
        self,
        db: &DatabaseTransaction,
        rows: Select<measurement::Entity>,
    ) -> Result<HashMap<Uuid, Vec<MeasurementRow>>, DbErr> {
        let mut rows_of: HashMap<Uuid, Vec<MeasurementRow>> = HashMap::new();
        // Each is read as it comes, while the database makes the next.
        let mut found = db.stream(&self.of(rows).into_query()).await?;
        while let Some(found) = found.try_next().await? {
            let row = self.row(&mut InOrder::of(&found))?;
            rows_of.entry(row.success_criterion_id).or_default().push(row);
        }
        Ok(rows_of)
    }
}

/// The measurements of a criterion that stand, and the tables that stand and were counted with them, each in the order in which
/// they were recorded.
pub(crate) async fn standing_with_tables(
    db: &DatabaseTransaction,
    criterion_id: Uuid,
) -> Result<(Vec<MeasurementRow>, Vec<PairedTable>), DbErr> {
    let of_before = measurement::Entity::belongs_to(paired_table::Entity)
        .from(measurement::Column::Id)
        .to(paired_table::Column::BeforeId)
        .on_condition(|_, table| Expr::col((table, paired_table::Column::UntilVersion)).is_null().into());
    let standing = measurement::Entity::find()
        .filter(measurement::COLUMN.success_criterion_id.eq(criterion_id))
        .filter(measurement::COLUMN.until_version.is_null())
        .join(JoinType::LeftJoin, of_before.into())
        .order_by_asc(measurement::COLUMN.id);
    let rows = Columns::ALL.of(standing).columns(paired_table::Column::iter());
    let (mut measurements, mut counted): (Vec<MeasurementRow>, Vec<_>) = (Vec::new(), Vec::new());
    for found in db.query_all(&rows.into_query()).await? {
        let mut row = InOrder::of(&found);
        let measurement = Columns::ALL.row(&mut row)?;
        counted.extend(tables::read(&mut row)?);
        if measurements.last().is_none_or(|last| last.id != measurement.id) {
            measurements.push(measurement);
        }
    }
    counted.sort_unstable_by_key(|table| table.id);
    Ok((measurements, counted))
}
