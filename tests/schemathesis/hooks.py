"""What schemathesis is told of this schema: its scalars, ids that exist, and which answers are faults of the server."""

import json
import os

import schemathesis
from hypothesis import strategies as st
from hypothesis_graphql import nodes

# Ids of things that the tests have made, so that requests get further than to what is not there.
IDS = json.loads(os.environ["VIRKNING_IDS"])

ODD_DECIMALS = ["0", "-0", "0.000001", "-0.6154", "50", "101", "9007199254.740991", "9007199254740993", "NaN", "1e309", ""]
ODD_DATES = ["1900-01-01", "2024-02-29", "2023-02-29", "2200-12-31", "2201-01-01", "-0001-01-01"]
ODD_MOMENTS = ["1900-01-01T00:00:00Z", "2024-01-31T12:00:00.000001+01:00", "2200-12-31T23:59:59Z", "9999-12-31T23:59:59Z"]


def texts(known, odd):
    return st.one_of(known.map(str), st.sampled_from(odd)).map(nodes.String)


decimals = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-1000, max_value=1000)
schemathesis.graphql.scalar("Decimal", st.one_of(texts(decimals, ODD_DECIMALS), st.floats(allow_nan=False, allow_infinity=False, width=16).map(nodes.Float)))
schemathesis.graphql.scalar("Date", texts(st.dates(), ODD_DATES))
schemathesis.graphql.scalar("DateTime", texts(st.datetimes().map(lambda at: at.isoformat() + "Z"), ODD_MOMENTS))
schemathesis.graphql.scalar("Kroner", st.integers(min_value=-(2**63), max_value=2**63).map(nodes.Int))
schemathesis.graphql.scalar("ID", texts(st.text(max_size=40), IDS))


@schemathesis.check
def no_fault_of_the_server(ctx, response, case):
    """Answers whose status or whose code says that the server, and not the request, is at fault."""
    if response.status_code >= 500:
        raise AssertionError(f"status {response.status_code}: {response.text[:500]}")
    for error in response.json().get("errors", []):
        code = error.get("extensions", {}).get("code")
        if code in (None, "INTERNAL", "UNAVAILABLE", "TIMEOUT"):
            raise AssertionError(f"code {code}: {response.text[:500]}")
