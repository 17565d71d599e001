"""The tree of errors, and the status codes that it becomes."""

import pytest

from chalicelib.domain import errors, problems
from chalicelib.domain.errors import ConvertProError, FieldError, InvalidRequest, document_error, problem_of


def family(cls: type[ConvertProError]) -> list[type[ConvertProError]]:
    """``cls`` and all below it."""
    return [cls, *(inner for one in cls.__subclasses__() for inner in family(one))]


EVERY = family(ConvertProError)


def test_every_code_names_one_kind_of_error() -> None:
    codes = [error.code for error in EVERY if error not in (ConvertProError, errors.ServiceFailure)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("error", family(errors.DocumentRefused))
def test_a_document_that_is_refused_is_the_clients_to_mend(error: type[ConvertProError]) -> None:
    refusal = error("The document is at fault.")
    assert problems.status_of(error) == 422
    assert problem_of(refusal).client_fault
    assert problems.render_stored(problem_of(refusal), "")["status"] == 422
    assert type(document_error(error.code, "x")) is error


@pytest.mark.parametrize("error", family(errors.ServiceFailure))
def test_a_failure_of_ours_is_never_the_clients(error: type[ConvertProError]) -> None:
    assert problems.status_of(error) >= 500
    assert not problem_of(error("Our fault.")).client_fault


def test_a_code_that_no_engine_may_raise_is_a_crash() -> None:
    assert isinstance(document_error("forbidden", "x"), errors.EngineCrashed)
    assert isinstance(document_error("nonsense", "x"), errors.EngineCrashed)


def test_a_refusal_of_several_fields_begins_with_the_first() -> None:
    refusal = InvalidRequest.of([FieldError(("body", "pages"), "is wrong"), FieldError(("body", "fit"), "too")])
    assert refusal.detail == "pages: is wrong (and 1 more)."
