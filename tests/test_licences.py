"""What licences ask for is read from their ids, addresses and words; what cannot be read is not guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import licences
from aggregator.licences import Terms

BY = Terms(attribution=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CC-BY-4.0", BY),
        ("CC BY", BY),
        ("cc by-sa 3.0", Terms(attribution=True, share_alike=True)),
        ("CC-BY-NC-ND-3.0-IGO", Terms(attribution=True, non_commercial=True, no_derivatives=True)),
        ("creativecommons.org/licenses/by-nd/4.0/deed.fr", Terms(attribution=True, no_derivatives=True)),
        ("https://creativecommons.org/publicdomain/zero/1.0/", Terms()),
        ("Creative Commons Attribution 4.0 International", BY),
        (
            "Creative Commons Attribution-NonCommercial-ShareAlike 4.0",
            Terms(attribution=True, non_commercial=True, share_alike=True),
        ),
        (
            "Creative Commons Namensnennung - Keine Bearbeitung",
            Terms(attribution=True, no_derivatives=True),
        ),
        ("CC0-1.0", Terms()),
        ("This text is in the public domain.", Terms()),
        ("OGL-UK-3.0", BY),
        ("© 2026 Le Phare. Tous  droits réservés.", Terms(is_reserved=True)),
        ("ALL RIGHTS RESERVED", Terms(is_reserved=True)),
        ("無断転載を禁じます。", Terms(is_reserved=True)),
        # A public licence counts before the formula that templates put beside it.
        ("All rights reserved, except where noted CC BY 4.0", BY),
        # Of two licences both conditions count.
        ("CC BY-NC for texts, CC BY-ND for films", Terms(
            attribution=True, non_commercial=True, no_derivatives=True
        )),
        ("https://lephare.example/terms", None),
        ("Copyright 2026 Le Phare", None),
        ("accord by letter", None),
        ("", None),
    ],
)  # fmt: skip
def test_terms_are_what_the_text_says(text: str, expected: Terms | None) -> None:
    assert licences.terms(text) == expected


@given(st.text(max_size=200))
def test_any_text_has_terms_or_none(text: str) -> None:
    assert licences.terms(text) is None or isinstance(licences.terms(text), Terms)


def test_every_creative_commons_id_of_the_list_is_read() -> None:
    for spdx in sorted(licences.spdx_ids()):
        if spdx.startswith("CC-BY"):
            found = licences.terms(spdx)
            assert found is not None
            assert found.non_commercial == ("-NC" in spdx)
            assert found.no_derivatives == ("-ND" in spdx)
            assert found.share_alike == ("-SA" in spdx)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("CC-BY", "did you mean CC-BY-"),
        ("CC-BY-5.0", "did you mean CC-BY-"),
        ("cc-by-sa-4.0", "did you mean CC-BY-SA-4.0?"),
        ("CC0", "did you mean CC0-1.0?"),
        ("OGL-UK-9.0", "did you mean OGL-UK-"),
    ],
)
def test_id_that_is_none_is_named_with_the_nearest(text: str, hint: str) -> None:
    assert hint in (licences.fault_of_id(text) or "")


@pytest.mark.parametrize(
    "text", ["CC-BY-4.0", "CC0-1.0", "by agreement", "Vereinbarung", "CC BY", "own-words"]
)
def test_ids_and_own_words_may_stand(text: str) -> None:
    assert licences.fault_of_id(text) is None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/", True),
        ("http://www.lephare.example/terms/", "https://lephare.example/terms", True),
        ("Free  to Copy", "free to copy", True),
        ("CC-BY-4.0", "CC-BY-3.0", False),
        ("https://lephare.example/terms", "https://lephare.example/other", False),
    ],
)
def test_one_licence_in_two_forms_is_the_same(first: str, second: str, *, expected: bool) -> None:
    assert licences.same(first, second) is expected
