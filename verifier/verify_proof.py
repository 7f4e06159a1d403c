#!/usr/bin/env python3
"""Checks a proof from Virkning's history, without any of Virkning's code.

    verify_proof.py --key "$(virkning checkpoint --public-key)" BUNDLE.json

A bundle comes from `virkning checkpoint --event ID`, from `virkning checkpoint --since FILE`, or from the fields
`bundle` of the queries `inclusionProof` and `consistencyProof`. docs/history.md describes it. Keep the key, and
checkpoints, where nobody who can write to the database can change them.

Python's standard library, and the package `cryptography` for Ed25519.
Exit status: 0 proved, 1 not proved, 2 not readable.
"""
import argparse
import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class NotProved(Exception):
    """Why the bundle proves nothing."""


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def node(left, right):  # RFC 6962, section 2.1
    return sha256(b"\x01", left, right)


def canonical(value):  # RFC 8785, for what events hold: whole numbers below 2^53, and ASCII names
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def decode(text):
    return base64.b64decode(text, validate=True)


class Key:
    """A verifier key of a signed note: its name, a hash, and in base64 the byte 1 and the Ed25519 key."""

    def __init__(self, text):
        self.name, number, key = text.strip().split("+", 2)
        key = decode(key)
        self.id = sha256(self.name.encode(), b"\n", key)[:4]
        if key[:1] != b"\x01" or len(key) != 33 or self.id.hex() != number:
            raise ValueError("this is no key of a signed note (Ed25519)")
        self.key = Ed25519PublicKey.from_public_bytes(key[1:])

    def checkpoint(self, note):
        """Size and root of a checkpoint (C2SP tlog-checkpoint), once its signature is checked."""
        text, _, signatures = note.rpartition("\n\n")
        text += "\n"
        for line in signatures.splitlines():
            dash, name, signature = line.split(" ")
            signature = decode(signature)
            if (dash, name, signature[:4]) == ("\u2014", self.name, self.id):
                try:
                    self.key.verify(signature[4:], text.encode())
                except InvalidSignature:
                    raise NotProved("the checkpoint's signature is wrong") from None
                origin, size, root = text.splitlines()[:3]
                if origin != self.name:
                    raise NotProved(f"the checkpoint is of another log: {origin}")
                return int(size), decode(root)
        raise NotProved(f"the checkpoint is not signed by {self.name}")


def included(leaf, index, size, path):
    """The root that a leaf and the hashes beside its way make (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        raise NotProved("the event's place is not in the log of the checkpoint")
    here, last, root = index, size - 1, leaf
    for beside in path:
        if last == 0:
            raise NotProved("the proof has too many hashes")
        if here & 1 or here == last:
            root = node(beside, root)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            root = node(root, beside)
        here, last = here >> 1, last >> 1
    if last:
        raise NotProved("the proof has too few hashes")
    return root


def consistent(first, second, first_root, path):
    """Both roots, as the hashes between two sizes make them (RFC 9162, section 2.1.4.2)."""
    if first > second:
        raise NotProved("the later log is shorter than the earlier one")
    if first == 0 or first == second:
        if path:
            raise NotProved("the proof has too many hashes")
        return (sha256(), None) if first == 0 else (first_root, first_root)
    path = list(path)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        raise NotProved("the proof has too few hashes")
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            raise NotProved("the proof has too many hashes")
        if here & 1 or here == last:
            old, new = node(beside, old), node(beside, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node(new, beside)
        here, last = here >> 1, last >> 1
    if last:
        raise NotProved("the proof has too few hashes")
    return old, new


def check_openings(body, openings):
    """Compares what is known of an event's values with what its body commits to."""
    commitments = {"actor.name": body["actor"]["name"], "reason": body["reason"]}
    for change in body["changes"]:
        for side in ("before", "after"):
            commitments[f"changes.{change['field']}.{side}"] = change[side]
    for place, opening in openings.items():
        if "value" in opening:  # an erased one is not there; one without its salt could be any
            salt = bytes.fromhex(opening.get("salt", ""))
            if len(salt) != 16 or sha256(salt, canonical(opening["value"])).hex() != commitments.get(place):
                raise NotProved(f"the value of {place} is not what the event commits to")


def check_event(key, bundle):
    body = bundle["event"]["body"]
    event = json.loads(body)
    if canonical(event) != body.encode():
        raise NotProved("the event is not in canonical form")
    check_openings(event, bundle["event"]["openings"])
    proof, _, note = bundle["inclusion"].partition("\n\n")
    header, place, *hashes = proof.splitlines()
    if header != "c2sp.org/tlog-proof@v1" or not place.startswith("index "):
        raise ValueError("this is no proof of the form c2sp.org/tlog-proof@v1")
    index = int(place.removeprefix("index "))
    size, root = key.checkpoint(note)
    if included(sha256(b"\x00", body.encode()), index, size, [decode(line) for line in hashes]) != root:
        raise NotProved("the event is not in the log of the checkpoint")
    subject = event["subject"]
    print(f"Event {event['id']} is entry {index} of the log's {size}: {event['action']} of {subject['kind']} {subject['id']},")
    print(f"version {event['sequence']}, by account {event['actor']['id']}, {event['at']}.")
    for place, opening in sorted(bundle["event"]["openings"].items()):
        if "value" in opening:
            print(f"  {place}: {json.dumps(opening['value'], ensure_ascii=False)}")


def check_consistency(key, proof):
    (first, first_root), (second, second_root) = key.checkpoint(proof["earlier"]), key.checkpoint(proof["later"])
    old, new = consistent(first, second, first_root, [decode(line) for line in proof["hashes"]])
    if old != first_root or new not in (None, second_root):
        raise NotProved(f"the log of {second} entries does not begin with that of {first}")
    print(f"The log of {first} entries is the beginning of that of {second}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--key", required=True, help="the public key, as `virkning checkpoint --public-key` prints it")
    parser.add_argument("bundle", help="the file with the proof")
    arguments = parser.parse_args()
    try:
        key = Key(arguments.key)
        with open(arguments.bundle, encoding="utf-8") as file:
            bundle = json.load(file)
        if bundle["format"] != "virkning-proof/1":
            raise ValueError("this is no bundle of the format virkning-proof/1")
        if "event" in bundle:
            check_event(key, bundle)
        if "consistency" in bundle:
            check_consistency(key, bundle["consistency"])
    except NotProved as reason:
        print(f"Not proved: {reason}", file=sys.stderr)
        return 1
    except (KeyError, TypeError, ValueError, OSError) as fault:
        print(f"Not readable: {fault}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
