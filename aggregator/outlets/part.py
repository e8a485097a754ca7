"""A part of a card: what all of its tables share."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from aggregator.outlets import checks

WebAddress = Annotated[str, AfterValidator(checks.web_address)]
Words = Annotated[str, AfterValidator(checks.words)]


class CardPart(BaseModel):
    """A table of a card; a key that it does not know is an error."""

    # Strict: TOML has types of its own, and "2" is not 2.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
