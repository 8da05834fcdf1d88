from __future__ import annotations

import re
from random import Random

from edgeassist.home import Area, Device, Home
from edgeassist.language.syntax import write
from edgeassist.text import normalise_utterance
from edgeassist.training.commands import Commands
from edgeassist.training.pairs import Pairs
from edgeassist.training.sections import COMMANDS
from edgeassist.training.speech import Speaker


def speaking(*devices: Device, areas: tuple[Area, ...] = ()) -> Pairs:
    commands = Commands(Speaker(Home(devices, areas), listed=True))
    return Pairs(commands, commands.possible(COMMANDS), dict.fromkeys(commands.possible(COMMANDS), 1.0))


def pairs(made: Pairs, name: str, count: int = 200) -> list[tuple[str, str]]:
    maker = next(maker for maker, _ in made.makers if maker.__name__ == name)
    return [
        (normalise_utterance(said.text), write(said.readings)) for seed in range(count) if (said := maker(Random(seed)))
    ]


def test_colour_and_brightness_of_one_light_stand_in_the_order_in_which_they_are_said() -> None:
    able = frozenset({"brightness", "color", "color_temp"})
    made = speaking(Device("a", "Moon", "light", capabilities=able))
    found = pairs(made, "_coloured")
    assert len(found) > 100
    for text, line in found:
        first, second = line.split(";")
        ahead = first.startswith(" brightness")
        assert second.startswith(" brightness") != ahead
        if number := re.search(r"(\d+) percent", text):
            assert f"brightness{number[1]} " in line
            color = re.match(r" (?:color |white)(\w+)", second if ahead else first)
            assert color is not None


def test_several_items_are_several_lines_of_one_list() -> None:
    made = speaking()
    for text, line in pairs(made, "_items"):
        adds = line.split(";")
        assert len(adds) in {2, 3}, text
        assert len({add.partition(">")[2] for add in adds}) == 1, line
        items = [add.partition(">")[0].removeprefix(" add ") for add in adds]
        assert [text.index(item) for item in items] == sorted(text.index(item) for item in items)


def test_two_timers_have_their_own_lengths_and_labels() -> None:
    for text, line in pairs(speaking(), "_timers"):
        first, second = (part.removeprefix(" timer").partition(" ") for part in line.split(";"))
        assert re.fullmatch(r"[\dhms]+", first[0] + second[0]), line
        assert bool(first[2]) == bool(second[2])
        if first[2]:
            assert first[2] != second[2]
            assert f" {first[2]} " in f" {text} "
            assert f" {second[2]} " in f" {text} "


def test_rooms_of_one_sort_are_named_together_where_each_has_such_a_thing() -> None:
    rooms = (Area("Small Bedroom"), Area("Big Bedroom"), Area("Hall"))
    lamps = tuple(Device(room.name, f"{room.name} Lamp", "light", area=room.name) for room in rooms)
    made = speaking(*lamps, areas=rooms)
    found = pairs(made, "_rooms", 600)
    assert any("both bedroom" in text or "both the bedroom" in text for text, _ in found)
    assert all("small bedroom" in line and "big bedroom" in line and "hall" not in line for _, line in found)
    less = speaking(*lamps[1:], areas=rooms)
    assert not pairs(less, "_rooms", 200)
