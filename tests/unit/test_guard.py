from __future__ import annotations

import pytest

from edgeassist.functions import builtin_functions
from edgeassist.language.guard import admitted
from edgeassist.text import normalise_utterance


def verbs(text: str) -> set[str]:
    functions = admitted(builtin_functions(), normalise_utterance(text))
    return {form.verb for function in functions.values() for form in function.forms}


@pytest.mark.parametrize(
    "text",
    [
        "Is the kitchen light on?",
        "would a burglar find the shed door unlocked",
        "wait for my word before you open the gate",
        "ask me before you unlock anything",
        "I'd hate it if you turned the heating off now",
        "we'll close the bathroom tap in a bit",
        "I'm gonna lock the shed later",
        "we will turn off the sprinkler ourselves",
        "did I leave the garage open",
        "what's the temperature in the bedroom",
        "what I want to know is whether the door is locked",
        "what I want to avoid is the garage door open at night",
        "what I need is for you to tell me whether the door is open",
        "what I want is for nobody to unlock the front door",
        "what I need to remember is to unlock the gate",
        "what I love is the garage door open on a summer evening",
        "which lights are on upstairs",
        "hey, are the doors locked",
        "can you tell me if the front door is locked",
        "how warm is it in here",
        "have the blinds been closed",
        "do we have the heating on",
        "don't turn on the light",
        "please do not open the garage",
        "I already turned off the lamp",
        "she's just locked the door",
        "do the curtains need closing",
        "when was the gate opened",
        "tell me when the door was locked",
        "Kim locked the shed",
        "my neighbour has just opened the gate",
        "there is no need to turn on the fan",
        "you don't have to close the blinds",
        "leave the hall light alone",
        "if it rains close the window",
        "when I get home turn on the lights",
        "whenever it gets dark switch on the porch",
        "as soon as the film ends turn off the tv",
        "turn on the heating if it gets cold",
        "close the blinds when the sun goes down",
        "unlock the door once everyone has left",
        "turn off the fan unless it's hot",
        "if you don't mind, don't open the door",
        "when you get a chance, is the front door locked?",
        "if you don't mind me asking, who unlocked the door",
        "if you turn on the lamp the fuse blows",
        "if you can't sleep turn on the light",
        "don't open the door",
        "don't release the door lock please",
        "do the blinds close by themselves",
        "do the floors need cleaning",
        "why is the light on",
        "tell me when the light was turned on",
        "if possible tell me whether the door is locked",
        "tell me when one door is open for 5 minutes",
        "unlock the door when it suits mum",
        "open the blinds when it suits the weather",
        "open the door if it's ok with mum",
        "he opened the window and I had to close it",
        "somebody left the lights on and did not turn them off",
        "she closed the door before we could lock it",
        "Ken, you've left the shed unlocked again",
        "I left the garage open, did dad close it",
        "what day is the 22 second of May",
        "tell me the hour",
        "who opened the garage",
        "I've left the gate open, please don't anyone close it",
        "we left the heating on, no one turn it off",
        "someone left the light switch on",
        "I've left the switch on the kitchen counter",
        "I put the lamp on a timer",
        "is there any chance of the garage being open",
        "is there any way of telling whether the gate is open",
        "is there any chance that you could have left the door unlocked",
        "mum turned the heating off and put the lamp on",
    ],
)
def test_question_prohibition_or_report_offers_nothing_that_acts(text: str) -> None:
    functions = admitted(builtin_functions(), normalise_utterance(text))
    assert functions
    assert all(function.reads for function in functions.values())


