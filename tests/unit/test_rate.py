from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edgeassist.policy import RATE_WINDOW_S, within_rate


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 10))
def test_no_window_ever_holds_more_than_the_limit(gaps: list[float], limit: int) -> None:
    now = 0.0
    counted: tuple[float, ...] = ()
    admitted: list[float] = []
    for gap in gaps:
        now += gap
        allowed = within_rate(counted, now, limit)
        if allowed is not None:
            counted = allowed
            admitted.append(now)
        window = [instant for instant in admitted if now - instant < RATE_WINDOW_S]
        assert len(window) <= limit
        assert allowed is not None or len(window) == limit
