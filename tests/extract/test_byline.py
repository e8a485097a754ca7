"""Bylines become names."""

import pytest

from aggregator.extract.byline import names


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["By Jane Roe"], ("Jane Roe",)),
        (["By Jane Roe and John Doe"], ("Jane Roe", "John Doe")),
        (["Jane Roe, John Doe & Max Poe"], ("Jane Roe", "John Doe", "Max Poe")),
        (["Von Erika Muster und Max Beispiel"], ("Erika Muster", "Max Beispiel")),
        (["Par : Marie Dupont"], ("Marie Dupont",)),
        (["Jane Roe, senior reporter"], ("Jane Roe",)),
        (["Roe, Jane"], ("Jane Roe",)),
        (["https://harbour.example/authors/jane"], ()),
        (["Jane Roe jane@harbour.example @janeroe"], ("Jane Roe",)),
        (["<a href='/jane'>Jane&nbsp;Roe</a>"], ("Jane Roe",)),
        (["Jane Roe", "jane roe"], ("Jane Roe",)),
        (["山田太郎"], ("山田太郎",)),
        ([""], ()),
    ],
)
def test_byline_is_names(texts: list[str], expected: tuple[str, ...]) -> None:
    assert names(texts) == expected


def test_site_name_yields_to_a_person() -> None:
    assert names(["The Harbour", "Jane Roe"], ["The Harbour"]) == ("Jane Roe",)


def test_site_name_stays_if_it_is_the_only_name() -> None:
    assert names(["The Harbour"], ["The Harbour"]) == ("The Harbour",)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Von der Leyen", ("Von der Leyen",)),
        ("Da Silva", ("Da Silva",)),
        ("Von Hans Müller", ("Hans Müller",)),
        ("Von dpa", ("dpa",)),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Ana López y Luis Gómez", ("Ana López", "Luis Gómez")),
    ],
)
def test_a_family_name_keeps_its_particles(text: str, people: tuple[str, ...]) -> None:
    assert names([text]) == people
