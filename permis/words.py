"""Words by which a case is found: how they are cut from what people write, what is asked for, and what is one letter away.

Pure functions of text, no database. The same cut serves what is kept and what is asked, so that « 12bis, av. St-Jean » and
« 12 bis avenue saint jean » are the same words: folded, in full, digits apart from letters, without the words that say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from permis.addresses import IN_FULL, KINDS, LINKS
from territories.enums import Regime
from territories.text import fold

# Letters of the shortest word that is kept for typing errors, and of the shortest one that is corrected.
SHORTEST_KEPT, SHORTEST_TYPED = 4, 3
# What is read of a question: longer than any address; the words after these change nothing.
LONGEST_QUESTION, MOST_WORDS = 120, 12
_LONGEST_WORD = 40
# Digits from which a number is the beginning of a longer one: a postcode, a phone, a SIREN, wherever it stands in the question.
_LONG_NUMBER = 5
_CIVILITIES = {"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"}
_SILENT = LINKS | _CIVILITIES | {"n", "no", "numero"}
_MORE_IN_FULL = {
    "bat": "batiment",
    "bt": "batiment",
    "esc": "escalier",
    "apt": "appartement",
    "appt": "appartement",
    "imm": "immeuble",
}
_CUT = re.compile(r"[^\W\d_]+|\d+")
# A phone of France as it is called from abroad: the prefix of the country, then perhaps « (0) ».
_FROM_ABROAD = re.compile(r"(?:\+|\b00)[\s.]*(?:33|262|590|594|596)[\s.\-]*(?:\(\s*0\s*\)[\s.\-]*)?(?=[\d(])")
_MAIL = re.compile(r"[^\s<>,;]+@[^\s<>,;]*")
_IN_A_MAIL = re.compile(r"[^a-z0-9@._+-]")
_CASE_NUMBER = re.compile(rf"({'|'.join(Regime.values)})(\d{{6}}|02[AB]\d{{3}})(\d\d)(\d{{5}})")


def cut(text: str) -> list[str]:
    """The words of a text in their order, folded: « 12bis av. L’Haÿ » gives 12, bis, av, l, hay."""
    return [word[:_LONGEST_WORD] for word in _CUT.findall(fold(text))]


def in_full(word: str) -> tuple[str, ...]:
    """« bd » gives boulevard; « nd » gives notre and dame; any other word itself."""
    known = IN_FULL.get(word) or _MORE_IN_FULL.get(word)
    return tuple(known.split()) if known else (word,)


def kept(text: str) -> set[str]:
    """The words under which a text is found."""
    return {part for word in cut(text) if word not in _SILENT for part in in_full(word)}


def phone(text: str) -> str:
    """The digits one dials in France: « +33 (0)6 12 34 56 78 » and « 06.12.34.56.78 » are one number."""
    return "".join(re.findall(r"\d", _FROM_ABROAD.sub("0", text)))[:_LONGEST_WORD]


def digits(text: str) -> str:
    return "".join(re.findall(r"\d", text))[:_LONGEST_WORD]


def mail(text: str) -> str:
    """An electronic address as one word."""
    return _IN_A_MAIL.sub("", text.casefold())[: 2 * _LONGEST_WORD]


def of_number(number: str) -> set[str]:
    """The words of « APML 033473 26 00042 »: whole, in part, and « 26n42 » for whoever types « 26 42 »."""
    *before, year, rank = number.split()
    if not (year.isdecimal() and rank.isdecimal()):
        return set(cut(number))
    place = before[-1] if before else ""
    return {
        *(word for each in before for word in cut(each)),
        *cut(f"{place}{year}{rank}"),
        f"{year}{rank}",
        rank,
        short(year, rank),
    }


def short(year: str, rank: str) -> str:
    """The short form of a case number; no text is cut into such a word, which mixes digits and letters."""
    return f"{year}n{int(rank)}"


def deletions(word: str) -> set[str]:
    """The word, and the word without each of its letters: two words one letter apart share one of these."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def is_near(one: str, other: str) -> bool:
    """Whether one letter added, left out, replaced, or two neighbours exchanged, turn a word into the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[2:] == right[2:] and left[:2] == right[1::-1])
    return left[1:] == right or left == right[1:]


def for_errors(words: Iterable[str]) -> set[str]:
    """The words in which an error is corrected: of letters, long enough; a wrong digit is another number."""
    return {word for word in words if len(word) >= SHORTEST_KEPT and word.isalpha()}


@dataclass(frozen=True)
class Part:
    """A word as it must stand in a case; a beginning where ``is_start``."""

    word: str
    is_start: bool = False

    def answers(self, word: str) -> bool:
        return word.startswith(self.word) if self.is_start else word == self.word


@dataclass(frozen=True)
class Term:
    """One thing asked for: any of several ways to say it, each of one or more words. ``typed`` may hold an error."""

    ways: tuple[tuple[Part, ...], ...]
    typed: str = ""

    def is_in(self, words: Collection[str]) -> bool:
        return any(all(any(part.answers(word) for word in words) for part in way) for way in self.ways)


@dataclass(frozen=True)
class Question:
    """What somebody typed in the search box, read."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    number: str = ""

    @classmethod
    def of(cls, text: str) -> Question:
        """Every word must be in the case, the last one at least by its beginning."""
        text = " ".join(text[:LONGEST_QUESTION].split())
        rest = _MAIL.sub(" ", text)
        mails = [Term(((Part(known, is_start=True),),)) for each in _MAIL.findall(text) if (known := mail(each)).strip("@")]
        words = cut(_FROM_ABROAD.sub(" 0", rest))[:MOST_WORDS]
        said = [word for word in words if word not in _SILENT] or words[-1:]
        return cls(text, (*mails, *_terms(said)), whole_number(rest))

    @property
    def is_empty(self) -> bool:
        return not self.terms

    @property
    def typed(self) -> set[str]:
        """The words in which an error is looked for."""
        return {term.typed for term in self.terms if len(term.typed) >= SHORTEST_TYPED}

    def with_errors(self, near: Mapping[str, Collection[str]]) -> Question:
        """The same question, where each word may also be one of those that ``near`` gives for it."""
        return replace(
            self,
            terms=tuple(
                replace(term, ways=(*term.ways, *((Part(word),) for word in sorted(near.get(term.typed, ())))))
                for term in self.terms
            ),
        )

    def is_in(self, words: Collection[str]) -> bool:
        """Whether a case or a text of these words answers the whole question."""
        return all(term.is_in(words) for term in self.terms)

    def touches(self, words: Iterable[str]) -> bool:
        """Whether one of these words is one of those asked for."""
        parts = {part for term in self.terms for way in term.ways for part in way}
        return any(part.answers(word) for word in words for part in parts)

    def for_authority(self, key: int) -> str:
        """The question as PostgreSQL reads it (tsquery), of the cases of one authority: no other case has its words."""
        return " & ".join(
            "(" + " | ".join("(" + " & ".join(_lexeme(key, part) for part in way) + ")" for way in term.ways) + ")"
            for term in self.terms
        )


