"""What is dropped into folders: new objects, the same again, others under the same name, and what nobody can read."""

import hashlib
from typing import Any

from chalicelib.domain.batches import FileStatus
from chalicelib.domain.folders import INBOX, OPTIONS_NAME
from chalicelib.store.arrivals import NEWEST, arrival_id
from chalicelib.store.batch_rows import FILE
from tests.prove.engine import TEMPERS, document
from tests.prove.operations import SLUG, Scene
from tests.prove.operations_files import put_object
from tests.prove.stand_ins import ARCHIVED, UNREADABLE
from tests.prove.world import Drop

_FILES = 4
"""Few names, so that objects replace each other."""

_GOOD = b'{"pages": "1"}'
_OPTIONS = (
    *[_GOOD] * 4,
    b'{"pages": "1" }',
    b"{",
    b'{"pages": "x"}',
    b"[" * 60_000,
    b'{"pages": "\\ud800"}',
    b'{"pages": NaN}',
    ARCHIVED,
    UNREADABLE,
)
_POISON = (UNREADABLE, ARCHIVED, b"", b"no PDF at all")
_LONG = "l" * (1_015 - len(INBOX + SLUG) - 26)
"""A name whose result would lie under a key that is too long for S3; 26 characters are a user's id."""


def drop(scene: Scene) -> str:
    """Somebody drops an object into a folder, now and then after its options were changed or mended."""
    dice, user_id = scene.dice, scene.dice.choice(scene.world.user_ids)
    folder = f"{INBOX}{user_id}/{SLUG}/"
    options = f"{folder}{OPTIONS_NAME}"
    if options not in scene.world.bucket.objects:
        scene.world.bucket.objects[options] = _GOOD
    elif dice.random() < 0.25:
        scene.world.bucket.objects[options] = dice.choice(_OPTIONS)
    if dice.random() < 0.1:
        return _litter(scene, folder)
    name = _LONG if dice.random() < 0.05 else f"dropped-{dice.randrange(_FILES)}.pdf"
    key = f"{folder}{name}"
    seen = scene.world.dropped.get(key)
    body = seen.body if seen and dice.random() < 0.4 else document(dice.choice(TEMPERS), dice.getrandbits(20))
    if dice.random() < 0.08:
        body = dice.choice(_POISON)
    return _drop(scene, key, body)


def mend(scene: Scene) -> str:
    """Somebody mends a folder's options and puts again what failed, unchanged."""
    if not scene.world.dropped:
        return ""
    key = scene.dice.choice(list(scene.world.dropped))
    scene.world.bucket.objects[key.rpartition("/")[0] + f"/{OPTIONS_NAME}"] = _GOOD
    return _drop(scene, key, scene.world.dropped[key].body)


def _drop(scene: Scene, key: str, body: bytes) -> str:
    drop = scene.world.dropped.setdefault(key, Drop(body))
    put_object(scene, key, body)
    drop.body, drop.puts, drop.after = body, drop.puts + 1, _must_pass(scene, key, body)
    return key


def _litter(scene: Scene, folder: str) -> str:
    """What file managers leave: nothing may come of it."""
    key = folder + scene.dice.choice([".DS_Store", "Thumbs.db", "~$a.docx", "._a.pdf"])
    put_object(scene, key, b"litter")
    return key


def _must_pass(scene: Scene, key: str, body: bytes) -> int:
    """The revision beyond which this put is to be taken: put again after a failure it is no repeat."""
    newest = _item(scene, "batches", batch_id=arrival_id(key), item=NEWEST)
    if not newest or body == UNREADABLE:
        return 0
    etag = hashlib.md5(body).hexdigest()
    if newest["put"]["S"] == f"{etag} {int(scene.world.bucket.objects.put_s[key]):.3f}":
        return 0  # within the same second S3 tells no two puts apart
    file = _item(scene, "batches", batch_id=newest["shown_batch"]["S"], item=FILE + newest["shown_file"]["S"])
    conversion = (
        _item(scene, "conversions", conversion_id=file["conversion_id"]["S"]) if "conversion_id" in file else {}
    )
    failed = conversion.get("status") == {"S": "failed"} if conversion else _is_refused(file)
    return int(newest["revision"]["N"]) if failed else 0


def _is_refused(file: dict[str, Any]) -> bool:
    return file.get("status") == {"S": FileStatus.FAILED.value}


def _item(scene: Scene, table: str, **key: str) -> dict[str, Any]:
    """A row, past everything that goes wrong."""
    name = getattr(scene.world.base.settings.tables, table)
    wanted = {part: {"S": value} for part, value in key.items()}
    found: dict[str, Any] = scene.world.dynamodb.get_item(TableName=name, Key=wanted, ConsistentRead=True).get(
        "Item", {}
    )
    return found
