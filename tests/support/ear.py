"""A desk that answers from a script, for the protocols around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from edgeassist.errors import IntentError
from edgeassist.messages import Call, CallResult, Outcome, Result, Status, Utterance

UNLOCK = Call("unlock", {"name": "Front Door"}, ("lock.front",))
LIGHT_ON = Call("turn_on", {"name": "Hall Light"}, ("light.hall",))
LAMP_30 = Call("set_light", {"area": "Kitchen", "kind": "light", "brightness": 30}, ("light.kitchen",))
#: What is said -> the calls that it means; those with "door" ask first.
SCRIPT: Mapping[str, tuple[Call, ...]] = {
    "turn on the hall light": (LIGHT_ON,),
    "turn on the hall light and dim the kitchen to 30 percent": (LIGHT_ON, LAMP_30),
    "unlock the front door": (UNLOCK,),
    "lock the front door": (Call("lock", {"name": "Front Door"}, ("lock.front",)),),
    "make it brighter": (Call("set_light", {"area": "Hall", "brightness_step": 10}, ("light.hall",)),),
}


class ScriptedEar:
    """``acted`` are the calls that were carried out, ``heard`` the utterances."""

    deadline_s = 5.0

    def __init__(self) -> None:
        self.heard: list[Utterance] = []
        self.acted: list[Call] = []
        self._waiting: dict[str, tuple[Utterance, tuple[Call, ...], Callable[[Result], None]]] = {}

    def hear(self, utterance: Utterance, listener: Callable[[Result], None]) -> None:
        self.heard.append(utterance)
        calls = SCRIPT.get(utterance.text.lower(), ())
        risky = UNLOCK in calls
        if not calls:
            listener(Result(utterance.id, utterance.text, Outcome.NOT_UNDERSTOOD, say="That is nothing for me."))
        elif utterance.dry_run:
            error = "asks first" if risky else None
            listener(self._result(utterance, Outcome.DRY_RUN, calls, Status.DRY_RUN, "Would do.", error))
        elif risky:
            self._waiting[utterance.id] = (utterance, calls, listener)
            listener(self._result(utterance, Outcome.CONFIRM, calls, Status.CONFIRM, "Shall I unlock Front Door?"))
        else:
            self.acted += calls
            listener(self._result(utterance, Outcome.DONE, calls, Status.VERIFIED, "Done."))

    def confirm(self, id_: str, answer: str, pin: str | None = None) -> bool:
        if answer not in {"yes", "no"}:
            raise IntentError("neither yes nor no")
        if id_ not in self._waiting:
            return False
        utterance, calls, listener = self._waiting.pop(id_)
        if answer == "yes":
            self.acted += calls
            listener(self._result(utterance, Outcome.DONE, calls, Status.VERIFIED, "Done."))
        else:
            listener(self._result(utterance, Outcome.DENIED, calls, Status.DENIED, "Not done."))
        return True

    @staticmethod
    def _result(
        utterance: Utterance,
        outcome: Outcome,
        calls: tuple[Call, ...],
        status: Status,
        say: str,
        error: str | None = None,
    ) -> Result:
        results = tuple(CallResult(call, status, error) for call in calls)
        return Result(utterance.id, utterance.text, outcome, results, say, 0.9)
