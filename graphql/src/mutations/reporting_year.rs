use async_graphql::{Context, InputObject, Object, Result};
use domain::reporting_year::{self, ReportingYear};
use domain::{Given, operate};

use super::version;
use crate::payload::payload;
use crate::request::signed_in;

/// What opening a year takes.
#[derive(InputObject)]
pub struct OpenReportingYearInput {
    /// The year, 1900 to 2200, not opened before.
    year: i32,
    /// Why, for the history.
    reason: Option<String>,
}

/// What closing a year takes.
#[derive(InputObject)]
pub struct CloseReportingYearInput {
    /// The year. Every report of it must be approved.
    year: i32,
    /// The version you read.
    expected_version: i32,
    /// Why, for the history.
    reason: Option<String>,
}

payload! {
    /// A year, opened.
    OpenReportingYearPayload {
        /// The year; null where it was refused.
        reporting_year: ReportingYear
    }
}

payload! {
    /// A year, closed.
    CloseReportingYearPayload {
        /// The year; null where it was refused.
        reporting_year: ReportingYear
    }
}

#[derive(Default)]
pub struct ReportingYearMutations;

#[Object]
impl ReportingYearMutations {
    /// Opens a year for reporting. Needs COORDINATOR.
    async fn open_reporting_year(
        &self,
        field: &Context<'_>,
        input: OpenReportingYearInput,
    ) -> Result<Option<OpenReportingYearPayload>> {
        let OpenReportingYearInput { year, reason } = input;
        let given = Given { reason, ..Given::default() };
        let opened = async { operate(signed_in(field)?, reporting_year::Open { year }, given).await };
        OpenReportingYearPayload::new(field, opened.await, |year| (year,)).map(Some)
    }

    /// Closes a year, which freezes its reports and figures. Needs COORDINATOR.
    async fn close_reporting_year(
        &self,
        field: &Context<'_>,
        input: CloseReportingYearInput,
    ) -> Result<Option<CloseReportingYearPayload>> {
        let CloseReportingYearInput { year, expected_version, reason } = input;
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let closed = async { operate(signed_in(field)?, reporting_year::Close { year }, given).await };
        CloseReportingYearPayload::new(field, closed.await, |year| (year,)).map(Some)
    }
}
