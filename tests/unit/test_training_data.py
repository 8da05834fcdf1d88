"""The training data: every line is one that the grammar admits, and means what was said."""

from __future__ import annotations

import pickle
import re
from collections import Counter
from itertools import islice
from random import Random

import pytest

from edgeassist.functions import builtin_functions
from edgeassist.home import Area, Device, Floor, Home
from edgeassist.language.grammar import MAX_CALLS, MAX_TARGETS
from edgeassist.language.guard import admitted
from edgeassist.language.lexicon import EVERYWHERE, HERE, Lexicon
from edgeassist.language.syntax import NONE, Reading, read, write
from edgeassist.text import normalise_utterance
from edgeassist.training import values
from edgeassist.training.commands import Commands
from edgeassist.training.corrections import Corrections
from edgeassist.training.homes import random_home
from edgeassist.training.moments import Moments
from edgeassist.training.sample import MAX_TOKENS, Sample, generate
from edgeassist.training.sections import COMMANDS
from edgeassist.training.speech import Speaker
from edgeassist.training.template import parse, phrases, words

FUNCTIONS = builtin_functions()


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return list(islice(generate(2024, turns=30), 100))


def _admitted(reading: Reading, lexicon: Lexicon) -> bool:
    """What the grammar asks of targets, written down a second time."""
    ids = {d.id for d in lexicon.home.devices if reading.function.suits(reading.form, d)}
    for target in reading.targets:
        if target.label is not None:
            if lexicon.labels[target.label] not in ids:
                return False
            continue
        held = set(ids)
        if target.noun is not None:
            held &= lexicon.nouns[target.noun]
        elif reading.form.naming != "place":
            return False
        else:
            held |= lexicon.reach.granting(reading.form)
        if target.place != HERE:
            held &= lexicon.within[target.place or EVERYWHERE]
        if not held:
            return False
    return len(reading.targets) <= MAX_TARGETS


def test_generate_same_seed_same_samples() -> None:
    first, second = list(islice(generate(5), 6)), list(islice(generate(5), 6))
    assert [(s.listing, s.turns) for s in first] == [(s.listing, s.turns) for s in second]
    assert [s.turns for s in islice(generate(6), 6)] != [s.turns for s in first]


def test_lines_of_samples_are_read_written_and_admitted(samples: list[Sample]) -> None:
    for sample in samples:
        lexicon = Lexicon.of(sample.home)
        for turn in sample.turns:
            readings = read(turn.line, FUNCTIONS, lexicon)
            assert write(readings) == turn.line
            assert len(readings) <= MAX_CALLS
            assert all(_admitted(reading, lexicon) for reading in readings), (turn, sample.listing)


def test_utterances_of_samples_are_normalised_and_not_empty(samples: list[Sample]) -> None:
    for turn in (turn for sample in samples for turn in sample.turns):
        assert turn.text
        assert turn.text == normalise_utterance(turn.text)
        assert not re.search(r"[{}\[\]()|]", turn.text)


def test_words_that_a_line_takes_from_the_utterance_are_in_it(samples: list[Sample]) -> None:
    for sample in samples:
        for turn in sample.turns:
            for reading in read(turn.line, FUNCTIONS, Lexicon.of(sample.home)):
                if reading.form.naming == "nothing":
                    spoken = [value for value in reading.values if isinstance(value, str)]
                    assert all(f" {each} " in f" {turn.text} " for each in spoken), turn


def test_listing_that_names_devices_stays_within_its_budget(samples: list[Sample]) -> None:
    assert all(len(sample.listing.split()) * 1.3 <= MAX_TOKENS for sample in samples if ": " in sample.listing)


def test_distribution_holds_every_function_and_a_fifth_of_refusals(samples: list[Sample]) -> None:
    found: Counter[str] = Counter()
    total = 0
    for sample in samples:
        lexicon = Lexicon.of(sample.home)
        for turn in sample.turns:
            total += 1
            found.update({reading.function.name for reading in read(turn.line, FUNCTIONS, lexicon)} or {"none"})
    assert set(found) == set(FUNCTIONS) | {"none"}
    assert 0.17 <= found["none"] / total <= 0.25
    assert 0.09 <= found["get_state"] / total <= 0.17
    assert min(found.values()) / total > 0.006


