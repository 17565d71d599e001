"""Use cases: what the product does, on top of the store and the engines."""

from dataclasses import dataclass

from chalicelib import observability
from chalicelib.domain.clock import Clock, utc_now
from chalicelib.settings import Settings
from chalicelib.store import Store


@dataclass(frozen=True)
class Service:
    """What every use case works with."""

    settings: Settings
    store: Store
    clock: Clock = utc_now

    def now_s(self) -> float:
        """Epoch seconds."""
        return self.clock().timestamp()


def open_service(settings: Settings | None = None) -> Service:
    """The service of this process. Raises ``BadSettings``."""
    settings = settings or Settings.from_env()
    observability.configure(settings.log_level)
    return Service(settings, Store(settings))
