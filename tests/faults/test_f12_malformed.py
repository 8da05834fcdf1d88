"""F12 and F13: what is no intent at all, and what is far too much of one."""

from __future__ import annotations

import pytest

from tests.support.node import INTENT, Node, Person

MALFORMED = (
    b"",
    b"\xff\xfe",
    b"a\0b",
    b'{"text": "\\ud800"}',
    b"[" * 16 + b"]" * 16,
    b'{"text": ' + b"[" * 16 + b"]" * 16 + b"}",
    b'{"text": "x", "deadline_ms": NaN}',
    b'{"text": "x", "deadline_ms": ' + b"9" * 400 + b"}",
    b'{"text": 5}',
    b'{"text": "on", "dry_run": "yes"}',
    b"\x1b[31mred\x1b[0m",
    b'{"text": "on", "id": "a/b"}',
    b'{"text": "on", "reply_to": "edgeassist/pi/intent"}',
    b'{"text": "x", "\x1b]0;title": 1}',
)


def test_malformed_intents_are_rejected_and_nothing_of_them_reaches_the_terminal(home: Node, person: Person) -> None:
    for payload in MALFORMED:
        person.publish(INTENT, payload)
    person.ask("do on desk lamp")
    rejected = [heard for heard in person.heard if b'"outcome":"rejected"' in heard.payload]
    # Brackets without a brace are text, and not for us.
    assert len(rejected) == len(MALFORMED) - 1
    assert "\x1b" not in home.log()


@pytest.mark.parametrize("size", [5_000, 1_000_000])
def test_oversized_intent_is_rejected_unread(home: Node, person: Person, size: int) -> None:
    before = home.rss_bytes()
    for _ in range(5):
        person.publish(INTENT, b"x" * size)
    person.wait_for(lambda heard: b"bytes: at most" in heard.payload, count=5, timeout=20)
    assert person.ask("do on desk lamp")["outcome"] == "done"
    assert home.rss_bytes() - before < 30 * 2**20


def test_what_exceeds_the_announced_packet_size_never_arrives(home: Node, person: Person) -> None:
    before = home.rss_bytes()
    person.publish(INTENT, b"x" * (16 * 2**20))
    assert person.ask("do on desk lamp")["outcome"] == "done"
    assert home.rss_bytes() - before < 10 * 2**20
