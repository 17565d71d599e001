"""Managing users."""

from collections.abc import Callable

from chalicelib.api import views
from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.accounts import NamesIn, ResetPasswordIn, RoleIn, UserIn, UserOut, UsersQuery
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.services import accounts

ROUTES = Routes("Users")
_USER = Returns(200, "The user.", UserOut)
_ONE = "/api/v2/users/{user_id}"


@ROUTES.add(
    "POST",
    "/api/v2/users",
    Access.MANAGER,
    Returns(201, "The new user.", UserOut),
    body=UserIn,
    may_refuse=(Conflict,),
)
def create(call: Call) -> Reply:
    """Create a user; an admin creates general and demo users."""
    body = call.json(UserIn)
    new = accounts.NewUser(body.email, body.password, body.username, body.role)
    return Reply(views.user_out(accounts.create(call.service, call.caller, new, call.address)), status=201)


@ROUTES.add(
    "GET",
    "/api/v2/users",
    Access.MANAGER,
    Returns(200, "Users in order of creation; the next page is in Link.", list[UserOut], headers=("Link",)),
    query=UsersQuery,
)
def list_users(call: Call) -> Reply:
    """The users whom the caller manages."""
    query = call.query(UsersQuery)
    users, after = accounts.list_users(call.service, call.caller, query.role, call.unseal(query.cursor), query.limit)
    return Reply([views.user_out(user) for user in users], headers=call.next_link(query, after))


@ROUTES.add("GET", _ONE, Access.MANAGER, _USER, may_refuse=(NotFound,))
def get(call: Call) -> UserOut:
    """One user."""
    return views.user_out(accounts.get(call.service, call.caller, call.path("user_id")))


@ROUTES.add("PATCH", _ONE, Access.MANAGER, _USER, body=NamesIn, may_refuse=(NotFound, Conflict))
def rename(call: Call) -> UserOut:
    """Change a user's e-mail address or username."""
    body = call.json(NamesIn)
    names = accounts.NewNames(body.email, body.username)
    return views.user_out(accounts.rename(call.service, call.caller, call.path("user_id"), names, call.address))


@ROUTES.add("DELETE", _ONE, Access.MANAGER, Returns(204, "The user is gone."), may_refuse=(NotFound, Conflict))
def delete(call: Call) -> Reply:
    """Delete a user with keys and files; ledger, history and audit stay under the id."""
    accounts.delete(call.service, call.caller, call.path("user_id"), call.address)
    return Reply(status=204)


@ROUTES.add("PATCH", f"{_ONE}/role", Access.SUPER, _USER, body=RoleIn, may_refuse=(NotFound, Conflict))
def set_role(call: Call) -> UserOut:
    """Change a user's role, from its next request on."""
    body = call.json(RoleIn)
    user = accounts.set_role(call.service, call.caller, call.path("user_id"), body.role, call.address)
    return views.user_out(user)


@ROUTES.add(
    "PATCH",
    f"{_ONE}/reset-password",
    Access.MANAGER,
    Returns(204, "The password is set; all the user's tokens are revoked."),
    body=ResetPasswordIn,
    may_refuse=(NotFound,),
)
def reset_password(call: Call) -> Reply:
    """Set another user's password."""
    body = call.json(ResetPasswordIn)
    accounts.reset_password(call.service, call.caller, call.path("user_id"), body.new_password, call.address)
    return Reply(status=204)


def _switch(is_active: bool) -> Callable[[Call], UserOut]:
    def handler(call: Call) -> UserOut:
        user_id = call.path("user_id")
        return views.user_out(accounts.set_active(call.service, call.caller, user_id, is_active, call.address))

    return handler


for _path, _is_active, _summary in (
    ("disable", False, "Disable a user; its tokens and keys stop working at once."),
    ("enable", True, "Enable a user."),
):
    ROUTES.add("PATCH", f"{_ONE}/{_path}", Access.MANAGER, _USER, summary=_summary, may_refuse=(NotFound, Conflict))(
        _switch(_is_active)
    )
