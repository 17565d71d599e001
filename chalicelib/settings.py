"""Settings from the environment: the only module that reads it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

MIB = 1024 * 1024


class BadSettings(Exception):
    """The environment is incomplete or wrong; the message names every variable at once."""


def _setting(variable: str, parse: Callable[[str], Any], default: Any = ...) -> Any:
    metadata = {"variable": variable, "parse": parse}
    if default is ...:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def _positive(text: str) -> int:
    value = int(text)
    if value <= 0:
        raise ValueError("must be a positive whole number")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 86_400:
        raise ValueError("must be a number of seconds between 0 and 86,400")
    return value


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("must have at least 32 characters")
    return text


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(one.strip().rstrip("/") for one in text.split(",") if one.strip())
    wrong = [one for one in origins if one != "*" and not one.startswith(("http://", "https://"))]
    if wrong:
        raise ValueError(f"{wrong[0]} is not an origin such as https://app.example.com")
    return origins


def _level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise ValueError("must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return text.upper()


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("must be true or false")
    return text.lower() == "true"


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return text.rstrip("/")


def _optional(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: parse(text) if text else None


@dataclass(frozen=True)
class Tables:
    """Physical names of the DynamoDB tables."""

    users: str = _setting("USERS_TABLE", str)
    ledger: str = _setting("LEDGER_TABLE", str)
    conversions: str = _setting("CONVERSIONS_TABLE", str)
    idempotency: str = _setting("IDEMPOTENCY_TABLE", str)
    sessions: str = _setting("SESSIONS_TABLE", str)
    throttle: str = _setting("THROTTLE_TABLE", str)
    rules: str = _setting("RULES_TABLE", str)
    api_keys: str = _setting("API_KEYS_TABLE", str)
    stats: str = _setting("STATS_TABLE", str)
    activity: str = _setting("ACTIVITY_TABLE", str)
    audit: str = _setting("AUDIT_TABLE", str)
    uploads: str = _setting("UPLOADS_TABLE", str)
    lines: str = _setting("LINES_TABLE", str)
    batches: str = _setting("BATCHES_TABLE", str)
    errands: str = _setting("ERRANDS_TABLE", str)


@dataclass(frozen=True)
class Queues:
    """URLs of the engine queues, by worker: for what somebody waits for, for batches, and for dead letters of both."""

    light: str = _setting("LIGHT_QUEUE_URL", _url)
    documents: str = _setting("DOCUMENTS_QUEUE_URL", _url)
    background: str = _setting("BACKGROUND_QUEUE_URL", _url)
    light_batch: str = _setting("LIGHT_BATCH_QUEUE_URL", _url)
    documents_batch: str = _setting("DOCUMENTS_BATCH_QUEUE_URL", _url)
    background_batch: str = _setting("BACKGROUND_BATCH_QUEUE_URL", _url)
    light_dead: str = _setting("LIGHT_DEAD_QUEUE_URL", _url)
    documents_dead: str = _setting("DOCUMENTS_DEAD_QUEUE_URL", _url)
    background_dead: str = _setting("BACKGROUND_DEAD_QUEUE_URL", _url)


@dataclass(frozen=True)
class Settings:
    """Everything that differs between deployments. Sizes are bytes, times seconds."""

    tables: Tables
    queues: Queues
    bucket: str = _setting("FILES_BUCKET", str)
    region: str = _setting("AWS_REGION", str)
    stage: str = _setting("STAGE", str)
    intake_queue_url: str = _setting("INTAKE_QUEUE_URL", _url)
    archives_queue_url: str = _setting("ARCHIVES_QUEUE_URL", _url)
    courier_queue_url: str = _setting("COURIER_QUEUE_URL", _url)
    intake_dead_queue_url: str | None = _setting("INTAKE_DEAD_QUEUE_URL", _optional(_url), None)
    archives_dead_queue_url: str | None = _setting("ARCHIVES_DEAD_QUEUE_URL", _optional(_url), None)
    courier_dead_queue_url: str | None = _setting("COURIER_DEAD_QUEUE_URL", _optional(_url), None)
    tally_dead_queue_url: str | None = _setting("TALLY_DEAD_QUEUE_URL", _optional(_url), None)
    inbox_role_arn: str | None = _setting("INBOX_ROLE_ARN", _optional(str), None)
    endpoint_url: str | None = _setting("AWS_ENDPOINT_URL", _optional(_url), None)
    public_base_url: str | None = _setting("PUBLIC_BASE_URL", _optional(_url), None)
    jwt_secret: str | None = field(
        default=None, repr=False, metadata={"variable": "JWT_SECRET", "parse": _optional(_secret)}
    )
    jwt_secret_arn: str | None = _setting("JWT_SECRET_ARN", _optional(str), None)
    build: str = _setting("BUILD", str, "development")
    log_level: str = _setting("LOG_LEVEL", _level, "INFO")

    cors_origins: tuple[str, ...] = _setting("CORS_ORIGINS", _origins, ())
    max_file_bytes: int = _setting("MAX_FILE_BYTES", _positive, 50 * MIB)
    max_multipart_bytes: int | None = _setting("MAX_MULTIPART_BYTES", _optional(_positive), None)
    max_files: int = _setting("MAX_FILES", _positive, 100)
    max_pdf_pages: int = _setting("MAX_PDF_PAGES", _positive, 2_000)
    max_image_pixels: int = _setting("MAX_IMAGE_PIXELS", _positive, 100_000_000)
    max_image_frames: int = _setting("MAX_IMAGE_FRAMES", _positive, 500)
    max_zip_entries: int = _setting("MAX_ZIP_ENTRIES", _positive, 10_000)
    max_zip_bytes: int = _setting("MAX_ZIP_BYTES", _positive, 1024 * MIB)
    max_zip_ratio: int = _setting("MAX_ZIP_RATIO", _positive, 200)
    max_output_bytes: int = _setting("MAX_OUTPUT_BYTES", _positive, 500 * MIB)
    engine_memory_bytes: int = _setting("ENGINE_MEMORY_BYTES", _positive, 2048 * MIB)

    light_timeout_s: float = _setting("LIGHT_TIMEOUT_S", _seconds, 60)
    documents_timeout_s: float = _setting("DOCUMENTS_TIMEOUT_S", _seconds, 240)
    background_timeout_s: float = _setting("BACKGROUND_TIMEOUT_S", _seconds, 120)
    light_cpu_s: float = _setting("LIGHT_CPU_S", _seconds, 30)
    documents_cpu_s: float = _setting("DOCUMENTS_CPU_S", _seconds, 120)
    background_cpu_s: float = _setting("BACKGROUND_CPU_S", _seconds, 120)
    page_cpu_s: float = _setting("PAGE_CPU_S", _seconds, 0.25)
    lease_s: float = _setting("LEASE_S", _seconds, 30)
    lease_renewal_s: float = _setting("LEASE_RENEWAL_S", _seconds, 10)
    max_attempts: int = _setting("MAX_ATTEMPTS", _positive, 2)
    queue_grace_s: float = _setting("QUEUE_GRACE_S", _seconds, 60)
    max_active_per_user: int = _setting("MAX_ACTIVE_PER_USER", _positive, 3)
    max_active_batch_per_user: int = _setting("MAX_ACTIVE_BATCH_PER_USER", _positive, 3)
    rate_limit_per_minute: int = _setting("RATE_LIMIT_PER_MINUTE", _positive, 1_200)
    result_lifetime_s: float = _setting("RESULT_LIFETIME_S", _positive, 86_400)
    idempotency_lifetime_s: float = _setting("IDEMPOTENCY_LIFETIME_S", _positive, 86_400)
    download_url_lifetime_s: int = _setting("DOWNLOAD_URL_LIFETIME_S", _positive, 300)
    upload_url_lifetime_s: int = _setting("UPLOAD_URL_LIFETIME_S", _positive, 3_600)
    upload_lifetime_s: int = _setting("UPLOAD_LIFETIME_S", _positive, 86_400)
    outbound_http: bool = _setting("OUTBOUND_HTTP", _flag, False)
    outbound_loopback: bool = _setting("OUTBOUND_LOOPBACK", _flag, False)
    v1_enabled: bool | None = _setting("V1_ENABLED", _optional(_flag), None)
    v1_quota_per_hour: int = _setting("V1_QUOTA_PER_HOUR", _positive, 20)
    v1_max_bytes: int = _setting("V1_MAX_BYTES", _positive, 4 * MIB)
    v2_quota_per_day: int = _setting("V2_QUOTA_PER_DAY", _positive, 20)
    default_wait_s: float = _setting("DEFAULT_WAIT_S", _seconds, 20)
    longest_wait_s: float = _setting("LONGEST_WAIT_S", _seconds, 25)

    engines_home: Path | None = _setting("ENGINES_HOME", _optional(Path), None)
    models_home: Path | None = _setting("MODELS_HOME", _optional(Path), None)
    numba_cache_dir: str | None = _setting("NUMBA_CACHE_DIR", _optional(str), None)
    numba_cpu_name: str | None = _setting("NUMBA_CPU_NAME", _optional(str), None)
    background_model: str = _setting("REMOVE_BACKGROUND_MODEL", str, "quality")
    soffice: Path = _setting("SOFFICE", Path, Path("/usr/bin/soffice"))
    uno_python: Path = _setting("UNO_PYTHON", Path, Path("/usr/bin/python3"))

    @property
    def is_local(self) -> bool:
        """Whether this is the service on one's own machine."""
        return self.stage == "local"

    @property
    def multipart_limit_bytes(self) -> int:
        """What one multipart request may carry: 4.5 MB behind the gateway (6 MB of Lambda payload less base64)."""
        return self.max_multipart_bytes or (50 * MIB if self.is_local else 4_500_000)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from ``environ`` (default: the process's). Raises ``BadSettings``."""
        source = os.environ if environ is None else environ
        faults: list[str] = []
        tables = _read(Tables, source, faults)
        queues = _read(Queues, source, faults)
        values = _read(cls, source, faults)
        if faults:
            raise BadSettings("The environment is not usable:\n  " + "\n  ".join(faults))
        return cls(tables=Tables(**tables), queues=Queues(**queues), **values)


def _read(cls: type[Any], environ: Mapping[str, str], faults: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in fields(cls):
        variable = one.metadata.get("variable")
        if variable is None:
            continue
        text = environ.get(variable, "").strip()
        if text:
            try:
                values[one.name] = one.metadata["parse"](text)
            except ValueError as error:
                faults.append(f"{variable}: {error}")
        elif one.default is one.default_factory:  # both MISSING: it has no default
            faults.append(f"{variable}: is not set")
    return values
