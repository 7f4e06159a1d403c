//! Drafting, submitting, returning and approving a year's report.

use entity::columns::TextList;
use entity::{intervention_year, target_group};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{InterventionYear, Report, lifecycle};
use crate::Edit;
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Decimal, SubjectKind, Uuid, YearReportStatus};
use crate::error::{Error, Faults, Problem, Result, year_out_of_range};
use crate::funding::{forvaltninger, resolved};
use crate::history::wrote_since;
use crate::input::moment::YEARS;
use crate::input::text::{LINE, PROSE, optional, required};
use crate::intervention;
use crate::operation::{Aggregate, Operation, Scope};
use crate::policy::{Owners, Verb, permits};
use crate::reporting_year;

/// The oldest age that a target group can name, in years.
const OLDEST: u32 = 150;

/// What a report says. Of what is not given, a new report takes over what last year's said.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Code of the forvaltning that leads.
    pub lead: Option<String>,
    /// Codes of those that take part.
    pub partners: Option<Vec<String>>,
    /// Numbers of the principles.
    pub principles: Option<Vec<i32>>,
    pub citywide: Option<bool>,
    /// Names or aliases.
    pub districts: Option<Vec<String>>,
    pub target_groups: Option<Vec<TargetGroupInput>>,
    pub anonymous: Option<bool>,
    pub external_partners: Option<Vec<String>>,
    pub activities: Option<Vec<String>>,
    pub in_package: Edit<bool>,
    pub problem: Edit<String>,
    pub method: Edit<String>,
    pub remarks: Edit<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetGroupInput {
    pub name: String,
    pub age_from: Option<Decimal>,
    pub age_to: Option<Decimal>,
}

/// Drafts the report of a year, or changes the draft. A change to an approved report makes it a draft again.
#[derive(Clone, Debug)]
pub struct Update {
    pub intervention_id: Option<Uuid>,
    pub year: i32,
    pub content: Content,
}

/// Makes the report what the file says, its status included: it was approved elsewhere, before it was printed.
#[derive(Clone, Debug)]
pub struct Put {
    pub intervention_id: Uuid,
    pub year: i32,
    pub status: YearReportStatus,
    pub content: Content,
}

/// Hands the draft over for approval.
#[derive(Clone, Debug)]
pub struct Submit {
    pub id: Option<Uuid>,
}

/// Sends a submitted report back with a comment.
#[derive(Clone, Debug)]
pub struct Return {
    pub id: Option<Uuid>,
}

/// Approves a submitted report. Nobody approves what they wrote in.
#[derive(Clone, Debug)]
pub struct Approve {
    pub id: Option<Uuid>,
}

impl Operation for Update {
    const ACTION: Action = Action::Update;
    const NAMED_BY: &'static str = "interventionId";
    type Subject = Report;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::Intervention, self.intervention_id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Report>> {
        let intervention = intervention::required(scope, self.intervention_id, Self::NAMED_BY).await?;
        of_year(scope, intervention.id, self.year).await
    }

    async fn owners(&self, scope: &Scope<'_>, _subject: Option<&Report>) -> Result<Owners> {
        intervention::owners(scope.db, self.intervention_id).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Report>) -> Result<Report> {
        let intervention_id =
            self.intervention_id.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let year = reporting_year::status_held(scope.db, self.year).await?;
        lifecycle::written(subject.map(|report| report.row.status), year)
            .map_err(|problem| refused("year", problem))?;
        let base = match subject {
            Some(report) => Some(report.clone()),
            None => draft_after(scope, intervention_id, self.year).await?,
        };
        let mut report = written(scope, intervention_id, self.year, base.as_ref(), &self.content).await?;
        let moved = base
            .as_ref()
            .is_none_or(|base| (base.row.lead_id, &base.partners) != (report.row.lead_id, &report.partners));
        // A forvaltning cannot give itself an intervention, or give one away.
        let coordinates = || {
            permits(
                &scope.context.actor,
                Verb::Do(Action::Create),
                SubjectKind::Intervention,
                &Owners::default(),
            )
        };
        if moved && !coordinates() {
            return Err(Error::refused("leadForvaltning", Problem::CoordinatorOnly));
        }
        let changed = subject.is_none_or(|before| before.fields() != report.fields());
        if changed {
            report.row.status = YearReportStatus::Draft;
        }
        Ok(report)
    }
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "intervention";
    type Subject = Report;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Report>> {
        of_year(scope, self.intervention_id, self.year).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Report>) -> Result<Report> {
        let mut report = written(scope, self.intervention_id, self.year, subject, &self.content).await?;
        report.row.status = self.status;
        let changed = subject.is_none_or(|before| before.fields() != report.fields());
        if changed {
            let year = reporting_year::status_held(scope.db, self.year).await?;
            reporting_year::takes_changes(year).map_err(|problem| Error::refused("year", problem))?;
        }
        Ok(report)
    }
}