def test_commanding_words_never_stand_before_a_refusal_of_a_known_device(samples: list[Sample]) -> None:
    for sample in samples:
        labels = {label for label in Lexicon.of(sample.home).labels if len(label.split()) > 1}
        for turn in sample.turns:
            command = re.fullmatch(r"(?:please )?(?:turn|switch) (?:on|off) (?:the )?(.*)", turn.text)
            if turn.line == NONE and command:
                assert command[1] not in labels, turn


def test_part_of_a_name_is_said_only_when_it_fits_one_device() -> None:
    home = Home(
        (
            Device("a", "Dyson Study", "fan", area="Study", capabilities=frozenset({"percentage"})),
            Device("b", "Desk Lamp", "light", area="Study"),
            Device("c", "Floor Lamp", "light", area="Hall"),
        ),
        (Area("Study"), Area("Hall")),
    )
    speaker = Speaker(home, listed=True)
    rng = Random(3)
    said = {speaker.label_of(rng, "a").bare for _ in range(400)}
    assert "dyson" in said
    assert "study" not in said
    assert "lamp" not in {speaker.label_of(rng, "b").bare for _ in range(400)}


def test_random_homes_vary_and_areas_never_bear_a_floors_name() -> None:
    homes = [random_home(Random(seed)) for seed in range(300)]
    sizes = [len(home.devices) for home in homes]
    assert min(sizes) <= 3
    assert max(sizes) >= 80
    assert {home.unit for home in homes} == {"C", "F"}
    assert len({device.kind for home in homes for device in home.devices}) == 17
    assert any(home.floors for home in homes)
    assert any(not home.floors for home in homes)
    for home in homes:
        floors = {name.lower() for floor in home.floors for name in (floor.name, *floor.aliases)}
        assert not floors & {name.lower() for area in home.areas for name in (area.name, *area.aliases)}
        assert {area.floor for area in home.areas} <= {None, *(floor.name for floor in home.floors)}
        assert len({device.id for device in home.devices}) == len(home.devices)


def test_floor_of_the_home_is_spoken_with_its_noun() -> None:
    home = Home((Device("a", "Lamp", "light", area="Bath"),), (Area("Bath", "First"),), (Floor("First"),))
    rng = Random(1)
    assert "on the first floor" in {Speaker(home, listed=True).where(rng, "first") for _ in range(30)}


def test_values_in_words_come_back_as_digits() -> None:
    rng = Random(4)
    for _ in range(500):
        seconds, said = values.duration(rng)
        assert seconds > 0
        assert said
    assert normalise_utterance("twenty one and a half degrees") == "21 and a half degrees"


@pytest.mark.parametrize("source", ["turn (on", "turn on]", "{target", "a | b)"])
def test_template_with_an_unmatched_bracket_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="template"):
        parse(source)


def test_template_says_each_of_its_wordings() -> None:
    template = parse("[please ](open|shut) {t}")
    said = {template.say(Random(seed), {"t": "it"}) for seed in range(60)}
    assert said == {"please open it", "please shut it", "open it", "shut it"}


def test_phrase_files_have_enough_phrases() -> None:
    count = Counter[str]()
    for name in ("commands.txt", "intents.txt"):
        for heading, templates in phrases(name):
            count[heading.split()[0]] += len(templates)
    assert (
        min(count[verb] for verb in ("on", "off", "brightness", "darker", "brighter", "color", "open", "close")) >= 50
    )
    assert min(count.values()) >= 20
    assert len(words("devices.txt")["light"]) > 150


def test_everywhere_is_never_said_without_a_word_for_it() -> None:
    home = Home(
        (Device("a", "Desk", "light", area="Study"), Device("b", "Floor", "light", area="Hall")),
        (Area("Study"), Area("Hall")),
    )
    speaker = Speaker(home, listed=True)
    rng = Random(8)
    for _ in range(200):
        ref = speaker.group(rng, "lights", {"a", "b"}, place=EVERYWHERE)
        assert ref is not None
        assert re.search(r"\b(all|every|each)\b", ref.slots()["b"])


def test_rhetorical_question_that_commands_is_not_taught(samples: list[Sample]) -> None:
    for turn in (turn for sample in samples for turn in sample.turns):
        if re.match(r"(is(?! there any (chance|way))|are|did|which|how many|has|have i) ", turn.text):
            assert turn.line == NONE or turn.line.startswith((" is ", " get ", " remaining")), turn


