"""A thin, typed layer over llama.cpp's C interface."""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from edgeassist.errors import ModelError

from .binding import llama_cpp, llguidance
from .options import EngineOptions
from .softmax import Softmax
from .vocabulary import Pieces, pieces, tokenizer
from .weights import load

_log = logging.getLogger(__name__)
#: Two prefixes live side by side while a changed home is read: the one in use and the next.
SEQUENCES = 2
#: Tokens that are given to llama.cpp at once, in parts of ``EngineOptions.batch``.
UTTERANCE_BATCH = 256
#: llama.cpp rounds the size of a context up to a multiple of this.
_CONTEXT_STEP = 256
#: What llama_decode returns where the context is full; then it has done nothing.
_NO_ROOM = 1
#: ggml's numbers of the types of keys and values.
_KV_TYPES = {"f16": (1, 1), "q8_0/f16": (8, 1), "q8_0": (8, 8)}
#: Numbers that q8_0 scales together.
_BLOCK = 32


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # ctypes knows no signatures
def _forward_log(level: int, text: bytes, _data: object) -> None:
    if level >= 3 and level != 5:  # GGML_LOG_LEVEL_WARN and _ERROR; 5 continues a line
        _log.debug("llama.cpp: %s", text.decode(errors="replace").rstrip())


class Piece(Protocol):
    """A stretch of prompt (see :class:`edgeassist.language.prompt.Piece`)."""

    @property
    def text(self) -> str: ...
    @property
    def special(self) -> bool: ...


