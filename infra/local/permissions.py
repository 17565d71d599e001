"""The roles of infra/template.yaml, held to locally: what IAM would refuse on AWS is refused here.

The access key with which a local process signs is its role's logical id. A key that AssumeRole gave out is held to the
role assumed and to the session's own policy. A call with any other key is an operator's.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote

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
_UPLOAD_ACTIONS = {"GET": "ListMultipartUploadParts", "DELETE": "AbortMultipartUpload"}
"""Where a call about a multipart upload needs another right than one about the object."""

_OBJECT_ACTIONS = {
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
    "DELETE": "DeleteObject",
    "POST": "PutObject",
}
_CREDENTIAL = re.compile(r"Credential=([^/,&\s]+)/")
_DELETED_KEY = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)
_GIVEN_KEY = re.compile(r"<AccessKeyId>(.*?)</AccessKeyId>")
_KINDS = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SecretsManager::Secret")


@dataclass(frozen=True)
class Use:
    """An action on a resource: ``dynamodb:Query`` on ``ConversionsTable/index/by_due``; ``prefix`` of a listing."""

    action: str
    resource: str
    prefix: str = ""


@dataclass(frozen=True)
class Grant:
    """An action allowed on resources that match a pattern; listings only of ``prefixes``, unless those are None."""

    action: str
    resource: str
    prefixes: tuple[str, ...] | None = None

    def covers(self, use: Use) -> bool:
        """Whether this allows ``use``."""
        return (
            use.action == self.action
            and fnmatchcase(use.resource, self.resource)
            and (self.prefixes is None or any(fnmatchcase(use.prefix, one) for one in self.prefixes))
        )


Policy = frozenset[Grant]


class Permissions:
    """What each role of ``template`` may do with resources that were created with ``prefix``."""

    def __init__(self, template: Mapping[str, Any], prefix: str) -> None:
        self._logical = {physical_name(prefix, name): name for kind in _KINDS for name in resources(template, kind)}
        self._allowed: dict[str, tuple[Policy, ...]] = {name: (one,) for name, one in _policies(template).items()}
        self._sessions: dict[str, tuple[Policy, ...]] = {}
        self.calls: Counter[str] = Counter()
        """How often each role did what to which resource: "ApiRole dynamodb:GetItem UsersTable"."""

    def refusal(self, environ: Mapping[str, Any], body: bytes) -> Response | None:
        """The answer to a call that its role may not make; ``None`` when it may."""
        key = _access_key(environ)
        policies = self._sessions.get(key) or self._allowed.get(key)
        if policies is None:
            return None
        is_transaction = ".Transact" in environ.get("HTTP_X_AMZ_TARGET", "")
        for use in self._uses(environ, body):
            told = f"{use.action} {use.resource.partition('/')[0]}{' transacted' if is_transaction else ''}"
            self.calls[f"{key} {told}"] += 1
            if not all(any(one.covers(use) for one in policy) for policy in policies):
                return _refusal(key, use)
        return None

    def remember(self, environ: Mapping[str, Any], body: bytes, response: Response) -> None:
        """Hold the keys that AssumeRole gave out to the role, and to the session policy that came with the call."""
        request = _assumption(environ, body)
        if request is None or response.status_code != 200:
            return
        (key,) = _GIVEN_KEY.findall(response.get_data(as_text=True))
        policies = self._allowed[_role_name(request)]
        if "Policy" in request:
            policies += (frozenset(self._session_grants(json.loads(request["Policy"]))),)
        self._sessions[key] = policies

    def _session_grants(self, document: Mapping[str, Any]) -> Iterable[Grant]:
        for grant in _grants(document):
            bucket, slash, key = grant.resource.rpartition(":")[2].partition("/")
            yield replace(grant, resource=f"{self._name(bucket)}{slash}{key}")

    def _uses(self, environ: Mapping[str, Any], body: bytes) -> Iterable[Use]:
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if service.startswith("DynamoDB_"):
            yield from self._table_uses(operation, json.loads(body))
        elif service == "AmazonSQS":
            queue = json.loads(body).get("QueueUrl", "").rpartition("/")[2]
            yield Use(f"sqs:{operation}", self._name(queue))
        elif service == "secretsmanager":
            yield Use(f"secretsmanager:{operation}", self._name(_secret_name(json.loads(body)["SecretId"])))
        elif (request := _assumption(environ, body)) is not None:
            yield Use("sts:AssumeRole", _role_name(request))
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
            special = _UPLOAD_ACTIONS if "uploadId" in query else {}
            yield Use(f"s3:{special.get(method, _OBJECT_ACTIONS[method])}", f"{self._name(bucket)}/{key}")
            if "HTTP_X_AMZ_COPY_SOURCE" in environ:
                source, _, key = unquote(environ["HTTP_X_AMZ_COPY_SOURCE"]).lstrip("/").partition("/")
                yield Use("s3:GetObject", f"{self._name(source)}/{key}")
        elif "delete" in query:
            keys = _DELETED_KEY.findall(body.decode())
            yield from (Use("s3:DeleteObject", f"{self._name(bucket)}/{one}") for one in keys)
        else:
            yield Use("s3:ListBucket", self._name(bucket), query.get("prefix", [""])[0])

    def _name(self, physical: str) -> str:
        return self._logical.get(physical, physical)


def _policies(template: Mapping[str, Any]) -> dict[str, Policy]:
    """What each role may do: by its own and by managed policies, and by being named as who may assume another."""
    managed = resources(template, "AWS::IAM::ManagedPolicy")
    allowed: dict[str, set[Grant]] = {}
    roles = resources(template, "AWS::IAM::Role")
    for name, role in roles.items():
        documents = [one["PolicyDocument"] for one in role.get("Policies", [])]
        documents += [managed[one["Ref"]]["PolicyDocument"] for one in role.get("ManagedPolicyArns", [])]
        allowed[name] = {grant for document in documents for grant in _grants(document)}
    for name, role in roles.items():
        for trusted in _trusted(role):
            allowed[trusted].add(Grant("sts:AssumeRole", name))
    return {name: frozenset(grants) for name, grants in allowed.items()}


def _trusted(role: Mapping[str, Any]) -> Iterable[str]:
    """Logical ids of the roles that may assume ``role``."""
    for statement in role["AssumeRolePolicyDocument"]["Statement"]:
        yield from (_pattern(one) for one in _listed(statement["Principal"].get("AWS", [])))


def _grants(document: Mapping[str, Any]) -> Iterable[Grant]:
    for statement in (one for one in document["Statement"] if one["Effect"] == "Allow"):
        asked = statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix")
        prefixes = None if asked is None else tuple(_listed(asked))
        for action in _listed(statement["Action"]):
            yield from (Grant(action, _pattern(target), prefixes) for target in _listed(statement["Resource"]))


def _assumption(environ: Mapping[str, Any], body: bytes) -> dict[str, str] | None:
    """The parameters of a call of AssumeRole."""
    if "/sts/" not in environ.get("HTTP_AUTHORIZATION", ""):
        return None
    request = dict(parse_qsl(body.decode()))
    return request if request.get("Action") == "AssumeRole" else None


def _secret_name(arn: str) -> str:
    """An ARN ends in the name and six characters of its own."""
    return arn.rpartition(":")[2].rpartition("-")[0]


def _role_name(request: Mapping[str, str]) -> str:
    """The logical id in a role's ARN; see ``resources.role_arn``."""
    return request["RoleArn"].rpartition("/")[2]


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
    if use.action.startswith(("s3:", "sts:")):
        body = f"<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>"
        wrapped = body if use.action.startswith("s3:") else f"<ErrorResponse>{body}</ErrorResponse>"
        return Response(wrapped, status=403, content_type="application/xml")
    body = json.dumps({"__type": "AccessDeniedException", "message": message})
    return Response(body, status=403, content_type="application/x-amz-json-1.0")
