"""M1: measurements recorded by 1, 8 and 32 clients at once, each for another criterion, each with a key of its own."""
import json
from itertools import islice

import bodies
import contenders
import data
import report
import timing
from contenders import OnSqlite, PostGraphile, Virkning, Yoga

CLIENTS = (1, 8, 32)
NAMES = ("virkning", "two servers", "bare", "sqlite", "sqlite bare", "postgraphile", "yoga")
# What is wanted beside the bare insert: on PostgreSQL, and on SQLite.
BESIDE_BARE = {1: (0.6, 0.65), 8: (0.5, 1), 32: (0.4, 1)}
# More than anyone writes in a second. Two threads of wrk take every other body.
AT_MOST = 6000


def run(options, place):
    filled = data.Data(options.program, options.seed, options.interventions)
    url, plain = filled.restored()
    rows = bodies.Rows(plain, options.seed)
    names = [name for name in NAMES if name in options.contenders]
    # It can be copied as long as nobody is connected to it.
    bare = "bare" in names and data.template(url, "speed_bare")
    without_history = {"bare", "sqlite bare"} & {*names} and (
        options.bare or contenders.build("--features", "bench-without-history"))
    start = {
        "virkning": lambda: Virkning("virkning", place, options.program).start(url, filled.key),
        "two servers": lambda: Virkning("two servers", place, options.program, servers=2).start(url, filled.key),
        # The same operation with the same reads, without an event, a key or company in its transaction; a database that it
        # writes to is no log.
        "bare": lambda: Virkning("bare", place, without_history).start(bare, filled.key),
        "sqlite": lambda: OnSqlite("sqlite", place, options.program).start(filled.copy(place / "virkning.db"), filled.key),
        "sqlite bare": lambda: OnSqlite("sqlite bare", place, without_history).start(
            filled.copy(place / "bare.db"), filled.key),
        "postgraphile": lambda: PostGraphile("postgraphile", place).start(plain),
        "yoga": lambda: Yoga("yoga", place).start(plain),
    }
    databases = {"two servers": "virkning", "yoga": "postgraphile"}
    started = {name: start[name]() for name in names}
    # The next measurement of each database: those that share one may not record the same.
    following = {databases.get(name, name): 0 for name in names}
    for name, contender in started.items():
        agree(contender, rows, following[databases.get(name, name)])
        following[databases.get(name, name)] += 1
    timed = {}
    for clients in CLIENTS:
        able = {name: contender for name, contender in started.items() if clients >= len(contender.addresses)}
        for number in range(-1, options.rounds):
            for name, contender in able.items():
                database = databases.get(name, name)
                seconds = options.seconds if number >= 0 else 2
                asked = timing.Asked([*islice(bodies.writes(contender, rows, following[database]), AT_MOST * seconds)])
                if number < 0:
                    sent = timing.warm_up(contender, "m1", asked, clients, once=True)
                else:
                    found = timing.load(contender, "m1", asked, clients, seconds, once=True)
                    timed.setdefault(("m1", clients, name), []).append(found)
                    sent = found.most
                following[database] += 2 * sent
        data.say(f"timed m1 with {clients}")
    for contender in started.values():
        contender.stop()
    found = {key: timing.middle(rounds) for key, rounds in timed.items()}
    report.table("Writing", found, base="postgraphile")
    report.goals(writing_goals(found))
    if "virkning" in names:
        data.say(filled.run(url, "verify"))


def agree(contender, rows, number):
    """Ends the run where what is recorded is not what was sent."""
    sent = rows.measurement(number)
    answer = json.loads(contender.ask("m1", next(bodies.writes(contender, rows, number))))
    told = float(answer["data"]["recordMeasurement"]["measurement"]["value"])
    meant = float(sent["mean"]) if "mean" in sent else sent["numerator"] / sent["denominator"]
    if abs(told - meant) > 1e-6:
        raise SystemExit(f"{contender.name} records {told} where {meant} was sent")


def writing_goals(found):
    """What was wanted of writing, as far as it was measured."""
    for clients in CLIENTS:
        own = found.get(("m1", clients, "virkning"))
        on_postgres, on_sqlite = BESIDE_BARE[clients]
        compared = [("virkning", "postgraphile", 1), ("virkning", "bare", on_postgres), ("sqlite", "sqlite bare", on_sqlite)]
        if clients > 1:
            compared.append(("two servers", "virkning", 1))
        for name, beside, wanted in compared:
            one, other = (found.get(("m1", clients, name)) for name in (name, beside))
            share = one and other and one.rate / other.rate
            yield f"M1: requests of {name} beside {beside}, {clients} clients", share, "≥", wanted, "×"
    yield "M1: p99, 32 clients", own and own.p99, "≤", 20, "ms"
