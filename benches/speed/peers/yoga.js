// The plain tables behind a schema that is written by hand: graphql-yoga, Pothos, and a DataLoader for each way down.
import { createServer } from "node:http";
import SchemaBuilder from "@pothos/core";
import DataLoader from "dataloader";
import { createYoga } from "graphql-yoga";
import pg from "pg";

// Days and moments as they are written, instead of as dates in the server's time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => text.replace(" ", "T").replace(/\+00$/, "Z"));
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

// A statement with a name is prepared once for each connection.
const rows = async (name, text, ...values) => (await pool.query({ name, text, values })).rows;

const below = (name, text, key) =>
  new DataLoader(async (ids) => {
    const found = new Map(ids.map((id) => [id, []]));
    for (const row of await rows(name, text, ids)) found.get(row[key]).push(row);
    return ids.map((id) => found.get(id));
  });
const loaders = () => ({
  evaluations: below("evaluations", "SELECT * FROM evaluation WHERE intervention_id = ANY($1) ORDER BY id", "intervention_id"),
  criteria: below("criteria", "SELECT * FROM criterion WHERE evaluation_id = ANY($1) ORDER BY number", "evaluation_id"),
  measurements: below("measurements", "SELECT * FROM measurement WHERE criterion_id = ANY($1) ORDER BY id", "criterion_id"),
  counts: new DataLoader(async (ids) => {
    const text = "SELECT intervention_id, count(*)::int FROM evaluation WHERE intervention_id = ANY($1) GROUP BY 1";
    const found = new Map((await rows("counts", text, ids)).map((row) => [row.intervention_id, row.count]));
    return ids.map((id) => found.get(id) ?? 0);
  }),
});

const builder = new SchemaBuilder({ defaultFieldNullability: false });
const Period = builder.objectRef("Period").implement({
  fields: (t) => ({
    from: t.string({ resolve: (row) => row.period_start }),
    to: t.string({ resolve: (row) => row.period_end }),
  }),
});
const Measurement = builder.objectRef("Measurement").implement({
  fields: (t) => ({
    id: t.exposeID("id"),
    wave: t.exposeString("wave"),
    period: t.field({ type: Period, resolve: (row) => row }),
    numerator: t.exposeInt("numerator", { nullable: true }),
    denominator: t.exposeInt("denominator", { nullable: true }),
    value: t.exposeString("value", { nullable: true }),
    recordedAt: t.exposeString("recorded_at"),
  }),
});
const Criterion = builder.objectRef("Criterion").implement({
  fields: (t) => ({
    number: t.exposeInt("number"),
    dimension: t.exposeString("dimension"),
    indicator: t.exposeString("indicator"),
    direction: t.exposeString("direction"),
    threshold: t.exposeString("threshold"),
    unit: t.exposeString("unit"),
    measurements: t.field({ type: [Measurement], resolve: (row, _, { load }) => load.measurements.load(row.id) }),
  }),
});
const Evaluation = builder.objectRef("Evaluation").implement({
  fields: (t) => ({
    id: t.exposeID("id"),
    title: t.exposeString("title"),
    status: t.exposeString("status"),
    criteria: t.field({ type: [Criterion], resolve: (row, _, { load }) => load.criteria.load(row.id) }),
  }),
});
// A page of an intervention's evaluations, and how many there are: each is read where it is asked for.
const Evaluations = builder.objectRef("Evaluations").implement({
  fields: (t) => ({
    nodes: t.field({
      type: [Evaluation],
      resolve: async ({ of, first }, _, { load }) => (await load.evaluations.load(of)).slice(0, first),
    }),
    totalCount: t.int({ resolve: ({ of }, _, { load }) => load.counts.load(of) }),
  }),
});
const Intervention = builder.objectRef("Intervention").implement({
  fields: (t) => ({
    id: t.exposeID("id"),
    name: t.exposeString("name"),
    since: t.exposeInt("since", { nullable: true }),
    virkningsevalueringer: t.field({
      type: Evaluations,
      args: { first: t.arg.int({ defaultValue: 20 }) },
      resolve: (row, { first }) => ({ of: row.id, first }),
    }),
  }),
});
const Interventions = builder.objectRef("Interventions").implement({
  fields: (t) => ({ nodes: t.field({ type: [Intervention], resolve: (page) => page }) }),
});
const OrderField = builder.enumType("OrderField", { values: ["NAME"] });
const Direction = builder.enumType("Direction", { values: ["ASC"] });
const Order = builder.inputType("Order", {
  fields: (t) => ({ field: t.field({ type: OrderField }), direction: t.field({ type: Direction }) }),
});
const Filter = builder.inputType("Filter", { fields: (t) => ({ lead: t.string() }) });

// A row is compared with two values, which an index can look up.
const AFTER = `(name_key, id) > (coalesce((SELECT name_key FROM intervention WHERE id = $2), ''),
                                 coalesce($2, '00000000-0000-0000-0000-000000000000'))`;
const ALL = `SELECT id, name, since FROM intervention WHERE ${AFTER} ORDER BY name_key, id LIMIT $1`;
const LED = `SELECT id, name, since FROM intervention WHERE ${AFTER}
             AND forvaltning_id = (SELECT id FROM forvaltning WHERE code = $3) ORDER BY name_key, id LIMIT $1`;
const page = (first, after, lead) => (lead ? rows("led", LED, first, after, lead) : rows("all", ALL, first, after));

builder.queryType({
  fields: (t) => ({
    interventions: t.field({
      type: Interventions,
      args: {
        first: t.arg.int({ required: true }),
        after: t.arg.string(),
        filter: t.arg({ type: Filter }),
        orderBy: t.arg({ type: Order }),
      },
      resolve: (_, { first, after, filter }) => page(Math.min(first, 100), after, filter?.lead),
    }),
    virkningsevaluering: t.field({
      type: Evaluation,
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: async (_, { id }) => (await rows("evaluation", "SELECT * FROM evaluation WHERE id = $1", id))[0],
    }),
  }),
});

const RecordMeasurementInput = builder.inputType("RecordMeasurementInput", {
  fields: (t) => ({
    criterionId: t.id({ required: true }),
    wave: t.string({ required: true }),
    monthsAnchor: t.string(),
    monthsFrom: t.int(),
    monthsTo: t.int(),
    periodStart: t.string({ required: true }),
    periodEnd: t.string({ required: true }),
    numerator: t.int(),
    denominator: t.int(),
    mean: t.string(),
    sd: t.string(),
    n: t.int(),
    idempotencyKey: t.string({ required: true }),
  }),
});
const Recorded = builder.objectRef("Recorded").implement({
  fields: (t) => ({ measurement: t.field({ type: Measurement, resolve: (row) => row }) }),
});
const RECORD = "SELECT * FROM record_measurement($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
builder.mutationType({
  fields: (t) => ({
    recordMeasurement: t.field({
      type: Recorded,
      args: { input: t.arg({ type: RecordMeasurementInput, required: true }) },
      resolve: async (_, { input: i }) => {
        const months = [i.monthsAnchor, i.monthsFrom, i.monthsTo];
        const value = [i.numerator, i.denominator, i.mean, i.sd, i.n];
        const given = [i.criterionId, i.wave, ...months, i.periodStart, i.periodEnd, ...value, i.idempotencyKey];
        return (await rows("record", RECORD, ...given))[0];
      },
    }),
  }),
});

const yoga = createYoga({
  schema: builder.toSchema(),
  context: () => ({ load: loaders() }),
  graphiql: false,
  landingPage: false,
  logging: "error",
});
const server = createServer(yoga);
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
