"""Names found by the words that people type: in part, in short, without accents, misspelt.

Each word that is asked for is compared with the distinct words of all names at once; a
name is as good as its best words are, so 100,000 names cost little more than 1,000.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from geo.text.italian import fold, words
from geo.text.italian_addresses import STREET_TYPES, spelt_out

# Below this (0–100) a name is no answer.
THRESHOLD = 60.0
# What fits worse than the best by more than this is noise: a name, or one word of it.
NOISE, WORD_NOISE = 22.0, 26.0
# With nothing better than this, whole names are compared, too.
_POOR = 85.0
# How alike (0–100) whole names must be when words are written together or apart.
WHOLE_ALIKE = 82.0
# The name itself was typed: as it's written, or as it's compared.
AS_WRITTEN, AS_COMPARED = 100.0, 99.0
# What a name that isn't scores at most, and how much of that hangs on what else it says.
_NEARLY, _BREVITY = 0.98, 0.04
# More text than any name has (500 characters) says nothing more.
_MAX_TEXT, _MAX_WORDS = 500, 12
_TYPES = frozenset(STREET_TYPES.values())
_OTHER_TYPE, _INITIAL = 60.0, 75.0
# Slips are forgiven in words of so many letters.
_SHORTEST = 4
_SIDE_WEIGHT, _TYPE_WEIGHT = 0.2, 0.5

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Named:
    """A name, and what else tells the thing: texts with what a word found there is worth (0–1)."""

    name: str
    beside: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Asked:
    """The words of a text, what each weighs, and which a name must have.

    House numbers, particles and the city's own name may be missing; so may the type of
    a street, which people mix up.
    """

    words: tuple[str, ...]
    weights: Floats
    required: Bools
    side: Bools
    number: Bools

    @classmethod
    def of(cls, text: str, idle: frozenset[str] = frozenset()) -> "Asked":
        """Read a text; words in `idle` may be missing from a name."""
        found = tokens(text)[:_MAX_WORDS]
        number = _house_numbers(found)
        types = np.array([word in _TYPES for word in found], dtype=bool)
        side = np.array([word in idle or not words(word) for word in found], dtype=bool) | number
        required = ~(types | side)
        if not required.any():
            required = ~number
        weights = np.where(required, 1.0, np.where(types, _TYPE_WEIGHT, _SIDE_WEIGHT))
        return cls(tuple(found), weights, required, side & ~required, number)

    @property
    def key(self) -> str:
        """What the text is compared by as a whole, without a house number."""
        return key(
            " ".join(word for word, out in zip(self.words, self.number, strict=True) if not out)
        )


@dataclass(frozen=True)
class Match:
    """How well each name answers (0–100, 0 for not at all).

    `fit` looks at the words that were asked for, `score` also at how much else the name says.
    """

    fit: Floats
    score: Floats


def tokens(text: str) -> list[str]:
    """Return all words of `text`, folded and spelt out."""
    return re.findall(r"[a-z0-9]+", spelt_out(text[:_MAX_TEXT]))


def key(text: str) -> str:
    """Return what two spellings of a name have in common: its telling words, else all."""
    plain = spelt_out(text[:_MAX_TEXT])
    return " ".join(words(plain)) or " ".join(tokens(text))


def _house_numbers(found: Sequence[str]) -> Bools:
    """Tell which words are a house number and its letter: digits after a word that names."""
    number = np.zeros(len(found), dtype=bool)
    named = False
    for at, word in enumerate(found):
        after_digits = at > 0 and number[at - 1] and found[at - 1][0].isdigit()
        number[at] = named and (word[0].isdigit() or (len(word) == 1 and after_digits))
        named |= len(word) > 1 and word.isalpha() and word not in _TYPES and bool(words(word))
    return number


@dataclass(frozen=True)
class _Vocabulary:
    """The distinct words of all names, sorted, and ways to look them up."""

    words: list[str]
    initials: frozenset[str]
    alike: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    sized: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    beginnings: dict[int, "_Beginnings"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for at, word in enumerate(self.words):
            self.alike[_plain(word)].append(at)
            self.sized[len(word)].append(at)
        for length in range(_SHORTEST, max(self.sized, default=0) + 1):
            self.beginnings[length] = _Beginnings.of(self.words, length)

    def scores(self, word: str) -> Floats:
        """Return how well each word of the vocabulary answers `word`, 0–100."""
        found = np.zeros(len(self.words))
        self._misspelt(word, found)
        if word in _TYPES:
            for other in _TYPES:
                found[self.alike.get(other, [])] = _OTHER_TYPE
        if len(word) > 1 and word[0] in self.initials:
            found[self.alike.get(word[0], [])] = _INITIAL
        first, last = bisect_left(self.words, word), bisect_left(self.words, word + "\x7f")
        for at in range(first, last):
            found[at] = 88 + 10 * len(word) / len(self.words[at])
        found[self.alike.get(_plain(word), [])] = 100
        return found

    def _misspelt(self, word: str, found: Floats) -> None:
        """Forgive one slip in a word of four letters, two from eight on; also in a beginning."""
        size = len(word)
        if size < _SHORTEST or not word.isalpha():
            return
        slips = 1 if size < 8 else 2
        for length in range(size - slips, size + slips + 1):
            some = self.sized.get(length, [])
            whole = _worth([self.words[at] for at in some], word, slips, 90)
            found[some] = np.maximum(found[some], whole)
        if size == _SHORTEST:
            return
        for length in (size - 1, size, size + 1):
            if begun := self.beginnings.get(length):
                alike = _worth(begun.texts, word, slips, 85)[begun.of_word]
                found[begun.words] = np.maximum(found[begun.words], alike)


@dataclass(frozen=True)
class _Beginnings:
    """The first letters that longer words have: each distinct one once.

    `words`: where in the vocabulary words of at least so many letters are; `of_word`: which
    of `texts` each of them begins with.
    """

    texts: list[str]
    words: Ints
    of_word: Ints

    @classmethod
    def of(cls, words: Sequence[str], length: int) -> "_Beginnings":
        """Collect the beginnings of `length` letters."""
        long = np.array([at for at, word in enumerate(words) if len(word) >= length], dtype=np.intp)
        texts, of_word = np.unique([words[at][:length] for at in long], return_inverse=True)
        return cls(texts.tolist(), long, of_word)


def _worth(choices: list[str], word: str, slips: int, worth: float) -> Floats:
    """Return how well each choice answers a word with at most so many slips, 0 if it doesn't."""
    if not choices:
        return np.empty(0)
    distance = process.cdist([word], choices, scorer=OSA.distance, score_cutoff=slips)[0]
    return np.where(distance <= slips, worth * (1 - distance / len(word)), 0)


