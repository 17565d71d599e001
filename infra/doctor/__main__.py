"""`make doctor`: prints what should never be, repairs it with FIX=1, and ends with 1 when something is left.

Works on a service in use: what may still be under way is left alone, and each repair is conditional on what was seen.
"""

import argparse
import sys
from collections.abc import Callable, Iterator

import boto3

from infra import deployed
from infra.doctor import conversions, objects, points
from infra.doctor.site import Finding, Site

EXAMINATIONS: dict[str, Callable[[Site], Iterator[Finding]]] = {
    "balances are the sums of their ledgers, and not negative": points.balances,
    "each charge has its conversion, each failure its refund": points.entries,
    "each charged conversion has its entry": points.rows,
    "no conversion is open beyond its limit": conversions.open_ones,
    "lines hold open conversions, and move": conversions.lines,
    "each end is counted, and counters are right": conversions.counters,
    "no object outlives its conversion": objects.of_conversions,
    "no object outlives its upload": objects.of_uploads,
}


def examine(site: Site, fix: bool, say: Callable[[str], None]) -> int:
    """Look at everything and ``say`` what is found; with ``fix`` repair it. How much is left."""
    left = 0
    for title, look in EXAMINATIONS.items():
        # All of it first: a repair must not move what is still being read.
        findings = list(look(site))
        say(f"{'FOUND' if findings else 'ok   '}  {title}")
        for finding in findings:
            is_mended = fix and finding.repair is not None and finding.repair()
            left += not is_mended
            say(f"       {finding.what}{': ' + _outcome(finding, fix, is_mended)}")
    return left


def _outcome(finding: Finding, fix: bool, is_mended: bool) -> str:
    if is_mended:
        return "repaired"
    if finding.repair is None:
        return "a person must decide"
    return "not repaired, it is changing; look again" if fix else "FIX=1 repairs it"


def main() -> int:
    """The exit status: 0 when all holds, 1 when something is left, 2 when there is no such service."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stack", help="CloudFormation stack; without it, the service that runs on this machine")
    parser.add_argument("--fix", action="store_true", help="repair what is found")
    arguments = parser.parse_args()
    try:
        service = deployed.opened(arguments.stack)
    except deployed.NoStack as error:
        print(error, file=sys.stderr)
        return 2
    endpoint = service.settings.endpoint_url
    site = Site(service, boto3.client("dynamodb", endpoint_url=endpoint), boto3.client("s3", endpoint_url=endpoint))
    left = examine(site, arguments.fix, print)
    print(f"{left} left." if left else "All holds.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
