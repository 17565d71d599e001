"""Secrets of the deployment."""

from typing import Any

from chalicelib.settings import BadSettings, Settings


def signing_secret(settings: Settings, client_of: Any) -> str:
    """The secret that signs tokens: from the settings, or from Secrets Manager. Raises ``BadSettings``."""
    if settings.jwt_secret:
        return settings.jwt_secret
    if not settings.jwt_secret_arn:
        raise BadSettings("JWT_SECRET or JWT_SECRET_ARN: one of them is needed")
    secret: str = client_of(settings, "secretsmanager").get_secret_value(SecretId=settings.jwt_secret_arn)[
        "SecretString"
    ]
    return secret
