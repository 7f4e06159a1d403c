"""Requests, each another one, so that nobody is quick because it answered the same just now."""
import itertools
import json
import random

import data

# Where Q1 and Q3 end; a page that begins later would be shorter.
PAGES = {"q1": 20, "q3": 50, "tenfold": 200}


class Rows:
    """What there is to ask for, in the order of names."""

    def __init__(self, plain, seed):
        def read(query):
            return json.loads(data.sql(plain, f"SELECT coalesce(json_agg(found), '[]') FROM ({query}) found"))

        self.seed = seed
        self.interventions = read(
            "SELECT i.id, f.code, f.id AS forvaltning FROM intervention i JOIN forvaltning f ON f.id = i.forvaltning_id "
            "ORDER BY i.name_key, i.id")
        self.evaluations = [row["id"] for row in read("SELECT id FROM evaluation ORDER BY id")]
        self.criteria = read("SELECT id, unit FROM criterion ORDER BY id")
        for mixed in (self.evaluations, self.criteria):
            random.Random(seed).shuffle(mixed)

    def positions(self, workload):
        """Where pages begin: for each forvaltning in its own list, else in the list of all."""
        page = PAGES[workload]
        if workload != "q3":
            return [(at, None) for at in range(max(1, len(self.interventions) - page + 1))]
        found = []
        for code in sorted({row["code"] for row in self.interventions}):
            own = [at for at, row in enumerate(self.interventions) if row["code"] == code]
            forvaltning = {"code": code, "id": self.interventions[own[0]]["forvaltning"]}
            # A page that begins after nothing begins at the first.
            found += [(0 if at == 0 else own[at - 1] + 1, forvaltning) for at in range(max(1, len(own) - page + 1))]
        return found

    def measurement(self, number):
        """One that is not there yet: of each criterion a later window of months, then of each the one after."""
        window, at = divmod(number, len(self.criteria))
        criterion = self.criteria[at]
        chance = random.Random(number)
        people = chance.randint(20, 200)
        mean = {"mean": f"{chance.uniform(35, 65):.1f}", "sd": f"{chance.uniform(12, 22):.1f}", "n": people}
        share = {"numerator": chance.randint(people // 10, people * 9 // 10), "denominator": people}
        return {
            "criterionId": criterion["id"], "wave": "FOLLOW_UP", "monthsAnchor": "END", "monthsFrom": 18 + 3 * window,
            "monthsTo": 20 + 3 * window, "periodStart": "2026-01-01", "periodEnd": "2026-03-31",
            **(mean if criterion["unit"] == "MEAN" else share), "idempotencyKey": f"speed-{self.seed}-{number}",
        }


def reads(contender, workload, rows, cursors):
    """All bodies of a reading workload, in a mixed order that is the same for everyone."""
    if workload == "q2":
        asked = [{"id": contender.words.evaluation(id)} for id in rows.evaluations]
    else:
        asked = []
        for at, forvaltning in rows.positions(workload):
            variables = {"after": cursors[at]}
            if forvaltning:
                variables = contender.words.q3_of(forvaltning, cursors[at])
            if workload == "tenfold":
                variables["then"] = cursors[at + 100]
            asked.append(variables)
        random.Random(rows.seed).shuffle(asked)
    query = getattr(contender.words, workload)
    return [body(query, variables) for variables in asked]


def writes(contender, rows, first):
    """Bodies of measurements from this number on, without end."""
    for number in itertools.count(first):
        yield body(contender.words.m1, contender.words.recorded(rows.measurement(number)))


def body(query, variables):
    return json.dumps({"query": query, "variables": variables}, separators=(",", ":"))
