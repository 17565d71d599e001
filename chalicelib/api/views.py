"""Domain objects as the contract's JSON bodies."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.api.schemas.accounts import ActiveApiOut, MeOut, PointTotalsOut, TokensOut, UserOut
from chalicelib.api.schemas.conversions import ConversionOut, ProgressOut, StoredProblemOut
from chalicelib.api.schemas.permissions import PermissionOut
from chalicelib.api.schemas.points import LedgerEntryOut, MyPointOut
from chalicelib.api.schemas.uploads import FetchOut, UploadOut
from chalicelib.conversions import CATALOGUE
from chalicelib.domain import problems
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errors import problem_of
from chalicelib.domain.points import LedgerEntry
from chalicelib.domain.users import User
from chalicelib.services import Service, conversions, deliveries, fetches, points
from chalicelib.services.permissions import Decision
from chalicelib.services.sessions import TokenPair
from chalicelib.services.tokens import ACCESS_LIFETIME_S
from chalicelib.store.files import PresignedPost
from chalicelib.store.uploads import Upload


def tokens_out(pair: TokenPair) -> TokensOut:
    """A pair of tokens."""
    return TokensOut(
        access_token=pair.access_token,
        refresh_token=pair.refresh_token,
        expires_in=ACCESS_LIFETIME_S,
        role=pair.user.role,
    )


def user_out(user: User) -> UserOut:
    """A user."""
    return UserOut(
        id=user.user_id,
        email=user.email,
        username=user.username,
        role=user.role,
        is_active=user.is_active,
        created_at=user.created_at,
    )


def me_out(service: Service, user: User) -> MeOut:
    """The caller, with points and permitted conversions."""
    cost = points.cost_for(service, user)
    apis = [
        ActiveApiOut(action=spec.action, label=spec.label, allowed=user.may(spec.action), points=cost)
        for spec in CATALOGUE
    ]
    allowed = sum(api.allowed for api in apis)
    totals = point_totals_out(user)
    return MeOut(**user_out(user).model_dump(), points=totals, active_apis=apis, active_api_count=allowed)


def point_totals_out(user: User) -> PointTotalsOut:
    """A user's points."""
    return PointTotalsOut(
        balance=balance_of(user),
        total_topup=user.points.topup,
        total_spent=user.points.spent,
        total_refunded=user.points.refunded,
        total_corrected=user.points.corrected,
    )


def decision_out(decision: Decision) -> PermissionOut:
    """What is decided about an action."""
    return PermissionOut(
        action=decision.action,
        is_allowed=decision.is_allowed,
        updated_at=decision.updated_at,
        updated_by=decision.updated_by,
    )


def balance_of(user: User) -> int | None:
    """Points left; None for super users: unlimited."""
    return None if user.is_super else user.points.balance


def entry_out(entry: LedgerEntry) -> LedgerEntryOut:
    """A ledger entry."""
    return LedgerEntryOut(
        id=entry.entry_id,
        action=entry.action,
        amount=entry.amount,
        status=entry.status,
        conversion_id=entry.conversion_id,
        balance_after=entry.balance_after,
        note=entry.note,
        created_by=entry.created_by,
        created_at=entry.created_at,
    )


def my_point_out(user: User, latest: list[LedgerEntry]) -> MyPointOut:
    """The caller's points at a glance."""
    balance = balance_of(user)
    return MyPointOut(
        user_id=user.user_id,
        available_points=balance,
        point_status="unlimited" if balance is None else "available" if balance > 0 else "empty",
        total_topup=user.points.topup,
        total_spent=user.points.spent,
        total_refunded=user.points.refunded,
        total_corrected=user.points.corrected,
        history=[entry_out(entry) for entry in latest],
    )


def conversion_out(service: Service, conversion: Conversion, base_url: str) -> ConversionOut:
    """A conversion, its result and its problem."""
    result, problem = conversion.result, conversion.problem
    available = conversions.is_available(service, conversion)
    return ConversionOut(
        conversion_id=conversion.conversion_id,
        action=conversion.action,
        status=conversion.status,
        progress=ProgressOut(**conversion.progress) if conversion.is_open and conversion.progress else None,
        input_filename=conversion.inputs[0].name,
        output_filename=result.file.name if result else None,
        output_size=result.file.size if result else None,
        output_sha256=result.sha256 if result else None,
        download_url=f"{conversion_url(conversion, base_url)}/download" if available else None,
        expires_at=conversion.expires_at,
        points_charged=conversion.points_charged,
        remaining_balance=conversion.balance_after,
        warnings=list(result.warnings) if result else [],
        report=_report(service, conversion),
        error=StoredProblemOut(**problems.render_stored(problem, base_url)) if problem else None,
        created_at=conversion.created_at,
        updated_at=conversion.updated_at,
    )


def _report(service: Service, conversion: Conversion) -> dict[str, Any]:
    if conversion.result is None:
        return {}
    delivery = {"delivery": deliveries.report(service, conversion)} if conversion.delivers else {}
    return conversion.result.report | delivery


def conversion_url(conversion: Conversion, base_url: str) -> str:
    """Where a conversion is found."""
    return f"{base_url}/api/v3/conversions/{conversion.conversion_id}"


def upload_out(upload: Upload, post: PresignedPost, expires_s: float) -> UploadOut:
    """An upload, and the form that takes its file to the bucket."""
    return UploadOut(
        upload_id=upload.upload_id,
        url=post.url,
        fields=post.fields,
        expires_at=rfc3339(datetime.fromtimestamp(expires_s, UTC)),
        max_size=upload.size,
    )


def fetch_out(service: Service, upload: Upload, base_url: str) -> FetchOut:
    """An upload as it stands."""
    status, failure = fetches.status(service, upload)
    rendered = problems.render_stored(problem_of(failure), base_url) if failure else None
    return FetchOut(
        upload_id=upload.upload_id,
        status=status,
        filename=upload.filename,
        error=StoredProblemOut(**rendered) if rendered else None,
        conversion_id=None if upload.place else upload.conversion_id,
        batch_id=upload.place.batch_id if upload.place else None,
        expires_at=rfc3339(datetime.fromtimestamp(upload.expires_at, UTC)),
    )
