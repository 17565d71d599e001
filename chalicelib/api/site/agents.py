"""The guide at /llms.txt: what an agent needs to convert a file, in plain text."""

from chalicelib.conversions import CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.settings import Settings

_TEXT = """# ConvertPro

> File conversion as an API, with accounts, permissions and an exact points ledger. A failed conversion costs nothing.

Base URL: {base}
Description: {base}/openapi.json (OpenAPI 3.1)
Problems: every refusal is application/problem+json; its `type` is a page that says what to do.

## Convert a file

1. POST {base}/api/v2/auth/login with JSON {{"email", "password"}} gives access_token; or use an API key (cp_...).
2. POST {base}/api/v3/conversions/<slug> as multipart/form-data: the part `file`, and options as fields.
   Headers: Authorization: Bearer <token>; Idempotency-Key: any text of your own, so that a repeat is not charged again.
3. 200 is the result; 202 is under way: GET the address in Location with Prefer: wait=20 until status is no longer
   processing.
4. GET download_url with the token, and follow the redirect.

Each conversion costs points ({base}/api/v3/points/rules); 402 tells balance and required. warnings names what is not
faithfully in the result.

## Conversions

{conversions}

## Large files

Beyond {multipart} in a request: POST {base}/api/v3/uploads with {{"filename", "size"}}, post the file to the form that
comes back, then convert with JSON {{"upload_id": ...}} in place of the form.
"""


def guide(settings: Settings, base_url: str) -> str:
    """The text, for a service at ``base_url``."""
    conversions = "\n".join(map(_conversion, CATALOGUE))
    return _TEXT.format(
        base=base_url, conversions=conversions, multipart=f"{settings.multipart_limit_bytes / 1e6:.1f} MB"
    )


def _conversion(spec: ConversionSpec) -> str:
    options = ", ".join(spec.options.model_json_schema().get("properties", {}))
    return f"- {spec.slug}: {spec.summary} From {', '.join(spec.accepts)}. Options: {options}."
