"""`make deploy STAGE=test ACCOUNT=small EMAIL=you@example.com`: an account's first stage, or a stage's next release.

Each step looks whether it is done already: what broke off is begun again. DRY_RUN=1 prints every call and makes none.
"""

import argparse
import os
import re
import subprocess
import sys
from datetime import UTC, datetime

from infra import deployed, package, template
from infra.deploy import account as accounts
from infra.deploy import release
from infra.deploy.account import Account
from infra.deploy.caller import Caller, Stopped
from infra.rehearsal import static
from infra.template import ROOT


def main() -> int:
    """The exit status: 1 when something stopped it, which is said."""
    arguments = _arguments()
    try:
        session = None if arguments.dry_run else deployed.session()
        region = session.region_name if session else os.environ.get("AWS_REGION") or "eu-central-1"
        caller = Caller(session, release.ASSUMED, lambda text: print(f"  {text}", flush=True))
        _deploy(caller, arguments, str(region))
    except (Stopped, deployed.NoStack) as error:
        print(f"\nStopped: {error}", file=sys.stderr)
        return 1
    return 0


def _deploy(caller: Caller, arguments: argparse.Namespace, region: str) -> None:
    stack, tag = f"convertpro-{arguments.stage}", arguments.tag or new_tag()
    own = _own(arguments)
    print(f"{stack} in {region}, release {tag}{' (a dry run: nothing is done)' if caller.is_dry else ''}")
    print("1 The account")
    account = Account(caller.aws("sts", "get_caller_identity")["Account"], region)
    before = release.deployed(caller, stack)
    size = arguments.account or ("small" if before is None else None)
    chosen = {**(static.account(size) if size else {}), "Build": tag, **own, "Stage": arguments.stage}
    log = {**(before or {}), **chosen}.get("AccessLog", "true")
    accounts.prepare(caller, account, log_role=log == "true")
    print("2 The package")
    package.main()
    if static.rehearse():
        raise Stopped("The template would not do; see above.")
    print("3 The images")
    images = release.build_images(caller, account, tag)
    print("4 The stack")
    url = release.upload(caller, account)
    outputs = release.apply(caller, stack, url, {**chosen, **images})
    if arguments.email:
        print("5 The first super user")
        _first_user(caller, stack, arguments.email)
    print("\n".join(f"{name}: {value}" for name, value in sorted(outputs.items())) or "Done.")


def _own(arguments: argparse.Namespace) -> dict[str, str]:
    """The parameters of the command line. Raises ``Stopped``, before anything is made, for what AWS would refuse."""
    known = template.load()["Parameters"]
    if not re.fullmatch(known["Stage"]["AllowedPattern"], arguments.stage):
        raise Stopped(
            f"STAGE={arguments.stage} can't be the name of a stage: small letters first, then digits and - too, "
            "16 characters at most; local is reserved for make run."
        )
    wrong = [one for one in arguments.parameters if "=" not in one or one.partition("=")[0] not in known]
    if wrong:
        raise Stopped(f"There is no parameter {', '.join(wrong)}; PARAMETERS takes Name=value of: {', '.join(known)}.")
    return dict(one.split("=", 1) for one in arguments.parameters)


def new_tag() -> str:
    """The commit and the day: another day is another tag, and gets that day's security fixes."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return f"{found.stdout.strip() or 'unversioned'}-{datetime.now(UTC):%Y%m%d}"


def _first_user(caller: Caller, stack: str, email: str) -> None:
    """Ask for the password and create the user; one that is there stays as it is."""
    command = (sys.executable, "-m", "infra.first_user", stack, email)
    print(f"  {' '.join(command)}")
    if not caller.is_dry:
        subprocess.run(command, cwd=ROOT, check=False)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stage", required=True, help="name of the deployment: test, prod")
    sizes = sorted(path.stem for path in static.ACCOUNTS.glob("*.env"))
    parser.add_argument("--account", choices=sizes, help="its quota of concurrent executions (small for a new stage)")
    parser.add_argument("--email", help="address of the first super user")
    parser.add_argument("--tag", help="a release that was pushed before: to go back")
    parser.add_argument("--parameter", action="append", default=[], dest="parameters", metavar="NAME=VALUE")
    parser.add_argument("--dry-run", action="store_true", help="print every call and make none")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
