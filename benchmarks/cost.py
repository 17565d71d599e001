"""What a thousand conversions cost on AWS, and a month without any: `python -m benchmarks.cost`.

Of what `make rehearse` measured (build/rehearsal.json): calls that were counted, seconds of each function, the API's
waiting included. Prices are AWS's list prices of us-east-1, without free allowances; they are the constants below.
"""

import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from infra.rehearsal import checks, expansion, static
from infra.rehearsal.static import PACKAGED
from infra.template import ROOT, Resolver

MEASURED = ROOT / "build" / "rehearsal.json"

GB_SECOND, INVOCATION = 0.0000166667, 0.20 / 1e6
"""Lambda, x86-64, first tier."""
WRITE_UNIT, READ_UNIT = 0.625 / 1e6, 0.125 / 1e6
"""DynamoDB on demand."""
S3_PUT, S3_GET = 0.005 / 1e3, 0.0004 / 1e3
SQS_CALL, GATEWAY_CALL, KMS_CALL = 0.40 / 1e6, 3.50 / 1e6, 0.03 / 1e4
LOG_GB, STREAM_READ = 0.50, 0.02 / 1e5
SECRET_MONTH, ALARM_MONTH, ECR_GB_MONTH = 0.40, 0.10, 0.10

ROW_KB = 2
"""A conversion's row has between one and two."""
LOG_KB_PER_CALL = 1.5
IDLE_POLLERS, LONG_POLL_S, MONTH_S = 5, 20, 30 * 86_400
"""Lambda begins with five long polls of an empty queue, AWS says."""
FREE_ALARMS, FREE_SQS_CALLS = 10, 1_000_000
"""What every account has free for good, by the month."""
COMPRESSED = 0.4
"""What an image has of its size once compressed, about."""

LIST_PRICES = {
    "CloudConvert": (
        1.0,
        "a credit of a subscription of 1,000 for $10 (cloudconvert.com/pricing); a conversion is one or more",
    ),
    "Zamzar": (2.99, "a credit of 10,000 for $299 a month (developers.zamzar.com/pricing)"),
    "ConvertAPI": (3.5, "one of 1,000 conversions for $35 a month (convertapi.com/prices)"),
    "Adobe PDF Services": (5.0, "a document transaction, pay as you go (Adobe's own tutorials)"),
}
"""Cents for one document of a page, as repositories and pages of 2025 and 2026 cite the vendors' lists: look again."""

ACCOUNTS = ("small", "normal")

_READS = ("GetItem", "BatchGetItem", "Query", "ConditionCheckItem")
_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")


def indexes() -> dict[str, int]:
    """How many indexes each table has: a write may write each of them."""
    kinds = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
    return {name: sum(len(one.get(kind, [])) for kind in kinds) for name, one in _tables().items()}


@cache
def _template() -> dict[str, Any]:
    """What was packaged."""
    found: dict[str, Any] = yaml.safe_load(PACKAGED.read_text())
    return found


def _tables() -> dict[str, Any]:
    resources = _template()["Resources"].items()
    return {name: one["Properties"] for name, one in resources if one["Type"] == "AWS::DynamoDB::Table"}


def _tables_of_single_rows() -> set[str]:
    """Tables with a hash key alone."""
    return {name for name, one in _tables().items() if len(one["KeySchema"]) == 1}


