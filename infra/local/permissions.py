"""The roles of infra/template.yaml, held to locally: what IAM would refuse on AWS is refused here.

The access key with which a local process signs is its role's logical id. A call with any other key is an operator's.
"""

import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs, unquote

from werkzeug.wrappers import Response

from infra.local.resources import physical_name
from infra.template import resources

_LOG = logging.getLogger("permissions")

_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
_OBJECT_ACTIONS = {
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
    "DELETE": "DeleteObject",
    "POST": "PutObject",
}
_CREDENTIAL = re.compile(r"Credential=([^/,&\s]+)/")
_DELETED_KEY = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)
_KINDS = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue")


@dataclass(frozen=True)
class Use:
    """An action on a resource: ``dynamodb:Query`` on ``ConversionsTable/index/by_due``."""

    action: str
    resource: str


class Permissions:
    """What each role of ``template`` may do with resources that were created with ``prefix``."""

    def __init__(self, template: Mapping[str, Any], prefix: str) -> None:
        self._logical = {physical_name(prefix, name): name for kind in _KINDS for name in resources(template, kind)}
        roles = resources(template, "AWS::IAM::Role")
        managed = resources(template, "AWS::IAM::ManagedPolicy")
        self._allowed = {name: set(_allowed(role, managed)) for name, role in roles.items()}

    def refusal(self, environ: Mapping[str, Any], body: bytes) -> Response | None:
        """The answer to a call that its role may not make; ``None`` when it may."""
        allowed = self._allowed.get(_access_key(environ))
        if allowed is None:
            return None
        for use in self._uses(environ, body):
            if not any(use.action == one.action and fnmatchcase(use.resource, one.resource) for one in allowed):
                return _refusal(_access_key(environ), use)
        return None

    def _uses(self, environ: Mapping[str, Any], body: bytes) -> Iterable[Use]:
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if service.startswith("DynamoDB_"):
            yield from self._table_uses(operation, json.loads(body))
        elif service == "AmazonSQS":
            queue = json.loads(body).get("QueueUrl", "").rpartition("/")[2]
            yield Use(f"sqs:{operation}", self._name(queue))
        elif "/s3/" in environ.get("HTTP_AUTHORIZATION", "") + unquote(environ.get("QUERY_STRING", "")):
            yield from self._file_uses(environ, body)

    def _table_uses(self, operation: str, request: Mapping[str, Any]) -> Iterable[Use]:
        for action in request.get("TransactItems", []):
            for kind, one in action.items():
                yield Use(f"dynamodb:{_TRANSACTION[kind]}", self._name(one["TableName"]))
        for table in request.get("RequestItems", {}):
            yield Use(f"dynamodb:{operation}", self._name(table))
        if "TableName" in request:
            index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
            yield Use(f"dynamodb:{operation}", self._name(request["TableName"]) + index)

    def _file_uses(self, environ: Mapping[str, Any], body: bytes) -> Iterable[Use]:
        bucket, _, key = environ["PATH_INFO"].lstrip("/").partition("/")
        query, method = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True), environ["REQUEST_METHOD"]
        if key:
            yield Use(f"s3:{_OBJECT_ACTIONS[method]}", f"{self._name(bucket)}/{key}")
        elif "delete" in query:
            keys = _DELETED_KEY.findall(body.decode())
            yield from (Use("s3:DeleteObject", f"{self._name(bucket)}/{one}") for one in keys)
        else:
            yield Use("s3:ListBucket", self._name(bucket))

    def _name(self, physical: str) -> str:
        return self._logical.get(physical, physical)


def _allowed(role: Mapping[str, Any], managed: Mapping[str, Mapping[str, Any]]) -> Iterable[Use]:
    documents = [one["PolicyDocument"] for one in role.get("Policies", [])]
    documents += [managed[one["Ref"]]["PolicyDocument"] for one in role.get("ManagedPolicyArns", [])]
    for statement in (one for document in documents for one in document["Statement"] if one["Effect"] == "Allow"):
        for action in _listed(statement["Action"]):
            yield from (Use(action, _pattern(target)) for target in _listed(statement["Resource"]))


def _pattern(target: Any) -> str:
    """``UsersTable`` of its Arn, ``FilesBucket/conversions/*`` of "${FilesBucket.Arn}/conversions/*"."""
    if isinstance(target, str):
        return target
    if "Fn::GetAtt" in target:
        return str(target["Fn::GetAtt"][0])
    return re.sub(r"\$\{(\w+)\.Arn\}", r"\1", str(target.get("Fn::Sub", target.get("Ref"))))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _access_key(environ: Mapping[str, Any]) -> str:
    """From the header of a signed call, or from the query of a presigned URL."""
    signed = environ.get("HTTP_AUTHORIZATION") or unquote(environ.get("QUERY_STRING", ""))
    found = _CREDENTIAL.search(signed)
    return found.group(1) if found else ""


def _refusal(role: str, use: Use) -> Response:
    message = f"{role} is not authorized to perform: {use.action} on resource: {use.resource}"
    _LOG.error(message)
    if use.action.startswith("s3:"):
        body = f"<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>"
        return Response(body, status=403, content_type="application/xml")
    body = json.dumps({"__type": "AccessDeniedException", "message": message})
    return Response(body, status=403, content_type="application/x-amz-json-1.0")
