"""Creates the four accounts of a service on one's own machine; those that exist stay as they are."""

from chalicelib.domain.users import Role
from chalicelib.services import accounts, open_service
from infra.local.lifeline import end_with_parent

PASSWORD = "password123"
ACCOUNTS = {
    "super@example.com": Role.SUPER,
    "admin@example.com": Role.ADMIN,
    "user@example.com": Role.GENERAL,
    "demo@example.com": Role.DEMO,
}


def main() -> None:
    """Create what is absent."""
    end_with_parent()
    service = open_service()
    for email, role in ACCOUNTS.items():
        accounts.seed(service, email, PASSWORD, role)


if __name__ == "__main__":
    main()
