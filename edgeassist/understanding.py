"""Utterance -> readings: lexicon, grammar, prompt and model brought together. Owned by the worker thread."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from edgeassist.engine.constraint import Compiler, Constraint
from edgeassist.engine.decoder import decode_line
from edgeassist.engine.llama import LlamaModel
from edgeassist.engine.options import EngineOptions
from edgeassist.engine.prefix import Prefix
from edgeassist.engine.store import StateStore
from edgeassist.engine.vocabulary import Pieces, kept_pieces, pieces
from edgeassist.errors import IntentError, ModelError
from edgeassist.functions import Function
from edgeassist.home import Home
from edgeassist.language import exceptions, prompt, syntax
from edgeassist.language.agreement import Alternative
from edgeassist.language.clauses import asked, paused, unpaused
from edgeassist.language.draft import draft
from edgeassist.language.explained import is_about, names_a_title
from edgeassist.language.grammar import MARK, Grammar
from edgeassist.language.guard import admitted, barred
from edgeassist.language.hues import in_plain_colors
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.lighting import plainly_lit
from edgeassist.language.loudness import loudly
from edgeassist.language.misheard import Misheard
from edgeassist.language.misplaced import misplaced
from edgeassist.language.shortlist import Shortlister
from edgeassist.language.shown import Shown
from edgeassist.language.synonyms import Synonyms
from edgeassist.language.timers import with_names
from edgeassist.language.unfinished import left_open
from edgeassist.language.unnamed import unnamed
from edgeassist.language.vocative import unaddressed
from edgeassist.language.ways import as_turned
from edgeassist.language.whole import plainly
from edgeassist.rereading import DOUBT, Understood, as_helped, as_meant, as_timed, by_clauses

#: Tokens of an utterance that are read at most; speech and commands are far shorter.
MAX_UTTERANCE_TOKENS = 160
#: How much likelier it is than the model thinks that a sentence is not for us, where this home accounts for each of its
#: words and where it does not. The second costs some commands, and talk is not acted on.
NONE_ODDS = {True: 0.4, False: 3.0}


@dataclass(frozen=True)
class _Plan:
    """A home made ready for the model: what can be named in it, and how it is shown."""

    lexicon: Lexicon
    shortlister: Shortlister
    shown: Shown
    misheard: Misheard
    synonyms: Synonyms
    functions: Mapping[str, Function]


class Understanding:
    """A model that knows one home at a time.

    ``prepare`` sets the home; ``advance`` reads a batch of its prefix and is called until it returns True, utterances
    in between being answered in the home as it was before.
    """

    def __init__(
        self,
        path: Path,
        options: EngineOptions,
        functions: Mapping[str, Function],
        *,
        template: str = "chatml",
        digest: str = "",
        store: StateStore | None = None,
        load: Callable[[Path, EngineOptions, Pieces], LlamaModel] = LlamaModel,
    ) -> None:
        self._functions = functions
        self._options = options
        self._template = prompt.TEMPLATES[template]
        self._digest = digest or f"{path.name}:{path.stat().st_size}"
        self._model = load(path, options, _spelt(store, self._digest))
        self._prefix = Prefix(self._model, options.batch, store)
        self._compiler = Compiler(self._model.tokenizer, MARK)
        self._none = self._model.tokenize(syntax.NONE)
        self._plan: _Plan | None = None
        self._next: _Plan | None = None

    def close(self) -> None:
        self._model.close()

    @property
    def model(self) -> LlamaModel:
        return self._model

    @property
    def prefix(self) -> Prefix:
        return self._prefix

    def prepare(self, home: Home) -> None:
        """Start reading a home; nothing happens where prompt and grammar would be the same."""
        latest = self._next or self._plan
        if latest is not None and latest.lexicon.home.digest == home.digest:
            return
        self._plan_for(home)

    def relearn(self, functions: Mapping[str, Function], progress: Callable[[], None]) -> None:
        """Know other functions; returns when the home is read with them. ``progress`` is called at every batch."""
        self._functions = functions
        latest = self._next or self._plan
        if latest is None:
            return
        self._plan_for(latest.lexicon.home)
        while not self.advance():
            progress()

    def abandon(self) -> None:
        """Give up the home that is being read; the one before stays in use."""
        self._next = None

    def advance(self) -> bool:
        """Read one batch of the prefix; True when the latest home is the one in use."""
        if self._next is None:
            return True
        if not self._prefix.advance():
            return False
        self._plan, self._next = self._next, None
        return True

    def understand(self, text: str, deadline: float) -> Understood:
        """Decode what a text means; ``deadline`` is an instant of time.monotonic().

        Raises DeadlineExceeded, ModelError, and IntentError for a text that is too long to be a command.
        """
        started = time.monotonic()
        while self._plan is None:
            if self._next is None:
                self.prepare(Home())
            self.advance()
        plan = self._plan
        said = unaddressed(asked(paused(text), plan.lexicon), plan.lexicon)
        for plainer in (loudly, plainly_lit, plainly):
            said = plainer(said, plan.lexicon)
        said = in_plain_colors(said, plan.lexicon.words)
        said = plan.synonyms.own(said)
        words = unpaused(said)
        if (length := len(self.suffix(words))) > MAX_UTTERANCE_TOKENS:
            raise IntentError(f"the text has {length} tokens; a command has at most {MAX_UTTERANCE_TOKENS}")
        found = self._understand(plan, said, plan.functions, deadline)
        if found.vague and (meant := plan.misheard.meant(words)):
            found = as_meant(found, meant, partial(self._understand, plan), plan.functions, deadline)
        if question := _question(found, words):
            found = replace(found, readings=(), lines=(), question=question)
        else:
            found = as_helped(found, words, plan.functions)
        if not found.readings and not found.question:
            found = as_timed(found, words, partial(self._understand, plan), plan.functions, deadline)
        return replace(found, seconds=time.monotonic() - started)

    def _understand(self, plan: _Plan, said: str, functions: Mapping[str, Function], deadline: float) -> Understood:
        words, spared = exceptions.split(unpaused(said), plan.lexicon)
        found = self._read(plan, words, functions, deadline)
        if spared:
            return replace(found, spared=spared)
        return by_clauses(found, said, partial(self._read, plan), functions, deadline)

    def _read(self, plan: _Plan, words: str, functions: Mapping[str, Function], deadline: float) -> Understood:
        started = time.monotonic()
        lexicon = plan.shortlister.narrow(words)
        allowed = admitted(functions, words)
        if names_a_title(words, plan.lexicon):
            allowed = barred(allowed, {"play"})
        constraint = Constraint(self._compiler, Grammar(allowed, lexicon, words))
        decoded = decode_line(
            self._model,
            constraint,
            [*plan.shown.beside(words, lexicon), *self.suffix(words)],
            position=self._prefix.length,
            sequence=self._prefix.sequence,
            deadline=deadline,
            draft=self._draft(words, lexicon),
            doubt=DOUBT,
            odds=self._none_odds(is_about(frozenset(words.split()), plan.lexicon)),
        )
        # A line that does not end is no command.
        line = self._model.text(decoded.tokens) if decoded.complete else syntax.NONE
        read = partial(_read, functions=plan.functions, lexicon=lexicon, words=words, places=plan.lexicon.places)
        readings = read(line)
        sure = decoded.weakest({token for token in decoded.tokens if syntax.NEXT in self._model.text([token])})
        texts = [self._model.text(other.tokens) for other in decoded.others]
        others = [
            Alternative(_read_or_nothing(read, text), other.probability)
            for text, other in zip(texts, decoded.others, strict=True)
        ]
        lines = ((Alternative(readings, decoded.probability), *others),) if others else ()
        seconds = time.monotonic() - started
        return Understood(words, line, readings, plan.lexicon, sure, decoded, seconds, lines=lines)

    def suffix(self, words: str) -> list[int]:
        """The tokens of a (normalised) utterance."""
        return self._model.tokens(prompt.suffix(words, self._template))

    def _is_word(self, word: str) -> bool:
        """Whether the vocabulary has a token for it, as for most words that are in use."""
        return len(self._model.tokenize(f" {word}")) == 1

    def _none_odds(self, about: bool) -> dict[int, float]:
        """Nothing is weighed where "none" is no token of its own: other lines begin like it."""
        return {self._none[0]: NONE_ODDS[about]} if len(self._none) == 1 else {}

    def _draft(self, words: str, lexicon: Lexicon) -> list[int]:
        line = draft(words, lexicon) if self._options.draft else None
        return self._model.tokenize(line) if line else []

    def _plan_for(self, home: Home) -> None:
        lexicon = Lexicon.of(home)
        shown = Shown(lexicon, self._functions, self._template, self._model.tokens, self._options.prefix_tokens - 1)
        tokens = [self._model.bos, *shown.prefix]
        self._prefix.build(tokens, self._key(tokens))
        misheard, synonyms = Misheard(lexicon, self._is_word), Synonyms(lexicon)
        self._next = _Plan(lexicon, Shortlister(lexicon), shown, misheard, synonyms, self._functions)

    def _key(self, tokens: list[int]) -> str:
        facts = [self._digest, prompt.VERSION, self._options.kv_type, self._options.flash, self._options.repack, tokens]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _question(found: Understood, words: str) -> str | None:
    """What must be asked before anything is done; a scene may be called as one would ask for half a thing."""
    if any(reading.form.verb == "run" for reading in found.readings):
        from edgeassist.language.unrun import unrun  # few utterances run a scene

        lone = len(found.readings) == 1
        return unrun(found.readings, found.text, found.lexicon, found.confidence) if lone else None
    return (
        left_open(words, found.lexicon.words)
        or misplaced(found.readings, words, found.lexicon)
        or unnamed(found.readings, found.text, found.lexicon, found.confidence)
    )


def _spelt(store: StateStore | None, digest: str) -> Pieces:
    if store is None:
        return pieces
    return partial(kept_pieces, store.beside(".pieces"), hashlib.sha256(digest.encode()).hexdigest())


def _read(
    line: str, functions: Mapping[str, Function], lexicon: Lexicon, words: str, places: Collection[str]
) -> tuple[syntax.Reading, ...]:
    """Raises ModelError for a line that says nothing, such as an item of no words."""
    try:
        return as_turned(with_names(syntax.read(line, functions, lexicon), words, places), words, functions)
    except ValueError as error:
        raise ModelError(f"the model's line {line!r} means nothing: {error}") from error


def _read_or_nothing(read: Callable[[str], tuple[syntax.Reading, ...]], line: str) -> tuple[syntax.Reading, ...]:
    """A line that was not chosen may say nothing; it weighs against the one that was all the same."""
    try:
        return read(line)
    except ModelError:
        return ()
