"""One round of wrk against one contender, with what it cost in processor time."""
import os
import subprocess
import time
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from statistics import mean, median

import data

TICKS = os.sysconf("SC_CLK_TCK")
# Bytes from which on an answer is not looked into.
LARGE = 50_000
# Seconds that a round takes at most, however few its requests are.
LONGEST = 30


@dataclass
class Round:
    rate: float
    # Milliseconds.
    middle: float
    p99: float
    # Milliseconds of processor time for each request, of the server and of the database.
    cpu: float
    # Bytes of an answer, and of all of them in a second.
    size: float
    bytes_rate: float
    # How many bodies the thread that sent the most has sent.
    most: int


@dataclass
class Asked:
    """Bodies, and how long an answer to them is where looking into each would take longer than some servers do."""
    bodies: list
    size: float = None

    @classmethod
    def of(cls, contender, workload, bodies):
        some = bodies[::max(1, len(bodies) // 20)]
        size = mean(len(contender.ask(workload, body)) for body in some)
        return cls(bodies, size if size > LARGE else None)


def warm_up(contender, workload, asked, clients, once=False):
    """Code is compiled and pages are read before anything counts. Gives back how many bodies were sent."""
    return measure(contender, workload, asked, clients, 2, once)[-1]


def load(contender, workload, asked, clients, seconds, once=False):
    """A round of so many seconds, or of more where most requests would still be under way when it ends: those do not count."""
    while True:
        requests, *found = measure(contender, workload, asked, clients, seconds, once)
        if once or requests >= 8 * clients or seconds >= LONGEST:
            break
        seconds *= 2
    used, took, size_of_all, middle, p99, sent, most = found
    told = f"{contender.name}, {workload}, {clients} clients"
    if not requests:
        raise SystemExit(f"{told}: not one answer in {seconds} s")
    size = size_of_all / requests
    if asked.size and not 0.97 < size / asked.size < 1.03:
        raise SystemExit(f"{told}: answers of {size:.0f} bytes, not of {asked.size:.0f}")
    return Round(requests / took, middle / 1000, p99 / 1000, used * 1000 / sent, size, size_of_all / took, most)


def measure(contender, workload, asked, clients, seconds, once):
    """Has wrk send the bodies, and ends everything where a single answer was none."""
    file = contender.place / "bodies"
    file.write_text("\n".join(asked.bodies) + "\n")
    environment = {
        **os.environ, "BODIES": str(file), "BODIES_ONCE": str(int(once)), "LOOK_INTO_ANSWERS": str(int(asked.size is None)),
        "AUTHORIZATION": contender.authorization() or "none", "ADDRESSES": " ".join(contender.addresses),
    }
    script, url = Path(__file__).with_name("load.lua"), f"http://{contender.addresses[0]}{contender.path(workload)}"
    before = spent(contender)
    wrk = ["wrk", f"-t{min(2, clients)}", f"-c{clients}", f"-d{seconds}s", "--timeout", "60s", "-s", script, url]
    done = subprocess.run(wrk, env=environment, capture_output=True, text=True)
    used = settled(contender) - before
    result = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
    if not result:
        raise SystemExit(f"wrk ended early: {done.stdout}{done.stderr}")
    requests, micros, size_of_all, failures, middle, p99, sent, most, *why = result.split(" ", 9)[1:]
    if int(failures):
        told = f"{contender.name}, {workload}, {clients} clients: {failures} of {requests} failed"
        log = [line for line in (contender.place / "log").read_text().splitlines() if "status=200" not in line]
        raise SystemExit("\n".join([f"{told}: {' '.join(why)}", *log[-10:]]))
    return int(requests), used, int(micros) / 1e6, int(size_of_all), int(middle), int(p99), int(sent), int(most)


def settled(contender):
    """Seconds of processor time once it is done with what was under way at the end, so that nobody else waits for it."""
    before = spent(contender)
    for _ in range(200):
        time.sleep(0.2)
        now = spent(contender)
        if now - before < 0.03:
            return now
        before = now
    raise SystemExit(f"{contender.name} does not come to rest")


def spent(contender):
    """Seconds of processor time so far, of the server and, where it asks PostgreSQL, of all of its processes."""
    seconds = sum(of_process(pid)[1] for pid in contender.pids())
    if contender.on_postgres:
        # What its processes that have ended took is told of their parent.
        _, own, ended = of_process(postmaster())
        found = [of_process(int(place.name)) for place in Path("/proc").iterdir() if place.name.isdigit()]
        seconds += own + ended + sum(spent for parent, spent, _ in found if parent == postmaster())
    return seconds


@cache
def postmaster():
    return int(data.sql(data.server_url(), "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))


def of_process(pid):
    """The parent of a process, its processor time, and that of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0, 0
    return int(fields[1]), sum(map(int, fields[11:13])) / TICKS, sum(map(int, fields[13:15])) / TICKS


def memory(contender):
    """Megabytes that it has now, and had at most."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{contender.pids()[0]}/status").read_text().splitlines())
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def middle(rounds):
    """The median of each number."""
    return Round(*(median(getattr(one, field.name) for one in rounds) for field in fields(Round)))
