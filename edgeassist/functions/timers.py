"""start_timer, cancel_timer, timer_status, add_to_list: functions without a device."""

from __future__ import annotations

from .base import Form, Function, Part
from .slots import Duration, Marked, Spoken

DEFAULT_LIST = "shopping"
_LABEL = Part("label", Spoken(), optional=True)

FUNCTIONS = (
    Function(
        "start_timer",
        "start a timer",
        (Form("timer", "nothing", (Part("seconds", Duration()), _LABEL)),),
        idempotent=lambda _arguments: False,
    ),
    Function("cancel_timer", "cancel a timer", (Form("cancel", "nothing", (_LABEL,)),)),
    Function("timer_status", "say how long is left", (Form("remaining", "nothing", (_LABEL,)),), reads=True),
    Function(
        "add_to_list",
        "put an item on a list",
        (
            Form(
                "add",
                "nothing",
                (Part("item", Spoken()), Part("list", Marked(), optional=True, default=DEFAULT_LIST)),
            ),
        ),
        idempotent=lambda _arguments: False,
    ),
)
