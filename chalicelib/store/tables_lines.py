"""The DynamoDB table of the lines in which conversions wait, as a PynamoDB model."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.models import Model


class LineItem(Model):
    """A user's line in one lane: beside the user's item, on which every charge depends.

    ``revision`` grows with every write, ``moved_at`` is epoch seconds.
    """

    class Meta:
        table_name = ""

    line_id = UnicodeAttribute(hash_key=True)
    admitted = UnicodeSetAttribute(null=True)
    last_refused = UnicodeAttribute(null=True)
    moved_at = NumberAttribute(null=True)
    revision = NumberAttribute(null=True)
