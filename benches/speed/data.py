"""Databases with the made-up municipality, filled once for each seed, size and set of migrations, and kept in target/speed.

`virkning import` fills SQLite. PostgreSQL gets the same rows by COPY, ids and hashes and all, which is quicker by far and
makes answers equal; `virkning verify` of that database says whether anything was lost.
"""
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import multiplied
import words
from history import ROOT, psql

PEOPLE = {
    "admin": [], "coordinator": ["COORDINATOR"], "evaluator": ["EVALUATOR"], "auditor": ["AUDITOR"], "reader": ["READER"],
    "sof-evaluator": ["EVALUATOR", "--forvaltning", "SOF"], "sof-reader": ["READER", "--forvaltning", "SOF"],
}
# As many interventions as go into one import, which is one transaction.
AT_ONCE = 50
# The most that are imported. More are copies of so many, which only PostgreSQL has.
IMPORTED = 1000


def say(*what):
    print(*what, file=sys.stderr, flush=True)


def target():
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


class Data:
    """What is kept of one seed and size: the SQLite file, the dump of PostgreSQL and the key that signs checkpoints."""

    def __init__(self, program, seed, interventions):
        self.times = 1
        if interventions > IMPORTED:
            self.times = interventions // IMPORTED
            interventions = IMPORTED
        self.program, self.seed, self.interventions = program, seed, interventions
        migrations = hashlib.sha256()
        for file in sorted((ROOT / "migration/src").glob("*.rs")):
            migrations.update(file.read_bytes())
        self.folder = target() / "speed" / f"{seed}-{interventions}-{migrations.hexdigest()[:12]}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sqlite, self.dump, self.key = (self.folder / name for name in ("virkning.db", "virkning.dump", "checkpoint-key"))

    def run(self, url, *arguments):
        done = subprocess.run(
            [self.program, "--database-url", url, "--checkpoint-key-file", self.key, *map(str, arguments)],
            capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"virkning {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}")
        return done.stdout

    def fill(self):
        """Makes what is not there yet: the file, and the dump from it."""
        if not self.sqlite.exists():
            self.fill_sqlite()
        if not self.dump.exists():
            with_database("speed_filling", self.fill_postgres)

    def fill_sqlite(self):
        filling = self.folder / "filling.db"
        for name in (filling, self.key, *self.folder.glob("filling.db-*")):
            name.unlink(missing_ok=True)
        url = f"sqlite://{filling}"
        files = self.folder / "files"
        self.run(url, "migrate")
        # The forvaltning of a grant has to be in the register before.
        for name in ("admin", "coordinator", "evaluator"):
            self.account(url, name)
        slugs = words.register(files, self.seed, self.interventions)
        started = time.monotonic()
        self.run(url, "import", files, "--as", "coordinator@example.dk")
        for at in range(0, len(slugs), AT_ONCE):
            shutil.rmtree(files)
            words.evaluations(files, self.seed, slugs[at:at + AT_ONCE])
            self.run(url, "import", files, "--as", "evaluator@example.dk")
            done = min(at + AT_ONCE, len(slugs))
            say(f"{done * words.MEASUREMENTS} measurements imported in {time.monotonic() - started:.0f} s")
        for name in ("auditor", "reader", "sof-evaluator", "sof-reader"):
            self.account(url, name)
        self.run(url, "checkpoint")
        shutil.rmtree(files)
        with sqlite3.connect(filling) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        filling.rename(self.sqlite)

    def account(self, url, name):
        email, role = f"{name}@example.dk", PEOPLE[name]
        password = self.folder / "password"
        password.write_text(email)
        by = ["--as", "admin@example.dk"] if role else []
        self.run(url, "account", "add", email, "--name", name, "--password-file", password, *by)
        if role:
            self.run(url, "account", "grant", email, *role, *by)
        password.unlink()

    def fill_postgres(self, url):
        started = time.monotonic()
        self.run(url, "migrate")
        with subprocess.Popen([psql(), url, "-qv", "ON_ERROR_STOP=1"], stdin=subprocess.PIPE) as loading:
            for part in copied(self.sqlite, url):
                loading.stdin.write(part)
        if loading.returncode:
            raise SystemExit("the rows could not be copied to PostgreSQL")
        say(f"copied to PostgreSQL in {time.monotonic() - started:.0f} s; verifying")
        self.run(url, "verify")
        part = self.dump.with_suffix(".part")
        subprocess.run([tool("pg_dump"), "-Fc", "-Z1", "-f", part, url], check=True)
        part.rename(self.dump)

    def copy(self, place):
        """The address of a copy of the file, which is on the disk: whoever writes to it next would wait for that too."""
        shutil.copy(self.sqlite, place)
        with open(place, "rb") as copied:
            os.fsync(copied.fileno())
        return f"sqlite://{place}"

    def restored(self):
        """The addresses of these rows on the PostgreSQL of the run: as Virkning keeps them, and in plain tables."""
        self.fill()
        name = f"speed_{self.times * self.interventions}"
        url, plain = server_url(name), server_url(f"{name}_plain")
        if not sql(server_url(), f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            sql(server_url(), f"CREATE DATABASE {name}")
            subprocess.run([tool("pg_restore"), "-j2", "-d", url, self.dump], check=True)
            if self.times > 1:
                started = time.monotonic()
                sql(url, ";\n".join(multiplied.statements(lambda query: rows(url, query), self.times)))
                say(f"{self.times} times as many rows in {time.monotonic() - started:.0f} s")
            sql(url, "VACUUM ANALYZE")
            sql(server_url(), f"CREATE DATABASE {name}_plain")
            fill_plain(url, plain)
        return url, plain


def copied(file, url):
    """The rows of the file, in parts, as psql reads them. As a replica it fires no trigger and checks no reference."""
    columns = subprocess.run(
        [psql(), url, "-qAtF,", "-c", "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE "
         "table_schema = 'public' AND table_name <> 'seaql_migrations' ORDER BY table_name, ordinal_position"],
        capture_output=True, text=True, check=True).stdout.split()
    tables = {}
    for line in columns:
        table, column, kind = line.split(",", 2)
        tables.setdefault(table, []).append((f'"{column}"', kind))
    yield f"SET session_replication_role = replica; BEGIN; TRUNCATE {', '.join(tables)};\n".encode()
    db = sqlite3.connect(file)
    for table, found in tables.items():
        names = ", ".join(name for name, _ in found)
        write = [WRITE.get(kind, plainly) for _, kind in found]
        yield f"COPY {table} ({names}) FROM STDIN;\n".encode()
        for row in db.execute(f"SELECT {names} FROM {table}"):
            cells = ("\\N" if cell is None else as_text(cell) for as_text, cell in zip(write, row))
            yield ("\t".join(cells) + "\n").encode()
        yield b"\\.\n"
    yield b"COMMIT;\n"
    db.close()


def plainly(cell):
    return str(cell).replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


WRITE = {"uuid": bytes.hex, "bytea": lambda cell: f"\\\\x{cell.hex()}", "boolean": lambda cell: "ft"[cell]}


# ---- PostgreSQL ---------------------------------------------------------------------------------

def server_url(name="postgres"):
    """The address of a database on the server that tests/run gives."""
    found = os.environ.get("VIRKNING_TEST_POSTGRES") or sys.exit("run this by: tests/run --with benches/speed/run")
    return urlsplit(found)._replace(path=f"/{name}").geturl()


def sql(url, text):
    command = [psql(), url, "-qAtv", "ON_ERROR_STOP=1", "-c", text]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def rows(url, query):
    return [line.split("|") for line in sql(url, query).splitlines()]


def template(url, name):
    """The address of a copy of a database that nobody is connected to."""
    sql(server_url(), f"CREATE DATABASE {name} TEMPLATE {urlsplit(url).path[1:]}")
    return server_url(name)


def tool(name):
    return Path(psql()).resolve().with_name(name) if shutil.which(name) is None else name


def with_database(name, use):
    sql(server_url(), f'CREATE DATABASE "{name}"')
    try:
        use(server_url(name))
    finally:
        sql(server_url(), f'DROP DATABASE "{name}"')


# Where the plain tables' rows stand in Virkning's.
PLAIN = {
    "forvaltning": "SELECT id, code, name FROM forvaltning",
    "intervention": "SELECT i.id, y.lead_id, i.slug, i.name, encode(i.name_key, 'hex'), i.since "
                    "FROM intervention i JOIN intervention_year y ON y.intervention_id = i.id",
    "evaluation": "SELECT v.id, v.intervention_id, s.title, s.status, s.period_start, s.period_end FROM virkningsevaluering v "
                  "JOIN virkningsevaluering_state s ON s.virkningsevaluering_id = v.id WHERE s.until_version IS NULL",
    "criterion": "SELECT c.id, c.virkningsevaluering_id, c.number, v.dimension, v.indicator, v.direction, "
                 "trim_scale(v.threshold / 1e6), v.unit FROM success_criterion c JOIN success_criterion_version v "
                 "ON v.success_criterion_id = c.id WHERE v.until_version IS NULL",
    "measurement (id, criterion_id, wave, months_anchor, months_from, months_to, period_start, period_end, numerator, "
    "denominator, mean, sd, n, recorded_at)":
        "SELECT id, success_criterion_id, wave, months_anchor, months_from, months_to, period_start, period_end, numerator, "
        "denominator, trim_scale(mean / 1e6), trim_scale(sd / 1e6), n, 'epoch'::timestamptz + recorded_at * interval '1 us' "
        "FROM measurement WHERE until_version IS NULL",
}


def fill_plain(filled, url):
    """Fills an empty database with the same rows in plain tables."""
    run = [psql(), url, "-qv", "ON_ERROR_STOP=1"]
    here = Path(__file__).parent
    subprocess.run([*run, "-f", here / "plain.sql"], check=True)
    for table, rows in PLAIN.items():
        with subprocess.Popen([psql(), filled, "-qc", f"COPY ({rows}) TO STDOUT"], stdout=subprocess.PIPE) as reading:
            subprocess.run([*run, "-c", f"COPY {table} FROM STDIN"], stdin=reading.stdout, check=True)
    subprocess.run([*run, "-f", here / "plain_after.sql"], check=True)