class NameIndex:
    """Names, ready to be searched. It never changes, and threads may share it."""

    def __init__(self, names: Iterable[Named]) -> None:
        """Take the names; answers are aligned to them."""
        listed = list(names)
        self._written = [_written(each.name) for each in listed]
        keys = [key(each.name) for each in listed]
        self._keys = keys
        self._by_key: dict[str, list[int]] = defaultdict(list)
        for at, each in enumerate(keys):
            self._by_key[each].append(at)
        self._together = [each.replace(" ", "") for each in keys]
        self._lengths = np.array([_length(each.split()) for each in keys], dtype=float)
        weighed = [_weigh(each) for each in listed]
        letters = frozenset(
            letter for each in listed for letter in re.findall(r"\b([a-rt-z])\.", fold(each.name))
        )
        distinct = sorted({word for each in weighed for word in each})
        self._vocabulary = _Vocabulary(distinct, letters)
        place = {word: at for at, word in enumerate(distinct)}
        # Which names have a word, and what it's worth there, one word after the other: those
        # of word i from starts[i] on.
        words = np.array([place[word] for each in weighed for word in each], dtype=np.intp)
        order = np.argsort(words, kind="stable")
        names = np.repeat(np.arange(len(weighed)), [len(each) for each in weighed])
        self._names = names[order]
        self._worth = np.array([worth for each in weighed for worth in each.values()])[order]
        self._starts = np.r_[0, np.cumsum(np.bincount(words, minlength=len(distinct)))]

    def match(self, text: str, among: Bools, idle: frozenset[str] = frozenset()) -> Match:
        """Return how well each name that is `among` those asked answers `text`.

        `idle`: words that may be missing. All words must be found, in any order; if no
        name has them all, one that has most, or is spelt alike as a whole, will do.
        """
        asked = Asked.of(text, idle)
        if not asked.words or not among.any():
            return Match(np.zeros(len(among)), np.zeros(len(among)))
        found = self._found(asked)
        whole = _no_noise(found[asked.required] * among)
        if not whole.any():
            # With words missing, a single letter is no reason to think of a name.
            found[[len(word) == 1 for word in asked.words]] = 0
        # A house number or the like that is missing isn't held against a name.
        counts = np.where(asked.side[:, None] & (found == 0), 0.0, asked.weights[:, None])
        fit = np.where(among, (counts * found).sum(axis=0) / np.maximum(counts.sum(axis=0), 0.1), 0)
        fit = np.where(whole, fit, 0) if whole.any() else np.where(fit >= THRESHOLD, fit, 0)
        if fit.max() < _POOR:
            fit = np.maximum(fit, self._together_alike(asked) * among)
        fit[fit < max(fit.max() - NOISE, THRESHOLD * 0.9)] = 0
        told = np.minimum(1, _length(asked.key.split()) / np.maximum(self._lengths, 1))
        return Match(fit, self._exact(text, asked, among, fit * (_NEARLY - _BREVITY * (1 - told))))

    def alike(self, text: str, idle: frozenset[str] = frozenset()) -> Floats:
        """Return how alike each name is to `text`, 0–100, however far that is.

        `idle`: words that don't matter.
        """
        asked = Asked.of(text, idle)
        telling = [word for word, side in zip(asked.words, asked.side, strict=True) if not side]
        if not telling:
            return np.zeros(len(self._keys))
        options = self._vocabulary.words
        likeness = process.cdist(telling, options, scorer=fuzz.ratio, score_cutoff=50)
        weights = asked.weights[~asked.side]
        worded = weights @ self._best(likeness) / weights.sum()
        whole = process.cdist([" ".join(telling)], self._keys, scorer=fuzz.ratio)[0]
        return np.asarray(0.5 * worded + 0.5 * whole, dtype=np.float64)

    def _found(self, asked: Asked) -> Floats:
        """Return how well each name (column) answers each word (row)."""
        return self._best(np.stack([self._vocabulary.scores(word) for word in asked.words]))

    def _best(self, scores: Floats) -> Floats:
        """Return how well each name (column) answers by its best word, for rows of words' scores.

        Only the names that have a word which answers are looked at: mostly few.
        """
        best = np.zeros((len(scores), len(self._keys)))
        for row, of_words in zip(best, scores, strict=True):
            for word in np.flatnonzero(of_words):
                # A name has each of its words once.
                has = slice(self._starts[word], self._starts[word + 1])
                names = self._names[has]
                row[names] = np.maximum(row[names], of_words[word] * self._worth[has])
        return best

    def _together_alike(self, asked: Asked) -> Floats:
        """Return how alike the names are with their words written together: "bocca leone"."""
        together = asked.key.replace(" ", "")
        likeness = process.cdist(
            [together], self._together, scorer=fuzz.ratio, score_cutoff=WHOLE_ALIKE
        )
        return np.asarray(likeness[0] * 0.9, dtype=np.float64)

    def _exact(self, text: str, asked: Asked, among: Bools, score: Floats) -> Floats:
        """Put names first that are just what was typed."""
        compared = [at for each in (key(text), asked.key) for at in self._by_key.get(each, ())]
        written = [at for at in compared if self._written[at] == _written(text)]
        for exact, worth in ((compared, AS_COMPARED), (written, AS_WRITTEN)):
            score[exact] = np.where(among[exact], worth, score[exact])
        return score


def _no_noise(found: Floats) -> Bools:
    """Tell which names (columns) have each word (row) about as well as the name that has it best.

    Only names that have all words are looked at.
    """
    whole = np.all(found > 0, axis=0)
    best = np.where(whole, found, 0).max(axis=1, keepdims=True)
    return np.asarray(whole & np.all(found >= best - WORD_NOISE, axis=0), dtype=np.bool_)


def _plain(word: str) -> str:
    return (words(word) or (word,))[0]


def _written(text: str) -> str:
    return " ".join(fold(text[:_MAX_TEXT]).split())


def _length(found: Iterable[str]) -> int:
    """Return how many letters tell a name: types of street don't."""
    return sum(len(word) for word in found if word not in _TYPES)


def _weigh(named: Named) -> dict[str, float]:
    """Return what each word of a name, and beside it, is worth; never empty."""
    worth: dict[str, float] = {}
    for text, value in ((named.name, 1.0), *named.beside):
        # "Sant'Alessandro" is also typed as one word.
        elided = [a + b for a, b in re.findall(r"([a-z]+)'([a-z]+)", spelt_out(text))]
        for word in (*tokens(text), *elided):
            worth[word] = max(value, worth.get(word, 0.0))
    return worth or {"": 0.0}
