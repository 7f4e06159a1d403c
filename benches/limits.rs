//! What nothing can be quicker than: three ways to answer the queries of `benches/speed` without a GraphQL engine, behind the
//! same HTTP server and on the plain tables.
//!
//! * `/static/…` answers with bytes that lay ready: the limit of the wire.
//! * `/flat/q1` reads each level by one statement and writes JSON by hand: the limit of a database that gives rows.
//! * `/json_agg/…` has the database write the answer, and passes it on.
//!
//! `limits FOLDER` finds the ready answers in that folder and the database in `DATABASE_URL`, and prints its address.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use actix_web::web::{self, Bytes, Data, Json};
use actix_web::{App, HttpResponse, HttpServer};
use sea_orm::sqlx::postgres::{PgPool, PgPoolOptions, PgRow};
use sea_orm::sqlx::{self, Row as _};
use serde::Deserialize;
use uuid::Uuid;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Deserialize)]
struct Request {
    variables: Variables,
}

#[derive(Deserialize)]
struct Variables {
    after: Option<String>,
    id: Option<String>,
    forvaltning: Option<String>,
}

#[actix_web::main]
async fn main() -> Result<()> {
    let folder = std::env::args().nth(1).ok_or("a folder with ready answers is needed")?;
    let mut ready = HashMap::new();
    for name in ["q1", "q2", "q3"] {
        ready.insert(name, Bytes::from(std::fs::read(Path::new(&folder).join(name))?));
    }
    let pool = PgPoolOptions::new().max_connections(10).connect(&std::env::var("DATABASE_URL")?).await?;
    let (ready, pool) = (Data::new(ready), Data::new(pool));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(ready.clone())
            .app_data(pool.clone())
            .route("/static/{name}", web::post().to(prepared))
            .route("/flat/q1", web::post().to(flat))
            .route("/json_agg/{name}", web::post().to(json_agg))
    })
    .workers(2)
    .bind("127.0.0.1:0")?;
    for address in server.addrs() {
        println!("http://{address}");
    }
    Ok(server.run().await?)
}

fn uuid(text: Option<&str>) -> Result<Option<Uuid>> {
    Ok(text.map(Uuid::parse_str).transpose()?)
}

fn json(body: impl Into<Bytes>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(body.into())
}

async fn prepared(
    name: web::Path<String>,
    ready: Data<HashMap<&'static str, Bytes>>,
    _body: Bytes,
) -> Result<HttpResponse> {
    Ok(json(ready.get(name.as_str()).ok_or("no such answer")?.clone()))
}

async fn json_agg(name: web::Path<String>, pool: Data<PgPool>, asked: Json<Request>) -> Result<HttpResponse> {
    let Variables { after, id, forvaltning } = &asked.variables;
    let (after, id) = (uuid(after.as_deref())?, uuid(id.as_deref())?);
    let query = match name.as_str() {
        "q1" => sqlx::query_scalar(include_str!("speed/json_agg/q1.sql")).bind(after),
        "q2" => sqlx::query_scalar(include_str!("speed/json_agg/q2.sql")).bind(id),
        _ => sqlx::query_scalar(include_str!("speed/json_agg/q3.sql")).bind(after).bind(forvaltning),
    };
    let answer: String = query.fetch_one(&**pool).await?;
    Ok(json(answer))
}

// ---- Rows, and JSON by hand ---------------------------------------------------------------------

// What is written as text has the name of its column; the order is that of the column.
const INTERVENTIONS: &str = "SELECT id, id::text, to_json(name)::text, since::text FROM intervention \
    WHERE (name_key, id) > (coalesce((SELECT name_key FROM intervention WHERE id = $1), ''), \
                            coalesce($1, '00000000-0000-0000-0000-000000000000')) \
    ORDER BY name_key, intervention.id LIMIT 20";
const EVALUATIONS: &str = "SELECT id, intervention_id, id::text, to_json(title)::text, status FROM evaluation \
    WHERE intervention_id = ANY($1) ORDER BY evaluation.id";
const CRITERIA: &str = "SELECT id, evaluation_id, number::text, to_json(dimension)::text, to_json(indicator)::text, \
    direction, threshold::text, unit FROM criterion WHERE evaluation_id = ANY($1) ORDER BY criterion.number";
const MEASUREMENTS: &str = "SELECT criterion_id, wave, period_start::text, period_end::text, numerator, denominator, \
    value::text, to_json(recorded_at)::text FROM measurement WHERE criterion_id = ANY($1) ORDER BY id";

