"""An index of names, searched by what people type: partial, abbreviated, unaccented, misspelt.

Each word of the query is compared with the distinct words of all names at once; a name
scores as its best words do, so 100,000 names cost little more than 1,000.
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

# A name that scores less (0–100) is no match.
THRESHOLD = 60.0
# What scores this much less than the best is noise: a whole name, or one word of it.
NOISE, WORD_NOISE = 22.0, 26.0
# If nothing scores better than this, whole names are compared, too.
_POOR = 85.0
# Least similarity (0–100) of whole names, for words written together or apart.
WHOLE_ALIKE = 82.0
# The score of a name typed in full: as it is written, or in its normalised form.
AS_WRITTEN, AS_COMPARED = 100.0, 99.0
# The most that any other name scores, and how much of it depends on the words not typed.
_NEARLY, _BREVITY = 0.98, 0.04
# More text than any name has (500 characters) says nothing more.
_MAX_TEXT, _MAX_WORDS = 500, 12
_TYPES = frozenset(STREET_TYPES.values())
_OTHER_TYPE, _INITIAL = 60.0, 75.0
# The least letters of a word in which a slip is forgiven.
_SHORTEST = 4
_SIDE_WEIGHT, _TYPE_WEIGHT = 0.2, 0.5

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class NameEntry:
    """A name, and other texts that identify the thing, each with the weight (0–1) of its words."""

    name: str
    beside: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class NameQuery:
    """The words of a query, their weights, and which of them a name must have.

    House numbers, particles and the city's own name are optional; so is the type of a
    street, which people mix up.
    """

    words: tuple[str, ...]
    weights: Floats
    required: Bools
    side: Bools
    number: Bools

    @classmethod
    def of(cls, text: str, idle: frozenset[str] = frozenset()) -> "NameQuery":
        """Read a query; words in `idle` are optional."""
        parts = tokens(text)[:_MAX_WORDS]
        number = _house_numbers(parts)
        types = np.array([word in _TYPES for word in parts], dtype=bool)
        side = np.array([word in idle or not words(word) for word in parts], dtype=bool) | number
        required = ~(types | side)
        if not required.any():
            required = ~number
        weights = np.where(required, 1.0, np.where(types, _TYPE_WEIGHT, _SIDE_WEIGHT))
        return cls(tuple(parts), weights, required, side & ~required, number)

    @property
    def key(self) -> str:
        """The normalised query as a whole, without a house number."""
        return key(
            " ".join(word for word, out in zip(self.words, self.number, strict=True) if not out)
        )


@dataclass(frozen=True)
class Match:
    """How well each name matches (0–100, 0 for not at all), aligned to the names.

    `fit` is about the words of the query, `score` also about the other words of the name.
    """

    fit: Floats
    score: Floats


def tokens(text: str) -> list[str]:
    """Return all words of `text`, folded and spelt out."""
    return re.findall(r"[a-z0-9]+", spelt_out(text[:_MAX_TEXT]))


def key(text: str) -> str:
    """Return the normalised form of a name: its significant words, or all if none is."""
    plain = spelt_out(text[:_MAX_TEXT])
    return " ".join(words(plain)) or " ".join(tokens(text))


def _house_numbers(parts: Sequence[str]) -> Bools:
    """Return which words are a house number and its letter: digits after a significant word."""
    number = np.zeros(len(parts), dtype=bool)
    after_name = False
    for at, word in enumerate(parts):
        after_digits = at > 0 and number[at - 1] and parts[at - 1][0].isdigit()
        number[at] = after_name and (word[0].isdigit() or (len(word) == 1 and after_digits))
        after_name |= len(word) > 1 and word.isalpha() and word not in _TYPES and bool(words(word))
    return number


@dataclass(frozen=True)
class _Vocabulary:
    """The distinct words of all names, sorted, and ways to look them up."""

    words: list[str]
    initials: frozenset[str]
    alike: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    sized: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    prefixes: dict[int, "_Prefixes"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for at, word in enumerate(self.words):
            self.alike[_plain(word)].append(at)
            self.sized[len(word)].append(at)
        for length in range(_SHORTEST, max(self.sized, default=0) + 1):
            self.prefixes[length] = _Prefixes.of(self.words, length)

    def scores(self, word: str) -> Floats:
        """Return how well each word of the vocabulary matches `word`, 0–100."""
        score = np.zeros(len(self.words))
        self._add_misspelt(word, score)
        if word in _TYPES:
            for other in _TYPES:
                score[self.alike.get(other, [])] = _OTHER_TYPE
        if len(word) > 1 and word[0] in self.initials:
            score[self.alike.get(word[0], [])] = _INITIAL
        first, last = bisect_left(self.words, word), bisect_left(self.words, word + "\x7f")
        for at in range(first, last):
            score[at] = 88 + 10 * len(word) / len(self.words[at])
        score[self.alike.get(_plain(word), [])] = 100
        return score

    def _add_misspelt(self, word: str, score: Floats) -> None:
        """Score words with one slip (two from eight letters on), also in their beginning."""
        size = len(word)
        if size < _SHORTEST or not word.isalpha():
            return
        slips = 1 if size < 8 else 2
        for length in range(size - slips, size + slips + 1):
            rows = self.sized.get(length, [])
            whole = _similarity([self.words[at] for at in rows], word, slips, 90)
            score[rows] = np.maximum(score[rows], whole)
        if size == _SHORTEST:
            return
        for length in (size - 1, size, size + 1):
            if prefixes := self.prefixes.get(length):
                similar = _similarity(prefixes.texts, word, slips, 85)[prefixes.of_word]
                score[prefixes.words] = np.maximum(score[prefixes.words], similar)


@dataclass(frozen=True)
class _Prefixes:
    """The distinct prefixes of one length.

    `words`: the positions in the vocabulary of words at least that long; `of_word`: for
    each of them the position of its prefix in `texts`.
    """

    texts: list[str]
    words: Ints
    of_word: Ints

    @classmethod
    def of(cls, words: Sequence[str], length: int) -> "_Prefixes":
        """Collect the prefixes of `length` letters."""
        long = np.array([at for at, word in enumerate(words) if len(word) >= length], dtype=np.intp)
        texts, of_word = np.unique([words[at][:length] for at in long], return_inverse=True)
        return cls(texts.tolist(), long, of_word)


def _similarity(choices: list[str], word: str, slips: int, best: float) -> Floats:
    """Return how similar each choice is to a word (at most `best`), 0 with more than `slips`."""
    if not choices:
        return np.empty(0)
    distance = process.cdist([word], choices, scorer=OSA.distance, score_cutoff=slips)[0]
    return np.where(distance <= slips, best * (1 - distance / len(word)), 0)


class NameIndex:
    """Names, ready to be searched. It never changes, and threads may share it."""

    def __init__(self, names: Iterable[NameEntry]) -> None:
        """Index the names; results are aligned to them."""
        entries = list(names)
        self._written = [_written(each.name) for each in entries]
        keys = [key(each.name) for each in entries]
        self._keys = keys
        self._by_key: dict[str, list[int]] = defaultdict(list)
        for at, each in enumerate(keys):
            self._by_key[each].append(at)
        self._joined = [each.replace(" ", "") for each in keys]
        self._lengths = np.array([_length(each.split()) for each in keys], dtype=float)
        weights = [_word_weights(each) for each in entries]
        letters = frozenset(
            letter for each in entries for letter in re.findall(r"\b([a-rt-z])\.", fold(each.name))
        )
        distinct = sorted({word for each in weights for word in each})
        self._vocabulary = _Vocabulary(distinct, letters)
        position = {word: at for at, word in enumerate(distinct)}
        # The names that have a word, and its weight in each, word after word: those of word
        # i stand from starts[i] on.
        words = np.array([position[word] for each in weights for word in each], dtype=np.intp)
        order = np.argsort(words, kind="stable")
        names = np.repeat(np.arange(len(weights)), [len(each) for each in weights])
        self._names = names[order]
        self._weights = np.array([value for each in weights for value in each.values()])[order]
        self._starts = np.r_[0, np.cumsum(np.bincount(words, minlength=len(distinct)))]

    def match(self, text: str, among: Bools, idle: frozenset[str] = frozenset()) -> Match:
        """Return how well each name in the mask `among` matches the query `text`.

        `idle`: words that are optional. All other words must be in a name, in any order; if
        no name has them all, one that has most, or is similar as a whole, will do.
        """
        query = NameQuery.of(text, idle)
        if not query.words or not among.any():
            return Match(np.zeros(len(among)), np.zeros(len(among)))
        fit = self._fit_of_words(query, among)
        if fit.max() < _POOR:
            # "monte verde" means Monteverde: neither word is near it, both together are.
            fit = np.maximum(fit, self._joined_similarity(query) * among)
        # "Rosmini" also resembles "Rossini": beside the real one that is noise.
        fit[fit < max(fit.max() - NOISE, THRESHOLD * 0.9)] = 0
        # Of "Via Roma" and "Via Roma Vecchia", "roma" rather means the first.
        typed = np.minimum(1, _length(query.key.split()) / np.maximum(self._lengths, 1))
        score = fit * (_NEARLY - _BREVITY * (1 - typed))
        return Match(fit, self._with_exact(text, query, among, score))

    def _fit_of_words(self, query: NameQuery, among: Bools) -> Floats:
        """Return the weighted mean of how well each name matches each word of the query."""
        scores = self._word_scores(query)
        # "parco turani": names with both words; "turani" alone decides if none has both.
        complete = _complete(scores[query.required] * among)
        if not complete.any():
            # With words missing, a single letter is no reason to think of a name.
            scores[[len(word) == 1 for word in query.words]] = 0
        # "Via Roma 7": a name without the 7 loses nothing.
        counts = np.where(query.side[:, None] & (scores == 0), 0.0, query.weights[:, None])
        total = np.maximum(counts.sum(axis=0), 0.1)
        fit = np.where(among, (counts * scores).sum(axis=0) / total, 0)
        return np.where(complete if complete.any() else fit >= THRESHOLD, fit, 0)

    def alike(self, text: str, idle: frozenset[str] = frozenset()) -> Floats:
        """Return the similarity of each name to `text`, 0–100, with no threshold.

        `idle`: words that don't matter.
        """
        query = NameQuery.of(text, idle)
        significant = [word for word, side in zip(query.words, query.side, strict=True) if not side]
        if not significant:
            return np.zeros(len(self._keys))
        options = self._vocabulary.words
        likeness = process.cdist(significant, options, scorer=fuzz.ratio, score_cutoff=50)
        weights = query.weights[~query.side]
        by_word = weights @ self._best(likeness) / weights.sum()
        whole = process.cdist([" ".join(significant)], self._keys, scorer=fuzz.ratio)[0]
        return np.asarray(0.5 * by_word + 0.5 * whole, dtype=np.float64)

    def _word_scores(self, query: NameQuery) -> Floats:
        """Return how well each name (column) matches each word of the query (row)."""
        return self._best(np.stack([self._vocabulary.scores(word) for word in query.words]))

    def _best(self, scores: Floats) -> Floats:
        """Return the score of each name's best word (columns), for rows of scores by word.

        Only names that have a word with a score are visited: mostly few.
        """
        best = np.zeros((len(scores), len(self._keys)))
        for row, of_words in zip(best, scores, strict=True):
            for word in np.flatnonzero(of_words):
                # A name has each of its words once.
                has = slice(self._starts[word], self._starts[word + 1])
                names = self._names[has]
                row[names] = np.maximum(row[names], of_words[word] * self._weights[has])
        return best

    def _joined_similarity(self, query: NameQuery) -> Floats:
        """Return the similarity of the names with all spaces left out."""
        joined = query.key.replace(" ", "")
        likeness = process.cdist(
            [joined], self._joined, scorer=fuzz.ratio, score_cutoff=WHOLE_ALIKE
        )
        return np.asarray(likeness[0] * 0.9, dtype=np.float64)

    def _with_exact(self, text: str, query: NameQuery, among: Bools, score: Floats) -> Floats:
        """Put names first that were typed in full."""
        compared = [at for each in (key(text), query.key) for at in self._by_key.get(each, ())]
        written = [at for at in compared if self._written[at] == _written(text)]
        for exact, value in ((compared, AS_COMPARED), (written, AS_WRITTEN)):
            score[exact] = np.where(among[exact], value, score[exact])
        return score


def _complete(scores: Floats) -> Bools:
    """Return which names (columns) match every word (row) about as well as the best name does."""
    complete = np.all(scores > 0, axis=0)
    best = np.where(complete, scores, 0).max(axis=1, keepdims=True)
    return np.asarray(complete & np.all(scores >= best - WORD_NOISE, axis=0), dtype=np.bool_)


def _plain(word: str) -> str:
    return (words(word) or (word,))[0]


def _written(text: str) -> str:
    return " ".join(fold(text[:_MAX_TEXT]).split())


def _length(parts: Iterable[str]) -> int:
    """Return the number of letters without types of street."""
    return sum(len(word) for word in parts if word not in _TYPES)


def _word_weights(entry: NameEntry) -> dict[str, float]:
    """Return the weight of each word of an entry; never empty."""
    weights: dict[str, float] = {}
    for text, value in ((entry.name, 1.0), *entry.beside):
        # "Sant'Alessandro" is also typed as one word.
        elided = [a + b for a, b in re.findall(r"([a-z]+)'([a-z]+)", spelt_out(text))]
        for word in (*tokens(text), *elided):
            weights[word] = max(value, weights.get(word, 0.0))
    return weights or {"": 0.0}
