"""What becomes of the time when there is more: ten times the rows or fifty, the end of a long list, a log of everything."""
import json

import bodies
import data
import report
import timing
from contenders import OnSqlite, PostGraphile, Virkning
from reading import FORGETFUL

# What the larger one is held against.
SMALL = 100
# Lists to page through, whose first page is held against their last.
LISTS = {
    "history": "nodes { id sequence occurredAt action subjectKind }",
    "interventions": "nodes { id name since }",
    "virkningsevalueringer": "nodes { id title status }",
}
# How many places near either end are asked for.
PLACES = 84
# One client says how long a request takes.
CLIENTS = 1
NAMES = ("virkning", "sqlite", "postgraphile")


def run(options, place):
    names = [name for name in NAMES if name in options.contenders]
    large, small = (data.Data(options.program, options.seed, size) for size in (options.interventions, SMALL))
    url, plain = large.restored()
    rows = bodies.Rows(plain, options.seed)
    few_url, few_plain = small.restored()
    few = bodies.Rows(few_plain, options.seed)
    settings = (*FORGETFUL, "--limit-cost", "1000000")
    start = {
        "virkning": lambda: (Virkning("virkning", place, options.program).start(url, large.key, *settings),
                             Virkning("virkning, small", place, options.program).start(few_url, small.key, *settings)),
        "sqlite": lambda: (
            OnSqlite("sqlite", place, options.program).start(large.copy(place / "large.db"), large.key, *settings),
            OnSqlite("sqlite, small", place, options.program).start(small.copy(place / "small.db"), small.key, *settings)),
        "postgraphile": lambda: (PostGraphile("postgraphile", place).start(plain), None),
    }
    pairs, started = [], []
    for name in names:
        contender, beside = start[name]()
        started += [server for server in (contender, beside) if server]
        for server in started:
            # Who sees the history of all.
            server.user = "auditor"
        cursors = contender.cursors(rows)
        tenfold, once = (bodies.reads(contender, workload, rows, cursors) for workload in ("tenfold", "q1"))
        pairs.append((f"Q1 of 200 interventions beside 20, {name}", 11, (contender, tenfold), (contender, once)))
        if not beside:
            continue
        for field in LISTS:
            first, last = ((contender, pages(contender, field, end)) for end in ("first", "last"))
            pairs.append((f"last page of {field} beside the first, {name}", 1.2, last, first))
        told = f"with {total(contender)} events beside {total(beside)}, {name}"
        both = ((contender, rows), (beside, few))
        pairs += [
            (f"newest of the history {told}", 1.2, *((server, pages(server, "history", "last")) for server, _ in both)),
            (f"history of an evaluation {told}", 1.2, *((server, histories(server, known)) for server, known in both)),
            (f"Q2 {told}", 1.2, *((server, bodies.reads(server, "q2", known, None)) for server, known in both)),
        ]
    report.growth((what, most, *timed(options, more, less)) for what, most, more, less in pairs)
    for contender in started:
        contender.stop()


def timed(options, *both):
    """Milliseconds of both, in rounds that alternate."""
    prepared = [(contender, timing.Asked.of(contender, "growth", asked)) for contender, asked in both]
    found = [[] for _ in both]
    for contender, asked in prepared:
        timing.warm_up(contender, "growth", asked, CLIENTS)
    for _ in range(options.rounds):
        for (contender, asked), rounds in zip(prepared, found):
            rounds.append(timing.load(contender, "growth", asked, CLIENTS, options.seconds))
    return [timing.middle(rounds).middle for rounds in found]


def pages(contender, field, end):
    """Bodies that each ask for twenty rows after another cursor, near the beginning or the end of the list."""
    after = as_large_as_the_last(contender) if (field, end) == ("history", "first") else None
    found = ask(contender, field, f"query($after: String) {{ {field}({end}: {PLACES}, after: $after) {{ edges {{ cursor }} }} }}", after)
    query = f"query($after: String) {{ {field}(first: 20, after: $after) {{ {LISTS[field]} }} }}"
    return [bodies.body(query, {"after": edge["cursor"]}) for edge in found["edges"][:PLACES - 20]]


def as_large_as_the_last(contender):
    """A cursor after which events are about as large as at the end of the history: they are read whole."""
    def changed(end, after):
        query = f"""query($after: String) {{ history({end}: {PLACES}, after: $after) {{
          edges {{ cursor node {{ changes {{ field }} }} }} }} }}"""
        edges = ask(contender, "history", query, after)["edges"]
        return sum(len(edge["node"]["changes"]) for edge in edges), [edge["cursor"] for edge in edges]

    wanted, _ = changed("last", None)
    after = None
    while True:
        found, cursors = changed("first", after)
        if not cursors:
            raise SystemExit(f"{contender.name}: nowhere are {PLACES} events as large as the last")
        if abs(found - wanted) <= wanted / 20:
            return after
        after = cursors[-1]


def ask(contender, field, query, after):
    return json.loads(contender.ask(field, bodies.body(query, {"after": after})))["data"][field]


def histories(contender, rows):
    query = f"query($id: ID!) {{ virkningsevaluering(id: $id) {{ history(last: 20) {{ {LISTS['history']} }} }} }}"
    return [bodies.body(query, {"id": contender.words.evaluation(id)}) for id in rows.evaluations]


def total(contender):
    return ask(contender, "history", "{ history(first: 1) { totalCount } }", None)["totalCount"]
