"""The DynamoDB table of the lines in which conversions wait, as a PynamoDB model."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.models import Model


class LineItem(Model):
    """A user's line in one lane: beside the user's item, on which every charge depends.

    ``revision`` grows with every write, ``moved_at`` is epoch seconds. ``strikes`` are conversions that used up their
    time, each behind the epoch second of its end and a ``#``; ``one_at_a_time`` is there while they are too many.
    """

    class Meta:
        table_name = ""

    line_id = UnicodeAttribute(hash_key=True)
    admitted = UnicodeSetAttribute(null=True)
    last_refused = UnicodeAttribute(null=True)
    moved_at = NumberAttribute(null=True)
    strikes = UnicodeSetAttribute(null=True)
    one_at_a_time = BooleanAttribute(null=True)
    revision = NumberAttribute(null=True)
