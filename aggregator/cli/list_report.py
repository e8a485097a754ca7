"""The report of an import: outlets with their guesses, looks at home pages, lines that were lost."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aggregator.cli.context import stdout

if TYPE_CHECKING:
    from aggregator.interchange.batch import Batch
    from aggregator.interchange.looks import Looked
    from aggregator.interchange.merging import Plan
    from aggregator.model.outlet import Outlet

_MOST_TROUBLES = 50


def print_looks(looks: "Sequence[Looked]") -> None:
    """What is to be checked of each home page that was looked at, or why it showed nothing."""
    console = stdout()
    for one in looks:
        for line in (one.problem,) if one.problem else one.doubts:
            console.print(f"{one.homepage}: {line}", markup=False, soft_wrap=True)


def print_plan(plan: "Plan", name: str, noted: "Batch | None", seconds: float) -> None:
    """What came of a list: its outlets, the lines that were lost, counts, and how to undo it."""
    console = stdout()
    for one in plan.new:
        console.print(_line(one.outlet, one.guesses), markup=False, soft_wrap=True)
    troubles = [end for end in plan.ends if end.end.is_trouble]
    for end in troubles[:_MOST_TROUBLES]:
        console.print(f"line {end.line}: {end.end.value}: {end.words}", markup=False, soft_wrap=True)
    if len(troubles) > _MOST_TROUBLES:
        console.print(
            f"and {len(troubles) - _MOST_TROUBLES} more such lines; --json has them all", markup=False
        )
    for reason, count in sorted(Counter(end.end.value for end in plan.ends).items()):
        console.print(f"{count:8} {reason}", markup=False)
    told = f"{name}: {len(plan.ends)} entries, {len(plan.new)} outlets; {seconds:.1f} s"
    console.print(f"{told}; nothing was written" if noted is None else told, markup=False, soft_wrap=True)
    if noted is not None:
        console.print(f"undo: aggregator outlet import --undo {noted.name}", markup=False)
    if any(one.guesses for one in plan.new):
        console.print(
            "facts behind ? are guesses; see the cards, or give --language and --country", markup=False
        )


def _line(outlet: "Outlet", guesses: tuple[str, ...]) -> str:
    """What the list told of an outlet."""
    kinds = Counter(seed.kind.value for seed in outlet.seeds)
    seeds = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in kinds.items())
    facts = {"name": outlet.name, "homepage": outlet.homepage}
    facts |= {"language": outlet.language, "country": outlet.country}
    told = [f"{value}?" if key in guesses else value for key, value in facts.items()]
    return f"{outlet.slug}: {', '.join(told)}; {seeds}"


def as_facts(plan: "Plan", noted: "Batch | None", looks: "Sequence[Looked]") -> dict[str, object]:
    """The same for programs."""
    return {
        "looks": [
            {
                "homepage": one.homepage,
                "problem": one.problem or None,
                "findings": list(one.findings),
                "doubts": list(one.doubts),
            }
            for one in looks
        ],
        "import": noted.name if noted else None,
        "counts": dict(sorted(Counter(end.end.value for end in plan.ends).items())),
        "outlets": [
            {
                "outlet": one.outlet.slug,
                "name": one.outlet.name,
                "homepage": one.outlet.homepage,
                "language": one.outlet.language,
                "country": one.outlet.country,
                "seeds": [{"kind": seed.kind.value, "url": seed.url} for seed in one.outlet.seeds],
                "guesses": list(one.guesses),
            }
            for one in plan.new
        ],
        "entries": [
            {"line": end.line, "end": end.end.value, "outlet": end.outlet or None, "detail": end.words}
            for end in plan.ends
        ],
    }