macro_rules! transition {
    ($operation:ident $(, unless $check:ident)?) => {
        impl Operation for $operation {
            const ACTION: Action = Action::$operation;
            type Subject = Report;

            fn names(&self) -> Vec<Name> {
                vec![named(Self::NAMED_BY, AccessedKind::InterventionYear, self.id)]
            }

            async fn find(&self, scope: &Scope<'_>) -> Result<Option<Report>> {
                let Some(id) = self.id else { return Err(Error::refused(Self::NAMED_BY, Problem::NotFound)) };
                let report = Report::load(scope.db, id).await?;
                report.map(Some).ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))
            }

            async fn owners(&self, scope: &Scope<'_>, subject: Option<&Report>) -> Result<Owners> {
                intervention::owners(scope.db, subject.map(|report| report.row.intervention_id)).await
            }

            async fn decide(&self, scope: &Scope<'_>, subject: Option<&Report>) -> Result<Report> {
                let report = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
                let year = reporting_year::status_held(scope.db, report.row.year).await?;
                let status = lifecycle::step(Self::ACTION, report.row.status, year)
                    .map_err(|problem| refused(Self::NAMED_BY, problem))?;
                $(if $check(scope, report).await? {
                    return Err(Error::refused(Self::NAMED_BY, Problem::OwnWork));
                })?
                let mut report = report.clone();
                report.row.status = status;
                Ok(report)
            }
        }
    };
}

transition!(Submit);
transition!(Return);
transition!(Approve, unless wrote_in);

/// Whether the actor had a hand in the report since it was last approved.
async fn wrote_in(scope: &Scope<'_>, report: &Report) -> Result<bool> {
    let (id, actor_id) = (report.row.id, scope.context.actor.id);
    Ok(wrote_since(scope.db, actor_id, &[id], Action::Approve).await?.contains(&id))
}

/// A refusal by the status is told of the status, all others of `field`.
fn refused(field: &str, problem: Problem) -> Error {
    let of_status = matches!(problem, Problem::WrongStatus { .. });
    Error::refused(if of_status { "status" } else { field }, problem)
}

async fn of_year(scope: &Scope<'_>, intervention_id: Uuid, year: i32) -> Result<Option<Report>> {
    let row = intervention_year::Entity::find()
        .filter(intervention_year::COLUMN.intervention_id.eq(intervention_id))
        .filter(intervention_year::COLUMN.year.eq(year))
        .one(scope.db)
        .await?;
    match row {
        Some(row) => Report::load(scope.db, row.id).await,
        None => Ok(None),
    }
}