def of_calls(called: Mapping[str, float], index_counts: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    """Dollars of each counted call, under the name of its service; each index counts as written every time."""
    single_rows = _tables_of_single_rows()
    for text, count in called.items():
        _, action, resource, *transacted = text.split()
        service, _, operation = action.partition(":")
        twice = 2 if transacted else 1
        if service == "dynamodb" and operation in _WRITES:
            yield service, count * twice * ROW_KB * (1 + index_counts.get(resource, 0)) * WRITE_UNIT
        elif service == "dynamodb" and operation in _READS:
            # Only an index of a table without a range key can be queried: eventually consistent, for half.
            share = 0.5 if operation == "Query" and resource in single_rows else 1
            yield service, count * twice * share * math.ceil(ROW_KB / 4) * READ_UNIT
        elif service == "s3":
            yield service, count * (S3_PUT if operation in ("PutObject", "ListBucket") else S3_GET)
        elif service == "sqs":
            yield service, count * SQS_CALL


def of_conversion(row: Mapping[str, Any], index_counts: Mapping[str, int]) -> dict[str, float]:
    """Dollars of one conversion by service; ``waiting`` is the API's memory while it waits."""
    spent = dict.fromkeys(("dynamodb", "s3", "sqs", "worker", "waiting", "others", "gateway and logs"), 0.0)
    for service, dollars in of_calls(row["aws"], index_counts):
        spent[service] += dollars
    for name, one in row["functions"].items():
        dollars = one["seconds"] * row["memory_mb"][name] / 1024 * GB_SECOND + one["calls"] * INVOCATION
        of_worker = name in ("Light", "DocumentsFunction", "BackgroundFunction")
        spent["worker" if of_worker else "waiting" if name == "APIHandler" else "others"] += dollars
        spent["gateway and logs"] += one["calls"] * LOG_KB_PER_CALL / 1024**2 * LOG_GB
        if name == "APIHandler":
            spent["gateway and logs"] += one["calls"] * GATEWAY_CALL
    return spent


def idle(measured: Mapping[str, Any], account: str) -> dict[str, float]:
    """Dollars of a month in which nobody asks for anything, less what every account has free for good."""
    alarms, queues = _watched_and_polled(account)
    polls = queues * IDLE_POLLERS * MONTH_S / LONG_POLL_S
    rows = {row["function"]: row for row in measured["functions"]}
    image_mb = sum(rows[name]["artefact_mb"] for name in ("DocumentsFunction", "BackgroundFunction"))
    sweeper, sweeps = rows["Sweeper"], MONTH_S / 60
    memory_gb = sweeper["memory_limit_mb"] / 1024
    calls = sum(dollars for _, dollars in of_calls(measured["sweeper"], indexes()))
    one_sweep = sweeper["warm_s"] * memory_gb * GB_SECOND + INVOCATION + calls
    return {
        "one secret": SECRET_MONTH,
        "alarms beyond ten": max(0, alarms - FREE_ALARMS) * ALARM_MONTH,
        "polling of empty queues beyond a million calls": max(0.0, polls - FREE_SQS_CALLS) * SQS_CALL,
        "two images in ECR, compressed": image_mb / 1024 * COMPRESSED * ECR_GB_MONTH,
        "the sweeper, every minute": sweeps * one_sweep,
    }


def _watched_and_polled(account: str) -> tuple[int, int]:
    """How many alarms and polled queues a stack has with the parameters for an account of this size."""
    template = _template()
    parameters = expansion.parameters(template, static.account(account))
    resolver = Resolver(template["Conditions"], parameters)
    alarms = [one for one in template["Resources"].values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    held = [one for one in alarms if "Condition" not in one or resolver.holds({"Condition": one["Condition"]})]
    functions = [one for one in template["Resources"].values() if one["Type"] == "AWS::Serverless::Function"]
    events = [event for one in functions for event in one["Properties"].get("Events", {}).values()]
    polled = [one for one in events if one["Type"] == "SQS" and checks.is_enabled(one["Properties"], resolver)]
    return len(held), len(polled)


def conversions(measured: Mapping[str, Any]) -> str:
    """Cents for a thousand of each kind, by what they are for."""
    counts = indexes()
    head = ["conversion", "DynamoDB", "S3", "SQS", "worker", "API's waiting", "other functions", "gateway, logs", "all"]
    lines = [row(head), row(["---"] * len(head))]
    for one in measured["conversions"]:
        cents = [dollars * 1e5 for dollars in of_conversion(one, counts).values()]
        lines.append(row([f"`{one['slug']}`", *(f"{cent:.2f}" for cent in cents), f"**{sum(cents):.1f}**"]))
    return "\n".join(lines)


def months(measured: Mapping[str, Any]) -> str:
    """Dollars for a month without a request, by the size of the account."""
    lines = [row(["", *(f"`{account}`" for account in ACCOUNTS)]), row(["---"] * 3)]
    found = [idle(measured, account) for account in ACCOUNTS]
    for name in found[0]:
        lines.append(row([name, *(f"{one[name]:.2f}" for one in found)]))
    lines.append(row(["**all**", *(f"**{sum(one.values()):.2f}**" for one in found)]))
    return "\n".join(lines)


def row(cells: Iterable[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """The exit status: 1 when nothing was measured yet."""
    if not MEASURED.exists() or not Path(PACKAGED).exists():
        print("First: make rehearse", file=sys.stderr)
        return 1
    measured = json.loads(MEASURED.read_text())
    print(f"Cents for 1,000 conversions:\n\n{conversions(measured)}\n")
    print(f"Dollars for a month without a request:\n\n{months(measured)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
