-- Once the rows are in.
CREATE INDEX ON intervention (name_key, id);
CREATE INDEX ON intervention (forvaltning_id, name_key, id);
CREATE INDEX ON evaluation (intervention_id, id);
CREATE INDEX ON measurement (criterion_id, id);
CREATE TRIGGER audited AFTER INSERT OR UPDATE ON measurement FOR EACH ROW EXECUTE FUNCTION internal.audited();
VACUUM ANALYZE;
