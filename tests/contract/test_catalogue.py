"""Routes, actions, options and workers follow from the catalogue, and the catalogue is the contract's."""

from pathlib import Path
from typing import Any

import pytest

from chalicelib.api.openapi import document
from chalicelib.conversions import BY_ACTION, BY_SLUG, CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.filekinds import KINDS
from chalicelib.domain.users import Role
from chalicelib.services import Service
from tests.support import template
from tests.support.conversions import REQUIRED_OPTIONS, post_document, work
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.samples import sample
from tests.support.stack import Stack

ROOT = Path(__file__).parents[2]
IMAGES = ("jpg", "png", "gif", "bmp", "tiff", "webp", "heic")
CONTRACT: dict[str, tuple[str, str, set[str], set[str]]] = {
    "pdf-to-word": ("pdf_to_docs", "PDF to Word", {"pdf"}, {"docx"}),
    "pdf-to-excel": ("pdf_to_excel", "PDF to Excel", {"pdf"}, {"xlsx"}),
    "docx-to-pdf": ("docx_to_pdf", "DOCX to PDF", {"docx", "doc", "odt", "rtf"}, {"pdf"}),
    "excel-to-pdf": ("excel_to_pdf", "Excel to PDF", {"xlsx", "xls", "ods", "csv"}, {"pdf"}),
    "image-to-pdf": ("image_to_pdf", "Image to PDF", set(IMAGES), {"pdf"}),
    "remove-pages-from-pdf": ("pdf_page_remove", "Remove pages from PDF", {"pdf"}, {"pdf"}),
    "remove-background": ("remove_background", "Remove background", set(IMAGES) - {"gif"}, {"png", "webp"}),
    "pptx-to-pdf": ("pptx_to_pdf", "PowerPoint to PDF", {"pptx", "ppt", "odp"}, {"pdf"}),
}
OPTIONS = {
    "pdf-to-word": {"pages", "ocr", "language", "password"},
    "pdf-to-excel": {"pages", "sheets", "ocr", "language", "password"},
    "docx-to-pdf": {"pages", "pdfa", "pdfua", "changes", "comments", "password"},
    "excel-to-pdf": {"fit", "orientation", "sheets", "encoding", "pdfa", "password"},
    "image-to-pdf": {"page_size", "orientation", "margin", "ocr", "language"},
    "remove-pages-from-pdf": {"pages", "remove_blank", "password"},
    "pptx-to-pdf": {"pages", "notes", "pdfa", "password"},
    "remove-background": {"model", "background", "format", "mask_only", "alpha_matting", "crop"},
}
each_conversion = pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.slug)


def form_of(spec: ConversionSpec) -> dict[str, Any]:
    """The described multipart body of a conversion."""
    operation = document()["paths"][f"/api/v3/conversions/{spec.slug}"]["post"]
    reference: str = operation["requestBody"]["content"]["multipart/form-data"]["schema"]["$ref"]
    schema: dict[str, Any] = document()["components"]["schemas"][reference.rpartition("/")[2]]
    return schema


def produced(spec: ConversionSpec) -> set[str]:
    """The kinds that a conversion can end in."""
    if spec.produces in KINDS:
        return {spec.produces}
    return set(spec.options.model_json_schema()["properties"][spec.produces]["enum"])


def test_the_conversions_of_the_contract_are_there() -> None:
    assert [spec.slug for spec in CATALOGUE] == list(CONTRACT)


def test_a_slug_and_an_action_name_one_conversion() -> None:
    assert len(BY_SLUG) == len(BY_ACTION) == len(CATALOGUE)


@each_conversion
def test_a_declaration_is_the_contracts(spec: ConversionSpec) -> None:
    assert (spec.action, spec.label, set(spec.accepts), produced(spec)) == CONTRACT[spec.slug]
    assert spec.many == (spec.slug == "image-to-pdf")


@each_conversion
def test_options_are_the_contracts_and_described(spec: ConversionSpec) -> None:
    assert set(spec.options.model_fields) == OPTIONS[spec.slug]
    assert set(form_of(spec)["properties"]) == OPTIONS[spec.slug] | {"file", "deliver_to"}


@each_conversion
def test_every_kind_is_known(spec: ConversionSpec) -> None:
    assert {*spec.accepts, *produced(spec)} <= set(KINDS)


@each_conversion
def test_an_engine_and_a_queue_exist(spec: ConversionSpec) -> None:
    assert (ROOT / f"{spec.engine.replace('.', '/')}.py").is_file()
    assert f"{spec.worker.title()}Queue" in template.names("AWS::SQS::Queue")


@each_conversion
def test_the_action_is_among_those_of_a_user(gateway: Gateway, people: People, spec: ConversionSpec) -> None:
    mine = gateway.get("/api/v2/auth/me", people.token(people.permit(people.new(), **{spec.action: False}))).json()
    rows = {one["action"]: one for one in mine["active_apis"]}
    assert rows[spec.action] == {"action": spec.action, "label": spec.label, "allowed": False, "points": 3}
    assert mine["active_api_count"] == len(CATALOGUE) - 1


@pytest.mark.parametrize(("slug", "kind"), [(spec.slug, kind) for spec in CATALOGUE for kind in spec.accepts])
def test_a_document_is_accepted_queued_and_converted_when_its_kind_is_accepted(
    gateway: Gateway, service: Service, stack: Stack, people: People, slug: str, kind: str
) -> None:
    spec = BY_SLUG[slug]
    queue_url = getattr(service.settings.queues, spec.worker)
    stack.messages(queue_url)
    token = people.token(people.new())
    accepted = post_document(gateway, token, slug, files=[(f"Report.{kind}", sample(kind))])
    assert accepted.status_code == 202
    conversion_id = accepted.json()["conversion_id"]
    assert stack.messages(queue_url) == [f'{{"conversion_id": "{conversion_id}"}}']
    work(service, conversion_id)
    answer = gateway.get(f"/api/v3/conversions/{conversion_id}", token).json()
    assert answer["status"] == "success"
    assert answer["action"] == spec.action
    options = spec.options.model_validate(REQUIRED_OPTIONS.get(slug, {})).for_engine()
    assert answer["output_filename"] == f"Report.{spec.output_kind(options)}"


@pytest.mark.parametrize(
    ("slug", "kind"), [(spec.slug, kind) for spec in CATALOGUE for kind in KINDS if kind not in spec.accepts]
)
def test_a_document_is_refused_without_charge_when_its_kind_is_not_accepted(
    gateway: Gateway, people: People, slug: str, kind: str
) -> None:
    user = people.new()
    accepted_name = f"misnamed.{BY_SLUG[slug].accepts[0]}" if kind != "csv" else "table.csv"
    answer = post_document(gateway, people.token(user), slug, files=[(accepted_name, sample(kind))])
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", "file"]
    assert "conversion_id" not in answer.json()
    assert people.fresh(user).points.spent == 0


@each_conversion
@pytest.mark.parametrize("role", [Role.GENERAL, Role.ADMIN, Role.SUPER])
def test_a_conversion_is_charged_as_the_rules_say_unless_by_a_super_user(
    gateway: Gateway, people: People, spec: ConversionSpec, role: Role
) -> None:
    user = people.new(role)
    answer = post_document(gateway, people.token(user), spec.slug).json()
    charged, left = (0, None) if role is Role.SUPER else (3, user.points.balance - 3)
    assert (answer["points_charged"], answer["remaining_balance"]) == (charged, left)
