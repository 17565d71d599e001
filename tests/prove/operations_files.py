"""What comes by the bucket: uploads, and the files of batches, which are tried again and cancelled."""

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.errors import Unauthenticated
from chalicelib.domain.folders import INBOX
from chalicelib.services import batch_control, batches, uploads
from chalicelib.services.arrival import folder_batch
from chalicelib.services.batches import NewBatch, NewFile
from tests.prove.engine import TEMPERS, document
from tests.prove.operations import SLUG, Scene, ask, file_name
from tests.prove.world import Wish, World

SPEC = BY_SLUG[SLUG]


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
            put_object(scene, file.source_key, document(dice.choice(TEMPERS), len(scene.world.orders)))
    return batch.batch_id


def put_ordered(scene: Scene) -> str:
    """A client puts a file of a batch, perhaps once more."""
    if not scene.world.orders:
        return ""
    key = scene.dice.choice(scene.world.orders[-6:])
    put_object(scene, key, document(scene.dice.choice(TEMPERS), len(scene.world.orders)))
    return key


def retry_batch(scene: Scene) -> str:
    """A client tries the failed files of a batch again: of an order, or of a day's folders."""
    batch_id = _some_batch(scene)
    user = scene.service.store.users.get(_owner_of(scene, batch_id)) if batch_id else None
    if user is None or not batch_id:
        return ""
    batch_control.retry(scene.service, user, batch_id)
    return batch_id


def cancel_batch(scene: Scene) -> str:
    """A client cancels an order, or a day's folders; nobody waits for their results any more."""
    batch_id = _some_batch(scene)
    user = scene.service.store.users.get(_owner_of(scene, batch_id)) if batch_id else None
    if user is None or not batch_id:
        return ""
    files = scene.service.store.batches.files(batch_id)
    scene.world.deleted |= {file.conversion_id for file in files if file.conversion_id}
    try:
        batch_control.cancel(scene.service, user, batch_id)
    finally:
        for key, drop in scene.world.dropped.items():
            if key.startswith(f"{INBOX}{user.user_id}/"):
                drop.cancelled = drop.puts  # what was put meanwhile may be gone as well, or not
    return batch_id


def _some_batch(scene: Scene) -> str | None:
    orders = [key.split("/")[1] for key in scene.world.orders[-6:]]
    days = [folder_batch(scene.service, user_id).batch_id for user_id in scene.world.user_ids]
    known = [one for one in (*orders, *days) if scene.service.store.batches.get(one)]
    return scene.dice.choice(known) if known else None


def _owner_of(scene: Scene, batch_id: str) -> str:
    batch = scene.service.store.batches.get(batch_id)
    return batch.owner_id if batch else ""


def put_object(scene: Scene, key: str, body: bytes) -> None:
    """Put an object; the bucket tells of it once, or twice."""
    world: World = scene.world
    world.bucket.objects[key] = body
    for _ in range(1 + (scene.dice.random() < 0.3)):
        world.queues.announce(key)
