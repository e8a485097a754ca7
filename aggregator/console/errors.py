"""Why the desk does not do what it is asked: each with its status, and words for who asked."""

from datetime import datetime

from aggregator.errors import AggregatorError
from aggregator.model.desk import Scope


class DeskRefusal(AggregatorError):  # noqa: N818 - it names what happened, as its children do
    """A request that is not carried out."""

    status = 400
    title = "This does not work"


class NotLoggedIn(DeskRefusal):
    """Nobody is known by this request."""

    status = 401
    title = "Please log in"


class NotAllowed(DeskRefusal):
    """Whoever asks may not do that."""

    status = 403
    title = "That is not for you to do"

    def __init__(self, who: str, scope: Scope) -> None:
        super().__init__(f"{who} may not do this: it needs the right “{scope.value}”.")


class FormRefused(DeskRefusal):
    """A form that is not from this session, was sent before, or is none."""

    status = 403
    title = "This form is not taken"


class FormUsed(FormRefused):
    """A form that was sent before."""

    status = 409
    title = "This was sent before"


class TooLarge(FormRefused):
    """More than a form of ours can hold."""

    status = 413
    title = "This is too long"


class NotThere(DeskRefusal):
    """Nothing has this number or name."""

    status = 404
    title = "There is no such thing"


class Locked(DeskRefusal):
    """Too many wrong passwords came; none is looked at for a while."""

    status = 429
    title = "Too many wrong passwords"

    def __init__(self, until: datetime) -> None:
        super().__init__(f"Too many wrong passwords. Please try again after {until:%H:%M} UTC.")
        self.until = until
