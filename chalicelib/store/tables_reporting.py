"""The DynamoDB tables that dashboards and audits read, as PynamoDB models."""

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model


class StatItem(Model):
    """A counter. ``bucket`` is a day (or ``total``) and an action; written by the tally only."""

    class Meta:
        table_name = ""

    scope = UnicodeAttribute(hash_key=True)
    bucket = UnicodeAttribute(range_key=True)
    requests = NumberAttribute(default=0)
    succeeded = NumberAttribute(default=0)
    failed = NumberAttribute(default=0)
    points = NumberAttribute(default=0)
    latency_ms = NumberAttribute(default=0)
    last_used_at = UnicodeAttribute(null=True)


class ActivityItem(Model):
    """When a user was last here: beside the user's item, on which every charge depends."""

    class Meta:
        table_name = ""

    user_id = UnicodeAttribute(hash_key=True)
    last_login_at = UnicodeAttribute(null=True)
    last_conversion_at = UnicodeAttribute(null=True)


class AuditItem(Model):
    """One change that somebody made; append-only. All lie in one partition: changes by people are few."""

    class Meta:
        table_name = ""

    log = UnicodeAttribute(hash_key=True)
    entry_id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    at = UnicodeAttribute()
    actor_id = UnicodeAttribute()
    target_id = UnicodeAttribute(null=True)
    address = UnicodeAttribute(null=True)
    details = JSONAttribute()
