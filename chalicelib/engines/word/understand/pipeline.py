"""The passes of understanding, in their order: the list is the description of what is understood."""

from chalicelib.engines.word.draft.draft import Draft, Pass

PASSES: tuple[Pass, ...] = ()
"""Each finds one fact; what it reads was found by those before it."""


def understand(draft: Draft) -> None:
    """Run every pass over the draft."""
    for one in PASSES:
        one(draft)
