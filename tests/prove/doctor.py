"""The operator's doctor, called in while everything runs, and when the dust has settled."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.services import Service
from chalicelib.services.stuck import SETTLES_S
from infra.doctor import __main__ as doctor
from infra.doctor import objects
from infra.doctor.site import Finding, Site
from tests.prove.invariants import strays
from tests.prove.violations import Kind, Violation
from tests.prove.world import World


class Listing:
    """As much of S3's client as the doctor needs."""

    def __init__(self, world: World) -> None:
        self._world = world

    def get_paginator(self, _operation: str) -> "Listing":
        """The paginator of list_objects_v2."""
        return self

    def paginate(self, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - S3's names
        """All keys, with times by the clock that the doctor compares them with."""
        now, elapsed_s = datetime.now(UTC), self._world.timeline.elapsed_s
        put_s = self._world.bucket.objects.put_s
        yield {
            "Contents": [
                {"Key": key, "LastModified": now - timedelta(seconds=elapsed_s - put_s[key])}
                for key in sorted(self._world.bucket.objects)
                if key.startswith(Prefix)
            ]
        }


def call(world: World, service: Service) -> str:
    """Look at everything and repair it, on a service in use."""
    found: list[str] = []
    left = doctor.examine(Site(service, world.dynamodb, Listing(world)), fix=True, say=found.append)
    return f"{left} left: {[one for one in found if not one.startswith('ok')]}"


def discharge(world: World) -> Iterator[Violation]:
    """In the end the doctor finds objects that somebody died over, and nothing else, and removes them."""
    world.timeline.sleep(SETTLES_S + 1)
    site = Site(world.service(), world.dynamodb, Listing(world))
    for title, look in doctor.EXAMINATIONS.items():
        findings: list[Finding] = list(look(site))
        world.met["objects left, that the doctor removed"] += len(findings) if look in _OF_OBJECTS else 0
        for finding in findings:
            if look not in _OF_OBJECTS:
                yield Violation(Kind.UNHEALTHY, f"{title}: {finding.what}")
            elif finding.repair:
                finding.repair()
    for key in strays(world):
        yield Violation(Kind.STRAY_OBJECT, key)


_OF_OBJECTS = (objects.of_conversions, objects.of_uploads)
