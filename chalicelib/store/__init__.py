"""Everything that is kept: tables, transactions, objects and queues. The only package that talks to AWS."""

from functools import cached_property

from chalicelib.settings import Settings
from chalicelib.store import connection, secrets
from chalicelib.store.activity import Activities
from chalicelib.store.api_keys import ApiKeys
from chalicelib.store.audit import Audit
from chalicelib.store.charging import Charging
from chalicelib.store.conversions import Conversions
from chalicelib.store.files import Files
from chalicelib.store.idempotency import Idempotency
from chalicelib.store.ledger import Ledger
from chalicelib.store.lines import Lines
from chalicelib.store.queues import Queues
from chalicelib.store.rules import Rules
from chalicelib.store.sessions import Sessions
from chalicelib.store.stats import Stats
from chalicelib.store.throttle import Throttle
from chalicelib.store.transactions import Transactor
from chalicelib.store.uploads import Uploads
from chalicelib.store.users import Users


class Store:
    """All that is kept. Clients are made when first used: a balance read makes no S3 client."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        transactor = Transactor(connection.bind_tables(settings, connection.client(settings, "dynamodb")))
        self.users = Users(transactor)
        self.charging = Charging(transactor)
        self.transactor = transactor
        self.ledger = Ledger()
        self.conversions = Conversions()
        self.idempotency = Idempotency()
        self.sessions = Sessions()
        self.throttle = Throttle()
        self.rules = Rules(transactor)
        self.api_keys = ApiKeys(transactor)
        self.audit = Audit()
        self.stats = Stats(transactor)
        self.activity = Activities()
        self.uploads = Uploads()
        self.lines = Lines()

    @cached_property
    def files(self) -> Files:
        """The bucket."""
        return Files(connection.client(self._settings, "s3"), self._settings.bucket)

    @cached_property
    def queues(self) -> Queues:
        """The engine queues."""
        return Queues(connection.client(self._settings, "sqs"), self._settings.queues)

    @cached_property
    def signing_secret(self) -> str:
        """The secret that signs tokens."""
        return secrets.signing_secret(self._settings, connection.client)
