"""What the description tells of each conversion is enough to show it."""

import pytest

from chalicelib.api.openapi import document
from chalicelib.conversions import CATALOGUE
from chalicelib.conversions.spec import ConversionSpec


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.slug)
def test_a_conversion_is_told_with_what_it_takes_and_gives(spec: ConversionSpec) -> None:
    described = document()
    operation = described["paths"][f"/api/v3/conversions/{spec.slug}"]["post"]
    told = operation["x-conversion"]
    form = operation["requestBody"]["content"]["multipart/form-data"]["schema"]["$ref"].rpartition("/")[2]
    fields = described["components"]["schemas"][form]["properties"]
    assert (told["slug"], told["action"], told["label"]) == (spec.slug, spec.action, spec.label)
    assert (told["accepts"], told["produces"]) == (list(spec.accepts), list(spec.output_kinds))
    assert [fields[name]["description"] for name in told["options"]]
    assert "x-conversion" not in described["paths"][f"/api/v2/conversions/{spec.slug}"]["post"]
