"""Composition root: the application, its routes and its event functions; no logic."""

from typing import Any

from chalice.app import DynamoDBEvent, Rate, SQSEvent

from chalicelib.api.application import build
from chalicelib.api.routes import ENDPOINTS
from chalicelib.workers import archiving, conversions, sweeping, tallying
from chalicelib.workers import courier as errands
from chalicelib.workers import intake as arrivals

STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/the-template-names-it/stream/too"
"""Chalice wants a literal; infra/template.yaml puts the conversions table's own stream in its place."""

app = build(ENDPOINTS)


@app.on_sqs_message(queue="LightQueue", batch_size=1, name="light")
def light(event: SQSEvent) -> dict[str, Any]:
    """Runs the conversions of the light worker."""
    return conversions.handler(event.to_dict(), None)


@app.on_sqs_message(queue="IntakeQueue", batch_size=10, name="intake")
def intake(event: SQSEvent) -> dict[str, Any]:
    """Makes conversions of the objects that arrived in the bucket."""
    return arrivals.handler(event.to_dict(), None)


@app.on_sqs_message(queue="ArchivesQueue", batch_size=1, name="archiver")
def archiver(event: SQSEvent) -> dict[str, Any]:
    """Builds the archives of batches."""
    return archiving.handler(event.to_dict(), None)


@app.on_sqs_message(queue="CourierQueue", batch_size=1, name="courier")
def courier(event: SQSEvent) -> dict[str, Any]:
    """Talks to strangers' servers: tells webhooks, fetches files, delivers results."""
    return errands.handler(event.to_dict(), None)


@app.on_dynamodb_record(stream_arn=STREAM, starting_position="TRIM_HORIZON", name="tally")
def tally(event: DynamoDBEvent) -> dict[str, Any]:
    """Counts the conversions that ended."""
    return tallying.handler(event.to_dict(), None)


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweeper")
def sweeper(_event: Any) -> dict[str, int]:
    """Looks after what is stuck."""
    return sweeping.handler()
