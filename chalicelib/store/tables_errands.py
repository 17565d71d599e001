"""The DynamoDB table of errands and of the webhooks that they are for, as PynamoDB models."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.store.json_attribute import JsonAttribute


class ErrandsByDue(GlobalSecondaryIndex["ErrandItem"]):
    """Errands that have not ended, by the moment at which the sweeper should look at them; sparse."""

    class Meta:
        index_name = "by_due"
        projection = KeysOnlyProjection()

    open_errand = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)
    scope = UnicodeAttribute()
    item = UnicodeAttribute()


class ErrandItem(Model):
    """An errand, under its webhook (``webhook#…``), upload (``upload#…``) or conversion (``conversion#…``)."""

    class Meta:
        table_name = ""

    scope = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    owner_id = UnicodeAttribute()
    message_id = UnicodeAttribute()
    began_at = NumberAttribute()
    event = UnicodeAttribute(null=True)
    body = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    next_at = NumberAttribute()
    lease_until = NumberAttribute(default=0)
    open_errand = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    tries = JsonAttribute()
    ttl = NumberAttribute()
    by_due = ErrandsByDue()


class WebhookItem(Model):
    """A webhook, under its owner (``user#…``); its secret is an encrypted object in the bucket."""

    class Meta:
        table_name = ""

    scope = UnicodeAttribute(hash_key=True)
    item = UnicodeAttribute(range_key=True)
    url = UnicodeAttribute()
    events = JsonAttribute()
    created_at = UnicodeAttribute()
    is_active = BooleanAttribute(default=True)
    disabled_at = UnicodeAttribute(null=True)
