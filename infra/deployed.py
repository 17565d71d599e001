"""A deployed stack, seen with an operator's rights: what its functions get to know."""

import os
from collections.abc import Mapping
from typing import Any

import boto3

from infra import template


class NoRegion(Exception):
    """Nothing says in which region the stack is."""


def session() -> boto3.Session:
    """In the region of AWS_REGION, as the AWS CLI takes it, else the profile's. Raises ``NoRegion``."""
    found = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
    if found.region_name is None:
        raise NoRegion("No region is set: export AWS_REGION=eu-central-1, for example.")
    return found


def stack_environment(stack: str, own: boto3.Session | None = None) -> Mapping[str, str]:
    """This process's environment with that of the stack's functions: resources and parameters as deployed."""
    own = own or session()
    cloudformation = own.client("cloudformation")
    named = template.environment(
        template.load(), physical_ids(cloudformation, stack), parameters(cloudformation, stack)
    )
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
