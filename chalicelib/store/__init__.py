"""Everything that is kept: tables, transactions, objects and queues. The only package that talks to AWS."""

from functools import cached_property

from chalicelib.settings import BadSettings, Settings
from chalicelib.store import connection, secrets
from chalicelib.store.activity import Activities
from chalicelib.store.api_keys import ApiKeys
from chalicelib.store.archives import Archives
from chalicelib.store.arrivals import Arrivals
from chalicelib.store.audit import Audit
from chalicelib.store.batches import Batches
from chalicelib.store.charging import Charging
from chalicelib.store.conversions import Conversions
from chalicelib.store.credentials import InboxKeys
from chalicelib.store.erasures import Erasures
from chalicelib.store.errands import Errands, Webhooks
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
        self.batches = Batches(transactor)
        self.erasures = Erasures()
        self.arrivals = Arrivals()
        self.errands = Errands()
        self.webhooks = Webhooks()

    @cached_property
    def files(self) -> Files:
        """The bucket."""
        return Files(connection.client(self._settings, "s3"), self._settings.bucket)

    @cached_property
    def archives(self) -> Archives:
        """Zip archives in the bucket."""
        return Archives(connection.client(self._settings, "s3"), self._settings.bucket)

    @cached_property
    def inbox_keys(self) -> InboxKeys:
        """Temporary keys for folders. Raises ``BadSettings``."""
        if not self._settings.inbox_role_arn:
            raise BadSettings("INBOX_ROLE_ARN: is not set; it names the role that temporary keys for folders assume")
        sts = connection.client(self._settings, "sts")
        return InboxKeys(sts, self._settings.inbox_role_arn, self._settings.bucket)

    @cached_property
    def queues(self) -> Queues:
        """The queues."""
        return Queues(connection.client(self._settings, "sqs"), self._settings)

    @cached_property
    def signing_secret(self) -> str:
        """The secret that signs tokens."""
        return secrets.signing_secret(self._settings, connection.client)
