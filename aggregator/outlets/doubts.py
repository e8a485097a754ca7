"""Doubts: what is not wrong with a card, and yet makes one ask."""

from collections.abc import Iterator

from aggregator import licences
from aggregator.model.outlet import Outlet, RightsMode


def doubts(outlet: Outlet, *, is_commercial: bool) -> Iterator[str]:
    """What an operator should look at in a card's rights, a sentence each."""
    rights = outlet.rights
    terms = licences.terms(rights.licence or "")
    if rights.mode is RightsMode.FULL and not (rights.licence or rights.agreement):
        yield 'rights: mode "full" on no ground: name a licence, or set agreement = true if you have one'
    if rights.mode is RightsMode.FULL and terms and terms.attribution and not rights.credit:
        yield (
            f"rights: {rights.licence} asks for attribution and credit is left out: authors and"
            f" {outlet.name!r} are named; write the line that the outlet asks for, if it asks for one"
        )
    if rights.licence and not (rights.licence_url or rights.agreement):
        yield "rights: licence without licence_url: nobody can look it up, and no change would be noticed"
    if is_commercial and terms and terms.non_commercial and not rights.agreement:
        yield f"rights: {rights.licence} is non-commercial: links only while site.commercial is true"
    if missing := [part.value for part in rights.required if part not in rights.provided]:
        yield f"rights: links only until provided names {', '.join(missing)}, too"
    if rights.to_confirm:
        yield (
            "rights: licence to be confirmed: links only until `aggregator rights confirm"
            f" {outlet.slug}`, or until to_confirm is taken out"
        )
