"""What `edgeassist eval` prints about one model and one suite."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from edgeassist.cli._output import print_table

if TYPE_CHECKING:
    from edgeassist.evaluation.layers import Explained
    from edgeassist.evaluation.report import Rate, Report


def show(report: Report) -> None:
    """All figures of a report."""
    print_table(("what", "share", "95 %", "of"), [(name, *_cells(rate)) for name, rate in report.rates().items()])
    for title, rates in (("function", report.by_function()), ("source", report.by_tag())):
        click.echo()
        print_table((title, "exact", "95 %", "of"), [(name, *_cells(rate)) for name, rate in rates.items()])
    click.echo()
    print_table(
        ("confidence", "exact", "95 %", "of", ""),
        [(f"{mean:.2f}", *_cells(rate), "#" * round(40 * rate.share)) for mean, rate in report.calibration()],
    )
    figures = report.reliability()
    click.echo(f"calibration error {figures['error']:.3f}, Brier score {figures['brier']:.3f}")
    click.echo()
    print_table(
        ("expected", "understood as"),
        [
            (wanted, ", ".join(f"{found} {count}" for found, count in row.most_common()))
            for wanted, row in report.confusion().items()
        ],
    )


def show_thresholds(report: Report) -> None:
    """What other thresholds would bring."""
    for sort in ("plain", "risky"):
        click.echo()
        print_table(
            (
                f"least confidence, {sort} acts",
                "right ones carried out",
                "wrong ones prevented",
                "acted wrongly, of all",
            ),
            [
                (f"{least:.2f}", *(f"{100 * rate.share:.1f} %  {rate.hits}/{rate.total}" for rate in rates.values()))
                for least, rates in report.thresholds(risky=sort == "risky").items()
            ],
        )


def show_layers(explained: Iterable[Explained]) -> None:
    """For each function: how often it could be said at all, and where the others failed."""
    held = list(explained)
    by_function: dict[str, list[Explained]] = defaultdict(list)
    for each in held:
        first = each.judged.case.right[0]
        for name in {first} if isinstance(first, str) else {step.function for step in first}:
            by_function[name].append(each)
    click.echo()
    print_table(
        ("function", "sayable", "plainly", "of", "failed in"),
        [(name, *_said(some), len(some), _layers(some)) for name, some in sorted(by_function.items())],
    )
    click.echo(f"all: {_layers(held)}")


def _said(explained: list[Explained]) -> tuple[str, str]:
    commands = [each for each in explained if not isinstance(each.judged.case.right[0], str)]
    if not commands:
        return "", ""
    return tuple(  # type: ignore[return-value]  # two, as there are two sorts
        f"{100 * sum(good) / len(commands):.1f} %"
        for good in ([e.sayable.offered for e in commands], [e.sayable.plainly for e in commands])
    )


def _layers(explained: Iterable[Explained]) -> str:
    counts = Counter(each.layer.value for each in explained)
    return ", ".join(f"{layer} {count}" for layer, count in counts.most_common())


def _cells(rate: Rate) -> tuple[str, str, str]:
    low, high = rate.interval
    return f"{100 * rate.share:.1f} %", f"{100 * low:.1f}-{100 * high:.1f}", f"{rate.hits}/{rate.total}"
