"""The settings page: what a reader can choose, saved in a cookie of their own."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from aggregator.site import forms, language, wording
from aggregator.site import reader as readers
from aggregator.site.context import Site
from aggregator.site.reader import COOKIE, COOKIE_SECONDS, LONGEST_COOKIE_CHARS, Reader, Size
from aggregator.site.routes import read
from aggregator.site.wording import later, say
from aggregator.store import outlets

LARGEST_BYTES = 20_000
_SIZES = {Size.NORMAL: later("Normal"), Size.LARGE: later("Large"), Size.LARGEST: later("Very large")}


def routes(site: Site) -> list[Route]:
    """The routes of the form: showing it, and keeping what was chosen."""

    def form(request: Request) -> Response:
        return _form(site, saved="saved" in request.query_params)

    async def save(request: Request) -> Response:
        try:
            chosen = await forms.fields(request, site.settings.site.base_url, LARGEST_BYTES)
            return _keep(site, Reader() if "forget" in chosen else _reader(chosen))
        except forms.FormError as refused:
            return await run_in_threadpool(_form, site, refused.status, problem=refused.problem)

    return [read("/settings", form), Route("/settings", save, methods=["POST"])]


def _form(site: Site, status: int = 200, *, saved: bool = False, problem: str = "") -> Response:
    listed = outlets.shown(site.db)
    response = site.page(
        "settings.html",
        status,
        reader=readers.current(),
        saved=saved,
        problem=problem,
        interfaces=[(tag, language.own_name(tag)) for tag in wording.locales()],
        sizes=[(size.value, say(words)) for size, words in _SIZES.items()],
        languages=language.list_of(each.language for each in listed),
        outlets=sorted(listed, key=lambda each: each.name.casefold()),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _reader(chosen: Mapping[str, list[str]]) -> Reader:
    """The reader of a form, without whatever means nothing.

    Raises:
        FormError: so much was chosen that no browser would keep it.
    """
    names = ("interface", "size", "languages", "hidden")
    wanted = readers.written({name: " ".join(chosen.get(name, ())) for name in names})
    if len(wanted) > LONGEST_COOKIE_CHARS:
        raise forms.FormError(400, say("This is more than a browser keeps; please choose fewer outlets."))
    return readers.of_cookie(wanted)


def _keep(site: Site, reader: Reader) -> Response:
    response = RedirectResponse(site.links.settings() + "?saved", status_code=303)
    response.headers["Cache-Control"] = "no-store"
    path = site.links.prefix or "/"
    is_secure = site.settings.site.base_url.startswith("https:")
    if not reader.cookie:
        response.delete_cookie(COOKIE, path=path, secure=is_secure, httponly=True, samesite="lax")
        return response
    response.set_cookie(
        COOKIE,
        reader.cookie,
        max_age=COOKIE_SECONDS,
        path=path,
        secure=is_secure,
        httponly=True,
        samesite="lax",
    )
    return response
