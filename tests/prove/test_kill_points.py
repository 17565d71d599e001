"""Every part is killed before and after each of its calls, once each; whoever comes next makes up for it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

from tests.prove import operations, operations_files, operations_inside
from tests.prove.dust import settle
from tests.prove.engine import document
from tests.prove.episode import counted
from tests.prove.faults import Fate, Killed, Passage
from tests.prove.invariants import strays, violations
from tests.prove.operations import Scene
from tests.prove.stand_ins import Message
from tests.prove.world import Drop, Wish, World, world

MORE_CALLS_THAN_ANY_PART_MAKES = 40


@dataclass(frozen=True)
class Part:
    """What is killed: prepared without faults, then done until it dies.

    ``alone``: with nothing else left to do. ``leaves``: an object, for the bucket's lifecycle rule.
    """

    prepare: Callable[[Scene], object]
    act: Callable[[Scene], object]
    alone: bool = False
    leaves: bool = False


def ask(temper: str) -> Callable[[Scene], object]:
    """A client with a key asks for a conversion; its first ask makes the wish."""

    def act(scene: Scene) -> object:
        user_id = scene.world.user_ids[3]
        number = len(scene.world.conversions)
        wish = Wish(number, user_id, f"key-{number}", {"temper": temper, "secret": True, "version": "v3"})
        scene.world.conversions.append(wish)
        return operations.ask(scene, wish)

    return act


def give(scene: Scene) -> object:
    """An administrator with a key tops somebody up."""
    giver, target = scene.world.user_ids[2:4]
    wish = Wish(len(scene.world.gifts), giver, f"gift-{len(scene.world.gifts)}", {"target": target, "amount": 5})
    scene.world.gifts.append(wish)
    return operations.give_wish(scene, wish)


def drop(scene: Scene) -> None:
    """An object is dropped into a folder."""
    key = f"inbox/{scene.world.user_ids[3]}/{operations.SLUG}/{len(scene.world.dropped)}.pdf"
    scene.world.bucket.objects[f"{key.rpartition('/')[0]}/_options.json"] = b'{"pages": "1"}'
    body = scene.world.bucket.objects[key] = document("good", len(scene.world.dropped))
    scene.world.dropped[key] = Drop(body, 1)
    scene.world.queues.announce(key)


def dead_worker(scene: Scene) -> None:
    """A conversion whose workers died until no attempt is left."""
    ask("good")(scene)
    for _ in range(scene.service.settings.max_attempts):
        scene.world.timeline.sleep(40)
        passage = Passage(Fate(killed_at=1), Counter(), lambda: None)
        with pytest.raises(Killed), scene.world.acting(scene.service, passage):
            operations_inside.work(scene)
    scene.world.queues.messages.clear()
    scene.world.timeline.sleep(40)


def ended(scene: Scene) -> None:
    """A conversion of a folder that ended and that nobody told of."""
    drop(scene)
    operations_inside.work(scene)
    operations_inside.work(scene)


def enrich(made: World) -> None:
    """Let the user who asks have points for all tries."""
    wish = Wish(0, made.user_ids[0], None, {"target": made.user_ids[3], "amount": 1_000})
    made.gifts.append(wish)
    operations.give_wish(Scene(made, made.service(), Random(0)), wish)


def nothing(_scene: Scene) -> None:
    """No preparation."""


PARTS = {
    "acceptance": Part(nothing, ask("good"), leaves=True),
    "success": Part(ask("good"), operations_inside.work),
    "slow success": Part(ask("slow"), operations_inside.work),
    "refusal": Part(ask("refused"), operations_inside.work),
    "failure of ours": Part(ask("broken"), operations_inside.work),
    "giving up": Part(dead_worker, operations_inside.sweep_once, alone=True, leaves=True),
    "intake": Part(drop, operations_inside.work, leaves=True),
    "stream": Part(ended, operations_inside.tell_rest, alone=True),
    "batch": Part(nothing, operations_files.order_batch),
    "top-up": Part(nothing, give),
}


def killed(made: World, part: Part, fate: Fate) -> bool:
    """Whether the part died of its fate; otherwise it came to its end before."""
    scene = Scene(made, made.service(), Random(5))
    part.prepare(scene)
    with made.acting(scene.service, Passage(fate, made.met, lambda: None)):
        try:
            part.act(scene)
        except Killed:
            return True
    return False


@pytest.mark.parametrize("name", PARTS)
def test_all_is_well_in_the_end_when_a_part_is_killed_at_any_of_its_calls(dynamodb_local: str, name: str) -> None:
    deaths, parked = 0, list[Message]()
    with world(dynamodb_local, Random(1)) as made:
        enrich(made)
        for at in range(MORE_CALLS_THAN_ANY_PART_MAKES):
            fates = [Fate(killed_at=at, killed_after=after) for after in (False, True)]
            died = [killed(made, PARTS[name], fate) for fate in fates]
            deaths += sum(died)
            if not any(died):
                break
            if PARTS[name].alone:
                assert list(settle(made)) == []
            parked += made.queues.messages
            made.queues.messages.clear()
        else:
            pytest.fail(f"more than {MORE_CALLS_THAN_ANY_PART_MAKES} calls")
        made.queues.messages += parked
        assert list(settle(made)) == []
        assert violations(made) == []
        assert list(counted(made)) == []
        assert [key for key in strays(made) if not PARTS[name].leaves] == []
    assert deaths >= 6
