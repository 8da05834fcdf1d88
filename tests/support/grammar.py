"""The grammar of a line in one piece: what the pieces must come to."""

from __future__ import annotations

import json
from collections.abc import Mapping

from edgeassist.functions import Function
from edgeassist.language.grammar import _SPOKEN, MAX_CALLS, _Builder
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.syntax import NEXT, NONE


def whole(functions: Mapping[str, Function], lexicon: Lexicon, utterance: str) -> str:
    """Lark text of every line that may be answered to that (normalised) utterance in this home."""
    builder = _Builder(functions, lexicon)
    calls = [
        f"{json.dumps(' ' + form.verb.split()[0])} {call}"
        for function in functions.values()
        for form in function.forms
        if builder.possible(function, form)
        for call in builder.calls([(function, form)])
    ]
    lines = [
        f"start: {json.dumps(NONE)} | call ({json.dumps(NEXT)} call){{0,{MAX_CALLS - 1}}}",
        "call: " + " | ".join(calls),
        *builder.rules(),
        f"{_SPOKEN}: %regex {json.dumps({'substring_words': utterance}, ensure_ascii=False)}",
    ]
    return "\n".join(lines) + "\n"
