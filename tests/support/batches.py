"""Files that arrive in the bucket, and what the intake, the workers and the stream make of them."""

from typing import Any

from chalicelib.domain.batches import BatchPlace
from chalicelib.domain.conversion import Conversion
from chalicelib.services import Service, intake, results
from chalicelib.store.tables import ConversionItem
from tests.support.conversions import Act, work, write_sample
from tests.support.stack import Stack


def put(stack: Stack, key: str, body: bytes) -> str:
    """Put an object where the bucket would tell the intake of it; its key."""
    stack.s3.put_object(Bucket=stack.settings.bucket, Key=key, Body=body)
    return key


def arrive(stack: Stack, key: str, body: bytes) -> str:
    """An object is put, and the intake is told once."""
    intake.arrived(stack.service, put(stack, key, body))
    return key


def body_of(stack: Stack, key: str) -> bytes:
    """What is under ``key``."""
    body: bytes = stack.s3.get_object(Bucket=stack.settings.bucket, Key=key)["Body"].read()
    return body


def conversion_of(service: Service, batch_id: str, file_id: str) -> Conversion:
    """The conversion of a file."""
    file = service.store.batches.get_file(BatchPlace(batch_id, file_id))
    assert file
    assert file.conversion_id
    found = service.store.conversions.get(file.conversion_id)
    assert found
    return found


def image(conversion_id: str) -> dict[str, Any]:
    """What the stream tells of a row as it stands."""
    return dict(ConversionItem.get(conversion_id, consistent_read=True).serialize())


def convert_all(service: Service, batch_id: str, act: Act = write_sample) -> None:
    """Workers end every conversion of a batch, and the stream tells of it."""
    files = list(service.store.batches.files(batch_id))
    ids = [file.conversion_id for file in files if file.conversion_id]
    for conversion_id in ids:
        work(service, conversion_id, act)
    assert results.gather(service, [image(one) for one in ids]) is None
