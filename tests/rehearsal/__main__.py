"""`make rehearse`: the packaged service under Lambda's own conditions, a client's story, and what it took."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from infra.rehearsal import artefacts, cloud, images, machine, static
from infra.rehearsal.cloud import Cloud
from tests.rehearsal import browser, cold, probe, record, story, strangers, table
from tests.rehearsal.measured import Conversions

POINTS = 1_000


def main() -> int:
    """The exit status: 1 when something did not hold; what can't run here is said, and the rest runs.

    With ``--record`` what was measured becomes docs/rehearsal.json, and the documents' tables follow.
    """
    lacking = machine.missing_tools()
    if not lacking:
        cloud.alone()
        # First of all: its Python makes the archives' bytecode.
        artefacts.runtime()
    subprocess.run([sys.executable, "-m", "infra.package"], check=True)
    wrong = static.rehearse()
    if lacking:
        print(f"The functions are not rehearsed: this machine lacks {', '.join(lacking)}.")
        return 1 if wrong else 0
    cloud.clean()
    wrong += _lacks_bytecode()
    artefacts.emulator()
    began = time.monotonic()
    with cloud.running(strangers.SETTINGS) as one:
        _seed(one)
        conversions = Conversions(one)
        user = _play(one, conversions)
        starts = {**cold.starts(one, user), **cold.imports(one)}
        sweeper = one.calls_by("Sweeper")
        rows = table.rows(one.functions)
    images.forget_others()
    print(table.text(rows))
    print(table.starts(starts))
    found = {"starts": starts, "functions": rows, "sweeper": sweeper, "conversions": conversions.rows}
    record.write({"machine": machine.facts(), **found})
    print(f"The story took {time.monotonic() - began:.0f} s.")
    return 1 if wrong else 0


def _lacks_bytecode() -> int:
    """How many archives have none: their functions would compile themselves at every cold start."""
    without = [name for name in ("deployment.zip", "light-layer.zip") if not artefacts.has_bytecode(name)]
    print("".join(f"{name} holds no bytecode.\n" for name in without), end="")
    return len(without)


def _seed(one: Cloud) -> None:
    environment = {**os.environ, **one.environment, "STAGE": "local", "JWT_SECRET": cloud.SECRET}
    subprocess.run([sys.executable, "-m", "infra.local.seed"], env=environment, check=True)


def _play(one: Cloud, conversions: Conversions) -> story.Client:
    """The client who has done it all."""
    boss = story.Client(one.base_url, story.SUPER)
    user = story.Client(one.base_url, story.EMAIL)
    topup = boss.http.post("/api/v3/points/topup", json={"user_id": user.me["id"], "amount": POINTS})
    assert topup.status_code == 200, topup.text
    documents = one.functions["DocumentsFunction"]
    acts: dict[str, Callable[[], str | None]] = {
        "every conversion": lambda: story.every_conversion(user, conversions),
        "the gateway's own answers": lambda: story.gateways_own_answers(user),
        "the console": lambda: browser.console(user),
        "errands to a stranger": lambda: strangers.errands(user),
        "an upload": lambda: story.upload(user),
        "a batch": lambda: story.batch(user),
        "a folder": lambda: story.folder(user, one.endpoint),
        "the dashboard": lambda: story.counted(user, 2 * len(story.CONVERSIONS) + 5),
        "what an engine can reach": lambda: probe.engines_reach_nothing(one),
        "a killed sandbox": lambda: story.survives_a_kill(user, documents.kill, documents.busy),
    }
    for name, act in acts.items():
        began = time.monotonic()
        said = act()
        print(f"  ok  {name}{f': {said}' if said else ''} ({time.monotonic() - began:.1f} s)", flush=True)
    return user


if __name__ == "__main__":
    sys.exit(main())
