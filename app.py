"""Composition root: the application and its event functions; no logic.

Each function imports what it does when it is first called: they share an archive, and no cold start.
"""

from typing import Any

from chalice.app import DynamoDBEvent, Rate, SQSEvent

from chalicelib.api.application import build

STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/the-template-names-it/stream/too"
"""Chalice wants a literal; infra/template.yaml puts the conversions table's own stream in its place."""

app = build()


@app.on_sqs_message(queue="LightQueue", batch_size=1, name="light")
def light(event: SQSEvent) -> dict[str, Any]:
    """Runs the conversions of the light worker."""
    from chalicelib.workers import conversions

    return conversions.handler(event.to_dict(), None)


@app.on_sqs_message(queue="IntakeQueue", batch_size=10, name="intake")
def intake(event: SQSEvent) -> dict[str, Any]:
    """Makes conversions of the objects that arrived in the bucket."""
    from chalicelib.workers import intake as arrivals

    return arrivals.handler(event.to_dict(), None)


@app.on_sqs_message(queue="ArchivesQueue", batch_size=1, name="archiver")
def archiver(event: SQSEvent) -> dict[str, Any]:
    """Builds the archives of batches."""
    from chalicelib.workers import archiving

    return archiving.handler(event.to_dict(), None)


@app.on_sqs_message(queue="CourierQueue", batch_size=1, name="courier")
def courier(event: SQSEvent) -> dict[str, Any]:
    """Talks to strangers' servers: tells webhooks, fetches files, delivers results."""
    from chalicelib.workers import courier as errands

    return errands.handler(event.to_dict(), None)


@app.on_dynamodb_record(stream_arn=STREAM, starting_position="TRIM_HORIZON", name="tally")
def tally(event: DynamoDBEvent) -> dict[str, Any]:
    """Counts the conversions that ended."""
    from chalicelib.workers import tallying

    return tallying.handler(event.to_dict(), None)


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweeper")
def sweeper(_event: Any) -> dict[str, int]:
    """Looks after what is stuck."""
    from chalicelib.workers import sweeping

    return sweeping.handler()