async fn flat(pool: Data<PgPool>, asked: Json<Request>) -> Result<HttpResponse> {
    let after = uuid(asked.variables.after.as_deref())?;
    let interventions = sqlx::query(INTERVENTIONS).bind(after).fetch_all(&**pool).await?;
    let evaluations = Below::read(EVALUATIONS, &ids(&interventions)?, 1, &pool).await?;
    let criteria = Below::read(CRITERIA, &ids(&evaluations.rows)?, 1, &pool).await?;
    let measurements = Below::read(MEASUREMENTS, &ids(&criteria.rows)?, 0, &pool).await?;

    let mut out = String::with_capacity(1 << 20);
    out.push_str(r#"{"data":{"interventions":{"nodes":["#);
    each(&mut out, interventions.iter(), |out, row| {
        write(
            out,
            &[r#"{"id":""#, text(row, 1)?, r#"","name":"#, text(row, 2)?, r#","since":"#, text(row, 3)?],
        );
        out.push_str(r#","virkningsevalueringer":{"nodes":["#);
        each(out, evaluations.of(row)?, |out, row| {
            write(
                out,
                &[
                    r#"{"id":""#,
                    text(row, 2)?,
                    r#"","title":"#,
                    text(row, 3)?,
                    r#","status":""#,
                    text(row, 4)?,
                ],
            );
            out.push_str(r#"","criteria":["#);
            each(out, criteria.of(row)?, |out, row| {
                write(
                    out,
                    &[r#"{"number":"#, text(row, 2)?, r#","dimension":"#, text(row, 3)?, r#","indicator":"#],
                );
                write(
                    out,
                    &[text(row, 4)?, r#","direction":""#, text(row, 5)?, r#"","threshold":""#, text(row, 6)?],
                );
                write(out, &[r#"","unit":""#, text(row, 7)?, r#"","measurements":["#]);
                each(out, measurements.of(row)?, measurement)?;
                out.push_str("]}");
                Ok(())
            })?;
            out.push_str("]}");
            Ok(())
        })?;
        out.push_str("]}}");
        Ok(())
    })?;
    out.push_str("]}}}");
    Ok(json(out))
}

fn measurement(out: &mut String, row: &PgRow) -> Result<()> {
    write(
        out,
        &[
            r#"{"wave":""#,
            text(row, 1)?,
            r#"","period":{"from":""#,
            text(row, 2)?,
            r#"","to":""#,
            text(row, 3)?,
        ],
    );
    for (name, column) in [(r#""},"numerator":"#, 4), (r#","denominator":"#, 5)] {
        let number: Option<i32> = row.try_get(column)?;
        write(out, &[name, &number.map_or("null".to_owned(), |number| number.to_string())]);
    }
    write(out, &[r#","value":""#, text(row, 6)?, r#"","recordedAt":"#, text(row, 7)?, "}"]);
    Ok(())
}

/// The rows of a level, by the row above them.
struct Below {
    rows: Vec<PgRow>,
    by_parent: HashMap<Uuid, Vec<usize>>,
}

impl Below {
    async fn read(statement: &'static str, above: &[Uuid], parent: usize, pool: &PgPool) -> Result<Self> {
        let rows = sqlx::query(statement).bind(above).fetch_all(pool).await?;
        let mut by_parent: HashMap<Uuid, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            by_parent.entry(row.try_get(parent)?).or_default().push(at);
        }
        Ok(Self { rows, by_parent })
    }

    fn of(&self, above: &PgRow) -> Result<impl Iterator<Item = &PgRow>> {
        let found = self.by_parent.get(&above.try_get::<Uuid, _>(0)?);
        Ok(found.into_iter().flatten().filter_map(|at| self.rows.get(*at)))
    }
}

fn ids(rows: &[PgRow]) -> Result<Vec<Uuid>> {
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

fn text(row: &PgRow, column: usize) -> Result<&str> {
    Ok(row.try_get::<Option<&str>, _>(column)?.unwrap_or("null"))
}

fn write(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}

/// Writes all rows, with commas between them.
fn each<'a>(
    out: &mut String,
    rows: impl Iterator<Item = &'a PgRow>,
    write: impl Fn(&mut String, &PgRow) -> Result<()>,
) -> Result<()> {
    for (at, row) in rows.enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, row)?;
    }
    Ok(())
}
