"""How an English-looking word is said that no dictionary has: brands, mostly, and words run together.

Halves that the dictionary has are taken from it ("airfryer"); the rest follows the letters. A recogniser that compares
a name with the other names of one home forgives a wrong vowel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_SPELLED = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        (
            "EY|B IY|S IY|D IY|IY|EH F|JH IY|EY CH|AY|JH EY|K EY|EH L|EH M|EH N|OW|P IY|K Y UW|AA R|EH S|T IY|Y UW|"
            "V IY|D AH B AH L Y UW|EH K S|W AY|Z IY"
        ).split("|"),
        strict=True,
    )
)
#: Longest first; "$" is the end of the word.
_LETTERS = dict(
    pair.split("=")
    for pair in (
        "tion=SH AH N,sion=ZH AH N,ture=CH ER,ough=OW,igh=AY,tch=CH,dge=JH,sch=SH,ght=T,eau=OW,air=EH R,ear=IH R,"
        "eer=IH R,oor=AO R,our=AO R,ing$=IH NG,ed$=D,es$=Z,le$=AH L,er$=ER,or$=ER,ey$=IY,ie$=IY,oe$=OW,ee=IY,"
        "ea=IY,oo=UW,ou=AW,ow=OW,oi=OY,oy=OY,ai=EY,ay=EY,au=AO,aw=AO,ei=EY,ey=EY,ew=UW,ie=IY,oa=OW,ue=UW,ui=UW,"
        "ar=AA R,er=ER,ir=ER,or=AO R,ur=ER,ch=CH,ck=K,ph=F,sh=SH,th=TH,wh=W,qu=K W,ng=NG,kn=N,wr=R,gn=N,ll=L,"
        "ss=S,tt=T,ff=F,bb=B,dd=D,gg=G,mm=M,nn=N,pp=P,rr=R,zz=Z,cc=K,ce=S EH,ci=S IH,cy=S IY,ge=JH EH,gi=JH IH,"
        "ce$=S,ge$=JH,e$=,y$=IY,o$=OW,a$=AH,i$=IY,a=AE,b=B,c=K,d=D,e=EH,f=F,g=G,h=HH,i=IH,j=JH,k=K,l=L,m=M,n=N,"
        "o=OW,p=P,q=K,r=R,s=S,t=T,u=AH,v=V,w=W,x=K S,y=IY,z=Z"
    ).split(",")
)
_LONGEST = max(map(len, _LETTERS))
#: A vowel before one consonant and a final e says its own name.
_OPEN = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW"}
_VOWELS = frozenset("aeiouy")
_HALF = 3


def pronounce(word: str, known: Callable[[str], str | None]) -> str | None:
    """Phones of a word, as ``known`` gives them for those of the dictionary; None where it is no word of letters."""
    if (found := known(word)) is not None:
        return found
    if not word.isascii() or not word.isalpha():
        return None
    for cut in sorted(range(_HALF, len(word) - _HALF + 1), key=lambda at: abs(2 * at - len(word))):
        first, second = known(word[:cut]), known(word[cut:])
        if first is not None and second is not None:
            return f"{first} {second}"
    if _VOWELS.isdisjoint(word):
        return " ".join(_SPELLED[letter] for letter in word)
    return " ".join(phones for phones in _by_letters(word) if phones)


def _by_letters(word: str) -> Iterator[str]:
    rest = f"{word}$"
    while rest != "$":
        if len(rest) == 4 and rest[0] in _OPEN and rest[1] not in _VOWELS and rest.endswith("e$"):
            yield _OPEN[rest[0]]
            rest = rest[1:]
            continue
        piece = next(rest[:size] for size in range(min(_LONGEST, len(rest)), 0, -1) if rest[:size] in _LETTERS)
        yield _LETTERS[piece]
        rest = rest[len(piece.removesuffix("$")) :]
