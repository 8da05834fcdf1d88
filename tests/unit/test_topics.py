"""The contract's topics."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist.bus.topics import (
    Topics,
    check_node,
    check_topic_filter,
    check_topic_name,
    default_node,
    is_reserved,
)
from edgeassist.errors import BusError, ConfigError


def test_topics_of_a_node_are_the_contracts() -> None:
    topics = Topics("pi-kitchen")
    assert topics.base == "edgeassist/pi-kitchen"
    assert topics.intent == "edgeassist/pi-kitchen/intent"
    assert topics.action == "edgeassist/pi-kitchen/action"
    assert topics.status == "edgeassist/pi-kitchen/status"
    assert topics.health == "edgeassist/pi-kitchen/health"
    assert topics.transcript == "edgeassist/pi-kitchen/transcript"
    assert topics.subscriptions == (
        "edgeassist/pi-kitchen/intent",
        "$share/edgeassist/edgeassist/any/intent",
        "edgeassist/pi-kitchen/confirm/+",
    )
    assert topics.is_intent("edgeassist/any/intent")
    assert not topics.is_intent("edgeassist/other/intent")


def test_confirm_topic_of_an_intent_gives_its_id_back() -> None:
    topics = Topics("pi")
    assert topics.confirm_id(topics.confirm_answer("01HX-7")) == "01HX-7"


@pytest.mark.parametrize("topic", ["edgeassist/pi/confirm", "edgeassist/pi/confirm/", "edgeassist/pi/confirm/a/b", "x"])
def test_topic_that_is_no_confirmation_has_no_id(topic: str) -> None:
    assert Topics("pi").confirm_id(topic) is None


def test_node_by_default_is_the_host_name() -> None:
    assert default_node() == socket.gethostname()


@pytest.mark.parametrize("name", ["", "a/b", "a+", "#", "a\0b", "a\nb", "any", "x" * 65])
def test_node_that_cannot_be_a_level_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="node = "):
        check_node(name)


@pytest.mark.parametrize("name", ["pi", "küche", "living room", "x" * 64, "pi.local"])
def test_node_that_can_be_a_level_is_kept(name: str) -> None:
    assert check_node(name) == name


@pytest.mark.parametrize("topic", ["", "a/+", "a/#", "a\0", "\ud800", "x" * 65_536])
def test_topic_with_what_no_message_may_have_is_refused(topic: str) -> None:
    with pytest.raises(BusError, match="topic"):
        check_topic_name(topic)


@pytest.mark.parametrize("name", ["", "a/#/b", "a+/b", "a/b#", "\0"])
def test_filter_that_a_broker_would_close_over_is_refused(name: str) -> None:
    with pytest.raises(BusError, match="topic"):
        check_topic_filter(name)


@pytest.mark.parametrize("name", ["#", "+", "a/+/b", "a/#", "$share/g/a/+", "/"])
def test_filter_that_a_broker_takes_is_kept(name: str) -> None:
    assert check_topic_filter(name) == name


@pytest.mark.parametrize("topic", ["$SYS/x", "edgeassist/pi/intent", "edgeassist/any/intent", "edgeassist/a/confirm/1"])
def test_topics_of_the_contract_and_of_the_broker_are_reserved(topic: str) -> None:
    assert is_reserved(topic)


@pytest.mark.parametrize("topic", ["edgeassist/pi/reply/7", "replies/intent", "a/$b"])
def test_other_topics_are_free(topic: str) -> None:
    assert not is_reserved(topic)


@given(st.text(max_size=80))
def test_any_text_as_a_node_is_kept_or_refused(name: str) -> None:
    try:
        topics = Topics(name)
    except ConfigError:
        return
    assert check_topic_name(topics.intent).split("/") == ["edgeassist", name, "intent"]
