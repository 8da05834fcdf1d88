from __future__ import annotations

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist.home import Area, Home
from edgeassist.language import prompt, syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.prompt import TEMPLATES, listing
from edgeassist.models import catalogue
from edgeassist.models.shape import _CHAT_TEMPLATE
from edgeassist.text import normalise_utterance
from tests.support.homes import HOSTILE, device, homes, house
from tests.support.reading import FUNCTIONS


def test_every_template_of_the_catalogue_is_known() -> None:
    assert {entry.template for entry in catalogue.entries()} <= set(TEMPLATES)


@given(homes(), st.sampled_from(sorted(TEMPLATES)), st.booleans())
def test_names_are_never_where_control_tokens_are_recognised(home: Home, template: str, devices: bool) -> None:
    chosen = TEMPLATES[template]
    marks = {chosen.system_open, chosen.system_close, chosen.user_open, chosen.user_close, chosen.answer_close}
    pieces = prompt.prefix(Lexicon.of(home), FUNCTIONS, chosen, devices=devices)
    assert all(piece.text in marks for piece in pieces if piece.special)


@given(HOSTILE)
def test_utterance_is_never_where_control_tokens_are_recognised(said: str) -> None:
    for template in TEMPLATES.values():
        text, close = prompt.suffix(normalise_utterance(said), template)
        assert not text.special
        assert close.text == template.user_close


@given(homes())
def test_listing_is_the_same_for_the_same_home_and_is_one_line_for_each_area(home: Home) -> None:
    lexicon = Lexicon.of(home)
    shown = listing(lexicon)
    assert shown == listing(Lexicon.of(home))
    assert shown.count("\n") <= len(home.areas) + 3
    assert not set(shown) & set('<|>{}"\\\0\r')


def test_listing_shows_each_device_by_its_names_under_its_area() -> None:
    lines = listing(Lexicon.of(house())).splitlines()
    (kitchen,) = [line for line in lines if line.startswith(" kitchen:")]
    assert "lights ceiling light = big light" in kitchen
    assert any(line.startswith(" living room = lounge:") for line in lines)


def test_listing_without_devices_shows_kinds_only() -> None:
    shown = listing(Lexicon.of(house()), devices=False)
    assert "kettle" not in shown
    assert " kitchen: lights" in shown


@pytest.mark.parametrize(
    "home", [Home(), house(), Home((device("Only", "sensor"),), (Area("A"),))], ids=["empty", "house", "sensor"]
)
def test_every_worked_example_is_a_line_of_the_language(home: Home) -> None:
    lexicon = Lexicon.of(home)
    for _, line in prompt._examples(lexicon):
        if "here" not in line:
            syntax.read(line, FUNCTIONS, lexicon)


def test_change_of_state_topics_changes_no_prompt() -> None:
    home = house()
    assert listing(Lexicon.of(home)) == listing(Lexicon.of(Home(home.devices, home.areas, home.floors, name="x")))


def _text(pieces: list[prompt.Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_tinyllama_reads_its_own_chat_template_with_the_worked_examples_in_the_static_part() -> None:
    """The template is the one that TinyLlama's file carries; turns and answers stand in it as in a conversation."""
    lexicon, chosen = Lexicon.of(house()), TEMPLATES["zephyr"]
    head = prompt.prefix(lexicon, FUNCTIONS, chosen)
    system = next(text for text in _text(head).split("<|system|>\n") if text).split("</s>")[0]
    turns = [
        {"role": role, "content": content}
        for text, line in prompt._examples(lexicon)
        for role, content in (("user", f" {text}"), ("assistant", line))
    ]
    asked = {"role": "user", "content": " lights off"}
    template = jinja2.Environment(autoescape=False).from_string(_CHAT_TEMPLATE)
    conversation = template.render(
        messages=[{"role": "system", "content": system}, *turns, asked], eos_token="</s>", add_generation_prompt=True
    )
    assert _text(head) + _text(prompt.suffix("lights off", chosen)) == conversation
    assert len(turns) >= 16


def test_without_the_marks_of_a_chat_a_worked_example_is_a_line_and_its_answer() -> None:
    chosen = TEMPLATES["plain"]
    whole = _text([*prompt.prefix(Lexicon.of(house()), FUNCTIONS, chosen), *prompt.suffix("lights off", chosen)])
    _, examples = whole.split("\n turn the lights on\n")
    assert examples.startswith(" on lights here\n tell me a joke\n none\n")
    assert examples.endswith("\n lights off\n")


def test_untuned_model_is_taught_every_verb_and_a_tuned_one_sees_the_home_only() -> None:
    lexicon = Lexicon.of(house())
    taught = _text(prompt.prefix(lexicon, FUNCTIONS, TEMPLATES["zephyr"]))
    verbs = {form.verb for function in FUNCTIONS.values() for form in function.forms}
    assert all(verb in taught for verb in verbs)
    assert listing(lexicon) in taught
    assert _text(prompt.prefix(lexicon, FUNCTIONS, TEMPLATES["compact"])) == listing(lexicon)


@pytest.mark.parametrize("template", ["compact", "plain", "zephyr", "chatml"])
def test_only_the_utterance_is_read_anew_whatever_the_template(template: str) -> None:
    text, close = prompt.suffix("lights off", TEMPLATES[template])
    assert text.text == " lights off"
    assert close.text == TEMPLATES[template].user_close
