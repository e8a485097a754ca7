"""The door: logging in, and out."""

import ipaddress
import logging
import re
from datetime import datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from aggregator import clock, passwords
from aggregator.console import cookies, forms
from aggregator.console.desk import SEE_OTHER, Desk, Posted, to
from aggregator.console.errors import DeskRefusal, FormRefused, Locked
from aggregator.model.desk import Action, Outcome, Scope, User, account, address
from aggregator.store import audit, desk_logins, desk_sessions, desk_users

_HERE: Final = re.compile(r"/desk/[A-Za-z0-9/_.,?&=%+:-]*")
_LONGEST_NAME: Final = 64
_NETWORK_BITS: Final = 64
_WRONG: Final = "This name and password do not belong together."
_log = logging.getLogger(__name__)


def routes(desk: Desk) -> list[Route]:
    """Showing the door, coming in, going out."""

    def door(request: Request) -> Response:
        return show(desk, request)

    async def come(request: Request) -> Response:
        try:
            fields = await forms.read(request, desk.base_url)
        except FormRefused as refused:
            return show(desk, request, refused)
        return await run_in_threadpool(_come_in, desk, request, fields)

    def leave(posted: Posted) -> Response:
        desk_sessions.end(desk.db, passwords.digest(posted.visitor.secret))
        audit.note(desk.db, Action(posted.visitor.who, "logged out"), clock.now())
        response = to("login?out")
        cookies.forget(response, posted.request, desk.base_url, name=cookies.SESSION)
        return response

    return [
        Route("/login", door, methods=["GET"]),
        Route("/login", come, methods=["POST"]),
        desk.post("/logout", Scope.READ, leave),
    ]


def show(desk: Desk, request: Request, problem: DeskRefusal | None = None) -> Response:
    """The form to log in with, and why it is shown again."""
    secret = cookies.read(request, cookies.DOOR, desk.base_url) or passwords.secret()
    status = problem.status if problem else 200
    response = desk.page(
        "login.html",
        None,
        status,
        form=forms.make(secret),
        problem=problem,
        wanted=_wanted(request.query_params.get("next", "")),
        is_out="out" in request.query_params,
    )
    if isinstance(problem, Locked):
        wait = (problem.until - clock.now()).total_seconds()
        response.headers["Retry-After"] = str(max(round(wait), 1))
    cookies.give(response, request, desk.base_url, name=cookies.DOOR, secret=secret)
    return response


def _come_in(desk: Desk, request: Request, fields: forms.Fields) -> Response:
    door = cookies.read(request, cookies.DOOR, desk.base_url)
    try:
        if door is None:
            raise FormRefused("Your browser keeps no cookie of ours, and nobody can log in without one.")
        forms.number_of(door, fields)
        user = _known(desk, request, fields)
    except DeskRefusal as refused:
        return show(desk, request, refused)
    old = cookies.read(request, cookies.SESSION, desk.base_url)
    if old is not None:
        desk_sessions.end(desk.db, passwords.digest(old))
    # A secret that nobody has seen before: one that somebody put into the browser is worth nothing.
    secret, at = passwords.secret(), clock.now()
    desk_sessions.begin(desk.db, passwords.digest(secret), user, at, desk.lifetime)
    audit.note(desk.db, Action(user.name, "logged in", _host(request)), at)
    response = RedirectResponse(_wanted(fields.text("next")), SEE_OTHER)
    cookies.give(response, request, desk.base_url, name=cookies.SESSION, secret=secret)
    cookies.forget(response, request, desk.base_url, name=cookies.DOOR)
    return response


def _known(desk: Desk, request: Request, fields: forms.Fields) -> User:
    """The user whose password this is.

    Raises:
        DeskRefusal: it is not, or too many wrong ones came before.
    """
    at, name = clock.now(), desk_users.name_of(fields.text("name"))[:_LONGEST_NAME]
    subjects = account(name), address(_host(request))
    locked = desk_logins.enter(desk.db, subjects, at)
    if locked is not None:
        raise Locked(locked)
    found = desk_users.to_verify(desk.db, name)
    password = fields.whole("password")
    # Without a user a password is hashed all the same: the time must not tell who is one.
    if not passwords.is_right(found[1] if found else None, password) or found is None:
        _tell_of_lock(desk, subjects, at)
        raise FormRefused(_WRONG)
    user, stored = found
    desk_logins.forgive(desk.db, *subjects)
    anew = passwords.hashed(password) if passwords.is_outdated(stored) else None
    desk_users.note_login(desk.db, user, at, anew)
    return user


def _tell_of_lock(desk: Desk, subjects: tuple[str, str], at: datetime) -> None:
    """Note a lock in the log when the wrong password that brought it has just come."""
    for subject, attempts in desk_logins.locked(desk.db, at).items():
        if subject in subjects:
            words = f"{attempts.count} wrong passwords since {attempts.since:%Y-%m-%d %H:%M}"
            _log.warning("desk: %s is locked until %s: %s", subject, attempts.locked_until, words)
            who = subject.partition(":")[2]
            audit.note(desk.db, Action(who, "locked out", subject, after=words, outcome=Outcome.REFUSED), at)


def _host(request: Request) -> str:
    """Who asks: the address, of IPv6 the network that one customer gets."""
    host = request.client.host if request.client else ""
    try:
        known = ipaddress.ip_address(host)
    except ValueError:
        return host[:100]
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((known, _NETWORK_BITS), strict=False))
    return str(known)


def _wanted(path: str) -> str:
    """Where to go after logging in: a page of the desk, whatever the address says."""
    is_ours = _HERE.fullmatch(path) and "//" not in path and ".." not in path
    return path if is_ours and not path.startswith(("/desk/login", "/desk/static")) else "/desk/"