def scoped(key: int, word: str) -> str:
    """A word of a case under the key of the authority that reads it: « 17/gare »."""
    return f"{key}/{word}"


def _lexeme(key: int, part: Part) -> str:
    return f"'{scoped(key, part.word)}'{':*' if part.is_start else ''}"


def _terms(said: list[str]) -> list[Term]:
    """Neighbouring numbers are one term: « 06 12 34 » begins a phone, « 26 42 » is a short number, « 12 14 » a range of a street."""
    runs = [(are_numbers, list(group)) for are_numbers, group in groupby(said, key=str.isdecimal)]
    terms: list[Term] = []
    for place, (are_numbers, run) in enumerate(runs, start=1):
        is_last = place == len(runs)
        if are_numbers:
            terms.append(_numbers(run, is_last=is_last))
        else:
            terms += [_word(word, is_last=is_last and rank == len(run)) for rank, word in enumerate(run, start=1)]
    return terms


def _word(word: str, *, is_last: bool) -> Term:
    """The last word may be unfinished: « av » begins « aval », and stands for « avenue ». A kind of street in full is finished.

    All the cases of a town have one: as a beginning, it would make the server gather them all before it looks at the rest.
    """
    whole = tuple(Part(part) for part in in_full(word))
    if not is_last or word in KINDS:
        return Term((whole,), typed=word)
    return Term(
        tuple(dict.fromkeys(((Part(word, is_start=True),), (*whole[:-1], replace(whole[-1], is_start=True))))), typed=word
    )


def _numbers(run: list[str], *, is_last: bool) -> Term:
    """One number, or several that may be one written with spaces."""
    *before, last = run
    # Of numbers that follow each other the last is whole, as « 14 » of « 12 14 »; as a beginning they are read joined.
    is_start = len(last) >= _LONG_NUMBER or (is_last and not before)
    ways = [(*(Part(word) for word in before), Part(last, is_start=is_start))]
    if before:
        joined = "".join(run)
        ways += [(Part(each[:_LONGEST_WORD], is_start=True),) for each in {joined, joined.removeprefix("00")} - {""}]
        *place, year = before
        if len(year) == 2 and len(last) <= _LONG_NUMBER:
            ways.append((*(Part(word) for word in place), Part(short(year, last))))
    return Term(tuple(ways))


def whole_number(text: str) -> str:
    """« apml0334732600042 » gives « APML 033473 26 00042 »; nothing where it is not a whole number of a case."""
    found = _CASE_NUMBER.fullmatch(re.sub(r"[\W_]", "", text).upper())
    return " ".join(found.groups()) if found else ""
