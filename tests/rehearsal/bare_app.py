"""The least that Chalice and PynamoDB together can be: what importing them costs, whoever uses them."""

from chalice.app import Chalice
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model


class Note(Model):
    """A row."""

    class Meta:
        """Where it is kept."""

        table_name = "notes"

    note_id = UnicodeAttribute(hash_key=True)
    text = UnicodeAttribute()


app = Chalice(app_name="bare")


@app.route("/notes/{note_id}")
def read(note_id: str) -> dict[str, str]:
    """Its text."""
    return {"text": Note.get(note_id).text}
