"""What was found, in Markdown."""
import os
import platform
import subprocess
from pathlib import Path

import data
from history import ROOT

FIELDS = {"rate": "req/s", "middle": "median ms", "p99": "p99 ms", "cpu": "CPU ms"}


def machine():
    """On what, and of which commit."""
    describe = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(describe, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    model = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = data.sql(data.server_url(), "SHOW server_version").split()[0]
    print(f"Commit {commit}, {os.cpu_count()} × {model}, {memory:.0f} GiB, PostgreSQL {version}. CPU ms are those of the server "
          "and the database together, for one request.\n")


def table(title, found, base):
    """A row for each workload, number of clients and contender, with what it is of the base."""
    heads = " | ".join([*FIELDS.values(), f"req/s of {base}", f"CPU of {base}"])
    print(f"## {title}\n\n| | clients | | {heads} |\n|---|---:|---|{'---:|' * 6}")
    for (workload, clients, name), row in found.items():
        cells = [number(getattr(row, field)) for field in FIELDS]
        beside = found.get((workload, clients, base))
        shares = [f"{row.rate / beside.rate:.2f} ×", f"{row.cpu / max(beside.cpu, 1e-9):.2f} ×"] if beside else ["", ""]
        print(f"| {workload} | {clients} | {name} | {' | '.join([*cells, *shares])} |")
    print(flush=True)


def goals(rows):
    """Whether what was wanted was reached; what was not measured is left out."""
    print("| goal | wanted | found | |\n|---|---:|---:|---|")
    for what, found, sign, wanted, unit in rows:
        if found is not None:
            reached = found >= wanted if sign == "≥" else found <= wanted
            print(f"| {what} | {sign} {wanted} {unit} | {number(found)} {unit} | {told(reached)} |")
    print(flush=True)


def growth(rows):
    """How much longer the larger takes."""
    print("## Growth\n\n| | ms | ms beside | | wanted | |\n|---|---:|---:|---:|---:|---|")
    for what, most, more, less in rows:
        share = more / less
        cells = [what, number(more), number(less), f"{share:.2f} ×", f"≤ {most} ×", told(share <= most)]
        print(f"| {' | '.join(cells)} |", flush=True)
    print()


def told(reached):
    return "yes" if reached else "**no**"


def number(value):
    """Three digits that count."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
