"""`python -m infra.rehearsal static` looks at what `make package` made; `release` makes it the last release."""

import sys

import yaml

from infra.rehearsal import expansion, released, static


def main(what: str) -> int:
    """The exit status: 1 when something is wrong."""
    if what == "release":
        template = yaml.safe_load(static.PACKAGED.read_text())
        released.write(expansion.expand(template, {"TablesProtected": "false"}))
        print(released.FILE)
        return 0
    return 1 if static.rehearse() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "static"))
