"""A warm soffice of one's own: its process, its profile, and work done on its main thread."""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import Any, TypeVar

import uno  # type: ignore[import-not-found]
import unohelper  # type: ignore[import-not-found]
from com.sun.star.awt import XCallback  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]
from com.sun.star.lang import DisposedException  # type: ignore[import-not-found]
from com.sun.star.uno import Exception as UnoException  # type: ignore[import-not-found]

from chalicelib.engines.libreoffice.registry_layer import write_layer
from chalicelib.engines.libreoffice.standstill import PATIENCE_S, Standstill

T = TypeVar("T")

_START_TIMEOUT_S = 60
_POLL_S = 0.01
_LOOK_S = 1.0
_STARTS_ANEW = 81
"""Exit status by which soffice asks to be started again: a new profile's extensions have been set up."""

_EXIT_GRACE_S = 5
_PIPES = Path("/tmp")  # noqa: S108 - where LibreOffice puts the sockets of its named pipes, whatever TMPDIR says


class ListenerDied(Exception):
    """soffice ended, its bridge broke, or it does nothing any more; the message says how: "signal 6"."""


class LibreOfficeError(Exception):
    """A UNO exception's text: the exception itself can't pass through Python's context managers."""


class Listener:
    """One soffice in headless mode, driven over a named pipe. Not safe for several threads at once.

    ``version`` is that of the installed LibreOffice, ``pdf_defaults`` its settings of the PDF export, ``home``
    its private directory and ``exchange`` the one below it through which documents come and go.
    ``has_windows``: it is not one of the packages without a desktop, which can't draw comments in a margin.
    ``font_names`` says what the fonts of ours are made of, by their families.
    """

    def __init__(
        self, soffice: Path, patience_s: float = PATIENCE_S, fonts: Path | None = None, profile: Path | None = None
    ) -> None:
        """Start and wait until documents can be loaded; raises ``ListenerDied``.

        ``patience_s``: how long a call may stand still, with no processor time used, before it is given up.
        ``fonts``: what ``layers/fonts/build.sh`` made; without it soffice has the system's fonts alone.
        ``profile``: one that was set up before, to begin with a copy of it; else soffice sets one up, and starts twice.
        """
        self.font_names = _font_names(fonts)
        self._share = _binary(soffice).parents[1] / "share"
        self.has_windows = (self._share / "config" / "soffice.cfg" / "modules" / "swriter" / "ui").is_dir()
        self._patience_s = patience_s
        self._stuck = False
        self.home = Path(tempfile.mkdtemp(prefix="soffice-"))
        self.exchange = self.home / "exchange"
        if profile:
            shutil.copytree(profile, self.home / "profile")
        self._exit: Future[int] = Future()
        pipe = f"convertpro-{secrets.token_hex(8)}"
        self._sockets = (_socket(pipe), _socket(_single_instance_pipe(self.home)))
        try:
            command = _command(_binary(soffice), self.home, pipe)
            self._process, context = self._started(command, pipe, fonts)
            self._services = context.ServiceManager
            self._context = context
            self.desktop = self._desktop()
            self.toolkit = self.service("com.sun.star.awt.Toolkit")
            self._restrict_files()
            self.version = str(self._configured("org.openoffice.Setup/Product")["ooSetupVersionAboutBox"])
            self.pdf_defaults = self._configured("org.openoffice.Office.Common/Filter/PDF/Export")
            self._main_thread = self.service("com.sun.star.awt.AsyncCallback")
        except BaseException:
            self.close()
            raise
        finally:
            self._remove_sockets()

    @property
    def pid(self) -> int:
        """soffice's process id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether soffice still runs, and does not stand still."""
        return not self._exit.done() and not self._stuck

    def service(self, name: str) -> Any:
        """A new instance of a UNO service."""
        return self._services.createInstanceWithContext(name, self._context)

    def call(self, work: Callable[[], T]) -> T:
        """Run ``work`` while soffice's main thread waits for it, and return what it returns or raise what it raises.

        Every UNO call it makes is then executed by that main thread, and no event of soffice's own runs in
        between. A plain remote call would leave such events to run between load and export, and they build
        windows: the side bar of a document's comments aborts where the packages without GUI lack its file.
        Raises ``ListenerDied`` when soffice ends meanwhile, or stands still: it runs on then, for a look at it.
        """
        result: Future[T] = Future()
        try:
            threading.Thread(target=self._hand_over, args=(work, result), name="soffice-call", daemon=True).start()
            self._await(result)
            if result.done():
                return result.result()
        except UnoException as error:
            if self.alive() and not isinstance(error, DisposedException):
                raise LibreOfficeError(str(error)) from None
            raise ListenerDied(self._how()) from None
        raise ListenerDied(self._how())

    def _hand_over(self, work: Callable[[], T], result: "Future[T]") -> None:
        """In a thread: a soffice that stands still does not even take it."""
        try:
            self._main_thread.addCallback(_Callback(work, result), None)
        except UnoException as error:
            result.set_exception(error)

    def _await(self, result: "Future[T]") -> None:
        """Return when there is a result or soffice has ended; raises ``ListenerDied`` at a standstill."""
        awaited: set[Future[Any]] = {result, self._exit}
        standstill = Standstill(self.pid, self._patience_s)
        while not wait(awaited, timeout=_LOOK_S, return_when=FIRST_COMPLETED).done:
            if standstill.reached():
                self._stuck = True
                raise ListenerDied(f"a standstill of {self._patience_s:g} s")

    def close(self) -> None:
        """Kill soffice and remove its profile with all that it left behind."""
        if hasattr(self, "_process"):
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def _started(self, command: list[str], pipe: str, fonts: Path | None) -> tuple["subprocess.Popen[bytes]", Any]:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while True:
            self._process = _spawned(command, self.home, fonts)
            context = _connected(self._process, pipe, deadline)
            if context is not None:
                threading.Thread(target=self._watch, name="soffice-exit", daemon=True).start()
                return self._process, context
            self._remove_sockets()
            if self._process.wait() != _STARTS_ANEW:
                self._exit.set_result(self._process.returncode)
                raise ListenerDied(f"{self._how()} at its start")

    def _remove_sockets(self) -> None:
        """Once connected nobody else shall be; and soffice itself may remove nothing there."""
        for socket in self._sockets:
            socket.unlink(missing_ok=True)

    def _desktop(self) -> Any:
        """For a moment after the bridge is up there is none."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        while (desktop := self.service("com.sun.star.frame.Desktop")) is None:
            if time.monotonic() > deadline:
                raise ListenerDied("no desktop in time")
            time.sleep(_POLL_S)
        return desktop

    def _restrict_files(self) -> None:
        """From here on URLs name soffice's own files and those in ``exchange`` only.

        ``BlockUntrustedRefererLinks`` lets pass what comes without a referrer, as pictures of an ods do. The
        registry could not say so: starting up needs the installation's files. Those with icons are read later on: a
        sheet's traffic lights are some.
        """
        broker = self.service("com.sun.star.ucb.UniversalContentBroker")
        provider = broker.queryContentProvider("file:///")
        broker.deregisterContentProvider(provider, "file")
        broker.registerContentProvider(provider, f'"{self.home.as_uri()}/".*', True)
        icons = f"{self._share.as_uri()}/config/images_"
        broker.registerContentProvider(provider, f'"{icons}".*', True)

    def _configured(self, path: str) -> dict[str, Any]:
        """The values of one node of the registry."""
        provider = self.service("com.sun.star.configuration.ConfigurationProvider")
        where = PropertyValue("nodepath", 0, f"/{path}", 0)
        reader = "com.sun.star.configuration.ConfigurationAccess"
        node = provider.createInstanceWithArguments(reader, (where,))
        return {name: node.getByName(name) for name in node.ElementNames}

    def _watch(self) -> None:
        self._exit.set_result(self._process.wait())

    def _how(self) -> str:
        """A broken bridge is noticed before the end of the process is."""
        wait((self._exit,), timeout=_EXIT_GRACE_S)
        if not self._exit.done():
            return "the bridge broke"
        status = self._exit.result()
        return f"signal {-status}" if status < 0 else f"exit status {status}"


class _Callback(unohelper.Base, XCallback):  # type: ignore[misc]
    """Called back by soffice's main thread, once."""

    def __init__(self, work: Callable[[], T], result: "Future[T]") -> None:
        self._work = work
        self._result = result

    def notify(self, _data: object) -> None:
        """Name and parameter are XCallback's."""
        try:
            self._result.set_result(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits for the result
            self._result.set_exception(error)


def _binary(soffice: Path) -> Path:
    """The program itself: the wrapper script stays between it and the signals meant for it."""
    return soffice.resolve().with_name("soffice.bin")


def _profile_url(home: Path) -> str:
    return (home / "profile").as_uri()


def _single_instance_pipe(home: Path) -> str:
    """By which soffice finds one that runs on the same profile: an MD5 whose bytes are written without padding."""
    digest = hashlib.md5(_profile_url(home).encode("utf-16-le"), usedforsecurity=False).digest()
    return "SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in digest)


def _socket(pipe: str) -> Path:
    return _PIPES / f"OSL_PIPE_{os.getuid()}_{pipe}"


def _command(binary: Path, home: Path, pipe: str) -> list[str]:
    launcher = [sys.executable, "-S", "-m", "chalicelib.engines.libreoffice.launch", str(os.getpid()), str(home)]
    switches = ("headless", "invisible", "nologo", "norestore", "nodefault", "nolockcheck", "nofirststartwizard")
    return [
        *launcher,
        str(binary),
        *(f"--{switch}" for switch in switches),
        f"-env:UserInstallation={_profile_url(home)}",
        write_layer(home / "registry"),
        f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
    ]


def _font_names(fonts: Path | None) -> dict[str, str]:
    return json.loads((fonts / "names.json").read_text(encoding="utf-8")) if fonts else {}


def _spawned(command: list[str], home: Path, fonts: Path | None) -> "subprocess.Popen[bytes]":
    """With an environment of its own: formulas and URLs of documents have ways to read it."""
    for name in ("tmp", "exchange"):
        (home / name).mkdir(exist_ok=True)
    environment = {
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "SAL_USE_VCLPLUGIN": "svp",
        **({"FONTCONFIG_FILE": str(fonts / "fonts.conf")} if fonts else {}),
    }
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment, cwd=home)


def _connected(process: "subprocess.Popen[bytes]", pipe: str, deadline: float) -> Any:
    """The remote component context, or ``None`` when soffice ended instead."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while process.poll() is None:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(_POLL_S)
        except UnoException as error:
            raise ListenerDied("the bridge broke at its start") from error
        if time.monotonic() > deadline:
            raise ListenerDied("no connection in time")
    return None
