"""The DynamoDB tables as PynamoDB models; ``connection.py`` binds them to their physical names."""

from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.indexes import (
    AllProjection,
    GlobalSecondaryIndex,
    IncludeProjection,
    KeysOnlyProjection,
    LocalSecondaryIndex,
)
from pynamodb.models import Model

from chalicelib.domain.users import Role
from chalicelib.store.json_attribute import JsonAttribute


class UsersByRole(GlobalSecondaryIndex["UserItem"]):
    """Users of a role in order of creation: ids are sortable."""

    class Meta:
        index_name = "by_role"
        projection = IncludeProjection(["email", "username", "is_active", "created_at"])

    role = UnicodeAttribute(hash_key=True)
    user_id = UnicodeAttribute(range_key=True)


class UsersByBalance(GlobalSecondaryIndex["UserItem"]):
    """Users of a role by their points."""

    class Meta:
        index_name = "by_balance"
        projection = IncludeProjection(["email", "username"])

    role = UnicodeAttribute(hash_key=True)
    balance = NumberAttribute(range_key=True)
    user_id = UnicodeAttribute()


class UserItem(Model):
    """A user, or a guard: of a unique name, of the number of super users, of the users of a role, of erasures."""

    class Meta:
        table_name = ""

    user_id = UnicodeAttribute(hash_key=True)
    email = UnicodeAttribute(null=True)
    username = UnicodeAttribute(null=True)
    role = UnicodeAttribute(null=True)
    is_active = BooleanAttribute(null=True)
    created_at = UnicodeAttribute(null=True)
    password_hash = UnicodeAttribute(null=True)
    token_epoch = NumberAttribute(null=True)
    revision = NumberAttribute(null=True)
    balance = NumberAttribute(null=True)
    opening = NumberAttribute(null=True)
    topup = NumberAttribute(null=True)
    spent = NumberAttribute(null=True)
    refunded = NumberAttribute(null=True)
    corrected = NumberAttribute(null=True)
    permissions: MapAttribute[str, Any] = MapAttribute(null=True)
    guards = UnicodeAttribute(null=True)
    former_role = UnicodeAttribute(null=True)
    erasures = UnicodeSetAttribute(null=True)
    members = NumberAttribute(null=True)
    active_members = NumberAttribute(null=True)
    by_role = UsersByRole()
    by_balance = UsersByBalance()


class LedgerByTime(LocalSecondaryIndex["LedgerItem"]):
    """A user's entries by time."""

    class Meta:
        index_name = "by_time"
        projection = AllProjection()

    user_id = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class LedgerByGiver(GlobalSecondaryIndex["LedgerItem"]):
    """What somebody gave, by time; holds top-ups only."""

    class Meta:
        index_name = "by_giver"
        projection = AllProjection()

    given_by = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class LedgerByGift(GlobalSecondaryIndex["LedgerItem"]):
    """What anybody gave, by time; holds top-ups only."""

    class Meta:
        index_name = "by_gift"
        projection = AllProjection()

    gift = UnicodeAttribute(hash_key=True)
    at = UnicodeAttribute(range_key=True)


class LedgerItem(Model):
    """One movement of points; append-only. ``at`` is its sort key: time, then revision. Only top-ups have a
    ``given_by`` and a ``gift``, which their indexes live on."""

    class Meta:
        table_name = ""

    user_id = UnicodeAttribute(hash_key=True)
    entry_id = UnicodeAttribute(range_key=True)
    at = UnicodeAttribute()
    status = UnicodeAttribute()
    amount = NumberAttribute()
    balance_after = NumberAttribute()
    created_by = UnicodeAttribute()
    created_at = UnicodeAttribute()
    action = UnicodeAttribute(null=True)
    conversion_id = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    given_by = UnicodeAttribute(null=True)
    gift = UnicodeAttribute(null=True)
    by_time = LedgerByTime()
    by_giver = LedgerByGiver()
    by_gift = LedgerByGift()


class ConversionsByOwner(GlobalSecondaryIndex["ConversionItem"]):
    """An owner's conversions by time: ids are sortable."""

    class Meta:
        index_name = "by_owner"
        projection = AllProjection()

    owner_id = UnicodeAttribute(hash_key=True)
    conversion_id = UnicodeAttribute(range_key=True)


class ConversionsByDue(GlobalSecondaryIndex["ConversionItem"]):
    """Open conversions, and results that are kept, by when the sweeper should look at them; sharded and sparse."""

    class Meta:
        index_name = "by_due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)
    conversion_id = UnicodeAttribute()