class LlamaModel:
    """A model and one context. Owned by one thread. ``spelt`` tells the bytes of its tokens.

    Raises ModelError where the file cannot be loaded.
    """

    def __init__(self, path: Path, options: EngineOptions, spelt: Pieces = pieces) -> None:
        if options.cpus:
            os.sched_setaffinity(0, options.cpus)  # of this thread, and so of those that OpenMP starts for it
        llama_cpp.llama_log_set(_forward_log, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        self.path = path
        self.options = options
        self._model = load(path, options)
        head = llama_cpp.llama_model_n_embd(self._model) // llama_cpp.llama_model_n_head(self._model)
        if options.kv_type != "f16" and head % _BLOCK:
            raise ModelError(
                f"{self.path.name}: model.kv_type {options.kv_type} takes {_BLOCK} numbers at a time, and this model's"
                f" heads have {head}; set it to f16"
            )
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self.vocab_size: int = llama_cpp.llama_vocab_n_tokens(self._vocab)
        self.tokenizer: llguidance.LLTokenizer = tokenizer(self._vocab, spelt)
        self.bos: int = llama_cpp.llama_vocab_bos(self._vocab)
        #: SentencePiece vocabularies put a space in front of what they tokenise.
        self._adds_space = llama_cpp.llama_vocab_type(self._vocab) == llama_cpp.LLAMA_VOCAB_TYPE_SPM
        self.eos: int = llama_cpp.llama_vocab_eos(self._vocab)
        #: An utterance with its guess is always one batch, whose logits are all kept.
        self._batch_size = max(options.batch, UTTERANCE_BATCH)
        self._context: object | None = None
        self._batch = llama_cpp.llama_batch_init(self._batch_size, 0, 1)
        self._softmax = Softmax(self.vocab_size)

    def close(self) -> None:
        self._softmax.close()
        llama_cpp.llama_batch_free(self._batch)
        if self._context:
            llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        """Tokens of a text; control tokens are only recognised when ``special``, never in what people typed."""
        data = (text[1:] if self._adds_space and not special and text[:1] == " " else text).encode()
        room = len(data) + 8
        buffer = (ctypes.c_int32 * room)()
        count = llama_cpp.llama_tokenize(self._vocab, data, len(data), buffer, room, False, special)
        if count < 0:
            raise ModelError(f"{self.path.name}: cannot tokenise {len(data)} bytes of text")
        return list(buffer[:count])

    def tokens(self, pieces: Iterable[Piece]) -> list[int]:
        """Tokens of a prompt."""
        return [token for piece in pieces for token in self.tokenize(piece.text, special=piece.special)]

    def text(self, tokens: Sequence[int]) -> str:
        """The text of tokens, control tokens left out."""
        return str(self.tokenizer.decode_str([token for token in tokens if token != self.eos]))

    def decode(
        self, tokens: Sequence[int], position: int, sequence: int, *, logits_at: Collection[int] | None = None
    ) -> None:
        """Read tokens at consecutive positions of a sequence.

        Logits are kept of the tokens at the indices ``logits_at``, by default of the last. A context that has no room
        left and holds no other sequence grows up to ``options.context``.
        """
        size = self._batch_size
        wanted = {len(tokens) - 1} if logits_at is None else {*logits_at}
        for start in range(0, len(tokens), size):
            chunk = tokens[start : start + size]
            batch = self._batch
            batch.n_tokens = len(chunk)
            for i, token in enumerate(chunk):
                batch.token[i] = token
                batch.pos[i] = position + start + i
                batch.n_seq_id[i] = 1
                batch.seq_id[i][0] = sequence
                batch.logits[i] = start + i in wanted
            status = llama_cpp.llama_decode(self._ctx, batch)
            while status == _NO_ROOM and self._grown(sequence):
                status = llama_cpp.llama_decode(self._ctx, batch)
            if status != 0:
                raise ModelError(f"{self.path.name}: llama.cpp could not decode {len(chunk)} tokens (code {status})")

    def logits(self, index: int) -> Any:
        """A pointer to the ``vocab_size`` logits of a token of the last batch; valid until the next decode."""
        pointer = llama_cpp.llama_get_logits_ith(self._ctx, index)
        if not pointer:
            raise ModelError(f"{self.path.name}: no logits were kept for token {index} of the batch")
        return pointer

    def probabilities(self, index: int) -> ctypes.Array[ctypes.c_float]:
        """What the logits of a token give, shape (vocab_size,); valid until the next call."""
        return self._softmax(self.logits(index))

    def forget(self, sequence: int, position: int = 0) -> None:
        """Drop what a sequence holds from a position on."""
        llama_cpp.llama_memory_seq_rm(llama_cpp.llama_get_memory(self._ctx), sequence, position, -1)

    def share(self, source: int, target: int, length: int) -> None:
        """Let ``target`` begin with the first ``length`` tokens of ``source`` without decoding them again."""
        llama_cpp.llama_memory_seq_cp(llama_cpp.llama_get_memory(self._ctx), source, target, 0, length)

    def save(self, sequence: int, path: Path) -> bool:
        """Write the KV state of a sequence to a file, layer by layer: whole, it is as large as a third of the model.

        False where the file cannot be written.
        """
        none = (ctypes.c_int * 0)()
        written = llama_cpp.llama_state_seq_save_file(self._ctx, os.fsencode(path), sequence, none, 0)
        # llama.cpp does not hear of a disk that is full when the file is closed.
        return bool(written) and path.stat().st_size == written

    def restore(self, sequence: int, path: Path, length: int) -> bool:
        """Load what :meth:`save` wrote of so many tokens; False where it is none of that, and the sequence is empty.

        llama.cpp aborts where the file ends too early, so its digest must be known to be right.
        """
        self.forget(sequence)
        count = ctypes.c_size_t()
        none = (ctypes.c_int * 0)()
        if llama_cpp.llama_state_seq_load_file(self._ctx, os.fsencode(path), sequence, none, 0, ctypes.byref(count)):
            memory = llama_cpp.llama_get_memory(self._ctx)
            if llama_cpp.llama_memory_seq_pos_max(memory, sequence) == length - 1:
                return True
        self.forget(sequence)
        return False

    def reserve(self, tokens: int, sequence: int) -> None:
        """Have room for so many tokens, at most ``options.context``; keys and values take memory whether used or not.

        Of what is held already, ``sequence`` is kept. Without this there is room for all at the first use.
        Raises ModelError, and then everything is as it was.
        """
        size = min(-tokens % _CONTEXT_STEP + tokens, self.options.context)
        if not self._context:
            self._context = self._opened(size)
        elif size > self.room:
            larger = self._opened(size)
            if not _moved(sequence, self._context, larger):
                llama_cpp.llama_free(larger)
                raise ModelError(f"{self.path.name}: what was read does not fit into a context of {size} tokens")
            llama_cpp.llama_free(self._context)
            self._context = larger

    def _grown(self, sequence: int) -> bool:
        """Whether there is more room now."""
        before, memory = self.room, llama_cpp.llama_get_memory(self._ctx)
        others = [other for other in range(SEQUENCES) if other != sequence]
        if all(llama_cpp.llama_memory_seq_pos_max(memory, other) < 0 for other in others):
            self.reserve(before + 1, sequence)
        return self.room > before

    @property
    def room(self) -> int:
        """Tokens that the context holds."""
        return int(llama_cpp.llama_n_ctx(self._ctx))

    @property
    def _ctx(self) -> object:
        if not self._context:
            self._context = self._opened(self.options.context)
        return self._context

    def _opened(self, size: int) -> object:
        options = self.options
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = size
        params.n_batch, params.n_ubatch = self._batch_size, options.batch
        params.n_seq_max = SEQUENCES
        params.kv_unified = True
        params.n_threads = options.threads
        params.n_threads_batch = options.threads_batch
        params.type_k, params.type_v = _KV_TYPES[options.kv_type]
        flash = options.flash or options.kv_type == "q8_0"  # llama.cpp quantises values for flash attention only
        params.flash_attn_type = (
            llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED if flash else llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        )
        params.no_perf = True
        context: object = llama_cpp.llama_init_from_model(self._model, params)
        if not context:
            raise ModelError(f"{self.path.name}: no memory for a context of {size} tokens; lower model.context")
        return context


def _moved(sequence: int, source: object, target: object) -> bool:
    """Copy the state of a sequence to another context; False where that has no room for it."""
    length = llama_cpp.llama_state_seq_get_size(source, sequence)
    try:
        state = (ctypes.c_uint8 * length)()
    except MemoryError:
        return False
    llama_cpp.llama_state_seq_get_data(source, state, length, sequence)
    return bool(llama_cpp.llama_state_seq_set_data(target, state, length, sequence))
