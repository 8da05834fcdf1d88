"""Which model runs with which settings: the configuration over the profile over what is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from edgeassist.config import Config
from edgeassist.engine.options import EngineOptions
from edgeassist.engine.prefix import UTTERANCE_ROOM
from edgeassist.errors import ConfigError, ModelError
from edgeassist.language.prompt import TEMPLATES
from edgeassist.models import catalogue
from edgeassist.models.store import Store
from edgeassist.policy import PolicyOptions
from edgeassist.profiles import Choice, choose, detect, select_model


@dataclass(frozen=True)
class Chosen:
    """A model file ready to be loaded. ``notes`` say where it is not the one that suits the board best."""

    name: str
    path: Path
    sha256: str
    template: str
    options: EngineOptions
    profile: Choice
    notes: tuple[str, ...]


def choose_profile(config: Config) -> Choice:
    """The profile that the configuration names, or this board's.

    Raises ConfigError, also for settings of the model that no file could be loaded with.
    """
    choice = choose(detect(), config.profile.name, config.paths.profiles)
    _options(config, choice)
    if config.model.template is not None:
        _template(config.model.template)
    return choice


def choose_model(config: Config, profile: Choice) -> Chosen:
    """The file to load, its digest checked. Raises ModelError where there is none, or it is damaged."""
    notes: tuple[str, ...] = ()
    store = Store(config.paths.models)
    name = config.model.name
    if config.model.path is not None:
        path = config.model.path
        template = _template(config.model.template or "chatml")
        return Chosen(
            path.stem, path, "", template, _options(config, profile), profile, (f"{path} has no known digest",)
        )
    if name is None:
        selected = select_model(profile.profile, detect(), store.names())
        name, notes = selected.use, selected.reasons if selected.use != selected.wanted else ()
        if name is None:
            raise ModelError("; ".join(selected.reasons))
    stored = store.check(name)
    entry = catalogue.find(name)
    template = _template(config.model.template or stored.template or (entry.template if entry else "chatml"))
    return Chosen(name, stored.path, stored.sha256, template, _options(config, profile), profile, notes)


def _template(name: str) -> str:
    if name not in TEMPLATES:
        raise ConfigError(f"model.template = {name!r}: unknown. Known: {', '.join(sorted(TEMPLATES))}.")
    return name


def _options(config: Config, choice: Choice) -> EngineOptions:
    """The profile's settings with the configuration's over them; two prefixes must fit into the context."""
    profile, model = choice.profile, config.model
    context = model.context or profile.context
    prefix = model.prefix_tokens or profile.prefix_tokens
    settings: dict[str, object] = {
        "context": context,
        "threads": model.threads or choice.threads,
        "threads_batch": model.threads_batch or choice.threads_batch,
        "cpus": choice.cpus,
        "batch": model.batch or profile.batch,
        "kv_type": model.kv_type or profile.kv_type,
        "flash": profile.flash,
        "mmap": profile.mmap if model.mmap is None else model.mmap,
        "mlock": profile.mlock if model.mlock is None else model.mlock,
        "repack": profile.repack if model.repack is None else model.repack,
        "draft": profile.draft if model.draft is None else model.draft,
        "prefix_tokens": min(prefix, (context - UTTERANCE_ROOM) // 2),
    }
    try:
        return EngineOptions.model_validate(settings)
    except ValidationError as error:
        problems = "; ".join(f"{each['loc'][0]} = {each['input']}: {each['msg']}" for each in error.errors())
        raise ConfigError(f"model: {problems}; the profile is {profile.name}") from None


def with_thresholds(policy: PolicyOptions, template: str) -> PolicyOptions:
    """The policy with the least confidence that suits the model, where the household has not set its own.

    Set on 1,163 of the sentences of development: below 0.2 lay as many wrong acts as right ones, seven of each. What is
    risky wants more; of 64 right risky acts none lay below 0.5. A model that was not tuned is hardly ever sure, so it
    has no threshold.
    """
    if TEMPLATES[template].teaches:
        return policy
    defaults = {"min_confidence": 0.2, "min_confidence_risky": 0.5}
    return policy.model_copy(update={name: value for name, value in defaults.items() if getattr(policy, name) is None})