class ConversionsByCounted(GlobalSecondaryIndex["ConversionItem"]):
    """Conversions that the tally has counted, by the role of their owners and by time."""

    class Meta:
        index_name = "by_counted"
        projection = IncludeProjection(["owner_id", "action", "status", "points_charged", "created_at", "ended_at"])

    counted = UnicodeAttribute(hash_key=True)
    conversion_id = UnicodeAttribute(range_key=True)


class ConversionsByLine(GlobalSecondaryIndex["ConversionItem"]):
    """Conversions that no worker took yet, by line and in order of acceptance; sparse."""

    class Meta:
        index_name = "by_line"
        projection = KeysOnlyProjection()

    waiting = UnicodeAttribute(hash_key=True)
    conversion_id = UnicodeAttribute(range_key=True)


class ConversionItem(Model):
    """A conversion's row. ``due_shard`` and ``due_at`` are there while it is open or its result kept, ``ended_at`` once
    it ended; ``waiting``, its line, until it is called or taken; ``counted``, the owner's role, once it is counted."""

    class Meta:
        table_name = ""

    conversion_id = UnicodeAttribute(hash_key=True)
    owner_id = UnicodeAttribute()
    action = UnicodeAttribute()
    status = UnicodeAttribute()
    inputs = JsonAttribute()
    options = JsonAttribute()
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    points_charged = NumberAttribute()
    balance_after = NumberAttribute(null=True)
    version = UnicodeAttribute(default="v3")
    owner_role = UnicodeAttribute(default=Role.GENERAL.value)
    has_secret = BooleanAttribute(default=False)
    waiting = UnicodeAttribute(null=True)
    called_at = NumberAttribute(null=True)
    progress = JsonAttribute(null=True)
    lease_owner = UnicodeAttribute(null=True)
    lease_until = NumberAttribute(default=0)
    attempts = NumberAttribute(default=0)
    due_shard = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    result = JsonAttribute(null=True)
    problem = JsonAttribute(null=True)
    expires_at = UnicodeAttribute(null=True)
    deleted = BooleanAttribute(default=False)
    ended_at = UnicodeAttribute(null=True)
    counted = UnicodeAttribute(null=True)
    batch_id = UnicodeAttribute(null=True)
    file_id = UnicodeAttribute(null=True)
    delivers = BooleanAttribute(null=True)
    awaits_files = BooleanAttribute(null=True)
    by_owner = ConversionsByOwner()
    by_due = ConversionsByDue()
    by_line = ConversionsByLine()
    by_counted = ConversionsByCounted()


class IdempotencyItem(Model):
    """What a key of a user on a route created; ``expires_at`` and ``ttl`` are epoch seconds."""

    class Meta:
        table_name = ""

    key = UnicodeAttribute(hash_key=True)
    fingerprint = UnicodeAttribute()
    created = UnicodeAttribute()
    expires_at = NumberAttribute()
    ttl = NumberAttribute()


class SessionItem(Model):
    """A family of refresh tokens: only the one of the current ``generation`` is good."""

    class Meta:
        table_name = ""

    family_id = UnicodeAttribute(hash_key=True)
    user_id = UnicodeAttribute()
    generation = NumberAttribute()
    token_hash = UnicodeAttribute()
    revoked = BooleanAttribute()
    ttl = NumberAttribute()


class ThrottleItem(Model):
    """Attempts counted in a window that began with the first of them."""

    class Meta:
        table_name = ""

    bucket = UnicodeAttribute(hash_key=True)
    attempts = NumberAttribute()
    window_ends = NumberAttribute()
    ttl = NumberAttribute()


class RuleItem(Model):
    """A rule that a super user sets at run time."""

    class Meta:
        table_name = ""

    name = UnicodeAttribute(hash_key=True)
    value = NumberAttribute()


class ApiKeysByOwner(GlobalSecondaryIndex["ApiKeyItem"]):
    """An owner's keys by age: ids are sortable."""

    class Meta:
        index_name = "by_owner"
        projection = AllProjection()

    owner_id = UnicodeAttribute(hash_key=True)
    key_id = UnicodeAttribute(range_key=True)


class ApiKeyItem(Model):
    """An API key, by its public id; the secret part only as a hash."""

    class Meta:
        table_name = ""

    key_id = UnicodeAttribute(hash_key=True)
    owner_id = UnicodeAttribute()
    name = UnicodeAttribute()
    prefix = UnicodeAttribute()
    secret_hash = UnicodeAttribute()
    actions = JsonAttribute(null=True)
    created_at = UnicodeAttribute()
    expires_at = UnicodeAttribute(null=True)
    last_used_at = UnicodeAttribute(null=True)
    by_owner = ApiKeysByOwner()
