"""A stranger's server in a rehearsal: what the courier tells it, fetches from it and delivers to it."""

import json

from standardwebhooks import Webhook

from tests.rehearsal.story import Client, until
from tests.support.documents import pdf
from tests.support.receiver import Receiver, answering, receiving

SETTINGS = {"OUTBOUND_HTTP": "true", "OUTBOUND_LOOPBACK": "true"}
"""For the courier and the API alone: the stranger is on this machine. All else is as the template says."""


def errands(client: Client) -> str:
    """A file is fetched by URL, its result delivered by URL, and a webhook told of it, signed."""
    with receiving(answering(204)) as told, receiving(answering(200)) as taker:
        made = client.http.post("/api/v3/webhooks", json={"url": told.url("/hook"), "events": ["conversion.succeeded"]})
        assert made.status_code == 201, made.text
        conversion_id = _converted_from_afar(client, taker)
        until(lambda: bool(told.received and taker.received), "the courier")
        (put,) = taker.received
        assert (put.method, put.body[:2]) == ("PUT", b"PK"), put
        sent = told.received[0]
        Webhook(made.json()["secret"]).verify(sent.body, dict(sent.headers))
        assert conversion_id in json.dumps(json.loads(sent.body))
        client.http.delete(f"/api/v3/webhooks/{made.json()['webhook_id']}")
    return "fetched, delivered, told and signed"


def _converted_from_afar(client: Client, taker: Receiver) -> str:
    """The conversion of a file that lies on the stranger's server; its result goes back there."""
    with receiving(answering(200, pdf("from afar"), Content_Type="application/pdf")) as giver:
        order = {"url": giver.url("/letter.pdf"), "filename": "letter.pdf"}
        upload = client.http.post("/api/v3/uploads", json=order)
        assert upload.status_code == 202, upload.text
        wanted = {"upload_id": upload.json()["upload_id"], "deliver_to": {"url": taker.url("/result")}}
        started = client.http.post("/api/v3/conversions/pdf-to-word", json=wanted, headers={"Prefer": "respond-async"})
        assert started.status_code == 202, started.text
        done = client.ended(started.json()["conversion_id"])
        assert done["status"] == "success", done
        return str(done["conversion_id"])
