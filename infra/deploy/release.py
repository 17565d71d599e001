"""A release: images built and pushed, archives and template uploaded, the stack created or updated."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from infra import template
from infra.deploy.account import IMAGES, Account
from infra.deploy.caller import Caller, Stopped
from infra.rehearsal.static import PACKAGED
from infra.template import ROOT

_ARCHIVED = ("CodeUri", "ContentUri")
_NOTHING_CHANGED = ("didn't contain changes", "No updates are to be performed")


def build_images(caller: Caller, account: Account, tag: str) -> dict[str, str]:
    """The parameters that name both images. A tag that was pushed is never built again: tags are immutable."""
    token = caller.aws("ecr", "get_authorization_token")["authorizationData"][0]["authorizationToken"]
    password = base64.b64decode(token).decode().partition(":")[2]
    caller.run("docker", "login", "--username", "AWS", "--password-stdin", account.registry, secret_input=password)
    named = {}
    for name in IMAGES:
        repository, uri = f"convertpro-{name}", f"{account.registry}/convertpro-{name}:{tag}"
        identifier = [{"imageTag": tag}]
        is_there = caller.aws(
            "ecr", "describe_images", absent=("ImageNotFoundException",), repositoryName=repository, imageIds=identifier
        )
        if not is_there:
            dockerfile = str(Path("infra", "images", name, "Dockerfile"))
            # Without provenance: Lambda refuses the index that BuildKit makes otherwise. Anew: with security fixes.
            options = ["--platform", "linux/amd64", "--provenance=false", "--pull", "--no-cache"]
            caller.run("docker", "build", *options, "--file", dockerfile, "--tag", uri, str(ROOT))
            caller.run("docker", "push", uri)
        named[f"{name.capitalize()}ImageUri"] = uri
    return named


def upload(caller: Caller, account: Account) -> str:
    """Upload what was packaged, under names by content; the URL of the template."""
    packaged: dict[str, Any] = yaml.safe_load(PACKAGED.read_text())
    uploaded: dict[str, str] = {}
    for resource in packaged["Resources"].values():
        properties = resource.get("Properties", {})
        for name in _ARCHIVED:
            if name in properties:
                path = (PACKAGED.parent / properties[name]).resolve()
                if str(path) not in uploaded:
                    uploaded[str(path)] = _put(caller, account, path.read_bytes(), path.suffix)
                properties[name] = f"s3://{account.bucket}/{uploaded[str(path)]}"
    key = _put(caller, account, yaml.safe_dump(packaged).encode(), ".yaml")
    return f"https://{account.bucket}.s3.{account.region}.amazonaws.com/{key}"


def _put(caller: Caller, account: Account, body: bytes, suffix: str) -> str:
    key = hashlib.sha256(body).hexdigest() + suffix
    if not caller.aws("s3", "head_object", absent=("404", "NoSuchKey"), Bucket=account.bucket, Key=key):
        caller.aws("s3", "put_object", Bucket=account.bucket, Key=key, Body=body)
    return key


def apply(caller: Caller, stack: str, template_url: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Create or update the stack and return its outputs. Raises ``Stopped`` with what AWS says.

    A first deployment leaves the tables unprotected, so that one that fails takes them with it; protection follows.
    Of a stack that is there, what ``parameters`` does not name stays: a forgotten one would take a domain away.
    """
    before = deployed(caller, stack)
    if before is None:
        _change(caller, stack, template_url, _given({**parameters, "TablesProtected": "false"}), "CREATE")
    kept = [
        {"ParameterKey": one, "UsePreviousValue": True} for one in sorted((before or {}).keys() - parameters.keys())
    ]
    given = _given({**parameters, "TablesProtected": "true"})
    _change(caller, stack, template_url, [*given, *kept], "UPDATE")
    described = caller.aws("cloudformation", "describe_stacks", StackName=stack)
    outputs = described["Stacks"][0].get("Outputs", []) if described else []
    return {one["OutputKey"]: one["OutputValue"] for one in outputs}


def deployed(caller: Caller, stack: str) -> dict[str, str] | None:
    """The parameters that the stack has, of those that it may be given now; None: there is none. Raises ``Stopped``."""
    found = caller.aws("cloudformation", "describe_stacks", absent=("ValidationError",), StackName=stack)
    if not found or not found["Stacks"]:
        return None
    status = found["Stacks"][0]["StackStatus"]
    if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"):
        raise Stopped(f"{stack} is what a deployment that failed left ({status}): delete it, then try again.")
    if status == "REVIEW_IN_PROGRESS":
        return None
    known = template.load()["Parameters"].keys() - {"TablesProtected"}
    values = {one["ParameterKey"]: one["ParameterValue"] for one in found["Stacks"][0].get("Parameters", [])}
    return {name: value for name, value in values.items() if name in known}


def _given(parameters: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"ParameterKey": one, "ParameterValue": value} for one, value in parameters.items()]


def _change(caller: Caller, stack: str, template_url: str, parameters: list[dict[str, Any]], kind: str) -> None:
    name = f"deploy-{datetime.now(UTC):%Y%m%d-%H%M%S}-{kind.lower()}"
    caller.aws(
        "cloudformation",
        "create_change_set",
        StackName=stack,
        ChangeSetName=name,
        ChangeSetType=kind,
        TemplateURL=template_url,
        Parameters=parameters,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    try:
        caller.wait("cloudformation", "change_set_create_complete", StackName=stack, ChangeSetName=name)
    except Stopped:
        said = caller.aws("cloudformation", "describe_change_set", StackName=stack, ChangeSetName=name)
        if any(one in str(said.get("StatusReason")) for one in _NOTHING_CHANGED):
            caller.aws("cloudformation", "delete_change_set", StackName=stack, ChangeSetName=name)
            return
        raise Stopped(f"{stack}: {said.get('StatusReason')}") from None
    caller.aws("cloudformation", "execute_change_set", StackName=stack, ChangeSetName=name)
    try:
        caller.wait("cloudformation", f"stack_{kind.lower()}_complete", StackName=stack)
    except Stopped:
        raise Stopped(f"{stack}:\n{_reasons(caller, stack)}") from None


def _reasons(caller: Caller, stack: str) -> str:
    """Why resources failed, the latest first."""
    events = caller.aws("cloudformation", "describe_stack_events", StackName=stack)["StackEvents"]
    failed = [one for one in events if one["ResourceStatus"].endswith("FAILED")]
    return "\n".join(f"  {one['LogicalResourceId']}: {one.get('ResourceStatusReason')}" for one in failed[:10])


ASSUMED: dict[str, Any] = {
    "sts get_caller_identity": {"Account": "123456789012"},
    "ecr get_authorization_token": {"authorizationData": [{"authorizationToken": base64.b64encode(b"AWS:x").decode()}]},
}
"""What a dry run takes for AWS's answers: an account in which nothing is there yet."""


def as_json(parameters: Mapping[str, str]) -> str:
    """For a person."""
    return json.dumps(dict(sorted(parameters.items())), indent=1)
