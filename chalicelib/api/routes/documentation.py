"""The documentation page, and the interactive reference."""

from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.site import render
from chalicelib.domain.errors import NotFound

ROUTES = Routes("Meta")
_HTML = "text/html"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS = {"Content-Type": f"{_HTML}; charset=utf-8", "Content-Security-Policy": _POLICY}


@ROUTES.add("GET", "/", Access.PUBLIC, Returns(200, "A page.", str, media_type=_HTML), is_private=False)
def page(call: Call) -> Reply:
    """The documentation page."""
    return Reply(render.page(call.service.settings, call.base_url), headers=_PAGE_HEADERS)


@ROUTES.add("GET", "/docs", Access.PUBLIC, Returns(200, "A page.", str, media_type=_HTML), is_private=False)
def reference(_call: Call) -> Reply:
    """The interactive reference."""
    return Reply(render.reference(), headers=_PAGE_HEADERS)


@ROUTES.add(
    "GET",
    "/docs/{asset}",
    Access.PUBLIC,
    Returns(200, "A file of the pages.", str, media_type="text/css", or_text=("text/javascript",)),
    may_refuse=(NotFound,),
    is_private=False,
)
def asset(call: Call) -> Reply:
    """A style sheet or script of the pages."""
    found = render.asset(call.path("asset"))
    if found is None:
        raise NotFound("There is no such file.")
    text, media_type = found
    return Reply(
        text, headers={"Content-Type": f"{media_type}; charset=utf-8", "Cache-Control": "public, max-age=3600"}
    )
