"""The loop: low-rank tuning on packed homes, within a budget of minutes, resumable."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from itertools import islice
from pathlib import Path
from typing import Any

import gguf
import torch
from torch import Tensor

from edgeassist.heap import keep_freed_memory
from edgeassist.home import Home
from edgeassist.language.prompt import VERSION as PROMPT_VERSION
from edgeassist.models import adapter as adapter_file
from edgeassist.models.build import digest_of

from .attention import Layout
from .feed import Feed, Limits, packed_homes
from .lora import extract, install
from .loss import cross_entropy
from .model import Llama
from .packing import Packed
from .progress import Progress, Score
from .tokens import tokeniser

_PLACES = {"base", "folder", "start", "own"}
#: Steps after which a change that is learned for a coarse file is rounded again.
_ROUNDING = 10
#: Added to the seed for the homes that are held out.
_HELD_OUT = 1_000_000_007


@dataclass(frozen=True)
class Plan:
    """Everything that decides what a run makes, but the data and the machine."""

    base: Path
    folder: Path
    minutes: float
    seed: int = 1
    start: Path | None = None
    rank: int = 48
    alpha: float = 96.0
    rate: float = 1e-3
    warm_up: int = 60
    homes: int = 2
    clip: float = 1.0
    workers: int = 2
    limits: Limits = field(default_factory=Limits)
    checkpoint_minutes: float = 5.0
    #: The form of file that the weights are rounded to while they are learned, such as Q4_0.
    form: str | None = None
    held_out: int = 24
    #: The home that every second sample is of.
    own: Home | None = None


class Trainer:
    """One run in one folder: ``checkpoint.pt`` to go on from, ``adapter.safetensors`` to use."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        # Homes side by side, one thread each: threads within one home meet at thousands of barriers a step, and beside
        # other work each of them waits for the scheduler (measured: a thirtieth of the speed).
        torch.set_num_threads(1)
        self._workers = ThreadPoolExecutor(plan.workers, initializer=torch.set_num_threads, initargs=(1,))
        torch.manual_seed(plan.seed)
        keep_freed_memory()
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        form = gguf.GGMLQuantizationType[plan.form] if plan.form else None
        self.model = Llama.load(plan.base, rank=plan.rank, alpha=plan.alpha, form=form).to(self._device)
        self._trained = [p for p in self.model.parameters() if p.requires_grad]
        self._optimiser = torch.optim.AdamW(
            self._trained, lr=plan.rate, weight_decay=0.0, betas=(0.9, 0.98), fused=True
        )
        self.step, self._seconds = 0, 0.0
        if plan.start is not None:
            install(self.model, adapter_file.load(plan.start))
        self._tokenise = tokeniser(plan.base)
        if self._checkpoint.exists():
            self._resume()

    @property
    def _checkpoint(self) -> Path:
        return self._plan.folder / "checkpoint.pt"

    def run(self) -> None:
        """Trains until the budget is used up; the last step has a rate of nearly zero."""
        plan = self._plan
        plan.folder.mkdir(parents=True, exist_ok=True)
        held_out = list(
            islice(packed_homes(plan.seed + _HELD_OUT, self._tokenise, plan.limits, plan.own), plan.held_out)
        )
        progress = Progress(plan.minutes * 60, self._seconds)
        self.model.round()
        # After a resumption the data goes on with homes that were not seen, without making the seen ones again.
        with Feed(plan.seed + self.step, plan.base, plan.limits, plan.own) as feed:
            begun, saved = time.monotonic() - self._seconds, self._seconds
            while (seconds := time.monotonic() - begun) < plan.minutes * 60:
                self._seconds = seconds
                progress.show(self._seconds, self.step, self._learn([next(feed) for _ in range(plan.homes)]))
                if seconds - saved >= plan.checkpoint_minutes * 60:
                    self.save()
                    progress.note(f"held out: {self.score(held_out)}")
                    saved = time.monotonic() - begun
        self._seconds = plan.minutes * 60
        self.save()
        progress.note(f"held out: {self.score(held_out)}")

    def _learn(self, homes: list[Packed]) -> Score:
        if self.step % _ROUNDING == 0:
            self.model.round()
        done = self._seconds / (self._plan.minutes * 60)
        rate = self._plan.rate * min(1.0, (self.step + 1) / self._plan.warm_up) * max(0.0, 1 - done)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        answers = sum(len(home.answers) for home in homes)
        total = Score()
        for score, gradients in self._workers.map(lambda home: self._gradients(home, answers), homes):
            total += score
            for parameter, gradient in zip(self._trained, gradients, strict=True):
                parameter.grad = gradient if parameter.grad is None else parameter.grad.add_(gradient)
        torch.nn.utils.clip_grad_norm_(self._trained, self._plan.clip)
        self._optimiser.step()
        self._optimiser.zero_grad()
        self.step += 1
        return total

    def _gradients(self, home: Packed, answers: int) -> tuple[Score, tuple[Tensor, ...]]:
        """Asked for rather than accumulated, since several threads may be at it."""
        losses, best = self._answered(home)
        gradients = torch.autograd.grad(losses.sum() / answers, self._trained)
        return Score.of(home, losses.detach(), best), gradients

    def _answered(self, home: Packed) -> tuple[Tensor, Tensor]:
        tokens, positions, asked, answers = (
            torch.from_numpy(column).to(self._device)
            for column in (home.tokens, home.positions, home.asked, home.answers)
        )
        hidden = self.model.hidden(tokens, positions, Layout.of(home, self._device), asked)
        return cross_entropy(hidden, self.model.output, answers)

    @torch.no_grad()
    def score(self, homes: list[Packed]) -> Score:
        """Loss, token accuracy and exact lines with the right answer's earlier tokens given (no grammar).

        Of the model as a file of the plan's form would have it now.
        """
        self.model.round()
        return sum((Score.of(home, *self._answered(home)) for home in homes), Score())

    def save(self) -> None:
        """Checkpoint and adapter, each written whole or not at all."""
        state = {
            "step": self.step,
            "seconds": self._seconds,
            "model": self.model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
        }
        part = self._checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.replace(self._checkpoint)
        facts = self._facts()
        adapter = self._plan.folder / "adapter.safetensors"
        adapter_file.save(extract(self.model, facts), adapter)
        adapter.with_suffix(".toml").write_text(record(adapter, facts))

    def _resume(self) -> None:
        state: dict[str, Any] = torch.load(self._checkpoint, map_location=self._device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self._optimiser.load_state_dict(state["optimiser"])
        self.step, self._seconds = state["step"], state["seconds"]

    def _facts(self) -> dict[str, str]:
        plan = {
            each.name: str(getattr(self._plan, each.name)) for each in fields(self._plan) if each.name not in _PLACES
        }
        own = {"own_home": self._plan.own.digest} if self._plan.own else {}
        start = {"start_sha256": digest_of(self._plan.start)} if self._plan.start else {}
        return {
            **plan,
            **start,
            **own,
            "minutes_done": f"{self._seconds / 60:.1f}",
            "base_sha256": digest_of(self._plan.base),
            "data": data_version(),
            "prompt": str(PROMPT_VERSION),
            "steps": str(self.step),
            "torch": torch.__version__,
            "machine": f"{os.cpu_count()} CPUs, {platform.machine()}, {self._device.type}",
        }


def record(adapter: Path, facts: Mapping[str, str]) -> str:
    """TOML of how an adapter was made, for people; the same facts stand in the adapter."""
    lines = {"sha256": digest_of(adapter), "bytes": str(adapter.stat().st_size), **facts}
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())


def data_version() -> str:
    """The first half of a digest over the generator's sources: equal exactly when the data is."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in {".py", ".txt", ".toml", ".json"} and path.name not in _NO_DATA:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


_NO_DATA = {
    f"{name}.py"
    for name in "__main__ attention average feed lora loss memory model packing progress tokens trainer".split()
}
