#!/usr/bin/env python3
"""What the history costs: writes beside the same writes without it, and verify and asOf as the log grows.

    tests/run --with benches/history.py writes          both databases; about four minutes once all is built
    tests/run --with benches/history.py sizes 10000 100000 1000000

`writes` measures corrections of a measurement: each is one operation with authorization, expected state, a superseded row, a
new one, a result that is computed again, and one event with some forty changed fields. Each writer has an evaluation of its
own. The same program is built without the history (the feature `bench-without-history`), and rounds of both alternate, since
machines are noisy: what counts is the ratio.

`sizes` fills an SQLite database with figures, by `virkning import`, to logs of the given sizes.
"""
import atexit
import http.client
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
SECONDS = float(os.environ.get("SECONDS", 4))
ROUNDS = int(os.environ.get("ROUNDS", 3))
WRITERS = (1, 8, 32)


def build():
    """Both programs: the served one, and the one that leaves nothing in the history."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    programs = {}
    for name, features in (("without", ["--features", "bench-without-history"]), ("with", [])):
        subprocess.run(["cargo", "build", "--release", "--locked", *features], cwd=ROOT, check=True)
        programs[name] = target / "release" / f"virkning-{name}-history"
        shutil.copy(target / "release" / "virkning", programs[name])
    return programs


class Server:
    """A served database with the register of 2023 and its people."""

    def __init__(self, program, url, folder):
        self.program, self.url, self.folder = program, url, Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.run("migrate")
        self.account("admin@example.dk", "ADMIN")
        self.account("coordinator@example.dk", "COORDINATOR")
        self.run("import", ROOT / "data/sikker-by-2023", "--as", "coordinator@example.dk")
        self.account("evaluator@example.dk", "EVALUATOR")

    def run(self, *arguments):
        done = subprocess.run([self.program, "--database-url", self.url, *map(str, arguments)], capture_output=True,
                              text=True, env=self.environment())
        if done.returncode:
            raise SystemExit(f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def environment(self):
        return dict(os.environ, VIRKNING_CHECKPOINT_KEY_FILE=str(self.folder / "checkpoint-key"))

    def account(self, email, role):
        (self.folder / "password").write_text(email)
        by = [] if role == "ADMIN" else ["--as", "admin@example.dk"]
        self.run("account", "add", email, "--name", role, "--password-file", self.folder / "password", *by)
        if by:
            self.run("account", "grant", email, role, *by)

    def start(self):
        (self.folder / "secret").write_text(os.urandom(32).hex())
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [self.program, "serve", "--database-url", self.url, "--listen", "127.0.0.1:0", "--jwt-secret-file",
             self.folder / "secret", "--ready-file", ready], env=self.environment(), stderr=subprocess.DEVNULL)
        atexit.register(self.process.kill)
        while not ready.exists():
            if self.process.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.01)
        self.address = urlsplit(json.loads(ready.read_text())["url"]).netloc
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def client(self, user):
        client = Client(self.address)
        email = f"{user}@example.dk"
        signed_in = client.ask("mutation($e: String!) { signIn(input: {email: $e, password: $e}) { accessToken } }", e=email)
        client.token = signed_in["signIn"]["accessToken"]
        return client


class Client:
    def __init__(self, address):
        self.connection, self.token, self.used = http.client.HTTPConnection(address), None, 0

    def ask(self, query, **variables):
        headers = {"content-type": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        # The server closes a connection that lies idle for some seconds; it is opened again by itself.
        if time.monotonic() - self.used > 2:
            self.connection.close()
        self.connection.request("POST", "/graphql", json.dumps({"query": query, "variables": variables}), headers)
        answer = json.loads(self.connection.getresponse().read())
        self.used = time.monotonic()
        if "errors" in answer:
            raise SystemExit(answer)
        return answer["data"]

    def mutate(self, name, selection, **fields):
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation($i: {kind}!) {{ {name}(input: $i) {{ {selection} userErrors {{ field code }} }} }}"
        payload = self.ask(query, i=fields)[name]
        if payload["userErrors"]:
            raise SystemExit(f"{name}: {payload['userErrors']}")
        return payload


PERIOD = {"periodStart": "2022-07-01", "periodEnd": "2023-06-30"}


class Writer:
    """Someone with an evaluation, who corrects a measurement again and again."""

    def __init__(self, server):
        self.client = server.client("evaluator")
        intervention = self.client.ask('{ intervention(slug: "den-korte-snor") { id } }')["intervention"]["id"]
        planned = self.client.mutate("planVirkningsevaluering", "virkningsevaluering { id }", interventionId=intervention,
                                     title="Trivsel", **PERIOD)
        evaluation = planned["virkningsevaluering"]["id"]
        added = self.client.mutate(
            "addSuccessCriterion", "criterion { id }", virkningsevalueringId=evaluation, dimension="Skolefravær",
            indicator="Andel unge med over 50 pct. skolefravær", direction="DOWN", basis="RELATIVE_CHANGE", threshold="0.5",
            unit="SHARE", pairing="SAME_PERSONS")
        self.client.mutate("registerVirkningsevaluering", "__typename", id=evaluation, expectedVersion=2)
        for wave, numerator in (("BEFORE", 13), ("AFTER", 5)):
            recorded = self.client.mutate("recordMeasurement", "measurement { id }", criterionId=added["criterion"]["id"],
                                          wave=wave, numerator=numerator, denominator=43, **PERIOD)
        self.measurement, self.count = recorded["measurement"]["id"], 0

    def write(self):
        self.count += 1
        corrected = self.client.mutate("correctMeasurement", "measurement { id }", id=self.measurement, correction="OTHER",
                                       reason="Talt om", numerator=self.count % 40, denominator=43)
        self.measurement = corrected["measurement"]["id"]

    def until(self, deadline, counts, at):
        while time.monotonic() < deadline:
            self.write()
            counts[at] += 1


def rate(writers):
    counts = [0] * len(writers)
    started = time.monotonic()
    threads = [threading.Thread(target=writer.until, args=(started + SECONDS, counts, at)) for at, writer in enumerate(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - started)


def writes(programs, folder):
    postgres = os.environ["VIRKNING_TEST_POSTGRES"]
    print(f"{'':12}{'writers':>8}{'with':>10}{'without':>10}   share")
    for backend in ("sqlite", "postgres"):
        servers = {}
        for name, program in programs.items():
            place = Path(folder) / f"{backend}-{name}"
            if backend == "sqlite":
                place.mkdir()
                url = f"sqlite://{place}/virkning.db"
            else:
                url = f"{postgres.rsplit('/', 1)[0]}/bench_{name}"
                subprocess.run([psql(), postgres, "-qc", f"CREATE DATABASE bench_{name}"], check=True)
            servers[name] = Server(program, url, place).start()
        crowds = {name: [Writer(server) for _ in range(max(WRITERS))] for name, server in servers.items()}
        for count in WRITERS:
            found = {name: [] for name in servers}
            for _ in range(ROUNDS):
                for name, crowd in crowds.items():
                    found[name].append(rate(crowd[:count]))
            middle = {name: statistics.median(rates) for name, rates in found.items()}
            share = statistics.median(a / b for a, b in zip(found["with"], found["without"]))
            print(f"{backend:12}{count:8}{middle['with']:8.0f}/s{middle['without']:8.0f}/s   {share:.0%}", flush=True)
        for server in servers.values():
            server.stop()
        print(re.sub("(?m)^", "  ", servers["with"].run("verify")), end="")


def psql():
    found = shutil.which("psql") or max(Path("/usr/lib/postgresql").glob("*/bin/psql"), default=None)
    return found or sys.exit("psql is not there")


def figures(folder, start, count):
    """A register file with so many figures that are not there yet, in the import format."""
    header = "intervention,reported,kind,label,unit,from,to,population,category,value,absence,absence_reason,break,remarks"
    rows = (f"ludo,2023,ACTIVITY,Aktivitet {number},personer,,,,,{number % 1000},,,," for number in range(start, start + count))
    (folder / "figures.csv").write_text("\n".join([header, *rows, ""]))


def sizes(programs, folder, wanted):
    place = Path(folder) / "sizes"
    place.mkdir()
    server = Server(programs["with"], f"sqlite://{place}/virkning.db", place)
    files = place / "files"
    files.mkdir()
    server.start()
    Writer(server)
    server.stop()
    done = 600
    for size in wanted:
        started = time.monotonic()
        while done < size:
            count = min(50_000, size - done)
            figures(files, done, count)
            server.run("import", files, "--as", "coordinator@example.dk")
            done += count
        filled = time.monotonic() - started
        checkpoint = place / "checkpoint"
        checkpoint.write_text(server.run("checkpoint"))
        started = time.monotonic()
        told = server.run("verify", "--checkpoint", checkpoint)
        verified = time.monotonic() - started
        started = time.monotonic()
        server.run("verify", "--checkpoint", checkpoint, "--only-new")
        newest = time.monotonic() - started
        server.start()
        client = server.client("evaluator")
        found = client.ask('{ intervention(slug: "den-korte-snor") { virkningsevalueringer { nodes { id } } } }')
        evaluation = found["intervention"]["virkningsevalueringer"]["nodes"][0]["id"]
        at = client.ask("query($i: ID!) { virkningsevaluering(id: $i) { history(last: 1) { nodes { occurredAt } } } }",
                        i=evaluation)["virkningsevaluering"]["history"]["nodes"][0]["occurredAt"]
        query = ("query($i: ID!, $at: DateTime) { virkningsevaluering(id: $i, asOf: $at) { title status criteria { threshold "
                 "result { verdict } measurements { value } } } }")
        timed = {name: middle_of(lambda: client.ask(query, i=evaluation, at=moment)) for name, moment in (("then", at), ("now", None))}
        whole = middle_of(lambda: client.ask(
            'query($at: DateTime) { intervention(slug: "den-korte-snor", asOf: $at) { name current { leadForvaltning { code } } '
            "figures { nodes { label value } } virkningsevalueringer { nodes { title } } } }", at=at))
        server.stop()
        print(f"{size:9} events: filled in {filled:.0f} s, verify {verified:.1f} s, only new {newest:.1f} s, an evaluation "
              f"asOf {timed['then'] * 1000:.1f} ms (as it is {timed['now'] * 1000:.1f} ms), an intervention asOf {whole * 1000:.1f} ms",
              flush=True)
        print(re.sub("(?m)^", "          ", told), end="")


def middle_of(ask):
    times = []
    for _ in range(40):
        started = time.monotonic()
        ask()
        times.append(time.monotonic() - started)
    return statistics.median(times[5:])


def main():
    what, *rest = sys.argv[1:] or [""]
    if what not in ("writes", "sizes"):
        raise SystemExit(__doc__)
    programs = build()
    with tempfile.TemporaryDirectory() as folder:
        if what == "writes":
            writes(programs, folder)
        else:
            sizes(programs, folder, [int(size) for size in rest] or [10_000, 100_000])


if __name__ == "__main__":
    main()
