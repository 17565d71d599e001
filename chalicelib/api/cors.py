"""Cross-origin requests (CORS): which browser pages may call, as the setting says."""

from chalicelib.settings import Settings

REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, Prefer"
EXPOSED_HEADERS = (
    "Deprecation, Link, Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, "
    "X-Idempotent-Replay, X-Request-Id"
)
PREFLIGHT_LIFETIME_S = 3_600


def allowed_origin(settings: Settings, origin: str | None) -> str | None:
    """``origin`` when its pages may read answers; ``*`` in the setting lets all in. Tokens are headers, not cookies."""
    if origin is None or not settings.cors_origins:
        return None
    return origin if "*" in settings.cors_origins or origin in settings.cors_origins else None


def answer_headers(settings: Settings, origin: str | None) -> dict[str, str]:
    """What an answer says to the browser; nothing when CORS is off."""
    if not settings.cors_origins:
        return {}
    allowed = allowed_origin(settings, origin)
    if allowed is None:
        return {"Vary": "Origin"}
    return {"Access-Control-Allow-Origin": allowed, "Access-Control-Expose-Headers": EXPOSED_HEADERS, "Vary": "Origin"}


def preflight_headers(methods: list[str]) -> dict[str, str]:
    """What a preflight learns beyond :func:`answer_headers`."""
    return {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": REQUEST_HEADERS,
        "Access-Control-Max-Age": str(PREFLIGHT_LIFETIME_S),
    }