/// The newest report before the year, from which a new draft starts.
async fn draft_after(scope: &Scope<'_>, intervention_id: Uuid, year: i32) -> Result<Option<Report>> {
    let row = intervention_year::Entity::find()
        .filter(intervention_year::COLUMN.intervention_id.eq(intervention_id))
        .filter(intervention_year::COLUMN.year.lt(year))
        .order_by_desc(intervention_year::COLUMN.year)
        .limit(1)
        .one(scope.db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(mut report) = Report::load(scope.db, row.id).await? else {
        return Ok(None);
    };
    report.row.id = scope.new_id();
    report.row.year = year;
    report.row.version = 0;
    for group in &mut report.target_groups {
        group.intervention_year_id = report.row.id;
    }
    Ok(Some(report))
}

/// The report as the content makes it of `base`, checked.
async fn written(
    scope: &Scope<'_>,
    intervention_id: Uuid,
    year: i32,
    base: Option<&Report>,
    content: &Content,
) -> Result<Report> {
    let mut faults = Faults::default();
    let reference = scope.reference().await?;
    faults.unless(YEARS.contains(&year), "year", year_out_of_range());
    let id = base.map_or_else(|| scope.new_id(), |base| base.row.id);
    let mut report = base.cloned().unwrap_or_else(|| Report::blank(id, intervention_id, year));

    match &content.lead {
        Some(code) => match reference.forvaltning(code) {
            Some(forvaltning) => report.row.lead_id = forvaltning.id,
            None => faults.add("leadForvaltning", Problem::NotAmong { known: reference.codes() }),
        },
        None => faults.unless(base.is_some(), "leadForvaltning", Problem::Required),
    }
    if let Some(codes) = &content.partners {
        report.partners = forvaltninger(reference, codes, "partnerForvaltninger", &mut faults);
    }
    faults.unless(
        !report.partners.contains(&report.row.lead_id),
        "partnerForvaltninger",
        Problem::LeadIsPartner,
    );
    if let Some(numbers) = &content.principles {
        let find = |number: &i32| reference.principle(*number, year).map(|principle| principle.row.id);
        report.principles =
            resolved(numbers, "principles", &mut faults, find, || reference.principle_numbers(year));
        report.principles.sort_unstable();
    }
    let of_year = |id: &Uuid| reference.principle_by_id(*id).is_some_and(|principle| principle.covers(year));
    faults.unless(report.principles.iter().all(of_year), "principles", Problem::PrincipleNotOfYear);
    if let Some(names) = &content.districts {
        let find = |name: &String| reference.district(name).map(|district| district.row.id);
        report.districts = resolved(names, "districts", &mut faults, find, || reference.district_names());
        report.districts.sort_unstable();
    }
    report.row.citywide = content.citywide.unwrap_or(report.row.citywide);
    faults.unless(
        !report.row.citywide || report.districts.is_empty(),
        "districts",
        Problem::CitywideWithDistricts,
    );
    if let Some(groups) = &content.target_groups {
        report.target_groups = target_groups(id, groups, &mut faults);
    }
    if let Some(names) = &content.external_partners {
        report.row.external_partners = lines(names, "externalPartners", &mut faults);
    }
    if let Some(names) = &content.activities {
        report.row.activities = lines(names, "activities", &mut faults);
    }
    report.row.anonymous = content.anonymous.unwrap_or(report.row.anonymous);
    report.row.in_package = content.in_package.clone().over(report.row.in_package);
    let mut prose = |field, edit: &Edit<String>, current: Option<String>| match edit {
        Edit::Set(text) => faults.take(field, optional(Some(text), PROSE)),
        other => other.clone().over(current),
    };
    report.row.problem = prose("problem", &content.problem, report.row.problem.take());
    report.row.method = prose("method", &content.method, report.row.method.take());
    report.row.remarks = prose("remarks", &content.remarks, report.row.remarks.take());
    faults.finish()?;
    Ok(report)
}

impl Report {
    /// A report that says nothing yet. Its lead is set before it is stored.
    fn blank(id: Uuid, intervention_id: Uuid, year: i32) -> Self {
        Self {
            row: InterventionYear {
                id,
                intervention_id,
                year,
                status: YearReportStatus::Draft,
                lead_id: Uuid::nil(),
                citywide: false,
                in_package: None,
                anonymous: false,
                problem: None,
                method: None,
                remarks: None,
                external_partners: TextList::default(),
                activities: TextList::default(),
                version: 0,
            },
            partners: Vec::new(),
            principles: Vec::new(),
            districts: Vec::new(),
            target_groups: Vec::new(),
        }
    }
}

fn lines(given: &[String], field: &str, faults: &mut Faults) -> TextList {
    let mut take = |(at, text): (usize, &String)| faults.take(&format!("{field}.{at}"), required(text, LINE));
    TextList(given.iter().enumerate().map(&mut take).collect())
}

fn target_groups(report: Uuid, given: &[TargetGroupInput], faults: &mut Faults) -> Vec<target_group::Model> {
    let mut groups = Vec::with_capacity(given.len());
    for (position, group) in (0..).zip(given) {
        let place = |field: &str| format!("targetGroups.{position}.{field}");
        let in_range = |age: Decimal| !age.is_negative() && age <= Decimal::from(OLDEST);
        for (field, age) in [("ageFrom", group.age_from), ("ageTo", group.age_to)] {
            let range = Problem::OutOfRange { from: 0, to: i64::from(OLDEST) };
            faults.unless(age.is_none_or(in_range), &place(field), range);
        }
        let ordered = group.age_from.zip(group.age_to).is_none_or(|(from, to)| from <= to);
        faults.unless(ordered, &place("ageTo"), Problem::StartAfterEnd);
        let name = faults.take(&place("name"), required(&group.name, LINE));
        let repeated =
            !name.is_empty() && groups.iter().any(|other: &target_group::Model| other.name == name);
        faults.unless(!repeated, &place("name"), Problem::Repeated);
        groups.push(target_group::Model {
            intervention_year_id: report,
            position,
            name,
            age_from: group.age_from,
            age_to: group.age_to,
        });
    }
    groups
}
