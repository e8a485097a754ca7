"""Bylines become names."""

import pytest

from aggregator.extract.byline import is_person, names


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
        (["Jane Roe, MD, Ph.D."], ("Jane Roe",)),
        (["Jane Roe, Director of Bridges"], ("Jane Roe",)),
        (["admin"], ()),
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


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jane Roe", True),
        ("Ana de la Cruz", True),
        ("山田太郎", True),
        ("dpa", False),
        ("See more", False),
        ("Jane Roe Senior Reporter", False),
        ("Last updated May 5", False),
        ("Written By", False),
    ],
)
def test_person_is_told_from_what_stands_beside(name: str, *, expected: bool) -> None:
    assert is_person(name) == expected
