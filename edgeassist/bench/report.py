"""A run as JSON, as a table, and against the bars that the project sets itself."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from edgeassist import cpu
from edgeassist.models import catalogue

from .measure import Answers, Measured
from .run import DRAFTED, PLAIN, STOCK, XLLAMACPP, Results

#: Columns of the table: heading -> figure.
COLUMNS = {
    "model": "model",
    "devices": "devices",
    "contender": "contender",
    "p50 ms": "p50_ms",
    "p95 ms": "p95_ms",
    "passes": "steps",
    "tokens read": "evaluated",
    "free decisions": "free",
    "p50 / floor": "to_floor",
    "guessed tokens accepted": "acceptance",
    "ready ms": "ready_ms",
    "peak RSS MiB": "peak_rss_mib",
}
_STARTS = ("model", "devices", "ready without the stored prefix, ms", "with it, ms")
_BARS = ("bar", "measured", "wanted", "")
#: The utterance whose free decisions are bounded.
_DIM, _DECISIONS = "dim the kitchen lights to 30 percent", 5
_MIB = 1 << 20


@dataclass(frozen=True)
class Bar:
    """``value`` is to be at least ``bar`` where ``least`` is true, else at most."""

    what: str
    value: float
    bar: float
    least: bool = True

    @property
    def met(self) -> bool:
        return self.value >= self.bar if self.least else self.value <= self.bar


def as_json(results: Results) -> dict[str, Any]:
    """Everything that was measured, the single utterances included."""
    return {
        "machine": {
            "cpu": _cpu_model(),
            "cores": len(os.sched_getaffinity(0)),
            "features": sorted(cpu.features() & {"avx2", "avx512_vnni", "asimddp", "i8mm"}),
        },
        "clock": results.clock,
        "rows": [{**row.figures(), "answered": [a.model_dump() for a in row.answered]} for row in results.measured],
        "floors": [{"model": r.model, "devices": r.devices, "seconds": r.floors} for r in results.measured if r.floors],
        "starts": [asdict(start) for start in results.starts],
        "bars": [{**asdict(bar), "met": bar.met} for bar in bars(results)],
        "recall": results.recall,
        "skipped": results.skipped,
    }


def markdown(results: Results) -> str:
    """The tables as a README has them; columns are padded, so that a terminal shows them as well."""
    head = f"{_cpu_model()}, {os.cpu_count()} cores; " + (
        "wall time" if results.clock == "wall" else "processor time of one thread, since others used the machine"
    )
    tables = [
        _table(tuple(COLUMNS), rows(results)),
        _table(_STARTS, start_rows(results)),
        _table(_BARS, bar_rows(results)),
    ]
    return "\n\n".join([head, *filter(None, tables)])


def rows(results: Results) -> list[list[str]]:
    return [[_cell(row.figures()[key]) for key in COLUMNS.values()] for row in results.measured]


def start_rows(results: Results) -> list[list[str]]:
    return [
        [start.model, str(start.devices), *(_cell(1000 * min(times)) for times in (start.cold_s, start.persisted_s))]
        for start in results.starts
    ]


def bar_rows(results: Results) -> list[list[str]]:
    """What, measured, bar, met or not."""
    return [
        [bar.what, f"{bar.value:.4g}", f"{'≥' if bar.least else '≤'} {bar.bar:g}", "met" if bar.met else "MISSED"]
        for bar in bars(results)
    ]


def bars(results: Results) -> list[Bar]:
    """Only those that this run measured."""
    found: list[Bar] = []
    for model, answers in dict.fromkeys((row.model, row.answers) for row in results.measured):
        found += _against(results, model, answers)
        found += _sizes(results, model, answers)
    found += _crossed(results)
    found += [
        Bar(f"shortlist holds the right device, {devices} devices", share, 0.995)
        for devices, share in results.recall.items()
    ]
    for start in results.starts:
        cold, persisted = min(start.cold_s), min(start.persisted_s)
        found.append(
            Bar(f"{start.model}: start with a persisted prefix, share of one without", persisted / cold, 0.25, False)
        )
        found.append(Bar(f"{start.model}: seconds to ready with a persisted prefix", persisted, 2.0, False))
    return found


def _against(results: Results, model: str, answers: Answers) -> Iterable[Bar]:
    """Our path against the others, and the floor, on the same file."""
    big = model.startswith("tinyllama")
    for rival, least in ((STOCK, 4.5 if big else 6.5), (XLLAMACPP, 3.0)):
        theirs, ours = _row(results, rival, model, answers), _row(results, DRAFTED, model, answers)
        if theirs and ours:
            yield Bar(f"{model}: p50 of {rival} over ours", theirs.p50 / ours.p50, least)
    plain = _row(results, PLAIN, model, answers)
    drafted = _row(results, DRAFTED, model, answers)
    if plain:
        yield from _decisions(plain)
    if plain and plain.to_floor:
        yield Bar(f"{model}: p50 without drafts over the floor", plain.to_floor, 1.15, False)
    if plain and drafted and drafted.p50_accepted and drafted.floor_accepted:
        share = drafted.p50_accepted / drafted.floor_accepted
        yield Bar(f"{model}: p50 with accepted drafts over the floor", share, 1.0, False)


def _decisions(row: Measured) -> Iterable[Bar]:
    for answered in row.answered:
        if answered.text == _DIM and answered.free is not None:
            yield Bar(f'{row.model}: free decisions for "{_DIM}"', answered.free, _DECISIONS, False)


def _sizes(results: Results, model: str, answers: Answers) -> Iterable[Bar]:
    """How latency grows with the home, and what memory a home of 100 devices takes."""
    ours = {r.devices: r for r in results.measured if (r.contender, r.model, r.answers) == (DRAFTED, model, answers)}
    if 20 in ours and 1000 in ours:
        growth = ours[1000].p50 / ours[20].p50
        yield Bar(f"{model}: p50 at 1,000 devices over that at 20", growth, 1.5, False)
    if 100 in ours:
        if model.startswith("tinyllama"):
            yield Bar(f"{model}: peak RSS, MiB", ours[100].peak_rss / _MIB, 800, False)
        else:
            beyond = (ours[100].peak_rss - ours[100].model_bytes) / _MIB
            yield Bar(f"{model}: peak RSS beyond the model file, MiB", beyond, 90, False)


def _crossed(results: Results) -> Iterable[Bar]:
    """Stock on the file as downloaded against ours on the file made of it, where the draft was accepted."""
    for row in results.measured:
        base = _base(row.model)
        stock = _row(results, STOCK, base, "given")
        if row.contender != DRAFTED or base == row.model or stock is None or row.p50_accepted is None:
            continue
        if row.devices == stock.devices:
            yield Bar(
                f"p50 of stock on {base} over ours on {row.model} with accepted drafts",
                stock.p50 / row.p50_accepted,
                10.0,
            )


def _base(model: str) -> str:
    """The file that was downloaded and that this one was made of; the model itself where it is none of ours."""
    entry = catalogue.find(model)
    if entry is not None and entry.source.kind == "built":
        return entry.source.base
    return model.removesuffix("-q4_0")


def _row(results: Results, contender: str, model: str, answers: Answers) -> Measured | None:
    """Where the others contended too, that size."""
    versus = next((row.devices for row in results.measured if row.contender == STOCK), None)
    for row in results.measured:
        same = (row.contender, row.model, row.answers) == (contender, model, answers)
        if same and (versus is None or row.devices == versus):
            return row
    return None


def _cell(value: object) -> str:
    if value is None:
        return ""
    return (
        f"{value:.2f}"
        if isinstance(value, float) and value < 10
        else f"{value:.0f}"
        if isinstance(value, float)
        else str(value)
    )


def _table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Markdown; nothing for a table without lines."""
    if not lines:
        return ""
    widths = [max(len(line[i]) for line in (headings, *lines)) for i in range(len(headings))]
    padded = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in (headings, ["-" * width for width in widths], *lines)
    ]
    return "\n".join(padded)


def _cpu_model() -> str:
    """As the kernel calls it; ARM kernels give no name."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    names = (line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name"))
    return next(names, platform.machine())
