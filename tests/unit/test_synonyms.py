from __future__ import annotations

import pytest

from edgeassist.home import Area, Home
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.synonyms import Synonyms
from tests.support.homes import device

HOME = Lexicon.of(
    Home(
        (
            device("Living Room TV", "media_player", "Living Room"),
            device("Kitchen Coffee Machine", "switch", "Kitchen"),
            device("Space Heater", "switch", "Living Room"),
            device("Family Bathroom Light", area="Family Bathroom"),
            device("Rosie", "vacuum", "Kitchen"),
            device("Cloakroom Fan", "fan", "Cloakroom"),
            device("Garden Lights", area="Garden"),
            device("Bedroom Lamp", area="Primary Bedroom"),
            device("Thermostat", "climate", "Living Room"),
            device("Left Blind", "cover", "Living Room", device_class="blind"),
            device("String Lights", area="Garden"),
            device("Fairy Lights", area="Kitchen"),
            device("Left Nightstand", area="Primary Bedroom"),
            device("Right Nightstand", area="Primary Bedroom"),
            device("Porch Lantern", area="Garden"),
            device("Hall Lantern", area="Kitchen"),
            device("Home Guard", "alarm_control_panel", "Kitchen"),
        ),
        (
            *map(Area, ("Living Room", "Kitchen", "Family Bathroom", "Garden", "Primary Bedroom", "Kids Bedroom")),
            Area("Cloakroom", aliases=("Downstairs Loo",)),
        ),
    )
)
SYNONYMS = Synonyms(HOME)


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("turn on the lounge light", "turn on the living room light"),
        ("sitting room lights off , please", "living room lights off , please"),
        ("turn the telly off", "turn the tv off"),
        ("is the coffee maker on ?", "is the coffee machine on ?"),
        ("electric heater on", "space heater on"),
        ("turn up the heat", "turn up the heating"),
        ("heat off", "heating off"),
        ("vacuum the carpet", "start the vacuum"),
        ("please clean up this mess", "start the vacuum"),
        ("cleaning mode on", "start the vacuum"),
        ("hoover under the bed", "start the vacuum"),
        ("lights off in the drawing room", "lights off in the living room"),
        ("set hue to red", "set the lights to red"),
        ("start the vacuum cleaner", "start the vacuum"),
        ("lights on in the yard", "lights on in the garden"),
        ("main bedroom light on", "primary bedroom light on"),
        # One bathroom needs no first name; "the downstairs loo" is another name of the cloakroom.
        ("bathroom light on", "family bathroom light on"),
        ("light on in the toilet", "light on in the cloakroom"),
        # The room of the bedroom lamp.
        ("lights on in the bedroom please", "lights on in the primary bedroom please"),
        ("turn off the outside lights", "turn off the lights in the garden"),
        ("dim both nightstands to 10", "dim left nightstand and right nightstand to 10"),
        ("turn off all of the nightstands", "turn off left nightstand and right nightstand"),
        # These hang in two places.
        ("lanterns on", "lanterns on"),
        ("arm the alarm , we are going out", "turn on the home guard , we are going out"),
        ("disarm the burglar alarm please", "turn off the home guard please"),
        ("is the alarm on ?", "is the home guard on ?"),
        ("set the alarm for 7", "set the alarm for 7"),
        # Who made it, and how it runs, says nothing where no name holds that.
        ("turn off the hue lights", "turn off the lights"),
        ("dim the philips hue bulbs", "dim the bulbs"),
        ("turn off the main light in the kitchen", "turn off the light in the kitchen"),
        ("turn on my smart tv", "turn on my tv"),
        ("turn on the ikea kettle", "turn on the ikea kettle"),
    ],
)
def test_what_is_called_otherwise_is_said_in_the_words_of_the_home(said: str, own: str) -> None:
    assert SYNONYMS.own(said) == own


@pytest.mark.parametrize(
    "said",
    [
        "living room light on",
        "family bathroom light on",
        # A bedroom has a lamp of that name, so that it is no short name of the room.
        "bedroom lamp on",
        "turn on the guest bathroom light",
        "open the office blind",
        "heat the soup",
        "mow the lawn",
        "i cannot sleep for the heat",
        "the lounge door is a door",
        # Two of the home are called so.
        "christmas lights on",
        "add a telly to the shopping list",
    ],
)
def test_names_of_the_home_and_of_nothing_in_it_stay(said: str) -> None:
    assert SYNONYMS.own(said) == said


def test_thing_is_what_its_name_ends_with() -> None:
    home = Home((device("TV Lamp", area="Den"), device("Small Heater 2", "switch", "Den")), (Area("Den"),))
    synonyms = Synonyms(Lexicon.of(home))
    assert synonyms.own("turn the telly off") == "turn the telly off"
    assert synonyms.own("electric heater on") == "heater on"


def test_home_without_names_has_no_words_of_its_own() -> None:
    assert Synonyms(Lexicon.of(Home())).own("turn the telly off") == "turn the telly off"


def test_word_that_two_names_could_stand_for_stays() -> None:
    home = Home((device("Hall Lamp", area="Hall"), device("Foyer Lamp", area="Foyer")), (Area("Hall"), Area("Foyer")))
    assert Synonyms(Lexicon.of(home)).own("corridor light on") == "corridor light on"
