"""When users were last here, in DynamoDB: apart from their items, so that no charge has to wait for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.store.conditional import update_if
from chalicelib.store.tables_reporting import ActivityItem


@dataclass(frozen=True)
class Activity:
    """A user's last log-in and the last conversion that ended; RFC 3339."""

    last_login_at: str | None = None
    last_conversion_at: str | None = None

    @property
    def last_activity_at(self) -> str | None:
        """The later of the two."""
        return max(filter(None, (self.last_login_at, self.last_conversion_at)), default=None)


class Activities:
    """Reads and writes of the activity table."""

    def logged_in(self, user_id: str, at: str) -> None:
        """Note a log-in."""
        ActivityItem(user_id).update(actions=[ActivityItem.last_login_at.set(at)])

    def converted(self, user_id: str, at: str) -> None:
        """Note a conversion; an older moment than the one noted changes nothing."""
        newer = ActivityItem.last_conversion_at.does_not_exist() | (ActivityItem.last_conversion_at < at)
        update_if(ActivityItem(user_id), [ActivityItem.last_conversion_at.set(at)], newer)

    def of(self, user_ids: Iterable[str]) -> dict[str, Activity]:
        """By user, as far as there is any."""
        return {
            item.user_id: Activity(item.last_login_at, item.last_conversion_at)
            for item in ActivityItem.batch_get(list(user_ids))
        }
