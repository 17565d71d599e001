"""One run of operations that go wrong, the settling of the dust, and what it proves."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.domain.errors import ConvertProError
from chalicelib.workers.sweeping import SweepIncomplete
from infra import recount
from tests.prove import operations, operations_files, operations_folders, operations_inside
from tests.prove.doctor import discharge
from tests.prove.dust import settle
from tests.prove.faults import Fate, Killed, Passage
from tests.prove.invariants import violations
from tests.prove.invariants_of_lines import lines_kept
from tests.prove.operations import Scene
from tests.prove.violations import Kind, Violation
from tests.prove.world import World, world

Act = Callable[[Scene], str]
EXPECTED = (ConvertProError, PynamoDBException, BotoCoreError, ClientError, SweepIncomplete)
OPERATIONS: dict[str, tuple[Act, int]] = {
    "convert": (operations.convert, 18),
    "convert again": (operations.convert_again, 10),
    "convert legacy": (operations.convert_legacy, 2),
    "convert upload": (operations_files.convert_upload, 6),
    "use upload again": (operations_files.use_upload_again, 4),
    "order batch": (operations_files.order_batch, 3),
    "put ordered file": (operations_files.put_ordered, 3),
    "drop into folder": (operations_folders.drop, 10),
    "put again": (operations_folders.mend, 4),
    "retry batch": (operations_files.retry_batch, 2),
    "cancel batch": (operations_files.cancel_batch, 2),
    "cancel": (operations.cancel, 2),
    "delete result": (operations.delete_result, 2),
    "top up": (operations.give, 6),
    "top up again": (operations.give_again, 3),
    "deliver": (operations_inside.work, 48),
    "sweep": (operations_inside.sweep_once, 7),
    "call the doctor": (operations_inside.examine, 1),
    "tell the tally": (operations_inside.tell, 7),
    "change role": (operations_inside.change_role, 2),
    "permit": (operations_inside.permit, 2),
    "enable": (operations_inside.enable, 2),
    "set price": (operations_inside.price, 1),
    "create user": (operations_inside.hire, 2),
}
"""What can happen, and how often compared with the rest."""
MOST_ACTIVE = 2
"""Few, so that conversions have to wait in line."""
KILLS, TROUBLES = 0.25, 0.3
SKEWS_S = (*[0] * 4, -2, 2, -15, 15, -40, 40)
WAITS_S = (*[0] * 12, 0.5, 2, 8, 20, 31, 65, 3_600, 90_000)


@dataclass(frozen=True)
class Step:
    """One operation: its kind, the seed of all that it draws, and the seconds that pass before it."""

    kind: str
    seed: int
    wait_s: float


@dataclass
class Verdict:
    """What an episode proved. ``story`` tells each operation in the order in which they ended."""

    violations: list[Violation] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    operations: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    calls: int = 0


def plan(dice: Random, length: int, kinds: Iterable[str] = tuple(OPERATIONS)) -> list[Step]:
    """``length`` operations of ``kinds``."""
    kinds = list(kinds)
    weights = [OPERATIONS[kind][1] for kind in kinds]
    return [Step(dice.choices(kinds, weights)[0], dice.getrandbits(32), dice.choice(WAITS_S)) for _ in range(length)]


def play(endpoint_url: str, seed: int, steps: Sequence[Step]) -> Verdict:
    """Run ``steps``, several at once, then let the dust settle and look."""
    dice, verdict = Random(seed), Verdict()
    with world(endpoint_url, dice, MOST_ACTIVE) as scene:
        scene.turns.play(partial(_perform, scene, verdict, step) for step in steps)
        verdict.violations += lines_kept(scene)
        verdict.violations += settle(scene)
        verdict.violations += violations(scene)
        verdict.violations += counted(scene)
        verdict.violations += [Violation(Kind.TOO_BIG, one) for one in scene.too_big]
        verdict.violations += discharge(scene)
        verdict.met = scene.met + Counter({"message delivered again": scene.queues.repeats})
    return verdict


def _perform(made: World, verdict: Verdict, step: Step) -> None:
    dice = Random(step.seed)
    made.timeline.sleep(step.wait_s)
    passage = Passage(Fate.draw(dice, KILLS, TROUBLES), made.met, made.turns.pause)
    skew_s = dice.choice(SKEWS_S)
    made.met["clock skewed"] += bool(skew_s)
    with made.acting(made.service(skew_s), passage):
        outcome = _outcome(step, Scene(made, made.service(skew_s), dice), verdict)
    if passage.calls or outcome:
        verdict.operations[step.kind] += 1
        verdict.calls += passage.calls
        at = f"{made.timeline.elapsed_s:9.1f} s{skew_s:+4d}"
        verdict.story.append(f"{at} {step.kind}: {outcome}\n      {' > '.join(passage.story)}")


def _outcome(step: Step, scene: Scene, verdict: Verdict) -> str:
    try:
        return OPERATIONS[step.kind][0](scene)
    except Killed:
        return "killed"
    except EXPECTED as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:  # noqa: BLE001 - the finding
        verdict.violations.append(Violation(Kind.UNEXPECTED, f"{step.kind}: {error!r}"))
        return repr(error)


def counted(made: World) -> Iterator[Violation]:
    """The tally's counters are what a recount of all rows makes of them."""
    for difference in recount.compare(made.base, made.dynamodb):
        yield Violation(Kind.MISCOUNTED, str(difference))
    for image in operations_inside.ended_images(made):
        if "counted" not in image:
            yield Violation(Kind.MISCOUNTED, f"{image['conversion_id']['S']} was never counted")
