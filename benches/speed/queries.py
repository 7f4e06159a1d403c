"""What is asked, in the words of each schema, and what the answers say whoever gives them.

All answers have the same keys, by aliases where a schema has names of its own, so that they are about equally long.
"""
import re
from datetime import datetime
from decimal import Decimal

CRITERION = "number dimension indicator direction threshold unit"


class Virkning:
    """How Virkning is asked, and the peer whose schema is written by hand to be like it."""
    @staticmethod
    def interventions(first, after="$after"):
        return f"""interventions(first: {first}, after: {after}, orderBy: {{field: NAME, direction: ASC}}) {{ nodes {{
          id name since virkningsevalueringer(first: 4) {{ nodes {{ id title status criteria {{ {CRITERION}
            measurements {{ wave period {{ from to }} numerator denominator value recordedAt }} }} }} }} }} }}"""

    q1 = f"query($after: String) {{ {interventions(20)} }}"
    # A page holds 100 at most.
    tenfold = f"""query($after: String, $then: String) {{ {interventions(100)} rest: {interventions(100, "$then")} }}"""
    q2 = f"""query($id: ID!) {{ virkningsevaluering(id: $id) {{ title status criteria {{ {CRITERION}
      measurements {{ wave numerator denominator value }} }} }} }}"""
    q3 = """query($forvaltning: String, $after: String) {
      interventions(first: 50, after: $after, filter: {lead: $forvaltning}, orderBy: {field: NAME, direction: ASC}) {
        nodes { id name since virkningsevalueringer { totalCount } } } }"""
    m1 = """mutation($i: RecordMeasurementInput!) { recordMeasurement(input: $i) {
      measurement { id value } userErrors { field code } } }"""
    cursors = """query($after: String) { interventions(first: 100, after: $after, orderBy: {field: NAME, direction: ASC}) {
      edges { cursor } pageInfo { hasNextPage endCursor } } }"""

    @staticmethod
    def q3_of(forvaltning, after):
        return {"forvaltning": forvaltning["code"], "after": after}

    @staticmethod
    def recorded(measurement):
        fields = dict(measurement)
        fields["criterionId"] = f"criterion_{fields['criterionId'].replace('-', '')}"
        fields["months"] = {name.lower(): fields.pop(f"months{name}") for name in ("Anchor", "From", "To")}
        return {"i": fields}

    @staticmethod
    def evaluation(uuid):
        return f"virkningsevaluering_{uuid.replace('-', '')}"


class ByHand(Virkning):
    """The peer written by hand: rows are named by their plain ids, and a page begins after one of them."""
    m1 = "mutation($i: RecordMeasurementInput!) { recordMeasurement(input: $i) { measurement { id value } } }"
    evaluation = staticmethod(str)

    @staticmethod
    def recorded(measurement):
        return {"i": measurement}


class PostGraphile(ByHand):
    """Lists where nothing is paged through, since connections cost more."""

    @staticmethod
    def interventions(first, after="$after"):
        return f"""allInterventions(first: {first}, after: {after}, orderBy: [NAME_KEY_ASC, ROW_ID_ASC]) {{ nodes {{
          id: rowId name since virkningsevalueringer: evaluationsByInterventionIdList(orderBy: ROW_ID_ASC) {{ id: rowId title status
            criteria: criteriaByEvaluationIdList(orderBy: NUMBER_ASC) {{ {CRITERION}
              measurements: measurementsByCriterionIdList(orderBy: ROW_ID_ASC) {{
                wave periodStart periodEnd numerator denominator value recordedAt }} }} }} }} }}"""

    q1 = f"query($after: Cursor) {{ interventions: {interventions(20)} }}"
    tenfold = f"""query($after: Cursor, $then: Cursor) {{
      interventions: {interventions(100)} rest: {interventions(100, "$then")} }}"""
    q2 = f"""query($id: UUID!) {{ virkningsevaluering: evaluationByRowId(rowId: $id) {{ title status
      criteria: criteriaByEvaluationIdList(orderBy: NUMBER_ASC) {{ {CRITERION}
        measurements: measurementsByCriterionIdList(orderBy: ROW_ID_ASC) {{ wave numerator denominator value }} }} }} }}"""
    q3 = """query($forvaltning: UUID!, $after: Cursor) {
      interventions: allInterventions(first: 50, after: $after, condition: {forvaltningId: $forvaltning},
        orderBy: [NAME_KEY_ASC, ROW_ID_ASC]) {
        nodes { id: rowId name since virkningsevalueringer: evaluationsByInterventionId { totalCount } } } }"""
    m1 = """mutation($i: RecordMeasurementInput!) { recordMeasurement(input: $i) {
      measurement: result { id: rowId value } } }"""
    cursors = """query($after: Cursor) {
      interventions: allInterventions(first: 100, after: $after, orderBy: [NAME_KEY_ASC, ROW_ID_ASC]) {
        edges { cursor } pageInfo { hasNextPage endCursor } } }"""

    @staticmethod
    def q3_of(forvaltning, after):
        return {"forvaltning": forvaltning["id"], "after": after}


def canonical(value, key=None):
    """An answer without what schemas may write as they like: pages around lists, ids, decimals, moments, order of keys."""
    if isinstance(value, list):
        return [canonical(item) for item in value]
    if isinstance(value, dict):
        if list(value) == ["nodes"]:
            return canonical(value["nodes"])
        flat = dict(value)
        if "period" in flat:
            period = flat.pop("period")
            flat |= {"periodStart": period["from"], "periodEnd": period["to"]}
        return {name: canonical(flat[name], name) for name in sorted(flat)}
    if key == "id":
        return re.sub("^.*_|-", "", value)
    if key in ("value", "threshold") and value is not None:
        return Decimal(value).normalize()
    if key == "recordedAt":
        # Of all that PostgreSQL and schemas write, Python reads no other number of digits.
        written = re.sub(r"(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$", lambda found: f".{found[1] or '0':0<6}{found[2]}", value)
        return datetime.fromisoformat(written.replace("Z", "+00:00"))
    return value
