"""What letters are beside letters: raised or lowered, small capitals, underlined, struck, highlighted, linked, commented."""

from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.understand.decorations import find_decorations
from chalicelib.engines.word.understand.links import find_links
from chalicelib.engines.word.understand.scripts import find_scripts


def find_characters(draft: Draft) -> None:
    """Set what ``Piece`` says of its letters."""
    find_scripts(draft)
    find_decorations(draft)
    find_links(draft)
