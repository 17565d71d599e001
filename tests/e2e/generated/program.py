"""What somebody writes over the generated Python client: log in, convert a file and an upload, download."""

import io
import sys
import time
from pathlib import Path

import httpx
from convert_pro_client import AuthenticatedClient, Client
from convert_pro_client.api.authentication import log_in
from convert_pro_client.api.conversions import (
    convert_pdf_to_word,
    download_result,
    get_conversion,
    remove_pages_from_pdf_by_upload,
)
from convert_pro_client.api.points import get_balance
from convert_pro_client.api.uploads import create_upload
from convert_pro_client.models import (
    BalanceOut,
    ConversionOut,
    LogInIn,
    PdfToWordForm,
    PdfToWordFormOcr,
    ProblemOut,
    RemovePagesFromPdfUploads,
    TokensOut,
    UploadIn,
    UploadOut,
)
from convert_pro_client.types import File


def finished(client: AuthenticatedClient, conversion: ConversionOut | ProblemOut | None) -> ConversionOut:
    """The conversion when it has ended: an answer may be a 202."""
    assert isinstance(conversion, ConversionOut), conversion
    while conversion.status == "processing":
        time.sleep(0.2)
        conversion = get_conversion.sync(conversion.conversion_id, client=client, prefer="wait=20")
        assert isinstance(conversion, ConversionOut), conversion
    assert conversion.status == "success", conversion.error
    return conversion


def saved(client: AuthenticatedClient, conversion: ConversionOut, name: str) -> None:
    """The result as a file in the working directory."""
    file = download_result.sync(conversion.conversion_id, client=client)
    assert isinstance(file, File), file
    Path(name).write_bytes(file.payload.read())


def main(base_url: str, email: str, password: str) -> None:
    """The whole way, twice; and a refusal."""
    tokens = log_in.sync(client=Client(base_url=base_url), body=LogInIn(email=email, password=password))
    assert isinstance(tokens, TokensOut), tokens
    client = AuthenticatedClient(base_url=base_url, token=tokens.access_token, follow_redirects=True, timeout=60)
    document = Path("document.pdf").read_bytes()

    form = PdfToWordForm(file=File(io.BytesIO(document), "document.pdf"), pages="1", ocr=PdfToWordFormOcr.OFF)
    saved(client, finished(client, convert_pdf_to_word.sync(client=client, body=form)), "python.docx")

    room = create_upload.sync(client=client, body=UploadIn(filename="document.pdf", size=len(document)))
    assert isinstance(room, UploadOut), room
    httpx.post(room.url, data=room.fields.to_dict(), files={"file": document}).raise_for_status()
    order = RemovePagesFromPdfUploads(upload_id=room.upload_id, pages="1")
    saved(client, finished(client, remove_pages_from_pdf_by_upload.sync(client=client, body=order)), "python.pdf")

    no_pdf = PdfToWordForm(file=File(io.BytesIO(b"no PDF"), "document.pdf"))
    refusal = convert_pdf_to_word.sync(client=client, body=no_pdf)
    assert isinstance(refusal, ProblemOut), refusal
    left = get_balance.sync(client=client)
    assert isinstance(left, BalanceOut), left
    print(refusal.status, left.balance)  # noqa: T201 - what the test reads


main(*sys.argv[1:])
