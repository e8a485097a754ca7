"""Every rule that code can give has words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from aggregator.extract import edges, phrasebook, reasons
from aggregator.extract.cuts import DOUBTFUL
from aggregator.model.boilerplate import ClueKind

FOLDER = Path(reasons.__file__).parent
# A rule as it stands in the code; one that is made of parts is listed by its parts below.
RULE = re.compile(r"(?:phrase|shape|flattened|learned|card)/[a-z_]+")
CUTTERS = {"whole", "inside", "CutBlock"}


def strings(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in CUTTERS:
                yield node


def returned(module: str, function: str) -> set[str]:
    tree = ast.parse((FOLDER / module).read_text(encoding="utf-8"))
    [found] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    return {
        text for node in ast.walk(found) if isinstance(node, ast.Return) and node.value
        for text in strings(node.value)
    }  # fmt: skip


def rules() -> set[str]:
    found = set()
    for path in FOLDER.glob("*.py"):
        if path.name == "reasons.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {text for text in strings(tree) if RULE.fullmatch(text)}
        for call in calls(tree):
            found |= {
                text for part in call.args[1:3] if isinstance(part, ast.Constant) for text in strings(part)
            }
    found |= {f"phrase/{kind}" for kind in phrasebook.KINDS}
    found |= {f"flattened/{kind}" for kind in edges.KINDS}
    found |= {f"shape/{kind}" for kind in returned("shapes.py", "kind_of")}
    found |= {f"learned/{kind}" for kind in ClueKind}
    return found | {"headline", DOUBTFUL}


def test_every_rule_of_the_code_has_words() -> None:
    found = rules()
    assert {"bare heading", "learned/line", "shape/doubled", "phrase/share", "flattened/caption"} <= found
    assert {rule for rule in found if rule not in reasons.WORDS} == set()


def test_words_name_no_rule_that_is_gone() -> None:
    made = {"learned/sentence"}  # made of parts
    assert set(reasons.WORDS) - rules() == made


def test_a_selector_of_the_card_is_named_as_the_cards() -> None:
    assert reasons.in_words("card/.promo > p") == "an element that the card cuts"
    assert reasons.in_words("phrase/share") == "a button to share"
    assert reasons.in_words("learned/line@12") == "a line that repeats on this outlet's pages"
    assert reasons.in_words("new/rule") == "a rule that has no words yet"


def test_the_family_is_what_stands_before_the_slash() -> None:
    assert [reasons.family(rule) for rule in ("learned/line", "headline")] == ["learned", "page"]
