"""The run as a picture: latencies of all contenders on a logarithmic scale, and how ours grows with the home."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from .measure import Measured
from .run import DRAFTED, PLAIN, STOCK, XLLAMACPP, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = {STOCK: "#9e9e9e", XLLAMACPP: "#c9a227", PLAIN: "#5b8db8", DRAFTED: "#1f4e79"}


def plot(results: Results, folder: Path, name: str = "latency") -> list[Path]:
    """Write ``name``.png and ``name``.svg. Raises ModuleNotFoundError without matplotlib."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.5), width_ratios=(3, 2))
    _bars(left, results)
    _growth(right, results)
    figure.tight_layout()
    paths = [folder / f"{name}.{kind}" for kind in ("png", "svg")]
    for path in paths:
        figure.savefig(path, dpi=120)
    plt.close(figure)
    return paths


def _bars(axes: Axes, results: Results) -> None:
    versus = next((row.devices for row in results.measured if row.contender == STOCK), None)
    groups: dict[str, list[Measured]] = defaultdict(list)
    for row in results.measured:
        if versus is None or row.devices == versus:
            groups[row.model].append(row)
    for i, rows in enumerate(groups.values()):
        width = 0.8 / len(rows)
        for j, row in enumerate(rows):
            axes.bar(i + (j - (len(rows) - 1) / 2) * width, 1000 * row.p50, width, color=_COLOURS[row.contender])
    axes.set_xticks(range(len(groups)), list(groups), fontsize=8)
    axes.set_yscale("log")
    axes.set_ylabel("p50 latency, ms")
    axes.set_title(f"A home of {versus or 'any number of'} devices")
    for name, colour in _COLOURS.items():
        axes.bar(0, 0, color=colour, label=name)
    axes.legend(fontsize=8)


def _growth(axes: Axes, results: Results) -> None:
    lines: dict[str, list[Measured]] = defaultdict(list)
    for row in results.measured:
        if row.contender == DRAFTED:
            lines[row.model].append(row)
    for model, rows in lines.items():
        rows.sort(key=lambda row: row.devices)
        axes.plot([row.devices for row in rows], [1000 * row.p50 for row in rows], marker="o", label=model)
    axes.set_xscale("log")
    axes.set_ylim(0, 1.2 * axes.get_ylim()[1])  # room for the legend
    axes.set_xlabel("devices")
    axes.set_ylabel("p50 latency, ms")
    axes.set_title("edgeassist, by size of the home")
    if lines:
        axes.legend(fontsize=8, loc="upper center", ncols=2)
