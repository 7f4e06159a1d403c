"""More rows than an import makes in an hour: copies, on PostgreSQL, of a register that was imported."""

# What each register has for itself: all that belongs to an intervention, and its history.
ROOT = "intervention"
BELONGS = "intervention_id IS NOT NULL"
OF_EVENT = ({"event_id"}, f"event_id IN (SELECT id FROM event WHERE {BELONGS})")
HISTORY = {
    "event": ({"id", "subject_id", "intervention_id"}, BELONGS), "event_detail": OF_EVENT, "log_entry": OF_EVENT,
}
# An id begins with the moment at which it was made, so that copies come one after another as registers would.
LATER = """
CREATE FUNCTION pg_temp.moment(id uuid) RETURNS bigint IMMUTABLE LANGUAGE sql AS
  $$ SELECT ('x0000' || left(replace(id::text, '-', ''), 12))::bit(64)::bigint $$;
CREATE FUNCTION pg_temp.later(id uuid, by bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
  $$ SELECT (lpad(to_hex(pg_temp.moment(id) + by), 12, '0') || right(replace(id::text, '-', ''), 20))::uuid $$;
"""


def statements(rows, times):
    """What makes of one register `times` as many; `rows` gives the rows of a query. Ids, places in the log and moments of events
    are those of a register that was written after the others. Events say in their bodies what they said, and nothing is hashed:
    the history can be read, and neither verifies nor goes on."""
    columns, owners = {}, {}
    for table, column, kind in rows(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"):
        columns.setdefault(table, {})[column] = kind
    for table, column, owner in rows(
            "SELECT conrelid::regclass, attname, confrelid::regclass FROM pg_constraint JOIN pg_attribute "
            "ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f' AND array_length(conkey, 1) = 1"):
        owners.setdefault(table, {})[column] = owner
    copied = {ROOT}
    while more := {table for table, of in owners.items() if {*of.values()} & copied} - copied:
        copied |= more
    (first, last), = rows(f"SELECT min(id::text), max(id::text) FROM event WHERE {BELONGS}")
    (places,), = rows("SELECT max(index) + 1 FROM log_entry")
    span = int(last.replace("-", "")[:12], 16) - int(first.replace("-", "")[:12], 16) + 1000
    yield "SET session_replication_role = replica"
    yield LATER
    for table in sorted(copied | {*HISTORY}):
        own, which = HISTORY.get(table, (None, "TRUE"))
        if own is None:
            of = owners.get(table, {})
            own = {column for column, kind in columns[table].items()
                   if kind == "uuid" and (of.get(column) in copied or (column == "id" and column not in of))}
        values = {column: f'"{column}"' for column in columns[table]}
        values |= {column: f"pg_temp.later({column}, {span} * copy)" for column in own}
        if "slug" in values:
            values["slug"] = "slug || '-' || copy"
        if table == "log_entry":
            values["index"] = f"{places} - 1 + row_number() OVER (ORDER BY copy, index)"
        if table == "event":
            values["occurred_at"] = f"occurred_at + {span * 1000} * copy"
        names = ", ".join(f'"{column}"' for column in values)
        yield (f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())} FROM {table}, "
               f"generate_series(1, {times - 1}::bigint) AS copy WHERE {which} ORDER BY copy")
