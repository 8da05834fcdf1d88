"""The model's vocabulary for llguidance."""

from __future__ import annotations

import ctypes
import re
from array import array
from collections.abc import Callable, Mapping
from itertools import accumulate, pairwise, repeat
from typing import Any

from edgeassist.errors import ModelError

from .binding import library, llama_cpp, llguidance
from .store import StateStore

#: A vocabulary of llama.cpp -> the bytes of each of its tokens.
Pieces = Callable[[Any], list[bytes]]
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")
#: In the text of no token.
_BETWEEN = "\U0010fffd"
#: Pieces are read into this; the longest of any vocabulary are runs of spaces.
_PIECE_BYTES = 4096


def tokenizer(vocab: Any, pieces: Pieces) -> llguidance.LLTokenizer:
    """Every token's bytes as llguidance wants them, with llama.cpp's own tokenisation behind it.

    llguidance's own helper does the same in four times the time. Its slices speed up grammars with free text; ours have
    none, and they take 12 MB.
    """
    function = ctypes.cast(library.llama_tokenize, ctypes.c_void_p).value
    return llguidance.LLTokenizer.from_llamacpp(
        tokens=pieces(vocab),
        vocab_ptr=vocab,
        tokenize_fptr=function,
        eos_token=llama_cpp.llama_vocab_eos(vocab),
        slices=[],
    )


def kept_pieces(store: StateStore, key: str, vocab: Any) -> list[bytes]:
    """As :func:`pieces`, read from the store where they are: that takes a tenth of the time."""
    if kept := store.read(key):
        if (found := _unpacked(kept, llama_cpp.llama_vocab_n_tokens(vocab))) is not None:
            return found
        store.discard(key, "is of another vocabulary")
    found = pieces(vocab)
    packed = array("H", map(len, found)).tobytes() + b"".join(found)
    store.save(key, lambda path: bool(path.write_bytes(packed)))
    return found


def _unpacked(packed: bytes, count: int) -> list[bytes] | None:
    """The pieces whose lengths stand in front, two bytes each; None where there are not so many."""
    texts = packed[2 * count :]
    if len(packed) < 2 * count or sum(lengths := array("H", packed[: 2 * count])) != len(texts):
        return None
    return [texts[start:end] for start, end in pairwise(accumulate(lengths, initial=0))]


def pieces(vocab: Any) -> list[bytes]:
    """The bytes of each token; a control token has 0xFF in front, so that no text contains it."""
    count = llama_cpp.llama_vocab_n_tokens(vocab)
    attributes: list[int] = list(map(library.llama_vocab_get_attr, repeat(vocab), range(count)))
    match llama_cpp.llama_vocab_type(vocab):
        case llama_cpp.LLAMA_VOCAB_TYPE_BPE:
            table = str.maketrans(_byte_level())
            plain = [text.encode("latin-1", "ignore") for text in _texts(vocab, count, table)]
        case llama_cpp.LLAMA_VOCAB_TYPE_SPM:
            plain = [_sentencepiece(text) for text in _texts(vocab, count, {})]
        case _:
            return [_marked(_slowly(vocab, token), attributes[token]) for token in range(count)]
    for token, held in enumerate(attributes):
        if held & _SPECIAL:
            plain[token] = _marked(_slowly(vocab, token), held)
    return plain


_CONTROL: int = llama_cpp.LLAMA_TOKEN_ATTR_CONTROL
_USER_DEFINED: int = llama_cpp.LLAMA_TOKEN_ATTR_USER_DEFINED
_SPECIAL: int = _CONTROL | _USER_DEFINED | llama_cpp.LLAMA_TOKEN_ATTR_UNKNOWN | llama_cpp.LLAMA_TOKEN_ATTR_UNUSED


def _marked(data: bytes, attributes: int) -> bytes:
    looks_special = attributes & _USER_DEFINED and data.startswith(b"<") and data.endswith(b">")
    return b"\xff" + data if attributes & _CONTROL or looks_special else data


def _texts(vocab: Any, count: int, table: Mapping[int, str]) -> list[str]:
    """The text of each token with letters replaced, all at once: one by one it takes twice as long."""
    texts: list[bytes] = list(map(library.llama_vocab_get_text, repeat(vocab), range(count)))
    found = _BETWEEN.encode().join(texts).decode(errors="replace").translate(table).split(_BETWEEN)
    if len(found) != count:
        raise ModelError(f"a token of the vocabulary holds U+{ord(_BETWEEN):X}, which is no character")
    return found


def _slowly(vocab: Any, token: int) -> bytes:
    """By llama.cpp's own rules, ten times slower than the text as it stands in the file."""
    buffer = ctypes.create_string_buffer(_PIECE_BYTES)
    length = llama_cpp.llama_token_to_piece(vocab, token, buffer, _PIECE_BYTES, 0, True)
    return buffer.raw[: max(0, length)]


def _sentencepiece(text: str) -> bytes:
    byte = _BYTE.fullmatch(text)
    return bytes([int(byte[1], 16)]) if byte else text.replace("\u2581", " ").encode()


def _byte_level() -> dict[str, str]:
    """The letters that byte-level BPE writes bytes with -> the byte as a letter of Latin-1.

    Printable bytes stand for themselves, the others follow U+0100.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(0x100 + i): chr(byte) for i, byte in enumerate(others)}