@pytest.mark.parametrize(
    "text",
    [
        "um okay so what I want is the lamp to go purple",
        "what we really need is a bit of light in here",
        "turn on the light",
        "can you turn on the light",
        "would you mind opening the blinds",
        "could you check the oven and turn it off",
        "have the vacuum clean the hall",
        "don't forget to lock the door",
        "how about some light in here",
        "it is too dark in here",
        "I want the lights off",
        "set a timer for 5 minutes",
        "if you don't mind, dim the hall",
        "when you get a chance switch the fan off",
        "if it's possible could you start the mower",
        "do the washing up scene",
        "tell me when twenty minutes are up",
        "never mind the timer, cancel it",
        "blinds closed all the way",
        "I want the hall light turned off the moment you can",
        "leave the hall light on and turn off the fan",
        "if you don't mind, turn on the lights",
        "when you get a chance, close the blinds",
        "hey, whenever you're ready, start the vacuum",
        "if you could turn off the tv",
        "if possible dim the lamp",
        "if it's not too much trouble open the curtains",
        "would you mind locking the door",
        "turn on the fan if you can",
        "turn off the lights when you have a moment",
        "once you have a minute please lock the door",
        "if you would be so kind as to open the gate",
        "I was wondering if you could close the window",
        "why don't you turn on the light",
        "do the hoovering",
        "do the floors in the kitchen please",
        "tell me when 10 minutes are up",
        "you left the gate open, close it",
        "Ken, you left the shed open, lock it",
        "you left the gate open, can you close it",
        "what a dark room, turn the light on",
        "tell me the temperature and turn the fan on",
        "tell me in 10 minutes",
        "can you closed the blinds",
        "any chance you could dim the lamp",
        "somebody left the lights on again, turn them off",
        "it's started raining, close the window",
        "I've put the pasta on, 10 minute timer please",
        "is there any chance of turning the lights off",
        "tell me when one and a half minutes have passed",
        "whenever it suits you close the blinds",
        "close the blinds when it suits",
        "open the garage if it's ok with you",
        "let me know when half an hour is over",
        "turn off the heater if it's still on",
        "turn off the lamp and check if the door is locked",
        "would somebody close the shades",
        "would it be possible to close the shades",
        "I'll be in the bath, turn the heating up",
        "the car can wait for its charge, turn off the wallbox",
        "I'm going to bed, turn off the lights",
        "we're going to start the film, dim the lights",
        "I'll lock up, turn the heating off",
        "I'm going to close the shop, switch off the sign",
        "lock the door before you turn off the lights",
        "I'd hate to freeze, turn the heating on",
    ],
)
def test_request_may_act(text: str) -> None:
    functions = admitted(builtin_functions(), normalise_utterance(text))
    assert any(not function.reads for function in functions.values())


@pytest.mark.parametrize(
    ("text", "kept"), [("festoon lights on awning in", "close"), ("get the awning in", "close"), ("awning out", "open")]
)
def test_awning_is_out_or_in(text: str, kept: str) -> None:
    assert kept in verbs(text)


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("lock the front door", "lock", "unlock"),
        ("make sure the door is locked and the lights are off", "lock", "unlock"),
        ("unlock the front door", "unlock", "lock"),
        ("release the door lock", "unlock", "lock"),
        ("take the lock off the front door", "unlock", "lock"),
        ("if you don't mind, lock the front door", "lock", "unlock"),
        ("lock the door and release the blinds", "lock", "unlock"),
        ("make sure the lock is on and the door is shut", "lock", "unlock"),
        ("close the garage", "close", "open"),
        ("open the garage", "open", "close"),
        ("lights off", "off", "on"),
        ("take the lock off the shed", "unlock", "lock"),
        ("latch the porch door", "lock", "unlock"),
        ("unlatch the porch door", "unlock", "lock"),
        ("draw the curtains", "close", "open"),
        ("cover up the sandpit", "close", "open"),
        ("let some air in", "open", "close"),
        ("blinds up", "open", "unlock"),
        ("kitchen blinds lower", "close", "open"),
        ("set off the siren", "on", "off"),
        ("put the cover back on the pool", "close", "open"),
        ("take the pool cover off", "open", "close"),
    ],
)
def test_opposite_of_what_was_said_cannot_be_decoded(text: str, kept: str, gone: str) -> None:
    assert kept in verbs(text)
    assert gone not in verbs(text)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("turn off the lamp and don't unlock the front door", "unlock"),
        ("i want the fan on but don't open the window", "open"),
        ("lock the front door but do not ever close the garage", "close"),
    ],
)
def test_verb_that_is_prohibited_within_a_sentence_cannot_be_decoded(text: str, gone: str) -> None:
    assert gone not in verbs(text)
    assert "on" in verbs(text)


