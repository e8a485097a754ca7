"""``[rights]`` of a card: every key, what it means, what it may hold."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from aggregator import licences
from aggregator.model.outlet import CreditPosition, Follow, RequiredPart, Rights, RightsMode
from aggregator.outlets import checks
from aggregator.outlets.part import CardPart, WebAddress, Words

_RIGHTS = Rights()


class RightsPart(CardPart):
    """``[rights]``."""

    mode: RightsMode = Field(
        default=_RIGHTS.mode, strict=False, description="how much goes out: full, excerpt, link or never"
    )
    excerpt_chars: int = Field(
        default=_RIGHTS.excerpt_chars, ge=0, le=5000, description="longest excerpt in mode excerpt"
    )
    licence: Annotated[Words, AfterValidator(checks.licence)] | None = Field(
        default=None, description="SPDX id or the outlet's own words"
    )
    licence_url: WebAddress | None = Field(default=None, description="where the licence stands")
    licence_hash: Annotated[str, AfterValidator(checks.digest)] | None = Field(
        default=None, description="hash of that page's text when it was read"
    )
    licence_checked: date | None = Field(
        default=None, description="the day when the licence was read, such as 2026-05-01"
    )
    to_confirm: bool = Field(
        default=_RIGHTS.to_confirm, description="true: at most links until somebody has read the licence"
    )
    agreement: bool = Field(
        default=_RIGHTS.agreement, description="true: allowed to you in person, whatever its pages say"
    )
    automatic: bool = Field(
        default=_RIGHTS.automatic, description="false: a person releases each article (aggregator review)"
    )
    monthly_cap: int | None = Field(
        default=None, ge=1, le=100_000, description="most texts and excerpts that go out in a month"
    )
    images: bool = Field(default=_RIGHTS.images, description="true: its pictures may go out, too")
    verbatim: bool = Field(
        default=_RIGHTS.verbatim, description="true: whole and unchanged, or only a link (no derivatives)"
    )
    commercial: bool | None = Field(
        default=None, description="whether a commercial site may; the licence tells if left out"
    )
    required: list[Annotated[RequiredPart, Field(strict=False)]] = Field(
        default=[], description="parts it insists on: institution, tracker, links, notice"
    )
    provided: list[Annotated[RequiredPart, Field(strict=False)]] = Field(
        default=[], description="those of them that you take care of"
    )
    credit: Words | None = Field(default=None, description="attribution line that the outlet asks for")
    credit_position: CreditPosition = Field(
        default=_RIGHTS.credit_position, strict=False, description="where it stands: top, bottom or both"
    )
    on_gone: Follow = Field(
        default=_RIGHTS.on_gone, strict=False, description="original gone: withdraw, narrow or keep ours"
    )
    on_paywall: Follow = Field(
        default=_RIGHTS.on_paywall, strict=False, description="original sold now: withdraw, narrow or keep"
    )
    on_retraction: Follow = Field(
        default=_RIGHTS.on_retraction, strict=False, description="outlet retracted: withdraw, narrow or keep"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for fault in filter(None, (self._text_fault(), self._licence_fault(), self._part_fault())):
            raise ValueError(fault)
        return self

    def _text_fault(self) -> str | None:
        terms = licences.terms(self.licence or "")
        if self.mode is RightsMode.EXCERPT and self.verbatim:
            return "expected mode full, link or never beside verbatim, since excerpts are cut; got excerpt"
        if self.mode is RightsMode.FULL and terms and terms.no_derivatives and not self.verbatim:
            return f"expected verbatim = true beside mode full and {self.licence} (no derivatives); got false"
        if self.mode is RightsMode.FULL and terms and terms.is_reserved and not self.agreement:
            return f"expected agreement = true for mode full beside {self.licence!r}; got none"
        if self.commercial and terms and terms.non_commercial and not self.agreement:
            return f"expected agreement = true for commercial = true beside {self.licence}; got none"
        return None

    def _licence_fault(self) -> str | None:
        if self.licence_hash and not self.licence_url:
            return "expected licence_url beside licence_hash; got licence_hash alone"
        if self.to_confirm and not (self.licence or self.licence_url):
            return "expected licence or licence_url beside to_confirm; got neither"
        return None

    def _part_fault(self) -> str | None:
        if extra := [part.value for part in self.provided if part not in self.required]:
            return f"expected in provided only what stands in required; got {', '.join(extra)}"
        return None
