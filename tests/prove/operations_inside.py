"""What happens around clients: deliveries, sweeps, the stream, and what administrators change."""

import json
from itertools import count

from chalicelib.conversions import BY_ACTION
from chalicelib.domain.errors import Conflict
from chalicelib.domain.users import Role
from chalicelib.services import accounts, permissions, points
from chalicelib.store.queues import INTAKE
from chalicelib.workers import archiving, conversions, intake, sweeping, tallying
from tests.prove import doctor
from tests.prove.operations import SLUG, Scene
from tests.prove.stand_ins import ARCHIVES
from tests.prove.world import PASSWORD, World
from tests.support.ended import Image, event

_ACTION = next(action for action, spec in BY_ACTION.items() if spec.slug == SLUG)
_BATCH = 10
_message_ids = count(1)
_HANDLERS = {INTAKE: intake.handler, ARCHIVES: archiving.handler}


def work(scene: Scene) -> str:
    """A queue delivers some message to its handler; it goes only when that one has not named it as failed."""
    message = scene.world.queues.receive(scene.dice)
    if message is None:
        return ""
    record = {"messageId": str(next(_message_ids)), "body": json.dumps(message.body)}
    handler = _HANDLERS.get(message.queue, conversions.handler)
    failed = handler({"Records": [record]}, None)["batchItemFailures"]
    if not failed and scene.dice.random() < 0.9:
        scene.world.queues.delete(message)
    return f"{message.queue} {message.body}{' failed' if failed else ''}"


def sweep_once(scene: Scene) -> str:
    """The schedule fires."""
    return str(sweeping.handler())


def examine(scene: Scene) -> str:
    """The operator calls the doctor, on a service in use."""
    return doctor.call(scene.world, scene.service)


def tell(scene: Scene) -> str:
    """The stream tells of some rows that ended, in any order, also of those that it told of before."""
    images = ended_images(scene.world)
    told = scene.dice.sample(images, min(_BATCH, len(images)))
    scene.world.met["records told again"] += sum(_id(image) in scene.world.told for image in told)
    return _tell(scene.world, told) if told else ""


def tell_rest(scene: Scene) -> str:
    """The stream tells of all rows that the handler has not confirmed."""
    untold = [image for image in ended_images(scene.world) if _id(image) not in scene.world.told]
    return " ".join(_tell(scene.world, untold[at : at + _BATCH]) for at in range(0, len(untold), _BATCH))


def _tell(world: World, images: list[Image]) -> str:
    failures = tallying.handler(event(images), None)["batchItemFailures"]
    if not failures:
        world.told.update(_id(image) for image in images)
    return f"{len(images)} rows{', to be told again' if failures else ''}"


def ended_images(world: World) -> list[Image]:
    """Every row that ended, as the stream has it."""
    return [image for image in all_rows(world) if "ended_at" in image]


def all_rows(world: World) -> list[Image]:
    """Every conversion's row, in the order of their ids."""
    table = world.base.settings.tables.conversions
    pages = world.dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return sorted((item for page in pages for item in page["Items"]), key=_id)


def change_role(scene: Scene) -> str:
    """A super user changes somebody's role."""
    role = scene.dice.choice(list(Role))
    changed = accounts.set_role(scene.service, scene.user(Role.SUPER), scene.dice.choice(scene.world.user_ids), role)
    return f"{changed.username} is {role}"


def permit(scene: Scene) -> str:
    """A super user permits or forbids the conversion."""
    allowed = scene.dice.random() < 0.7
    target = scene.dice.choice(scene.world.user_ids)
    permissions.write(scene.service, scene.user(Role.SUPER), target, {_ACTION: allowed})
    return f"{target} {allowed}"


def enable(scene: Scene) -> str:
    """A super user disables or enables somebody."""
    is_active = scene.dice.random() < 0.75
    target = scene.dice.choice(scene.world.user_ids)
    changed = accounts.set_active(scene.service, scene.user(Role.SUPER), target, is_active)
    return f"{changed.username} {is_active}"


def price(scene: Scene) -> str:
    """A super user sets what a conversion costs."""
    cost = scene.dice.choice([0, 1, 3, 3, 5, 11])
    points.set_flat_cost(scene.service, scene.user(Role.SUPER), cost)
    return str(cost)


def hire(scene: Scene) -> str:
    """A super user creates somebody; two who are called the same can't both be."""
    number = len(scene.world.user_ids)
    role = scene.dice.choice([Role.GENERAL, Role.GENERAL, Role.ADMIN, Role.DEMO])
    new = accounts.NewUser(f"person-{number}@example.com", PASSWORD, f"person-{number}", role)
    try:
        scene.world.add_user(accounts.create(scene.service, scene.user(Role.SUPER), new))
    except Conflict:
        if found := scene.service.store.users.find_by_email(new.email):
            scene.world.add_user(found)
        raise
    return new.email


def _id(image: Image) -> str:
    found: str = image["conversion_id"]["S"]
    return found
