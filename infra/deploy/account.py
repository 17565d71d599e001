"""What an account needs once, before the first stage: places for images and archives, and a role for the gateway's log.

Everything is made if it is not there, and set to what it should be if it is.
"""

import json
from dataclasses import dataclass

from infra.deploy.caller import Caller

IMAGES = ("documents", "background")
KEPT_IMAGES, KEPT_ARCHIVE_DAYS = 20, 90
LOG_ROLE = "convertpro-apigateway-logs"
LOG_POLICY = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"


@dataclass(frozen=True)
class Account:
    """Where a deployment goes."""

    number: str
    region: str

    @property
    def registry(self) -> str:
        """The address of its container images."""
        return f"{self.number}.dkr.ecr.{self.region}.amazonaws.com"

    @property
    def bucket(self) -> str:
        """The bucket of archives and templates."""
        return f"convertpro-artifacts-{self.number}-{self.region}"


def prepare(caller: Caller, account: Account, log_role: bool) -> None:
    """Make what is missing. Raises ``Stopped``."""
    for name in IMAGES:
        _repository(caller, f"convertpro-{name}")
    _bucket(caller, account)
    if log_role:
        _gateway_log_role(caller, account)


def _repository(caller: Caller, name: str) -> None:
    caller.aws(
        "ecr",
        "create_repository",
        absent=("RepositoryAlreadyExistsException",),
        repositoryName=name,
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
    )
    rule = {
        "rulePriority": 1,
        "description": "older releases go",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": KEPT_IMAGES},
        "action": {"type": "expire"},
    }
    caller.aws("ecr", "put_lifecycle_policy", repositoryName=name, lifecyclePolicyText=json.dumps({"rules": [rule]}))


def _bucket(caller: Caller, account: Account) -> None:
    place = {} if account.region == "us-east-1" else {"LocationConstraint": account.region}
    configured = {"CreateBucketConfiguration": place} if place else {}
    caller.aws("s3", "create_bucket", absent=("BucketAlreadyOwnedByYou",), Bucket=account.bucket, **configured)
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    caller.aws("s3", "put_public_access_block", Bucket=account.bucket, PublicAccessBlockConfiguration=closed)
    expiry = {"ID": "older", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": KEPT_ARCHIVE_DAYS}}
    caller.aws(
        "s3",
        "put_bucket_lifecycle_configuration",
        Bucket=account.bucket,
        LifecycleConfiguration={"Rules": [expiry]},
    )


def _gateway_log_role(caller: Caller, account: Account) -> None:
    """API Gateway writes logs by one role of the whole account and region; one that is set is left alone."""
    settings = caller.aws("apigateway", "get_account") or {}
    if settings.get("cloudwatchRoleArn"):
        return
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    caller.aws(
        "iam",
        "create_role",
        absent=("EntityAlreadyExists",),
        RoleName=LOG_ROLE,
        AssumeRolePolicyDocument=document,
    )
    caller.aws("iam", "attach_role_policy", RoleName=LOG_ROLE, PolicyArn=LOG_POLICY)
    caller.wait("iam", "role_exists", RoleName=LOG_ROLE)
    arn = f"arn:aws:iam::{account.number}:role/{LOG_ROLE}"
    change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}
    caller.aws("apigateway", "update_account", patchOperations=[change])
