"""The names of operations and bodies in the description: what generated clients call their functions and types."""

from chalicelib.api.endpoint import Endpoint
from chalicelib.conversions.spec import ConversionSpec

_NAMES = {
    "POST /api/v2/auth/login": "logIn",
    "POST /api/v2/auth/refresh": "refreshTokens",
    "POST /api/v2/auth/logout": "logOut",
    "POST /api/v2/auth/session": "openSession",
    "POST /api/v2/auth/session/token": "renewAccess",
    "DELETE /api/v2/auth/session": "endSession",
    "GET /api/v2/auth/me": "getMe",
    "PUT /api/v2/auth/password": "changePassword",
    "POST /api/v2/auth/api-keys": "createApiKey",
    "GET /api/v2/auth/api-keys": "listApiKeys",
    "DELETE /api/v2/auth/api-keys/{key_id}": "revokeApiKey",
    "POST /api/v2/users": "createUser",
    "GET /api/v2/users": "listUsers",
    "GET /api/v2/users/{user_id}": "getUser",
    "PATCH /api/v2/users/{user_id}": "renameUser",
    "DELETE /api/v2/users/{user_id}": "deleteUser",
    "PATCH /api/v2/users/{user_id}/role": "setUserRole",
    "PATCH /api/v2/users/{user_id}/reset-password": "resetUserPassword",
    "PATCH /api/v2/users/{user_id}/disable": "disableUser",
    "PATCH /api/v2/users/{user_id}/enable": "enableUser",
    "GET /api/v3/conversions/history": "listConversions",
    "GET /api/v3/conversions/{conversion_id}": "getConversion",
    "DELETE /api/v3/conversions/{conversion_id}": "deleteConversion",
    "POST /api/v3/conversions/{conversion_id}/cancel": "cancelConversion",
    "GET /api/v3/conversions/{conversion_id}/download": "downloadResult",
    "POST /api/v3/uploads": "createUpload",
    "POST /api/v3/batches": "createBatch",
    "GET /api/v3/conversions/{conversion_id}/preview": "previewConversion",
    "GET /api/v3/uploads/{upload_id}": "getUpload",
    "POST /api/v3/webhooks": "createWebhook",
    "GET /api/v3/webhooks": "listWebhooks",
    "PATCH /api/v3/webhooks/{webhook_id}": "setWebhookActive",
    "DELETE /api/v3/webhooks/{webhook_id}": "deleteWebhook",
    "GET /api/v3/webhooks/{webhook_id}/deliveries": "listDeliveries",
    "POST /api/v3/webhooks/{webhook_id}/test": "testWebhook",
    "POST /api/v3/webhooks/{webhook_id}/rotate": "rotateWebhookSecret",
    "GET /api/v3/batches": "listBatches",
    "POST /api/v3/batches/credentials": "createFolderKeys",
    "GET /api/v3/batches/{batch_id}": "getBatch",
    "DELETE /api/v3/batches/{batch_id}": "cancelBatch",
    "POST /api/v3/batches/{batch_id}/retry": "retryBatch",
    "GET /api/v3/batches/{batch_id}/download": "downloadBatch",
    "GET /api/v3/points/balance": "getBalance",
    "GET /api/v3/points/ledger": "listLedger",
    "GET /api/v3/points/rules": "getRules",
    "PUT /api/v3/points/rules": "setRules",
    "GET /api/v3/points/my-point": "getMyPoints",
    "POST /api/v3/points/topup": "topUp",
    "POST /api/v3/points/corrections": "correctPoints",
    "GET /api/v3/permissions/actions": "listActions",
    "GET /api/v3/permissions/my-api": "listMyActions",
    "GET /api/v3/permissions/users/{user_id}/permissions": "getPermissions",
    "PUT /api/v3/permissions/users/{user_id}/permissions": "setPermissions",
    "PATCH /api/v3/permissions/users/{user_id}/permissions/{action}": "setPermission",
    "GET /api/v3/dashboard/overview": "getOverview",
    "GET /api/v3/dashboard/usage-history": "getUsageHistory",
    "GET /api/v3/admin/dashboard-summary": "getDashboardSummary",
    "GET /api/v3/admin/active-users": "listActiveUsers",
    "GET /api/v3/admin/check-users/{user_id}": "checkUser",
    "GET /api/v3/admin/points/giving-history": "listGivenPoints",
    "GET /api/v3/admin/audit": "listAudit",
    "GET /api/v3/admin/stuck-work": "getStuckWork",
    "GET /health": "getHealth",
    "GET /openapi.json": "getDescription",
    "GET /llms.txt": "getGuideForAgents",
    "GET /problems/{code}": "getProblemPage",
    "GET /": "getDocumentation",
    "GET /docs": "getReference",
    "GET /docs/{asset}": "getReferenceAsset",
    "GET /app": "getConsole",
    "GET /app/{asset}": "getConsoleAsset",
}

TAGS = {
    "Authentication": "Log in, renew tokens, log out; who one is.",
    "API keys": "Keys for programs, which act as their owner for conversions and points.",
    "Users": "Accounts: made, looked after and removed by admin and super users.",
    "Conversions": "Convert a file, ask how it goes, fetch the result.",
    "Uploads": "Files too large for one request, and files that are fetched from a URL.",
    "Batches": "Up to a thousand files at once, and folders in the bucket.",
    "Webhooks": "Addresses that are told, signed, when conversions and batches end.",
    "Points": "What conversions cost, what is left, and every movement.",
    "Permissions": "Which conversions a user may call.",
    "Dashboard": "One's own use, by day and by conversion.",
    "Administration": "All users' use, points given, and who changed what.",
    "Meta": "Liveness, this description, and pages for people and agents.",
    "Legacy converters": "Versions 1 and 2, kept for what integrates them already.",
}
"""What each group of operations is for."""


def operation_id(endpoint: Endpoint) -> str:
    """A speaking name: of the table, of the conversion, or made of method and path."""
    named = _NAMES.get(endpoint.name) or _conversion_name(endpoint)
    return named or camel(f"{endpoint.method.lower()}-{endpoint.path.removeprefix('/api/')}", first_up=False)


def has_name(endpoint: Endpoint) -> bool:
    """Whether somebody gave the route a name."""
    return endpoint.name in _NAMES or _conversion_name(endpoint) is not None


def body_name(spec: ConversionSpec, what: str) -> str:
    """The name of a conversion's body: ``what`` is "Form" or "Uploads"."""
    return camel(spec.slug) + what


def camel(text: str, *, first_up: bool = True) -> str:
    """``pdf-to-word`` as ``PdfToWord``."""
    words = "".join(char if char.isalnum() else " " for char in text).split()
    joined = "".join(word.capitalize() for word in words)
    return joined if first_up else joined[:1].lower() + joined[1:]


def _conversion_name(endpoint: Endpoint) -> str | None:
    """``convertPdfToWord``, ``removeBackground``; of the legacy versions with these at their end."""
    parts = endpoint.path.removeprefix("/api/").split("/")
    if len(parts) < 3 or parts[1] != "conversions" or "{" in parts[2] or parts[2] == "history":
        return None
    version, what = parts[0], camel(parts[2])
    suffix = "" if version == "v3" else version.capitalize()
    suffix += "ByUpload" if endpoint.by_upload else ""
    if endpoint.method == "GET":
        return f"download{what}File{suffix}" if len(parts) > 4 else f"list{what}Files{suffix}"
    verb = f"convert{what}" if "-to-" in parts[2] else what[:1].lower() + what[1:]
    return verb + suffix
