from aggregator.newsstand.body import Inserts, Part, PartKind, insert, parse

TEXT = """
First line
goes on.

## Heading

- one
- two

> Said
> she.

Second.

Third.
"""


def kinds(parts: tuple[Part, ...]) -> list[str]:
    return [part.kind.value for part in parts]


def test_marks_tell_headings_lists_and_quotes_from_paragraphs() -> None:
    parts = parse(TEXT, "en")
    assert kinds(parts) == ["paragraph", "heading", "list", "quote", "paragraph", "paragraph"]
    assert [part.text for part in parts[:4]] == ["First line goes on.", "Heading", "one two", "Said she."]
    assert parts[2].lines == ("one", "two")


def test_japanese_lines_are_joined_without_a_space() -> None:
    assert parse("港の\n朝", "ja") == (Part(PartKind.PARAGRAPH, ("港の朝",)),)


def test_a_heading_may_stand_right_above_its_paragraph() -> None:
    assert kinds(parse("## Heading\nText", "en")) == ["heading", "paragraph"]


def test_inserts_follow_the_paragraph_with_their_number() -> None:
    parts = insert(parse(TEXT, "en"), Inserts({2: ("Other", "/other")}, newsletter_after=1))
    assert kinds(parts)[:2] == ["paragraph", "newsletter"]
    assert parts[6] == Part(PartKind.READ_ALSO, ("Other",), "/other")


def test_nothing_behind_the_paywall_is_served() -> None:
    parts = insert(parse(TEXT, "en"), Inserts({}, shown=2))
    assert kinds(parts)[-2:] == ["paragraph", "paywall"]
    assert "Third." not in [part.text for part in parts]
