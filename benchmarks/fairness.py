"""One user sends documents that would hold a worker for ever; what somebody else who converts meanwhile feels of it.

    make run                                             in one terminal
    .venv/bin/python -m benchmarks.fairness [--copies 10]   in another

Prints how the expensive documents ended, and the median wait of single conversions of another user, in an idle service
and while they are worked on, with their ratio: it is to stay at or below 3.
"""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Mapping

import httpx

from benchmarks.batch import Sampler, orderer
from benchmarks.latency import one_page
from tests.support.hostile import doubling_pdf, far_cells_xlsx

EXPENSIVE: Mapping[str, tuple[str, bytes]] = {
    "pdf-to-word": ("doubling.pdf", doubling_pdf()),
    "pdf-to-excel": ("doubling.pdf", doubling_pdf()),
    "excel-to-pdf": ("far.xlsx", far_cells_xlsx()),
}
POINTS = 10_000
LOOK_S = 2.0


def send(http: httpx.Client, copies: int) -> list[str]:
    """Hand in ``copies`` of each expensive document; the ids of the conversions."""
    made = []
    for _ in range(copies):
        for slug, document in EXPENSIVE.items():
            headers = {"Prefer": "respond-async"}
            answer = http.post(f"/api/v3/conversions/{slug}", files={"file": document}, headers=headers)
            if answer.status_code not in (200, 202, 422):
                raise SystemExit(f"{answer.status_code}: {answer.text}")
            made.append(answer.json()["conversion_id"])
    return made


def ends(http: httpx.Client, conversion_ids: list[str], longest_s: float) -> Counter[str]:
    """How the conversions ended: ``success``, or the last segment of the problem's type."""
    found: Counter[str] = Counter()
    deadline = time.monotonic() + longest_s
    left = list(conversion_ids)
    while left and time.monotonic() < deadline:
        time.sleep(LOOK_S)
        for one in list(left):
            conversion = http.get(f"/api/v3/conversions/{one}").json()
            if conversion["status"] != "processing":
                left.remove(one)
                problem = conversion["error"]
                found[problem["type"].rpartition("/")[2] if problem else "success"] += 1
    found["still under way"] = len(left)
    return +found


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", default="http://127.0.0.1:8000")
    parser.add_argument("--copies", type=int, default=10, help="of each expensive document")
    parser.add_argument("--idle", type=int, default=10, help="single conversions before")
    parser.add_argument("--longest-s", type=float, default=1_800)
    arguments = parser.parse_args()
    sampler = Sampler(arguments.base_url, one_page())
    for _ in range(arguments.idle + 2):
        sampler.sample()
    idle = statistics.median(sampler.waits[2:])
    sampler.waits.clear()
    hostile = orderer(arguments.base_url, POINTS)
    told: Counter[str] = Counter()
    started = time.monotonic()
    ids = send(hostile, arguments.copies)
    sampler.during(lambda: told.update(ends(hostile, ids, arguments.longest_s)))
    busy = statistics.median(sampler.waits)
    for how, number in told.most_common():
        print(f"{number:4d}  {how}")
    print(f"{time.monotonic() - started:.0f} s until the last of {len(ids)} expensive documents had ended")
    print(f"median wait of somebody else: idle {idle:.2f} s, meanwhile {busy:.2f} s ({len(sampler.waits)} conversions)")
    print(json.dumps({"ratio": round(busy / idle, 2)}))


if __name__ == "__main__":
    main()
