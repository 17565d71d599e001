"""Temporary keys for folders: what is asked of STS."""

import json
from datetime import UTC, datetime
from typing import Any

from chalicelib.conversions import BY_SLUG
from chalicelib.store.credentials import InboxKeys

ROLE = "arn:aws-cn:iam::123456789012:role/stack-InboxRole-1A2B3C"
MAX_POLICY_CHARACTERS = 2_048


class Sts:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}

    def assume_role(self, **asked: Any) -> dict[str, Any]:
        self.asked = asked
        keys = {"AccessKeyId": "ASIA1", "SecretAccessKey": "hidden one", "SessionToken": "hidden two"}
        return {"Credentials": keys | {"Expiration": datetime(2026, 3, 2, tzinfo=UTC)}}


def statements(*slugs: str, sts: Sts | None = None) -> dict[str, dict[str, Any]]:
    """Statements of a session's policy by their first action."""
    sts = sts or Sts()
    InboxKeys(sts, ROLE, "files").issue("USER1", slugs or None)
    return {
        one["Action"] if isinstance(one["Action"], str) else one["Action"][0]: one
        for one in json.loads(sts.asked["Policy"])["Statement"]
    }


def test_the_session_policy_names_the_users_own_prefixes_alone() -> None:
    found = statements()
    assert {name: one["Resource"] for name, one in found.items()} == {
        "s3:PutObject": ["arn:aws-cn:s3:::files/inbox/USER1/*"],
        "s3:GetObject": "arn:aws-cn:s3:::files/results/USER1/*",
        "s3:ListBucket": "arn:aws-cn:s3:::files",
    }
    assert found["s3:ListBucket"]["Condition"] == {"StringLike": {"s3:prefix": ["inbox/USER1/*", "results/USER1/*"]}}
    assert all(one["Effect"] == "Allow" for one in found.values())


def test_the_session_policy_names_a_prefix_for_each_conversion_when_the_scope_is_narrow() -> None:
    assert statements("pdf-to-word", "docx-to-pdf")["s3:PutObject"]["Resource"] == [
        "arn:aws-cn:s3:::files/inbox/USER1/pdf-to-word/*",
        "arn:aws-cn:s3:::files/inbox/USER1/docx-to-pdf/*",
    ]


def test_the_session_policy_fits_when_names_are_longest_and_every_conversion_is_named() -> None:
    sts = Sts()
    InboxKeys(sts, ROLE, "b" * 63).issue("U" * 36, list(BY_SLUG))
    assert len(sts.asked["Policy"]) < MAX_POLICY_CHARACTERS


def test_nothing_can_be_put_when_no_conversion_is_permitted() -> None:
    policy = InboxKeys(Sts(), ROLE, "files").policy("USER1", [])
    assert "s3:PutObject" not in json.dumps(policy)
    assert all(one["Resource"] for one in policy["Statement"])


def test_the_session_lasts_an_hour_and_is_named_after_the_user() -> None:
    sts = Sts()
    statements(sts=sts)
    assert sts.asked.keys() == {"RoleArn", "RoleSessionName", "DurationSeconds", "Policy"}
    assert (sts.asked["RoleArn"], sts.asked["RoleSessionName"], sts.asked["DurationSeconds"]) == (ROLE, "USER1", 3_600)


def test_the_secret_and_the_token_stay_out_of_a_log_when_keys_are_printed() -> None:
    keys = InboxKeys(Sts(), ROLE, "files").issue("USER1")
    assert keys.secret_access_key == "hidden one"
    assert "hidden" not in repr(keys)
