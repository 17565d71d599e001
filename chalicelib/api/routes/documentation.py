"""The documentation page, and the interactive reference."""

from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.site import agents, problem_pages, render
from chalicelib.domain.errors import NotFound

ROUTES = Routes("Meta")
_HTML = "text/html"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' {bucket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@ROUTES.add("GET", "/", Access.PUBLIC, Returns(200, "A page.", str, media_type=_HTML), is_private=False)
def page(call: Call) -> Reply:
    """The documentation page."""
    return Reply(render.page(call.service.settings, call.base_url, call.way_to_root), headers=_headers(call))


@ROUTES.add("GET", "/docs", Access.PUBLIC, Returns(200, "A page.", str, media_type=_HTML), is_private=False)
def reference(call: Call) -> Reply:
    """The interactive reference."""
    return Reply(render.reference(call.way_to_root), headers=_headers(call))


@ROUTES.add(
    "GET",
    "/problems/{code}",
    Access.PUBLIC,
    Returns(200, "A page.", str, media_type=_HTML),
    may_refuse=(NotFound,),
    is_private=False,
)
def problem(call: Call) -> Reply:
    """What a kind of problem means, and what to do: where the type of a problem leads."""
    text = problem_pages.page(call.path("code"), call.way_to_root)
    if text is None:
        raise NotFound("There is no such problem.")
    return Reply(text, headers=_headers(call))


@ROUTES.add("GET", "/llms.txt", Access.PUBLIC, Returns(200, "Text.", str, media_type="text/plain"), is_private=False)
def guide(call: Call) -> Reply:
    """What this service can do and how to call it, for agents that read it."""
    text = agents.guide(call.service.settings, call.base_url)
    return Reply(text, headers={"Content-Type": "text/plain; charset=utf-8"})


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


def _headers(call: Call) -> dict[str, str]:
    policy = _POLICY.format(bucket=call.service.store.files.origin)
    return {"Content-Type": f"{_HTML}; charset=utf-8", "Content-Security-Policy": policy}
