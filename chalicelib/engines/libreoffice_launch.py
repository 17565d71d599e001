"""Becomes soffice, bound to the server that started it: ``python -m … PID soffice.bin arguments…``."""

import os
import signal
import sys

from chalicelib.engines import jail


def main(arguments: list[str]) -> None:
    """Die with the server; write errors instead of death at the file size limit, so that soffice reports them."""
    jail.die_with_parent(int(arguments[0]))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    os.umask(0o077)
    os.execv(arguments[1], arguments[1:])  # noqa: S606 - replacing this process without a shell is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
