"""The option that is secret, a document's password: an encrypted object beside the input, in no row and no message."""

import json

from chalicelib.services import Service


def keep(service: Service, key: str, password: str) -> None:
    """Store the password under ``key``."""
    service.store.files.put(key, json.dumps({"password": password}).encode(), secret=True)


def read(service: Service, key: str) -> str:
    """The password that is stored under ``key``."""
    password: str = json.loads(service.store.files.get(key))["password"]
    return password
