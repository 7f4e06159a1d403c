-- What one would design for these queries without a history: natural types, references, and an index for each way down.
-- Names are compared by Virkning's own sort key, so that lists come in the same order.
CREATE TABLE forvaltning (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL
);
CREATE TABLE intervention (
    id uuid PRIMARY KEY,
    forvaltning_id uuid NOT NULL REFERENCES forvaltning,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    since integer
);
CREATE TABLE evaluation (
    id uuid PRIMARY KEY,
    intervention_id uuid NOT NULL REFERENCES intervention,
    title text NOT NULL,
    status text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL
);
CREATE TABLE criterion (
    id uuid PRIMARY KEY,
    evaluation_id uuid NOT NULL REFERENCES evaluation,
    number integer NOT NULL,
    dimension text NOT NULL,
    indicator text NOT NULL,
    direction text NOT NULL,
    threshold numeric NOT NULL,
    unit text NOT NULL,
    UNIQUE (evaluation_id, number)
);
CREATE TABLE measurement (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    criterion_id uuid NOT NULL REFERENCES criterion,
    wave text NOT NULL,
    months_anchor text,
    months_from integer,
    months_to integer,
    period_start date NOT NULL,
    period_end date NOT NULL,
    numerator integer,
    denominator integer,
    mean numeric,
    sd numeric,
    n integer,
    value numeric GENERATED ALWAYS AS (coalesce(mean, round(numerator::numeric / nullif(denominator, 0), 6))) STORED,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CHECK (numerator BETWEEN 0 AND denominator),
    UNIQUE NULLS NOT DISTINCT (criterion_id, wave, months_anchor, months_from, months_to)
);

-- What a write of Virkning does beside the row: it remembers the key, and leaves a trace of who did what.
CREATE SCHEMA internal;
CREATE TABLE internal.idempotency (
    key text PRIMARY KEY,
    measurement_id uuid NOT NULL REFERENCES measurement
);
CREATE TABLE internal.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL DEFAULT current_user,
    action text NOT NULL,
    row_id uuid NOT NULL,
    content jsonb NOT NULL
);
CREATE FUNCTION internal.audited() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO internal.audit (action, row_id, content) VALUES (TG_OP, NEW.id, to_jsonb(NEW));
    RETURN NULL;
END $$;
CREATE FUNCTION record_measurement(
    criterion_id uuid, wave text, months_anchor text, months_from integer, months_to integer, period_start date, period_end date,
    numerator integer, denominator integer, mean numeric, sd numeric, n integer, idempotency_key text
) RETURNS measurement LANGUAGE plpgsql VOLATILE AS $$
DECLARE recorded measurement;
BEGIN
    SELECT m.* INTO recorded FROM internal.idempotency i JOIN measurement m ON m.id = i.measurement_id WHERE i.key = idempotency_key;
    IF NOT FOUND THEN
        INSERT INTO measurement (criterion_id, wave, months_anchor, months_from, months_to, period_start, period_end, numerator,
                                 denominator, mean, sd, n)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING * INTO recorded;
        INSERT INTO internal.idempotency VALUES (idempotency_key, recorded.id);
    END IF;
    RETURN recorded;
END $$;
