"""One run of the benchmark: the same models, homes and utterances for every contender, one after the other."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from edgeassist.engine.options import EngineOptions
from edgeassist.errors import EdgeAssistError

from .contender import Answered, Ask, Clock, Settings
from .home import Spoken, generated_home, spoken_in
from .measure import Answers, Measured
from .process import Contestant
from .recall import recall

#: Told what is being measured, steps done, and of how many.
Progress = Callable[[str, int, int], None]
PLAIN, DRAFTED, STOCK, XLLAMACPP = "edgeassist, no draft", "edgeassist", "stock", "xllamacpp"


@dataclass(frozen=True)
class Model:
    """A file that contends.

    ``own``: it was tuned for our prompt, so it answers as it likes, and others have no use for it. Any other model is
    led to the right answer in everybody's hands, so that all do the same work. ``large`` ones get half the utterances.
    """

    name: str
    path: Path
    template: str = "chatml"
    context: int = 4096
    own: bool = False
    large: bool = False

    @property
    def answers(self) -> Answers:
        return "own" if self.own else "given"


@dataclass(frozen=True)
class Plan:
    """What one run measures. ``versus`` is the size of the home in which the other paths contend as well."""

    models: tuple[Model, ...]
    options: EngineOptions = field(default_factory=EngineOptions)
    sizes: tuple[int, ...] = (20, 100, 300, 1000)
    versus: int = 40
    utterances: int = 24
    starts: int = 5
    rivals: tuple[str, ...] = (STOCK, XLLAMACPP)
    clock: Clock = "wall"


@dataclass(frozen=True)
class Start:
    """Seconds from process to ready, in a home of that size, with the prefix to be read and with it on disk."""

    model: str
    devices: int
    cold_s: tuple[float, ...]
    persisted_s: tuple[float, ...]


@dataclass
class Results:
    measured: list[Measured] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    clock: Clock = "wall"
    #: Size of a home -> share of what is said of its devices for which the shortlist holds the right one.
    recall: dict[int, float] = field(default_factory=dict)
    #: What was not measured, and why.
    skipped: list[str] = field(default_factory=list)


def run(plan: Plan, progress: Progress = lambda _what, _done, _of: None) -> Results:
    """Measure everything that the plan says. Raises EdgeAssistError where a contender dies."""
    results = Results(clock=plan.clock)
    rivals = [rival for rival in plan.rivals if _there(rival, results)]
    rounds = [(model, devices) for model in plan.models for devices in sorted({*plan.sizes, plan.versus})]
    steps = len(rounds) + (len(plan.models) if plan.starts else 0)
    for done, (model, devices) in enumerate(rounds):
        progress(f"{model.name}, {devices} devices", done, steps)
        against = [] if model.own else rivals
        # How latency grows with the home is a matter of our own path.
        names = [*against, PLAIN, DRAFTED] if devices == plan.versus else [DRAFTED]
        results.measured += contest(plan, model, devices, names, results.skipped)
    for done, model in enumerate(plan.models if plan.starts else (), len(rounds)):
        progress(f"{model.name}, starting", done, steps)
        results.starts.append(starts(plan, model))
    results.recall = {devices: recall(generated_home(devices)) for devices in plan.sizes}
    return results


def contest(plan: Plan, model: Model, devices: int, names: Iterable[str], skipped: list[str]) -> list[Measured]:
    """All contenders alive at once, each utterance put to every one of them in turn.

    A rival that cannot run this model is noted in ``skipped``.
    """
    spoken = spoken_in(generated_home(devices), plan.utterances // 2 if model.large else plan.utterances)
    with ExitStack() as stack:
        # Each keeps its prefix, as the daemon does: writing it takes memory too.
        stores = {name: Path(stack.enter_context(tempfile.TemporaryDirectory())) for name in names}
        settings = {name: _settings(plan, model, devices, name, store) for name, store in stores.items()}
        rows: dict[str, Contestant] = {}
        for name, its in settings.items():
            try:
                rows[name] = stack.enter_context(Contestant(its))
            except EdgeAssistError as error:
                if name not in plan.rivals:
                    raise
                skipped.append(f"{model.name}: {error}")
        answered, floors = _interleave(rows, spoken)
        return [
            Measured(
                contender=name,
                model=model.name,
                answers=model.answers,
                devices=devices,
                ready_s=contestant.ready_s,
                prompt_tokens=contestant.prompt,
                peak_rss=contestant.peak_rss(),
                model_bytes=model.path.stat().st_size,
                answered=tuple(answered[name]),
                floors=tuple(floors[name]),
            )
            for name, contestant in rows.items()
        ]


def starts(plan: Plan, model: Model, devices: int = 100) -> Start:
    """Start the whole process again and again, without and with the persisted prefix."""
    cold: list[float] = []
    persisted: list[float] = []
    for _ in range(1 if model.large else plan.starts):
        with tempfile.TemporaryDirectory() as folder:
            settings = _settings(plan, model, devices, DRAFTED, Path(folder))
            for times in (cold, persisted):
                with Contestant(settings) as contestant:
                    times.append(contestant.ready_s)
    return Start(model.name, devices, tuple(cold), tuple(persisted))


def _interleave(
    rows: dict[str, Contestant], spoken: Sequence[Spoken]
) -> tuple[dict[str, list[Answered]], dict[str, list[float]]]:
    """The order changes from utterance to utterance, so that nobody always follows the same neighbour."""
    answered: dict[str, list[Answered]] = defaultdict(list)
    floors: dict[str, list[float]] = defaultdict(list)
    names = list(rows)
    for i, said in enumerate(spoken):
        for name in names[i % len(names) :] + names[: i % len(names)]:
            answer = rows[name].ask(Ask(text=said.text, line=said.line))
            answered[name].append(answer)
            if answer.free is not None and answer.suffix is not None:
                floors[name].append(rows[name].floor(answer.suffix, answer.free))
    return answered, floors


def _settings(plan: Plan, model: Model, devices: int, name: str, store: Path) -> Settings:
    ours = name in {PLAIN, DRAFTED}
    return Settings(
        path="edgeassist" if ours else "stock" if name == STOCK else "xllamacpp",
        model=model.path,
        template=model.template,
        devices=devices,
        options=plan.options.model_copy(update={"draft": name == DRAFTED}),
        context=model.context,
        store=store,
        steered=not model.own,
        clock=plan.clock,
    )


def _there(rival: str, results: Results) -> bool:
    if rival != XLLAMACPP or find_spec("xllamacpp") is not None:
        return True
    results.skipped.append("xllamacpp is not installed; `pip install xllamacpp` adds it to the comparison")
    return False
