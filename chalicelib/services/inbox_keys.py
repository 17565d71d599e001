"""Inbox keys: temporary S3 keys with which a user drops files into folders and collects the results."""

from dataclasses import dataclass

from chalicelib.conversions import BY_ACTION
from chalicelib.domain import folders
from chalicelib.domain.users import User
from chalicelib.services import Service
from chalicelib.store.api_keys import ApiKey
from chalicelib.store.credentials import Credentials


@dataclass(frozen=True)
class FolderAccess:
    """Keys, and where they lead."""

    credentials: Credentials
    inbox_prefix: str
    results_prefix: str


def issue(service: Service, user: User, key: ApiKey | None) -> FolderAccess:
    """Keys of ``user``; an API key that is for some conversions gets keys for their folders only."""
    slugs = [BY_ACTION[action].slug for action in key.actions if action in BY_ACTION] if key and key.actions else None
    credentials = service.store.inbox_keys.issue(user.user_id, slugs)
    return FolderAccess(credentials, f"{folders.INBOX}{user.user_id}/", f"{folders.RESULTS}{user.user_id}/")
