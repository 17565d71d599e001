"""What an object that arrived asks for: whose it is, which conversion, under which options."""

from dataclasses import dataclass
from typing import Any

from chalicelib.conversions import BY_SLUG
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain import folders, strict_json
from chalicelib.domain.batches import Batch, secret_key
from chalicelib.domain.errors import FieldError, Forbidden, InvalidRequest, PayloadTooLarge, UploadMissing
from chalicelib.domain.strict_json import BadJson
from chalicelib.domain.users import User
from chalicelib.services import Service, secret_options
from chalicelib.services.arrival import Arrival, require_readable
from chalicelib.services.incoming import StoredObjectFile
from chalicelib.services.submission import Submission, file_too_large
from chalicelib.store.files import ObjectChanged, ObjectStat, ObjectUnreadable

MAX_OPTIONS_BYTES = 64 * 1024


@dataclass(frozen=True)
class ArrivalOrder:
    """Who pays, for what."""

    user: User
    submission: Submission


def order_of(service: Service, arrival: Arrival) -> ArrivalOrder:
    """The order of an arrival. Raises ``ConvertProError``, ``ObjectUnreadable``."""
    if arrival.path and not arrival.path.has_room:
        room = folders.LONGEST_KEY_BYTES - len(".error.json")
        raise InvalidRequest(f"The path of the file is too long: with its folders it may have about {room} bytes.")
    require_readable(arrival.stat)
    user = _owner(service, arrival.batch)
    spec = _spec(arrival.file.slug)
    _require_size(service, arrival)
    options = _folder_options(service, arrival.options) if arrival.path else _batch_options(service, arrival.batch)
    source = StoredObjectFile(arrival.file.filename, arrival.stat, service.store.files)
    # A batch's objects stay until they are converted: so a failed one can be tried again.
    consumed = [arrival.stat] if arrival.path else []
    return ArrivalOrder(user, Submission(spec, [source], options, arrival.claims, consumed, arrival.file.place))


def _owner(service: Service, batch: Batch) -> User:
    user = service.store.users.get(batch.owner_id)
    if user is None or not user.is_active:
        raise Forbidden("The account is disabled; nothing of it is converted.")
    return user


def _spec(slug: str | None) -> ConversionSpec:
    spec = BY_SLUG.get(slug or "")
    if spec is None:
        message = f"is none of {', '.join(BY_SLUG)}; put the file under inbox/<user id>/<one of these>/"
        raise InvalidRequest.of([FieldError(("folder", (slug or "")[:64] or "slug"), message, "slug")])
    return spec


def _require_size(service: Service, arrival: Arrival) -> None:
    declared = arrival.file.size
    if arrival.stat.size > service.settings.max_file_bytes:
        raise file_too_large(service.settings)
    if arrival.stat.size > declared:
        raise PayloadTooLarge(f"The file has {arrival.stat.size} bytes, and {declared} were announced.")


def _batch_options(service: Service, batch: Batch) -> dict[str, Any]:
    if not batch.has_secret:
        return batch.options
    return batch.options | {"password": secret_options.read(service, secret_key(batch.batch_id))}


def _folder_options(service: Service, stat: ObjectStat | None) -> dict[str, Any]:
    if stat is None:
        return {}
    if stat.size > MAX_OPTIONS_BYTES:
        raise _bad_options("is longer than 64 KiB")
    try:
        require_readable(stat)
        options = strict_json.loads(service.store.files.part(stat, 0, stat.size) if stat.size else b"")
    except BadJson as error:
        raise _bad_options(str(error)) from error
    except ObjectUnreadable as error:
        raise _bad_options("can't be read: put it again without a key of your own, in the class STANDARD") from error
    except ObjectChanged as error:
        raise UploadMissing("The options of the folder were replaced meanwhile.") from error
    if not isinstance(options, dict):
        raise _bad_options("must be a JSON object of options")
    return options


def _bad_options(message: str) -> InvalidRequest:
    return InvalidRequest.of([FieldError(("folder", folders.OPTIONS_NAME), message, "options")])
