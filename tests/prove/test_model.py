"""A short run of the state machine: accounts, points and keys are what the books say. `make prove` runs long."""

from tests.prove import proof


def test_the_product_agrees_with_the_books_in_whatever_order_things_are_done(dynamodb_local: str) -> None:
    found = proof.do(proof.Task(dynamodb_local, seed=1, examples=25))
    assert found.violations == [], found.history
    assert found.model["examples"] >= 25