def test_sentence_with_several_commands_has_them_in_order(samples: list[Sample]) -> None:
    several = [turn for sample in samples for turn in sample.turns if turn.kind == "several"]
    assert len(several) > 200
    assert all(";" in turn.line or "," in turn.line for turn in several)


def test_target_that_was_taken_back_is_not_in_the_line() -> None:
    home = Home(
        (Device("a", "Desk", "light", area="Study"), Device("b", "Piano", "light", area="Hall")),
        (Area("Study"), Area("Hall")),
    )
    commands = Commands(Speaker(home, listed=True))
    corrections = Corrections(commands, {"toggle": commands.possible(COMMANDS)["toggle"]}, {"toggle": 1.0})
    said = [found for seed in range(300) if (found := corrections.say(Random(seed)))]
    both = [one for one in said if re.search(r"\bdesk\b.*\b(no|sorry|i mean|actually)\b.*\bpiano$", one.text)]
    assert both
    assert {write(one.readings) for one in both} == {" toggle piano"}


def test_locks_are_never_corrected_from_one_verb_to_the_other() -> None:
    home = Home((Device("a", "Front Door", "lock", area="Hall"),), (Area("Hall"),))
    commands = Commands(Speaker(home, listed=True))
    held = commands.possible(COMMANDS)
    corrections = Corrections(commands, {verb: held[verb] for verb in ("lock", "unlock")}, {"lock": 1.0, "unlock": 1.0})
    for seed in range(300):
        if said := corrections.say(Random(seed)):
            assert not re.search(r"\bunlock .*\block (?:the|it|up|front)\b|\block .*\bunlock\b", said.text), said


def test_moment_is_a_wish_only_where_one_scene_fits_it() -> None:
    def scenes(*names: str) -> Moments:
        return Moments(Lexicon.of(Home(tuple(Device(name, name, "scene") for name in names))))

    assert write(scenes("Bedtime").say(Random(1)).readings) == " run bedtime"
    assert scenes("Bedtime").hinted("i'm going to bed")
    assert not scenes("Bedtime", "Good Night")
    assert not scenes("Party").hinted("i'm going to bed")


def test_only_robot_cleans_the_rooms_where_it_is_not() -> None:
    home = Home((Device("a", "Rosie", "vacuum", area="Hall"),), (Area("Hall"), Area("Study")))
    commands = Commands(Speaker(home, listed=True))
    held = [section for section in commands.possible(COMMANDS)["clean"] if "room" in section.flags]
    said = {(s.text, write(s.readings)) for n in range(200) if (s := commands.say(Random(n), held))}
    assert ("vacuum the study", " clean vacuums here") in said
    assert ("vacuum the hall", " clean vacuums hall") in said


def test_request_that_is_taught_is_one_that_the_guard_lets_through(samples: list[Sample]) -> None:
    for turn in (turn for sample in samples for turn in sample.turns if turn.line != NONE):
        verbs = {form.verb for function in admitted(FUNCTIONS, turn.text).values() for form in function.forms}
        assert all(line.startswith(tuple(f" {verb}" for verb in verbs)) for line in turn.line.split(";")), turn


def test_every_second_sample_is_of_the_own_home_in_words_that_its_grammar_admits() -> None:
    lamps = tuple(
        Device(f"light.{n}", f"Lamp {n}", "light", area="Hall", capabilities=frozenset({"brightness"})) for n in (1, 2)
    )
    own = Home((*lamps, Device("lock.door", "Front Door", "lock", area="Hall")), (Area("Hall"),))
    made = list(islice(generate(7, turns=20, own=pickle.loads(pickle.dumps(own))), 6))
    assert [sample.home == own for sample in made] == [True, False] * 3
    for sample in made:
        lexicon = Lexicon.of(sample.home)
        readings = [one for turn in sample.turns for one in read(turn.line, FUNCTIONS, lexicon)]
        assert readings
        assert all(_admitted(reading, lexicon) for reading in readings)


def test_own_home_past_the_prefix_budget_is_shown_without_its_devices() -> None:
    names = [f"Rather Long Lamp Name Number {n}" for n in range(200)]
    own = Home(tuple(Device(f"light.{n}", name, "light", area="Hall") for n, name in enumerate(names)), (Area("Hall"),))
    (sample,) = islice(generate(7, turns=4, own=own), 1)
    assert sample.home == own
    assert normalise_utterance(names[0]) not in sample.listing
