"""The ``convertpro`` command: log in, convert files and folders, see points and what was converted."""

import contextlib
import secrets
import signal
import socket
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import httpx
import typer

from convertpro import command_files, command_output, credentials, folders
from convertpro.agent_roots import Roots
from convertpro.client import ConvertPro
from convertpro.client_async import AsyncConvertPro
from convertpro.command_output import Bars
from convertpro.command_watch import SETTLE_S, Watch, Watched
from convertpro.credentials import Credentials
from convertpro.drivers import Blocking
from convertpro.errors import ConnectionFailed, ConvertProError, InsufficientPoints, Unauthenticated, Unsupported
from convertpro.folders import JOBS, Run
from convertpro.formats import slug_of
from convertpro.models import Outcome
from convertpro.requests import Session

FAILED, NOT_LOGGED_IN, NO_POINTS, UNREACHABLE, INTERRUPTED = 1, 3, 4, 5, 130
EXIT_CODES = """\b
Exit codes:
  0    all done
  1    a file was not converted, or the service refused the call
  2    usage: an option or a file is wrong; nothing was begun
  3    not logged in
  4    out of points
  5    the service could not be reached; the same command goes on
  130  interrupted; the same command goes on
"""
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog=EXIT_CODES,
    help="Convert files by a ConvertPro service.",
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def http_client() -> httpx.Client:
    """Connections to the service."""
    return httpx.Client()


@app.command(epilog=EXIT_CODES)
def login(
    base_url: Annotated[str, typer.Option(help="The service's address.", prompt="Address of the service")],
    email: Annotated[str | None, typer.Option(help="Whose API key is to be made; asked for without --api-key.")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="CONVERTPRO_PASSWORD", help="Better asked for: arguments are seen by others.")
    ] = None,
    api_key: Annotated[str | None, typer.Option(help="A key that you have already.")] = None,
) -> None:
    """Keep an API key for the other commands, in a file that only you can read.

    By email and password a new key is made, named after this machine. CONVERTPRO_URL and CONVERTPRO_API_KEY, both set,
    go before the file.
    """
    if api_key and (email or password):
        raise typer.BadParameter("Give --api-key, or --email and --password.")
    with _failures_told():
        if api_key is None:
            api_key = _made_key(base_url, email, password)
        with ConvertPro(base_url, api_key=api_key, http=http_client()) as client:
            client.balance()
        typer.echo(f"Logged in; the key is in {credentials.save(Credentials(base_url, api_key))}.")


def _made_key(base_url: str, email: str | None, password: str | None) -> str:
    email = email or typer.prompt("Email")
    password = password or typer.prompt("Password", hide_input=True)
    with ConvertPro(base_url, email=email, password=password, http=http_client()) as client:
        return client.create_api_key(f"convertpro on {socket.gethostname()}"[:100])