def test_verb_that_is_also_commanded_stays() -> None:
    assert "open" in verbs("open the blinds but don't open the window")


@pytest.mark.parametrize("text", ["turn the heater off on the landing", "turn off the tv and light up the kitchen"])
def test_both_directions_stay_where_both_could_be_meant(text: str) -> None:
    assert {"on", "off"} <= verbs(text)


@pytest.mark.parametrize("text", ["the porch door please", "something about the gate", "bedroom curtains in a bit"])
def test_direction_that_nobody_said_cannot_be_guessed(text: str) -> None:
    assert verbs(text).isdisjoint({"open", "close", "lock", "unlock"})
    assert {"on", "stop", "is"} <= verbs(text)


@pytest.mark.parametrize(
    "text",
    [
        "add two minutes to the egg timer",
        "take 30 seconds off my timer",
        "pause the pasta timer",
        "resume all timers",
        "make the oven timer 5 minutes longer",
        "shorten the timer by a minute",
        "stick another five minutes onto that timer",
        "two extra minutes on the oven timer please",
        "allow the countdown an extra minute",
        "keep the countdown on hold",
        "relabel that timer to laundry",
        "give me another five minutes on the snooze",
    ],
)
def test_change_of_a_running_timer_neither_starts_nor_cancels_one(text: str) -> None:
    assert verbs(text).isdisjoint({"timer", "cancel", "add"})


@pytest.mark.parametrize("text", ["cross milk off my list", "remove bread from the shopping list", "tick off the eggs"])
def test_what_is_taken_off_a_list_is_not_added(text: str) -> None:
    assert "add" not in verbs(text)


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("set a timer for 5 minutes", "timer"),
        ("put ten minutes on the clock", "timer"),
        ("add another timer for the rice, 10 minutes", "timer"),
        ("give me a 3 minute timer", "timer"),
        ("another pasta timer for ten minutes", "timer"),
        ("another 5 minute timer", "timer"),
        ("stop the timer", "cancel"),
        ("turn off the egg timer", "cancel"),
        ("stop the oven and give me a 5 minute timer", "timer"),
        ("cancel that timer and start one for 10 minutes", "timer"),
        ("add olive oil to shopping, and cancel the timer", "add"),
        ("add olive oil to shopping, and cancel the timer", "cancel"),
        ("put check the boiler on the list", "add"),
        ("add a check mark stamp to the office list", "add"),
    ],
)
def test_timers_and_lists_that_can_be_had_stay(text: str, verb: str) -> None:
    assert verb in verbs(text)


@pytest.mark.parametrize(
    "text",
    [
        "turn the heater on in 20 minutes",
        "lights off at 10 pm",
        "open the blinds tomorrow morning",
        "close the curtains at sunset",
        "run the mower every saturday",
        "open the gate in 10 minutes and alert me",
        "unlock the back door tomorrow and tell me",
        "open the garage at 7 am and shout",
        "turn on the door chime at 7 am",
        "turn off the flood alert tomorrow",
    ],
)
def test_what_is_wished_for_later_is_not_done_now(text: str) -> None:
    functions = admitted(builtin_functions(), normalise_utterance(text))
    assert all(function.reads or not function.kinds for function in functions.values())
    assert "cancel" in verbs(text)


@pytest.mark.parametrize(
    "text",
    [
        "turn on the lamp i've an exam tomorrow",
        "she has got a test on friday put the desk lamp on",
        "we have the inspector tomorrow so lock the shed",
    ],
)
def test_what_somebody_has_on_another_day_is_why_and_not_when(text: str) -> None:
    assert {"on", "lock"} & set(verbs(text))


