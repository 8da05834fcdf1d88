"""How sure a model was, and how often it was right: the calibration of several reports as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from edgeassist.errors import EdgeAssistError

from .report import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot(reports: Mapping[str, Report], folder: Path, name: str = "calibration") -> list[Path]:
    """Write ``name``.png and ``name``.svg, one curve for each report. Raises EdgeAssistError without matplotlib."""
    try:
        import matplotlib as mpl

        mpl.use("Agg")
        from matplotlib import pyplot as plt
    except ModuleNotFoundError as error:
        raise EdgeAssistError(
            f"no calibration was drawn: {error.name} is not installed; `pip install --group bench` brings it"
        ) from error
    folder.mkdir(parents=True, exist_ok=True)
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(6, 7), height_ratios=(3, 1), sharex=True)
    upper.plot((0, 1), (0, 1), color="#9e9e9e", linestyle="--", linewidth=1)
    for title, report in reports.items():
        _curve(upper, title, report)
        lower.hist([judged.answer.confidence for judged in report.judged], bins=20, range=(0, 1), histtype="step")
    upper.set(ylabel="exact effect", ylim=(0, 1), title="calibration, with 95 % intervals")
    upper.legend(loc="upper left")
    lower.set(xlabel="confidence", ylabel="sentences", xlim=(0, 1))
    figure.tight_layout()
    paths = [folder / f"{name}.{kind}" for kind in ("png", "svg")]
    for path in paths:
        figure.savefig(path, dpi=120)
    plt.close(figure)
    return paths


def _curve(axes: Axes, title: str, report: Report) -> None:
    points = report.calibration()
    shares = [rate.share for _, rate in points]
    spans = [rate.interval for _, rate in points]
    below = [max(0.0, share - low) for share, (low, _) in zip(shares, spans, strict=True)]
    above = [max(0.0, high - share) for share, (_, high) in zip(shares, spans, strict=True)]
    error = report.reliability()["error"]
    axes.errorbar(
        [mean for mean, _ in points], shares, (below, above), marker="o", capsize=3, label=f"{title}, error {error:.3f}"
    )
