"""Temporary keys of S3 for a user's folders: put into the inbox, collect the results, nothing else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LIFETIME_S = 3_600
"""The longest that AWS grants when a role assumes another."""


@dataclass(frozen=True)
class Credentials:
    """What an S3 client signs with until ``expires_at``."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expires_at: datetime


class InboxKeys:
    """Assumes the role of folders, narrowed to one user's prefixes."""

    def __init__(self, client: Any, role_arn: str, bucket: str) -> None:
        self._client, self._role_arn, self._bucket = client, role_arn, bucket

    def issue(self, user_id: str, slugs: Sequence[str] | None = None) -> Credentials:
        """Keys of ``user_id``, good for an hour; with ``slugs`` they put into those conversions' folders only."""
        answer = self._client.assume_role(
            RoleArn=self._role_arn,
            RoleSessionName=user_id,
            DurationSeconds=LIFETIME_S,
            Policy=json.dumps(self.policy(user_id, slugs), separators=(",", ":")),
        )["Credentials"]
        return Credentials(
            answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"], answer["Expiration"]
        )

    def policy(self, user_id: str, slugs: Sequence[str] | None = None) -> dict[str, Any]:
        """The session's policy. What the keys may do is what both it and the role allow."""
        bucket = f"arn:{self._role_arn.split(':')[1]}:s3:::{self._bucket}"
        inbox, results = f"inbox/{user_id}/", f"results/{user_id}/"
        folders = [inbox] if slugs is None else [f"{inbox}{slug}/" for slug in slugs]
        put = {
            "Effect": "Allow",
            "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
            "Resource": [f"{bucket}/{folder}*" for folder in folders],
        }
        collect = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{bucket}/{results}*"}
        look = {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": bucket,
            "Condition": {"StringLike": {"s3:prefix": [f"{inbox}*", f"{results}*"]}},
        }
        # An empty list of resources would be malformed: without a folder to put into there is no statement.
        return {"Version": "2012-10-17", "Statement": [*([put] if folders else []), collect, look]}
