"""The legacy converters: v1 without, v2 with a token; neither asks which version it serves."""

from functools import partial

from chalicelib.api import outcomes
from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.prefer import LONGEST_WAIT_S
from chalicelib.api.schemas.legacy import LegacyFileOut, LegacyFilesOut, LegacyOut
from chalicelib.api.submissions import read_form
from chalicelib.conversions import CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errors import (
    Conflict,
    DocumentRefused,
    Gone,
    LengthRequired,
    NotFound,
    PayloadTooLarge,
    ServiceFailure,
    TooManyRequests,
    Unavailable,
)
from chalicelib.domain.users import User
from chalicelib.domain.versions import ANONYMOUS, V1, V2, VersionPolicy
from chalicelib.services import conversions, legacy

ROUTES = Routes("Legacy converters")
_DONE = Returns(200, "It is converted.", LegacyOut)
_RUNNING = Returns(202, "It is under way; ask at Location.", LegacyOut, headers=("Location", "Retry-After"))
_FILE = (
    Returns(307, "The file is at Location, for a short while.", headers=("Location",)),
    Returns(200, "The file, to who follows.", or_file=True),
)
_REFUSALS = (LengthRequired, PayloadTooLarge, DocumentRefused, TooManyRequests, ServiceFailure, Unavailable)


def _caller(call: Call, policy: VersionPolicy) -> User:
    if not legacy.is_enabled(call.service.settings, policy):
        raise NotFound("There is nothing at this address; see /openapi.json for what there is.")
    return call.caller if policy.needs_token else ANONYMOUS


def _convert(policy: VersionPolicy, spec: ConversionSpec, call: Call) -> Reply:
    caller = _caller(call, policy)
    limit = call.service.settings.v1_max_bytes if policy is V1 else None
    submission = read_form(call, spec, limit)
    conversion = legacy.convert(call.service, caller, submission, policy, call.address)
    conversion = conversions.wait(call.service, conversion, min(LONGEST_WAIT_S, call.service.settings.longest_wait_s))
    return _outcome(call, policy, spec, conversion)


def _outcome(call: Call, policy: VersionPolicy, spec: ConversionSpec, conversion: Conversion) -> Reply:
    if conversion.problem:
        return outcomes.failed(call, conversion, conversion.problem, {})
    name = legacy.file_name(call.service, conversion, spec.output_kind(conversion.options))
    url = f"{call.base_url}{policy.prefix}/{spec.slug}/files/{name}"
    if conversion.is_open:
        out = LegacyOut(message="The conversion is under way.", filename=name, download_url=url)
        return Reply(out, 202, outcomes.running(url))
    return Reply(LegacyOut(message="The document was converted.", filename=name, download_url=url))


def _file(policy: VersionPolicy, spec: ConversionSpec, call: Call) -> Reply:
    caller = _caller(call, policy)
    conversion = legacy.find(call.service, caller, call.path("filename"), policy, spec.action)
    url, _ = conversions.download_url(call.service, conversion)
    return Reply(status=307, headers={"Location": url})


def _files(policy: VersionPolicy, spec: ConversionSpec, call: Call) -> LegacyFilesOut:
    rows = legacy.own(call.service, _caller(call, policy), policy, spec.action)
    files = [_file_out(call, spec, one) for one in rows]
    return LegacyFilesOut(files=files, total_count=len(files))


def _file_out(call: Call, spec: ConversionSpec, conversion: Conversion) -> LegacyFileOut:
    return LegacyFileOut(
        filename=legacy.file_name(call.service, conversion, spec.output_kind(conversion.options)),
        original_name=conversion.inputs[0].name,
        conversion_date=conversion.created_at,
        file_size=conversion.result.file.size if conversion.result else None,
        status=conversion.status,
    )


def _declare(policy: VersionPolicy, spec: ConversionSpec) -> None:
    path, successor = f"{policy.prefix}/{spec.slug}", f"/api/v3/conversions/{spec.slug}"
    access = Access.WRITER if policy.needs_token else Access.PUBLIC
    refusals = _REFUSALS if policy.needs_token else (NotFound, *_REFUSALS)
    more = {"successor": successor, "open_to_keys": True}
    ROUTES.add(
        "POST", path, access, (_DONE, _RUNNING), summary=spec.summary, conversion=spec, may_refuse=refusals, **more
    )(partial(_convert, policy, spec))
    summary = "Download a converted file."
    ROUTES.add(
        "GET",
        f"{path}/files/{{filename}}",
        access,
        _FILE,
        summary=summary,
        may_refuse=(NotFound, Conflict, Gone),
        **more,
    )(partial(_file, policy, spec))
    if policy.needs_token:
        listed = Returns(200, "The caller's files.", LegacyFilesOut)
        ROUTES.add("GET", f"{path}/files", access, listed, summary="The caller's files.", **more)(
            partial(_files, policy, spec)
        )


for _policy in (V2, V1):
    for _spec in CATALOGUE:
        _declare(_policy, _spec)
