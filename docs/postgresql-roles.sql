-- What the role that the server runs as may do: read and write rows, but change no table, and nothing of the history.
-- Run by the owner of the tables, virkning_owner, after each `virkning migrate`:
--   psql "$OWNER_URL" -f docs/postgresql-roles.sql
GRANT USAGE ON SCHEMA public TO virkning_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO virkning_server;
REVOKE UPDATE, DELETE ON event, log_entry, log_checkpoint FROM virkning_server;
REVOKE DELETE ON event_detail FROM virkning_server;
REVOKE INSERT, UPDATE, DELETE ON seaql_migrations FROM virkning_server;
