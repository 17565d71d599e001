"""What clients do: ask for conversions and points, once and again, and delete results."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.errors import ConvertProError, ServiceFailure, Unauthenticated
from chalicelib.domain.users import Role, User
from chalicelib.domain.versions import V2
from chalicelib.services import Service, cancellation, conversions, legacy, points, uploads
from chalicelib.services.accept import accept
from chalicelib.services.incoming import SentFile
from chalicelib.services.submission import Submission
from tests.prove.engine import TEMPERS, document
from tests.prove.world import Wish, World

SLUG = "remove-pages-from-pdf"


@dataclass(frozen=True)
class Scene:
    """What an operation works with: the world, the service of its machine, and its own dice."""

    world: World
    service: Service
    dice: Random

    def user(self, *roles: Role) -> User:
        """Some active user, freshly read. Raises ``Unauthenticated`` when it happens to have none of ``roles``."""
        user = self.service.store.users.get(self.dice.choice(self.world.user_ids))
        if user is None or not user.is_active or (roles and user.role not in roles):
            raise Unauthenticated("somebody else")
        return user


def file_name(wish: Wish) -> str:
    """The name under which a wish hands its document in: so rows tell which wish made them."""
    return f"wish-{wish.number}.pdf"


def _submission(scene: Scene, user: User, wish: Wish) -> Submission:
    """The request of a wish: the same each time."""
    if "upload" in wish.asked:
        return uploads.submission(scene.service, user, BY_SLUG[SLUG], [wish.asked["upload"]], {"pages": "1"})
    file = SentFile(file_name(wish), document(wish.asked["temper"], wish.number))
    options = {"pages": "1"} | ({"password": "hush"} if wish.asked["secret"] else {})
    return Submission(BY_SLUG[SLUG], [file], options)


@contextmanager
def asking(wish: Wish) -> Iterator[None]:
    """Take down how the asking ends when it brings nothing."""
    try:
        yield
    except ServiceFailure:
        wish.silences += 1
        raise
    except ConvertProError as error:
        wish.refusals.append(error.code)
        raise
    except BaseException:
        wish.silences += 1
        raise


def convert(scene: Scene) -> str:
    """A client asks for a conversion."""
    dice, number = scene.dice, len(scene.world.conversions)
    key = f"key-{number}" if dice.random() < 0.6 else None
    asked = {"temper": dice.choice(TEMPERS), "secret": dice.random() < 0.2, "version": "v3"}
    wish = Wish(number, dice.choice(scene.world.user_ids), key, asked)
    scene.world.conversions.append(wish)
    return ask(scene, wish)


def convert_again(scene: Scene) -> str:
    """A client repeats a request under its key, whatever it was told."""
    wishes = [one for one in scene.world.conversions if one.key]
    return ask(scene, scene.dice.choice(wishes[-12:])) if wishes else ""


def convert_legacy(scene: Scene) -> str:
    """A client of v2 asks: a quota, no points, no key."""
    asked = {"temper": scene.dice.choice(TEMPERS), "secret": False, "version": "v2"}
    wish = Wish(len(scene.world.conversions), scene.dice.choice(scene.world.user_ids), None, asked)
    scene.world.conversions.append(wish)
    return ask(scene, wish)


def ask(scene: Scene, wish: Wish, *, keyless: bool = False) -> str:
    """Ask for the conversion of ``wish``."""
    with asking(wish):
        user = scene.service.store.users.get(wish.user_id)
        if user is None or not user.is_active:
            raise Unauthenticated("disabled")
        if wish.asked["version"] == V2.name:
            conversion = legacy.convert(scene.service, user, _submission(scene, user, wish), V2, "192.0.2.1")
        else:
            key = None if keyless else wish.key
            conversion = accept(scene.service, user, _submission(scene, user, wish), key).conversion
        wish.made.append(conversion.conversion_id)
    return f"wish {wish.number} {wish.asked}, key {wish.key}, of {user.username}: {conversion.conversion_id}"


def delete_result(scene: Scene) -> str:
    """A client deletes a result."""
    made = [(one.user_id, made) for one in scene.world.conversions for made in one.made[-1:]]
    if not made:
        return ""
    user_id, conversion_id = scene.dice.choice(made)
    scene.world.deleted.add(conversion_id)
    user = scene.service.store.users.get(user_id)
    if user:
        conversions.delete(scene.service, user, conversion_id)
    return conversion_id


def cancel(scene: Scene) -> str:
    """A client cancels what it asked for last."""
    made = [(one.user_id, made) for one in scene.world.conversions for made in one.made[-1:]]
    if not made:
        return ""
    user_id, conversion_id = scene.dice.choice(made[-3:])
    user = scene.service.store.users.get(user_id)
    if user:
        cancellation.cancel(scene.service, user, conversion_id)
    return conversion_id


def give(scene: Scene) -> str:
    """Somebody tops somebody up."""
    dice, number = scene.dice, len(scene.world.gifts)
    key = f"gift-{number}" if dice.random() < 0.7 else None
    asked = {"target": dice.choice(scene.world.user_ids), "amount": dice.randrange(1, 20)}
    wish = Wish(number, dice.choice(scene.world.user_ids), key, asked)
    scene.world.gifts.append(wish)
    return give_wish(scene, wish)


def give_again(scene: Scene) -> str:
    """Somebody repeats a top-up under its key."""
    wishes = [one for one in scene.world.gifts if one.key]
    return give_wish(scene, scene.dice.choice(wishes)) if wishes else ""


def note_of(wish: Wish) -> str:
    """The note of a gift: so entries tell which wish made them."""
    return f"gift {wish.number}"


def give_wish(scene: Scene, wish: Wish) -> str:
    """Ask for the top-up of ``wish``."""
    with asking(wish):
        giver = scene.service.store.users.get(wish.user_id)
        if giver is None or not giver.is_active or giver.role not in (Role.ADMIN, Role.SUPER):
            raise Unauthenticated("somebody else")
        wanted = points.Topup(wish.asked["target"], wish.asked["amount"], note_of(wish))
        given = points.grant(scene.service, giver, wanted, "/topup", wish.key)
        wish.made.append(given.entry.entry_id)
    return f"gift {wish.number} of {wish.asked['amount']}: {given.entry.entry_id}"
