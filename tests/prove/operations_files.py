"""What comes by the bucket: uploads, the files of batches, and objects dropped into folders."""

import json

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.errors import Unauthenticated
from chalicelib.domain.folders import INBOX, OPTIONS_NAME
from chalicelib.services import batches, uploads
from chalicelib.services.batches import NewBatch, NewFile
from tests.prove.engine import TEMPERS, document
from tests.prove.operations import SLUG, Scene, ask, file_name
from tests.prove.world import Wish, World

SPEC = BY_SLUG[SLUG]
_FOLDER_FILES = 4
"""Few names, so that objects replace each other."""


def convert_upload(scene: Scene) -> str:
    """A client uploads a document and asks for its conversion."""
    dice, number = scene.dice, len(scene.world.conversions)
    key = f"key-{number}" if dice.random() < 0.5 else None
    wish = Wish(number, dice.choice(scene.world.user_ids), key, {"upload": "", "version": "v3"})
    scene.world.conversions.append(wish)
    user = scene.service.store.users.get(wish.user_id)
    if user is None or not user.is_active:
        raise Unauthenticated("disabled")
    body = document(dice.choice(TEMPERS), number)
    upload, _, _ = uploads.create(scene.service, user, uploads.NewUpload(file_name(wish), len(body)))
    wish.asked["upload"] = upload.upload_id
    if dice.random() < 0.9:
        scene.world.bucket.objects[upload.key] = body
    return ask(scene, wish)


def use_upload_again(scene: Scene) -> str:
    """A client asks again for the conversion of an upload, with its key or without."""
    wishes = [one for one in scene.world.conversions if one.asked.get("upload")]
    if not wishes:
        return ""
    wish = scene.dice.choice(wishes[-6:])
    return ask(scene, wish, keyless=scene.dice.random() < 0.4)


def order_batch(scene: Scene) -> str:
    """A client orders a batch, and puts some of its files."""
    dice, number = scene.dice, len(scene.world.orders)
    user = scene.user()
    announced = [NewFile(f"order-{number}-{at}.pdf", 200) for at in range(dice.randrange(1, 4))]
    options = {"pages": "1"} | ({"password": "hush"} if dice.random() < 0.2 else {})
    batch, files = batches.create(scene.service, user, NewBatch(SPEC, options, announced))
    for file, _ in files:
        scene.world.orders.append(file.source_key)
        if dice.random() < 0.6:
            _put(scene, file.source_key, document(dice.choice(TEMPERS), len(scene.world.orders)))
    return batch.batch_id


def put_ordered(scene: Scene) -> str:
    """A client puts a file of a batch, perhaps once more."""
    if not scene.world.orders:
        return ""
    key = scene.dice.choice(scene.world.orders[-6:])
    _put(scene, key, document(scene.dice.choice(TEMPERS), len(scene.world.orders)))
    return key


def drop(scene: Scene) -> str:
    """Somebody drops an object into a folder: a new one, the same again, or another one under the same name."""
    dice, user_id = scene.dice, scene.dice.choice(scene.world.user_ids)
    folder = f"{INBOX}{user_id}/{SLUG}/"
    if f"{folder}{OPTIONS_NAME}" not in scene.world.bucket.objects:
        scene.world.bucket.objects[f"{folder}{OPTIONS_NAME}"] = json.dumps({"pages": "1"}).encode()
    elif dice.random() < 0.2:
        options = dice.choice([b'{"pages": "1"}', b'{"pages": "1"}', b"{", b'{"pages": "x"}'])
        scene.world.bucket.objects[f"{folder}{OPTIONS_NAME}"] = options
    key = f"{folder}dropped-{dice.randrange(_FOLDER_FILES)}.pdf"
    body = scene.world.dropped.get(key)
    if body is None or dice.random() < 0.6:
        body = document(dice.choice(TEMPERS), dice.getrandbits(20))
    if scene.world.dropped.setdefault(key, body) != body:
        scene.world.replaced.add(key)
    scene.world.dropped[key] = body
    _put(scene, key, body)
    return key


def _put(scene: Scene, key: str, body: bytes) -> None:
    """Put an object; the bucket tells of it once, or twice."""
    world: World = scene.world
    world.bucket.objects[key] = body
    for _ in range(1 + (scene.dice.random() < 0.3)):
        world.queues.announce(key)
