"""Takes turns between parts that run at once: one moves at a time, and the dice say which, so that a seed tells all."""

import threading
from collections.abc import Callable, Iterable, Iterator
from random import Random

Part = Callable[[], None]


class Turns:
    """Runs parts on threads of their own, of which only the one whose turn it is goes on."""

    def __init__(self, dice: Random, width: int) -> None:
        self._dice = dice
        self._width = width
        self._own = threading.local()

    def play(self, parts: Iterable[Part]) -> None:
        """Start the parts in order, at most ``width`` at once, and take turns until all have ended."""
        waiting: Iterator[Part] = iter(parts)
        live: list[_Player] = []
        more = True
        while more or live:
            if more and len(live) < self._width and (not live or self._dice.random() < 1 / 8):
                part = next(waiting, None)
                more = part is not None
                if part:
                    live.append(_Player(part, self._own))
                continue
            player = self._dice.choice(live)
            if player.move():
                live.remove(player)

    def pause(self) -> None:
        """Let others have their turns; outside of :meth:`play` there are none."""
        player: _Player | None = getattr(self._own, "player", None)
        if player:
            player.wait()


class _Player:
    """A part's thread and the two signals between it and who takes turns."""

    def __init__(self, part: Part, own: threading.local) -> None:
        self._part = part
        self._own = own
        self._go = threading.Semaphore(0)
        self._back = threading.Semaphore(0)
        self._ended = False
        self._error: BaseException | None = None
        threading.Thread(target=self._live, daemon=True).start()

    def move(self) -> bool:
        """Let the part go on to its next pause; whether it has ended. Raises what it raised."""
        self._go.release()
        self._back.acquire()
        if self._error:
            raise self._error
        return self._ended

    def wait(self) -> None:
        self._back.release()
        self._go.acquire()

    def _live(self) -> None:
        self._own.player = self
        self._go.acquire()
        try:
            self._part()
        except BaseException as error:  # noqa: BLE001 - handed to who takes turns
            self._error = error
        self._ended = True
        self._back.release()
