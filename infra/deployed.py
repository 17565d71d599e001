"""A service, seen with an operator's rights: what functions get to know, of a deployed stack or of this machine."""

import os
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.services import Service, open_service
from chalicelib.settings import Settings
from infra import template
from infra.local import stack as local_stack


class NoStack(Exception):
    """The stack can't be looked up; the message says why."""


class NoRegion(NoStack):
    """Nothing says in which region the stack is."""


def session() -> boto3.Session:
    """In the region of AWS_REGION, as the AWS CLI takes it, else the profile's. Raises ``NoRegion``."""
    found = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
    if found.region_name is None:
        raise NoRegion("No region is set: export AWS_REGION=eu-central-1, for example.")
    return found


def service_environment(stack: str | None) -> Mapping[str, str]:
    """Of a deployed stack's functions or, without a name, of the service on this machine (PORT, AWS_PORT).

    Raises ``NoStack``: there is no such service.
    """
    if stack:
        return stack_environment(stack)
    port, aws_port = os.environ.get("PORT") or "8000", os.environ.get("AWS_PORT") or "5001"
    try:
        return local_stack.running(f"http://{local_stack.HOST}:{aws_port}", int(port))
    except local_stack.NotRunning as error:
        raise NoStack(str(error)) from error


def opened(stack: str | None) -> Service:
    """The service itself, whose environment becomes this process's. Raises ``NoStack``."""
    environment = service_environment(stack)
    os.environ.update(environment)
    return open_service(Settings.from_env(environment))


def stack_environment(stack: str, own: boto3.Session | None = None) -> Mapping[str, str]:
    """This process's environment with that of the stack's functions: resources and parameters as deployed.

    Raises ``NoStack``: there is none of this name, or no credentials, or no right to look at it.
    """
    own = own or session()
    cloudformation = own.client("cloudformation")
    try:
        physical, given = physical_ids(cloudformation, stack), parameters(cloudformation, stack)
    except (BotoCoreError, ClientError) as error:
        raise NoStack(f"{stack} in {own.region_name}: {error}") from error
    named = template.environment(template.load(), physical, given)
    return {**os.environ, **named, "AWS_REGION": own.region_name, "AWS_DEFAULT_REGION": own.region_name}


def physical_ids(cloudformation: Any, stack: str) -> dict[str, str]:
    """Physical ids of the stack's resources by logical id."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    found = [one for page in pages for one in page["StackResourceSummaries"]]
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in found if "PhysicalResourceId" in one}


def parameters(cloudformation: Any, stack: str) -> dict[str, str]:
    """The values with which the stack was deployed last."""
    (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {one["ParameterKey"]: one["ParameterValue"] for one in described.get("Parameters", [])}
