"""Q1, Q2 and Q3, and the same of each again and again, by one client and by 32; then memory, and the time to start."""
import json
import os
import socket
import subprocess
import time
from statistics import median

import bodies
import data
import queries
import report
import timing
from contenders import Limit, OnSqlite, PostGraphile, Virkning, Yoga

WORKLOADS = ("q1", "q2", "q3")
AGAIN = {f"{workload}_again": workload for workload in WORKLOADS}
CLIENTS = (1, 32)
# `again` is Virkning as it is served; the others have it without memory for answers.
NAMES = ("virkning", "again", "sqlite", "postgraphile", "yoga", "flat", "json_agg", "static")
FORGETFUL = ("--limit-answers", "0")
STARTS = 5


def run(options, place):
    filled = data.Data(options.program, options.seed, options.interventions)
    url, plain = filled.restored()
    rows = bodies.Rows(plain, options.seed)
    names = [name for name in NAMES if name in options.contenders]
    # Virkning says what is right, and what the static server answers.
    virkning = Virkning("virkning", place, options.program).start(url, filled.key, *FORGETFUL)
    idle = timing.memory(virkning)[0]
    asked = {("virkning", workload): found for workload, found in bodies_of(virkning, rows)}
    for workload in WORKLOADS:
        (place / workload).write_bytes(virkning.ask(workload, asked["virkning", workload][0]))
    beside = {
        "again": lambda: Virkning("again", place, options.program).start(url, filled.key),
        "sqlite": lambda: OnSqlite("sqlite", place, options.program).start(
            filled.copy(place / "virkning.db"), filled.key, *FORGETFUL),
        "postgraphile": lambda: PostGraphile("postgraphile", place).start(plain),
        "yoga": lambda: Yoga("yoga", place).start(plain),
        **{name: lambda name=name: Limit(name, place).start(plain, place) for name in ("flat", "json_agg", "static")},
    }
    started = {name: virkning if name == "virkning" else beside[name]() for name in names}
    for name, contender in started.items():
        asked |= {(name, workload): found for workload, found in bodies_of(contender, rows)}
    agree([virkning, *started.values()], asked)
    found = rounds(options, started, asked)
    report.table("Reading", found, base="postgraphile")
    peaks = [timing.memory(started[name])[1] for name in ("virkning", "again") if name in started]
    about = {"idle": idle, "peak": max(peaks, default=None)}
    for contender in {virkning, *started.values()}:
        contender.stop()
    about["start"] = starting(options.program, url, filled.key)
    about["start on SQLite"] = starting(options.program, filled.copy(place / "start.db"), filled.key)
    report.goals(reading_goals(found, about))


def bodies_of(contender, rows):
    """What each workload asks of a contender; `flat` writes Q1 by hand and nothing else."""
    cursors = contender.cursors(rows)
    for workload in WORKLOADS:
        if contender.name != "flat" or workload == "q1":
            found = bodies.reads(contender, workload, rows, cursors)
            if contender.name != "again":
                yield workload, found
            if contender.name in ("again", "static"):
                yield f"{workload}_again", found[:1]


def agree(contenders, asked):
    """Ends the run where two contenders tell of different rows. The static server has one answer to everything."""
    told = 0
    for workload in WORKLOADS:
        count = len(asked["virkning", workload])
        for contender in contenders:
            if found := asked.get((contender.name, f"{workload}_again")):
                asked_again = [contender.ask(workload, found[0]) for _ in range(3)]
                if {*asked_again} != {virkning_says(contenders, asked, workload)}:
                    raise SystemExit(f"{contender.name} answers {workload} otherwise when it is asked again")
        for at in sorted({0, *range(1, count, max(1, count // 5))}):
            answers = {
                contender.name: queries.canonical(json.loads(contender.ask(workload, asked[contender.name, workload][at])))
                for contender in contenders
                if (contender.name, workload) in asked and (contender.name != "static" or at == 0)
            }
            for name, answer in answers.items():
                if answer != answers["virkning"]:
                    raise SystemExit(f"{name} answers {workload} otherwise than virkning does: {asked[name, workload][at]}")
            told += len(answers)
    data.say(f"{told} answers agree")


def virkning_says(contenders, asked, workload):
    return contenders[0].ask(workload, asked["virkning", workload][0])


def rounds(options, started, asked):
    """Medians of each workload, number of clients and contender, whose rounds alternate."""
    timed = {}
    for workload in (*WORKLOADS, *AGAIN):
        prepared = {name: timing.Asked.of(contender, workload, asked[name, workload])
                    for name, contender in started.items() if (name, workload) in asked}
        for clients in CLIENTS:
            for name, some in prepared.items():
                timing.warm_up(started[name], workload, some, clients)
            for _ in range(options.rounds):
                for name, some in prepared.items():
                    found = timing.load(started[name], workload, some, clients, options.seconds)
                    timed.setdefault((workload, clients, name), []).append(found)
            data.say(f"timed {workload} with {clients}")
    return {key: timing.middle(found) for key, found in timed.items()}


def starting(program, url, key):
    """Milliseconds from starting the program on a migrated database to its first answer."""
    times = []
    for _ in range(STARTS):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        secret = key.with_name("jwt-secret")
        secret.write_text(os.urandom(32).hex())
        started = time.monotonic()
        server = subprocess.Popen(
            [program, "serve", "--database-url", url, "--listen", f"127.0.0.1:{port}", "--jwt-secret-file", secret,
             "--checkpoint-key-file", key], stderr=subprocess.DEVNULL)
        while not answers_at(port):
            if server.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.0005)
        times.append((time.monotonic() - started) * 1000)
        server.terminate()
        server.wait()
        secret.unlink()
    return median(times)


def answers_at(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            return connection.recv(1000).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def reading_goals(found, about):
    """What was wanted of reading, as far as it was measured."""
    def share(workload, clients, field, base="postgraphile", of="virkning"):
        if (workload, clients, of) in found and (workload, clients, base) in found:
            return getattr(found[workload, clients, of], field) / getattr(found[workload, clients, base], field)

    latency = {"q1": 0.3, "q2": 0.6, "q3": 0.5}
    for workload, least in (("q1", 4), ("q2", 3), ("q3", 3)):
        name = workload.upper()
        yield f"{name}: requests beside PostGraphile, 32 clients", share(workload, 32, "rate"), "≥", least, "×"
        yield f"{name}: time beside PostGraphile, 1 client", share(workload, 1, "middle"), "≤", latency[workload], "×"
        yield f"{name}: requests on SQLite beside PostgreSQL", share(workload, 32, "rate", "virkning", "sqlite"), "≥", 1, "×"
    yield "Q1: processor time beside PostGraphile", share("q1", 32, "cpu"), "≤", 0.35, "×"
    for workload in ("q2", "q3"):
        of_32 = found.get((workload, 32, "virkning"))
        yield f"{workload.upper()}: p99, 32 clients", of_32 and of_32.p99, "≤", 20, "ms"
    for again, workload in AGAIN.items():
        name = f"the same {workload.upper()} again: requests beside the static server"
        yield name, share(again, 32, "rate", "static", "again"), "≥", 0.5, "×"
    yield "memory when idle", about["idle"], "≤", 20, "MB"
    yield "memory at most", about["peak"], "≤", 128, "MB"
    yield "from exec to the first answer, PostgreSQL", about["start"], "≤", 50, "ms"
    yield "from exec to the first answer, SQLite", about["start on SQLite"], "≤", 50, "ms"
