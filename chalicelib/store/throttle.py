"""Counts attempts in DynamoDB, in windows that begin with the first of them."""

from dataclasses import dataclass

from chalicelib.store.conditional import update_if
from chalicelib.store.tables import ThrottleItem


@dataclass(frozen=True)
class Window:
    """How many attempts an open window holds, and when it ends (epoch seconds)."""

    count: int
    ends: float


class Throttle:
    """Reads and writes of the throttle table."""

    def reserve(self, bucket: str, window_s: float, now: float) -> Window:
        """Count one attempt and return the window with it: counting first leaves no gap for parallel guesses."""
        while True:
            for count in (self._count, self._open):
                window = count(bucket, window_s, now)
                if window:
                    return window

    def give_back(self, bucket: str, window: Window) -> None:
        """Take one attempt of ``window`` back: it turned out to be none."""
        update_if(ThrottleItem(bucket), [ThrottleItem.attempts.add(-1)], ThrottleItem.window_ends == window.ends)

    def _count(self, bucket: str, _window_s: float, now: float) -> Window | None:
        item = ThrottleItem(bucket)
        if not update_if(item, [ThrottleItem.attempts.add(1)], ThrottleItem.window_ends > now):
            return None
        return Window(int(item.attempts), float(item.window_ends))

    def _open(self, bucket: str, window_s: float, now: float) -> Window | None:
        ends = now + window_s
        actions = [
            ThrottleItem.attempts.set(1),
            ThrottleItem.window_ends.set(ends),
            ThrottleItem.ttl.set(int(ends) + 3_600),
        ]
        closed = ThrottleItem.bucket.does_not_exist() | (ThrottleItem.window_ends <= now)
        return Window(1, ends) if update_if(ThrottleItem(bucket), actions, closed) else None