@app.command(epilog=EXIT_CODES)
def convert(
    files: Annotated[list[Path], typer.Argument(exists=True, help="Files, and folders with all that is below them.")],
    to: Annotated[str, typer.Option(help="word, excel, pdf, nobg, or a conversion's slug.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", file_okay=False, help="Where results go, else beside the files.")
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option(help="One of the conversion's, as NAME=VALUE; repeatable.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=32, help="Files under way at a time.")] = JOBS,
    again: Annotated[
        bool, typer.Option("--again", help="Convert anew what was converted before, at its cost.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that no run of this command made.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Convert files and folders. After an interruption or a kill the same command goes on; no file is charged twice."""
    options = _options(option or [])
    try:
        wanted = command_files.wanted(files, to, options, output)
    except Unsupported as refusal:
        raise typer.BadParameter(str(refusal)) from None
    known = _known()
    journal = command_files.journal_of(output)
    foreign = [] if overwrite else command_files.not_ours(wanted.items, journal)
    if foreign:
        listed = ", ".join(map(str, foreign[:5])) + (" …" if len(foreign) > 5 else "")
        raise typer.BadParameter(f"There already, and not by this command: {listed}. --overwrite replaces them.")
    with _failures_told(), Bars(len(wanted.items), as_json=as_json) as bars, http_client() as http:
        on_progress = {item.source: bars.of(item.source) for item in wanted.items}
        anew = f"-{uuid4().hex[:8]}" if again else ""
        run = Run(journal, jobs, anew, overwrite, bars.ended, on_progress)
        session = Session(known.base_url, known.api_key)
        outcomes = Blocking(http).run(folders.convert_items(session, wanted.items, run))
    if as_json:
        typer.echo(command_output.as_json(command_output.told(outcomes, wanted.left_alone)))
    elif wanted.left_alone:
        typer.echo(f"{len(wanted.left_alone)} files left alone, which can't become {to}.")
    raise typer.Exit(_code_of(outcomes))


@app.command(epilog=EXIT_CODES)
def watch(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="What is watched, with all below it.")],
    to: Annotated[str, typer.Option(help="word, excel, pdf, nobg, or a conversion's slug.")],
    output: Annotated[Path, typer.Option("--output", "-o", file_okay=False, help="Where results go.")],
    option: Annotated[
        list[str] | None, typer.Option(help="One of the conversion's, as NAME=VALUE; repeatable.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=32, help="Files under way at a time.")] = JOBS,
    settle: Annotated[float, typer.Option(min=0, help="Seconds without a change until a file is complete.")] = SETTLE_S,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that no run of this command made.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Convert what comes into a folder, and what changes there, until interrupted.

    Results keep their sources' whole names (a.pdf becomes a.pdf.docx). A file that fails is told of and left until it
    changes; without points or a service it is tried again. Begun anew, it goes on where it was, and charges no file
    twice. With --json each file that has ended is a line.
    """
    options = _options(option or [])
    try:
        slug_of(Path("any.docx"), to, options)
    except Unsupported as refusal:
        raise typer.BadParameter(str(refusal)) from None
    if output.absolute() == folder.absolute():
        raise typer.BadParameter("Results need a folder of their own: there they would be converted, too.")
    known = _known()
    with _failures_told(), _interrupted_by_sigterm(), http_client() as http:
        run = Run(command_files.journal_of(output), jobs, overwrite=overwrite)
        watched = Watched(folder, output, to, options, settle)
        tell = command_output.teller(as_json=as_json)
        Watch(watched, Blocking(http), Session(known.base_url, known.api_key), run, tell).forever()


@contextlib.contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """What ends a service ends the watch as Ctrl-C does."""
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)


def _options(pairs: Sequence[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for pair in pairs:
        name, is_pair, value = pair.partition("=")
        if not name or not is_pair or name in options:
            raise typer.BadParameter(f"NAME=VALUE is wanted, each name once; this is {pair!r}.")
        options[name] = value
    return options


def _code_of(outcomes: Sequence[Outcome]) -> int:
    """What a caller can do about it goes first: buy points, call again, look at the files."""
    errors = [one.error for one in outcomes if one.error is not None]
    for kind, code in ((InsufficientPoints, NO_POINTS), (ConnectionFailed, UNREACHABLE)):
        if any(isinstance(error, kind) for error in errors):
            return code
    return FAILED if errors else 0


@app.command(epilog=EXIT_CODES)
def balance(as_json: AsJson = False) -> None:
    """Points that are left."""
    with _failures_told(), _client() as client:
        left = client.balance()
    if as_json:
        typer.echo(command_output.as_json({"balance": left}))
    else:
        typer.echo("unlimited" if left is None else left)


@app.command(epilog=EXIT_CODES)
def history(
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many, newest first.")] = 20, as_json: AsJson = False
) -> None:
    """What was converted."""
    with _failures_told(), _client() as client:
        items = client.list_conversions(limit=limit).items
    if as_json:
        typer.echo(command_output.as_json([asdict(one) for one in items]))
    else:
        command_output.table(items)


@app.command(epilog=EXIT_CODES)
def mcp(
    root: Annotated[list[str], typer.Option(help="A folder that agents may read and write, as NAME=DIR; repeatable.")],
    http: Annotated[bool, typer.Option("--http", help="Serve HTTP on this machine instead of standard input.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="With --http.")] = 8765,
    token: Annotated[
        str | None, typer.Option(envvar="CONVERTPRO_MCP_TOKEN", help="What HTTP's clients send; else made and told.")
    ] = None,
) -> None:
    """Serve agents by the Model Context Protocol: they convert files of named folders, and nothing outside."""
    try:
        from convertpro import agent_server
    except ModuleNotFoundError as missing:
        typer.echo(f"This needs {missing.name}: install the package with its extra, convertpro[mcp].", err=True)
        raise typer.Exit(FAILED) from None
    folders = {name: Path(folder) for name, folder in _options(root).items()}
    wrong = [name for name, folder in folders.items() if not folder.is_dir() or "/" in name]
    if wrong:
        raise typer.BadParameter(f"--root takes NAME=DIR, a folder that there is; look at {', '.join(wrong)}.")
    known = _known()
    server = agent_server.build(AsyncConvertPro(known.base_url, api_key=known.api_key), Roots(folders))
    with _failures_told():
        if not http:
            server.run()
            return
        if token is None:
            token = secrets.token_urlsafe(32)
            typer.echo(f"Authorization: Bearer {token}", err=True)
        agent_server.serve_http(server, port, token)


def _client() -> ConvertPro:
    known = _known()
    return ConvertPro(known.base_url, api_key=known.api_key, http=http_client())


def _known() -> Credentials:
    known = credentials.load()
    if known is None:
        names = f"{credentials.URL} and {credentials.KEY}"
        typer.echo(f"Not logged in: run convertpro login, or set both {names}.", err=True)
        raise typer.Exit(NOT_LOGGED_IN)
    return known


@contextlib.contextmanager
def _failures_told() -> Iterator[None]:
    """A sentence and a code for what can go wrong."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("Interrupted; the same command goes on where it was.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except (ConvertProError, OSError) as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(_code_of_failure(failure)) from None


def _code_of_failure(failure: Exception) -> int:
    if isinstance(failure, Unauthenticated):
        return NOT_LOGGED_IN
    return UNREACHABLE if isinstance(failure, ConnectionFailed) else FAILED
