"""Measure how well models understand: every sentence of suites through the real path, no device commanded.

A suite is a file of sentences with its homes beside it, a folder of Home Assistant's test sentences, SLURP's file, or a
folder that holds these two. Without --model the configured one is measured.
"""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgeassist.cli._config import config_option
from edgeassist.cli._output import json_option, print_json, print_table, progress_bars

if TYPE_CHECKING:
    from edgeassist.choosing import Chosen
    from edgeassist.config import Config
    from edgeassist.evaluation.layers import Explained
    from edgeassist.evaluation.path import Path as Tested
    from edgeassist.evaluation.report import Report
    from edgeassist.evaluation.suite import Suite


@click.command(help=__doc__)
@click.argument("suites", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--model", "models", multiple=True, help="A model by name, or a file; several are measured in turns.")
@click.option("--template", help="The prompt of a model file: compact, plain, chatml, zephyr ...")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Least confidence, instead of the configured ones.")
@click.option("--generated", type=click.IntRange(1), help="Also so many sentences of the data generator.")
@click.option("--seed", type=int, help="The seed of these.")
@click.option("--thresholds", is_flag=True, help="Also what other thresholds would bring.")
@click.option("--layers", is_flag=True, help="Also in which layer wrong answers failed.")
@click.option("--bars", "bars_only", is_flag=True, help="Only the bars and the times, as a table in Markdown.")
@click.option("--plot", type=click.Path(path_type=Path, file_okay=False), help="Draw calibrations in that folder.")
@click.option("--save", type=click.Path(path_type=Path), help="Also write the whole report there, as JSON.")
@config_option
@json_option
def command(
    suites: tuple[Path, ...],
    models: tuple[str, ...],
    template: str | None,
    threshold: float | None,
    generated: int | None,
    seed: int | None,
    thresholds: bool,
    layers: bool,
    bars_only: bool,
    plot: Path | None,
    save: Path | None,
    config_file: Path | None,
    as_json: bool,
) -> None:
    from edgeassist.config import load_config

    loaded = _suites(suites, generated, seed)
    reports = _measure(loaded, models, template, threshold, load_config(config_file))
    explained = _explained(reports, loaded) if save or as_json or layers else {}
    document = _document(reports, explained) if save or as_json else {}
    if save is not None:
        save.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
    if as_json:
        print_json(document)
    elif bars_only:
        _show_bars(reports, in_markdown=True)
    else:
        _show(reports, explained if layers else {}, thresholds=thresholds)
    if plot is not None:
        _plot(reports, plot)


def _suites(paths: tuple[Path, ...], generated: int | None, seed: int | None) -> list[Suite]:
    from edgeassist.evaluation.sources import suites

    found = [suite for path in paths for suite in suites(path)]
    if generated is not None:
        from edgeassist.evaluation.generated import SEED, generate_suite

        found.append(generate_suite(generated, SEED if seed is None else seed))
    if not found:
        raise click.UsageError("nothing to measure with: name a suite, or say --generated")
    return found


def _measure(
    suites: list[Suite], models: tuple[str, ...], template: str | None, threshold: float | None, config: Config
) -> dict[str, list[Report]]:
    """Reports by model, one for each suite."""
    from edgeassist.evaluation.report import evaluate
    from edgeassist.functions import all_functions

    functions = all_functions(config.home.functions_dir)
    with ExitStack() as stack, progress_bars() as bars:
        contenders: dict[str, Tested] = {}
        for model in models or (None,):
            chosen = _chosen(model, template, config)
            tested = contenders[chosen.name] = _tested(chosen, config, threshold)
            stack.enter_context(closing(tested.understanding))
        held: dict[str, list[Report]] = {name: [] for name in contenders}
        for suite in suites:
            bar = bars(suite.name) or (lambda _done, _total: None)
            for name, report in evaluate(suite, contenders, functions, bar).items():
                held[name].append(report)
    return held


def _chosen(model: str | None, template: str | None, config: Config) -> Chosen:
    from edgeassist.choosing import choose_model, choose_profile

    settings = config.model
    if model is not None and Path(model).is_file():
        settings = settings.model_copy(update={"path": Path(model), "name": None, "template": template})
    elif model is not None or template is not None:
        changed = {"name": model or settings.name, "path": None if model else settings.path}
        settings = settings.model_copy(update={**changed, "template": template or settings.template})
    config = config.model_copy(update={"model": settings})
    return choose_model(config, choose_profile(config))


def _tested(chosen: Chosen, config: Config, threshold: float | None) -> Tested:
    from edgeassist.choosing import with_thresholds
    from edgeassist.evaluation.path import Path as Tested
    from edgeassist.functions import all_functions
    from edgeassist.understanding import Understanding

    functions = all_functions(config.home.functions_dir)
    policy = with_thresholds(config.policy, chosen.template)
    if threshold is not None:
        policy = policy.model_copy(update={"min_confidence": threshold, "min_confidence_risky": threshold})
    understanding = Understanding(
        chosen.path, chosen.options, functions, template=chosen.template, digest=chosen.sha256
    )
    return Tested(understanding, functions, policy)


def _explained(reports: dict[str, list[Report]], suites: list[Suite]) -> dict[str, list[list[Explained]]]:
    """In which layer each answer failed, by model and suite."""
    from edgeassist.evaluation.layers import explain
    from edgeassist.functions import builtin_functions

    functions = builtin_functions()
    return {
        name: [explain(report, suite.homes, functions) for report, suite in zip(held, suites, strict=True)]
        for name, held in reports.items()
    }


def _document(reports: dict[str, list[Report]], explained: dict[str, list[list[Explained]]]) -> dict[str, Any]:
    return {
        "models": {
            name: [_with_layers(report, layers) for report, layers in zip(held, explained[name], strict=True)]
            for name, held in reports.items()
        }
    }


def _with_layers(report: Report, explained: list[Explained]) -> dict[str, Any]:
    wrong = [each.layer.value for each in explained if not each.judged.verdict.exact]
    document = report.as_json()
    for entry, layer in zip(document["wrong"], wrong, strict=True):
        entry["layer"] = layer
    return document


def _show(reports: dict[str, list[Report]], explained: dict[str, list[list[Explained]]], *, thresholds: bool) -> None:
    from edgeassist.cli._evaluation import show, show_layers, show_thresholds

    for name, held in reports.items():
        for number, report in enumerate(held):
            click.echo(f"{name} on {report.suite}, {len(report.judged)} sentences")
            show(report)
            if thresholds:
                show_thresholds(report)
            if explained:
                show_layers(explained[name][number])
            click.echo()
    _show_bars(reports, in_markdown=False)


def _show_bars(reports: dict[str, list[Report]], *, in_markdown: bool) -> None:
    from edgeassist.evaluation.bars import markdown, rows

    columns = ("suite", "what", "wanted", *reports)
    if in_markdown:
        click.echo(markdown(columns, rows(reports)))
    else:
        print_table(columns, rows(reports))


def _plot(reports: dict[str, list[Report]], folder: Path) -> None:
    from edgeassist.evaluation.plot import plot

    titled = {f"{name}, {report.suite}": report for name, held in reports.items() for report in held}
    for path in plot(titled, folder):
        click.echo(f"written: {path}", err=True)
