"""The console: a page over the public API, and its files."""

from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.site import console
from chalicelib.api.site.console import File
from chalicelib.domain.errors import NotFound

ROUTES = Routes("Meta")
_UNCHANGED = Returns(
    304, "The browser has this version.", headers=("ETag", "Content-Security-Policy", "Referrer-Policy")
)
_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src 'self' {bucket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


@ROUTES.add(
    "GET",
    "/app",
    Access.PUBLIC,
    (
        Returns(
            200, "A page.", str, media_type="text/html", headers=("ETag", "Content-Security-Policy", "Referrer-Policy")
        ),
        _UNCHANGED,
    ),
    may_refuse=(NotFound,),
    is_private=False,
)
def page(call: Call) -> Reply:
    """The console: conversions, points and people in a browser."""
    found = console.page(call.way_to_root)
    if found is None:
        raise NotFound("The console was not built here; make run and make package build it.")
    policy = {"Content-Security-Policy": _POLICY.format(bucket=call.service.store.files.origin)}
    return _reply(call, found, {"Referrer-Policy": "no-referrer"} | policy)


@ROUTES.add(
    "GET",
    "/app/{asset}",
    Access.PUBLIC,
    (
        Returns(200, "A file.", str, media_type="text/css", or_text=("text/javascript",), headers=("ETag",)),
        _UNCHANGED,
    ),
    may_refuse=(NotFound,),
    is_private=False,
)
def asset(call: Call) -> Reply:
    """A script or style sheet of the console."""
    found = console.asset(call.path("asset"))
    if found is None:
        raise NotFound("There is no such file.")
    return _reply(call, found, {})


def _reply(call: Call, file: File, headers: dict[str, str]) -> Reply:
    headers = {"ETag": file.etag, "Cache-Control": _FOR_GOOD if file.is_for_good else _ASK_AGAIN, **headers}
    if file.etag in (call.header("if-none-match") or ""):
        return Reply(status=304, headers=headers)
    return Reply(file.text, headers={"Content-Type": f"{file.media_type}; charset=utf-8", **headers})
