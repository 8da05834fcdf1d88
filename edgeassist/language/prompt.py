"""What the model reads: a static prefix that shows the home, and the utterance as the only suffix.

No state is in it: a lamp that switches invalidates nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from edgeassist.functions import Function
from edgeassist.home import Device
from edgeassist.text import normalise_utterance

from .lexicon import HERE, Lexicon
from .nouns import SCENES, shown_as
from .syntax import NONE

#: Part of the key of a persisted prefix, and of what a tuned model was trained on.
VERSION = 1


@dataclass(frozen=True)
class Template:
    """The marks around system text, utterance and answer.

    ``teaches``: the model was not tuned for the compact language, so its prompt explains it.
    """

    system_open: str = ""
    system_close: str = ""
    user_open: str = ""
    user_close: str = "\n"
    answer_close: str = ""
    teaches: bool = True


#: By the name that the model catalogue gives.
TEMPLATES: Mapping[str, Template] = {
    "compact": Template(teaches=False),
    # A line and its answer, without the marks of a chat. SmolLM2-135M goes by the worked examples more surely so, and
    # five tokens fewer are read for each utterance.
    "plain": Template(answer_close="\n"),
    "chatml": Template(
        "<|im_start|>system\n",
        "<|im_end|>\n",
        "<|im_start|>user\n",
        "<|im_end|>\n<|im_start|>assistant\n",
        "<|im_end|>\n",
    ),
    "zephyr": Template("<|system|>\n", "</s>\n", "<|user|>\n", "</s>\n<|assistant|>\n", "</s>\n"),
    "stablelm": Template(
        "<|system|>\n", "<|endoftext|>\n", "<|user|>\n", "<|endoftext|>\n<|assistant|>\n", "<|endoftext|>\n"
    ),
    "llama3": Template(
        "<|start_header_id|>system<|end_header_id|>\n\n",
        "<|eot_id|>",
        "<|start_header_id|>user<|end_header_id|>\n\n",
        "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        "<|eot_id|>",
    ),
    "solar": Template("### System:\n", "\n\n", "### User:\n", "\n\n### Assistant:\n", "\n\n"),
}


@dataclass(frozen=True)
class Piece:
    """A stretch of prompt; control tokens are recognised in ``special`` ones only, never in names or utterances.

    What is ``elastic`` may be cut at its end where the whole is too long.
    """

    text: str
    special: bool = False
    elastic: bool = False


def prefix(
    lexicon: Lexicon,
    functions: Mapping[str, Function],
    template: Template,
    *,
    devices: bool = True,
    areas: Collection[str] | None = None,
    examples: bool = True,
) -> list[Piece]:
    """Everything in front of the utterance. A tuned model sees the home; any other is also taught the language.

    Homes too large for that are shown without the names of devices, or with some of their ``areas`` only.
    """
    spoken = [function.spoken for function in functions.values() if function.spoken]
    shown = Piece(listing(lexicon, devices=devices, areas=areas, spoken=spoken), elastic=True)
    if not template.teaches:
        return [shown]
    pieces = [
        Piece(template.system_open, special=True),
        Piece(_lesson(functions)),
        shown,
        Piece(template.system_close, special=True),
    ]
    for text, line in _examples(lexicon) if examples else ():
        pieces += [
            Piece(template.user_open, special=True),
            Piece(f" {text}"),
            Piece(template.user_close, special=True),
            Piece(line),
            Piece(template.answer_close, special=True),
        ]
    return [*pieces, Piece(template.user_open, special=True)]


def suffix(text: str, template: Template) -> list[Piece]:
    """The only part that is read for each utterance."""
    return [Piece(f" {text}"), Piece(template.user_close, special=template.teaches)]


def _lesson(functions: Mapping[str, Function]) -> str:
    """What the compact language is, for a model that was not tuned for it."""
    verbs = "\n".join(
        f" {', '.join(form.verb for form in function.forms)}: {function.description}" for function in functions.values()
    )
    return (
        " You turn a request about this home into one line: a verb, then a name, a place, or a kind with a place.\n"
        f" Verbs:\n{verbs}\n none: anything else\n Home:\n"
    )


def _examples(lexicon: Lexicon) -> list[tuple[str, str]]:
    """Worked examples made of this home's own names, so that none of them teaches a device that is not there."""
    kinds = {device.id: device.kind for device in lexicon.home.devices}
    first: dict[str, str] = {}
    for label, device in lexicon.labels.items():
        first.setdefault(kinds[device], label)
    examples = [("turn the lights on", f" on lights {HERE}"), ("tell me a joke", NONE)]
    for kind, text, line in (
        ("light", "switch on the {}", " on {}"),
        ("light", "set the {} to 40 percent", " brightness40 {}"),
        ("light", "is the {} on", " is {}"),
        ("switch", "turn the {} off please", " off {}"),
        ("cover", "close the {}", " close {}"),
        ("lock", "lock the {}", " lock {}"),
        ("climate", "{} to 21 degrees", " temperature21 {}"),
        ("media_player", "pause the {}", " pause {}"),
        ("scene", "{}", " run {}"),
    ):
        if kind in first:
            examples.append((text.format(first[kind]), line.format(first[kind])))
    return examples


def listing(
    lexicon: Lexicon, *, devices: bool = True, areas: Collection[str] | None = None, spoken: Sequence[str] = ()
) -> str:
    """The home in normalised words, one line for each area; without devices for homes past the prefix budget.

    Where ``areas`` are given, only those are listed. ``spoken`` are the functions that users added; they stand among
    the scenes of the home.
    """
    home = lexicon.home
    lines = []
    if home.floors:
        lines.append(" floors: " + ", ".join(_names(lexicon, "floor", floor.name) for floor in home.floors))
    lines += (line for area, line in area_lines(lexicon, devices=devices) if areas is None or area in areas)
    elsewhere = [device for device in home.devices if device.area is None]
    if spoken or elsewhere:
        lines.append(_line(" home", _kinds(elsewhere, lexicon, named=devices, scenes=spoken)))
    if devices and lexicon.shared:
        lines.append(" several: " + ", ".join(sorted(lexicon.shared)))
    return "\n".join(lines) + "\n"


def area_lines(lexicon: Lexicon, *, devices: bool) -> Iterator[tuple[str, str]]:
    """Each area by its name in the home, and the line of a listing that shows it and what is in it."""
    within: dict[str | None, list[Device]] = defaultdict(list)
    for device in lexicon.home.devices:
        within[device.area].append(device)
    for area in lexicon.home.areas:
        names = _names(lexicon, "area", area.name)
        yield area.name, _line(f" {names}", _kinds(within[area.name], lexicon, named=devices))


def _line(heading: str, kinds: Iterable[str]) -> str:
    shown = "; ".join(kinds)
    return f"{heading}: {shown}" if shown else heading


def _names(lexicon: Lexicon, kind: str, name: str) -> str:
    return " = ".join(words for words, place in lexicon.places.items() if (place.kind, place.name) == (kind, name))


def _kinds(devices: Iterable[Device], lexicon: Lexicon, *, named: bool, scenes: Sequence[str] = ()) -> Iterator[str]:
    """For each kind in an area "lights ceiling, counter = big light", or just "lights"."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for device in devices:
        names = lexicon.labels_of.get(device.id) or [normalise_utterance(device.name)]
        kinds[shown_as(device)].append(" = ".join(names))
    if scenes:
        kinds[SCENES].extend(scenes)
    for noun, shown in kinds.items():
        yield f"{noun} {', '.join(shown)}" if named else noun
