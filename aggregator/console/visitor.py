"""The visitor: who asks the desk for something, and what they may do."""

from dataclasses import dataclass

from aggregator.console import forms
from aggregator.console.errors import NotAllowed
from aggregator.model.desk import Scope, Session


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is known: a person in a session, or a program with a token (then without one)."""

    who: str
    scopes: frozenset[Scope]
    session: Session | None = None
    secret: str = ""

    def may(self, scope: str) -> bool:
        """Whether they have this right."""
        return scope in self.scopes

    def need(self, scope: Scope) -> None:
        """Go on only with this right.

        Raises:
            NotAllowed: they do not have it.
        """
        if scope not in self.scopes:
            raise NotAllowed(self.who, scope)

    def form(self) -> str:
        """What a new form of this session carries."""
        return forms.make(self.secret)
