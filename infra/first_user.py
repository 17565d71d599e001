"""Creates a deployed stage's first super user, by an operator's rights: `python -m infra.first_user STACK EMAIL`.

The password is asked for, or read from the first line of a piped input; it is no argument, which others could see.
"""

import argparse
import getpass
import sys
from collections.abc import Mapping

from chalicelib.domain.errors import ConvertProError, InvalidRequest
from chalicelib.domain.users import Role, User
from chalicelib.services import accounts, open_service
from chalicelib.settings import Settings
from infra import deployed

SHORTEST_PASSWORD = 8
"""As for every other user."""


def create(environment: Mapping[str, str], email: str, password: str) -> User:
    """Create the user on what ``environment`` names. Raises ``Conflict`` when the address is taken."""
    service = open_service(Settings.from_env(environment))
    return accounts.bootstrap(service, accounts.NewUser(email, password, role=Role.SUPER))


def _password() -> str:
    if sys.stdin.isatty():
        password = getpass.getpass("Password of the new super user: ")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidRequest(f"A password has at least {SHORTEST_PASSWORD} characters.")
    return password


def main() -> int:
    """Exit status 1, with the reason, when the user can't be created."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stack")
    parser.add_argument("email")
    arguments = parser.parse_args()
    try:
        user = create(deployed.stack_environment(arguments.stack), arguments.email, _password())
    except (ConvertProError, deployed.NoStack) as error:
        print(error.detail if isinstance(error, ConvertProError) else error, file=sys.stderr)
        return 1
    print(f"{user.email} is a super user: {user.user_id}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