@pytest.mark.parametrize(
    "text", ["what time is it in oslo", "wake me at 6 am", "put the dentist into my calendar", "mail her in 5 minutes"]
)
def test_calendar_clock_and_post_are_no_timer(text: str) -> None:
    assert "timer" not in verbs(text)


def test_calendar_is_no_list_unless_a_list_was_said() -> None:
    assert "add" not in verbs("add lunch with kim to my calendar")
    assert "add" in verbs("add a wall calendar to the shopping list")


def test_hour_of_a_timer_keeps_no_device_from_what_is_said_beside_it() -> None:
    assert {"on", "timer"} <= verbs("turn on the oven and ring in 30 minutes")
    assert {"on", "timer"} <= verbs("alert me in 30 minutes and turn on the oven")
    assert {"off"} <= verbs("switch the closet off")


@pytest.mark.parametrize("text", ["blinds at 40 percent", "thermostat at 21", "turn on the light in every room"])
def test_numbers_and_places_are_no_hours(text: str) -> None:
    assert {"temperature", "on"} <= verbs(text)


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("10 minute timer status", False),
        ("time left on my 20 second timer", False),
        ("the 2 hour timer how much is left", False),
        ("set a 10 minute timer for what is left of the cake", True),
        ("10 minute timer", True),
    ],
)
def test_what_asks_after_a_timer_starts_none(text: str, starts: bool) -> None:
    verbs = {form.verb for function in admitted(builtin_functions(), text).values() for form in function.forms}
    assert ("timer" in verbs, "remaining" in verbs) == (starts, True)


@pytest.mark.parametrize(
    "text", ["cancel the timer for 5 minutes", "please cancel my 30 second timer", "stop the timer"]
)
def test_who_ends_a_timer_starts_none(text: str) -> None:
    assert verbs(text) & {"timer", "cancel"} == {"cancel"}


@pytest.mark.parametrize(
    "text",
    [
        "leave the front door unlocked",
        "keep the garage open and turn on the light",
        "with the garage door open turn on the garage light",
    ],
)
def test_what_is_left_open_is_not_opened(text: str) -> None:
    assert verbs(text).isdisjoint({"open", "unlock"})
    assert "on" in verbs(text)


def test_what_is_left_open_forbids_no_other_opening() -> None:
    assert "open" in verbs("leave the door unlocked and open the blinds")


def test_inverted_condition_does_nothing() -> None:
    assert verbs("should the garage door be open turn on the light").isdisjoint({"open", "on"})


@pytest.mark.parametrize(
    "text",
    [
        "leave the kitchen light on",
        "keep the fan running please",
        "leave it",
        "the lights can stay on",
        "just keep it on",
    ],
)
def test_what_stays_on_is_not_switched_on(text: str) -> None:
    assert "on" not in verbs(text)


@pytest.mark.parametrize("text", ["keep the lights on and turn the fan on", "leave now and turn the lights on"])
def test_what_is_switched_on_beside_it_is(text: str) -> None:
    assert "on" in verbs(text)


@pytest.mark.parametrize(
    "text",
    [
        "you have 30 seconds to answer the question",
        "there are just 30 seconds left on the clock",
        "your 60 seconds start now",
        "we are back in 2 minutes",
        "5 minutes to go in the second half",
    ],
)
def test_seconds_that_are_told_are_no_timer(text: str) -> None:
    assert "timer" not in verbs(text)


@pytest.mark.parametrize(
    "text", ["60 seconds on the clock please", "wake me in just 20 minutes", "set a timer for only 5 minutes"]
)
def test_seconds_that_are_wanted_are_a_timer(text: str) -> None:
    assert "timer" in verbs(text)


def test_toggling_must_be_said() -> None:
    assert "toggle" not in verbs("change my room lights to red")
    assert "toggle" in verbs("toggle the lamp")
