"""The sweeper's schedule, locally: every five seconds instead of every minute."""

import logging
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from infra.local.environment import REGION
from infra.local.invocation import Context
from infra.local.lifeline import become_child, report_ready

INTERVAL_S = 5

_log = logging.getLogger("sweeper")


def schedule_event() -> dict[str, Any]:
    """The event that EventBridge sends for a schedule."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:123456789012:rule/sweeper"],
        "detail": {},
    }


def main() -> None:
    """Sweep until the process is ended."""
    become_child()
    from app import sweeper

    report_ready()
    while True:
        try:
            sweeper(schedule_event(), Context("sweeper"))
        except Exception:  # noqa: BLE001 - the next sweep may succeed
            _log.exception("the sweep failed")
        time.sleep(INTERVAL_S)


if __name__ == "__main__":
    main()
