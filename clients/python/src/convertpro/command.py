"""The ``convertpro`` command's door: what it needs beyond the client is an extra, and may be missing."""

import sys


def main() -> None:
    """Run the command, or say how to install what it needs."""
    try:
        from convertpro.command_app import app
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in {"typer", "rich"}:
            raise
        sys.exit(f"The command needs {missing.name}: install the package with its extra, convertpro[cli].")
    app()


if __name__ == "__main__":
    main()
