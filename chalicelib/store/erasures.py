"""Users who were deleted: what is left of one, and of whom something may still lie about."""

from pynamodb.expressions.update import Action

from chalicelib.domain.users import User
from chalicelib.store.tables import UserItem
from chalicelib.store.transactions import Write

_GUARD = "guard#erasures"


class Erasures:
    """The users whose keys and files are still to go."""

    def pending(self) -> list[str]:
        """Their ids."""
        try:
            item = UserItem.get(_GUARD, consistent_read=True)
        except UserItem.DoesNotExist:
            return []
        return sorted(item.erasures or ())

    def done(self, user_id: str) -> None:
        """Record that nothing of a deleted user lies about any more."""
        UserItem(user_id=_GUARD).update([UserItem.erasures.delete({user_id})])


def erase_later(user_id: str) -> Write:
    """The write that has a deleted user's keys and files erased."""
    return Write("erasure", UserItem(user_id=_GUARD), None, [UserItem.erasures.add({user_id})])


def gone(user: User) -> list[Action]:
    """What is left of a user who is deleted: its points. Without a role no index has it; ``account`` alone reads it."""
    personal = (UserItem.email, UserItem.username, UserItem.password_hash, UserItem.permissions, UserItem.role)
    return [
        *(attribute.remove() for attribute in personal),
        UserItem.former_role.set(user.role.value),
        UserItem.is_active.set(False),
        UserItem.token_epoch.add(1),
        UserItem.revision.add(1),
    ]
