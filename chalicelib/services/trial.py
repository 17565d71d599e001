"""What one try of an errand came to."""

from dataclasses import dataclass

from chalicelib.domain.errands import State


@dataclass(frozen=True)
class Outcome:
    """The status that was answered, what went wrong (None: nothing), and whether that is the end."""

    status: int | None = None
    note: str | None = None
    is_final: bool = False

    @property
    def ends(self) -> State | None:
        """The state in which the errand ends by it."""
        if self.note is None:
            return State.DELIVERED
        return State.FAILED if self.is_final else None


def answered(status: int) -> Outcome:
    """2xx alone is success; a redirect is not followed."""
    if 200 <= status < 300:
        return Outcome(status)
    followed = " Redirects are not followed." if 300 <= status < 400 else ""
    return Outcome(status, f"The server answered {status}.{followed}")
