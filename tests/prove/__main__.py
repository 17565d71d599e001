"""Prints the proof: `make prove`. Exit status 1 when anything was violated, with the shortest history found."""

import argparse
import logging
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.prove import proof
from tests.prove.breaks import BREAKS
from tests.prove.proof import Finding
from tests.prove.violations import Kind
from tests.support import dynamodb_local

OPERATIONS, EXAMPLES = 20_000, 1_000
PROGRESS_EVERY_S = 15


def main() -> int:
    """The exit status: 0 when everything held, 2 when DynamoDB Local is missing."""
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that DynamoDB Local goes too
    arguments = _arguments()
    broken_build = f", without {arguments.without}" if arguments.without else ""
    print(f"seed {arguments.seed}{broken_build}", flush=True)
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as folder, dynamodb_local.running(Path(folder)) as url:
            tasks = proof.tasks(url, arguments.seed, arguments.operations, arguments.examples, arguments.without)
            found = _watch(tasks, began)
            _report(found, time.monotonic() - began)
            if found.violations:
                _tell(found, arguments.seed)
    except dynamodb_local.NotStarted as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if found.violations else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3)), help="what a run before printed")
    parser.add_argument("--operations", type=int, default=OPERATIONS, help="of chaos, at least")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="of the model, at least")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at once")
    parser.add_argument("--break", dest="without", choices=BREAKS, help="take this protection away")
    return parser.parse_args()


def _watch(tasks: list[proof.Task], began: float) -> Finding:
    processes, found, told = _arguments().processes, Finding(), began
    for found in proof.prove(tasks, processes):
        if time.monotonic() - told > PROGRESS_EVERY_S:
            told = time.monotonic()
            print(f"  {sum(found.operations.values()):,} operations, {found.model['examples']:,} examples", flush=True)
    return found


def _report(found: Finding, seconds: float) -> None:
    print(f"\n{sum(found.operations.values()):,} operations, {found.calls:,} calls of AWS")
    _list(found.operations)
    print(f"\n{sum(found.met.values()):,} faults injected")
    _list(found.met)
    print(f"\n{found.model['examples']:,} examples of the model, {found.model['rules']:,} steps\n")
    print(", ".join(f"{kind} {found.kinds[kind]}" for kind in Kind))
    print(f"{seconds:.0f} s")


def _list(figures: "dict[str, int]") -> None:
    for name, number in sorted(figures.items(), key=lambda one: -one[1]):
        print(f"  {number:>7,}  {name}")


def _tell(found: Finding, seed: int) -> None:
    print(f"\nViolated; run it again with SEED={seed}:", *found.violations[:10], sep="\n  ")
    history = found.history
    if found.failed:
        print(f"\nThe shortest history found of episode {found.failed.seed}:", flush=True)
        _, verdict = proof.shortest(found.failed)
        history = "\n".join([*map(str, verdict.violations), *verdict.story])
    print(history)


if __name__ == "__main__":
    sys.exit(main())
