"""The RateLimit headers (IETF draft "RateLimit header fields for HTTP"): a policy, and what is left of it."""

from chalicelib.services.rates import WINDOW_S, Quota

HEADERS = ("RateLimit-Policy", "RateLimit")
POLICY = "default"


def headers(quota: Quota | None) -> dict[str, str]:
    """What an answer says of the caller's quota; nothing where none is kept."""
    if quota is None:
        return {}
    policy = f'"{POLICY}";q={quota.limit};w={WINDOW_S}'
    left = f'"{POLICY}";r={quota.remaining};t={quota.resets_s}'
    return dict(zip(HEADERS, (policy, left), strict=True))
