"""The account: who is logged in, what they may do, and their password."""

from starlette.responses import Response
from starlette.routing import Route

from aggregator import clock, passwords
from aggregator.console import cookies
from aggregator.console.desk import Asked, Desk, Posted, to
from aggregator.errors import DeskError
from aggregator.model.desk import Action, Scope, account
from aggregator.store import audit, desk_logins, desk_users


def routes(desk: Desk) -> list[Route]:
    """Showing the account, changing its password."""

    def show(asked: Asked) -> Response:
        return _page(desk, asked)

    def change(posted: Posted) -> Response:
        try:
            _change(desk, posted)
        except DeskError as error:
            return _page(desk, posted, 400, str(error))
        response = to("login?out")
        cookies.forget(response, posted.request, desk.base_url, name=cookies.SESSION)
        return response

    return [desk.get("/me", Scope.READ, show), desk.post("/me/password", Scope.READ, change)]


def _page(desk: Desk, asked: Asked, status: int = 200, problem: str = "") -> Response:
    return desk.page("me.html", asked.visitor, status, problem=problem, scopes=sorted(asked.visitor.scopes))


def _change(desk: Desk, posted: Posted) -> None:
    """Change the password of whoever is logged in, and end all of their sessions.

    Raises:
        DeskError: the old one is wrong, or was wrong too often, or the new one is not fit.
    """
    name, at = posted.visitor.who, clock.now()
    subject = account(name)
    if (locked := desk_logins.enter(desk.db, [subject], at)) is not None:
        raise DeskError(f"Too many wrong passwords. Please try again after {locked:%H:%M} UTC.")
    found = desk_users.to_verify(desk.db, name)
    if not passwords.is_right(found[1] if found else None, posted.fields.whole("old")):
        raise DeskError("The old password is another one.")
    desk_logins.forgive(desk.db, subject, "")
    new = posted.fields.whole("new")
    if new != posted.fields.whole("again"):
        raise DeskError("The new password was not repeated as it was.")
    passwords.check(name, new)
    desk_users.set_password(desk.db, name, passwords.hashed(new))
    audit.note(desk.db, Action(name, "password changed", name), at)
