"""Which area a spelling means: names of quartieri differ a little from source to source."""

from collections.abc import Mapping

from rapidfuzz import fuzz

from geo.text.italian import words

# How alike two names must be (0–100), and how much less alike the runner-up.
ALIKE = 88.0
MARGIN = 4.0


class AreaNames:
    """Looks names of areas up in any of their spellings."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the areas' slugs and names."""
        self._words = {slug: words(name) for slug, name in names.items()}

    def find(self, text: str) -> str | None:
        """Return the slug of the one area that `text` can mean, else None.

        Alike spellings win; else `text` may name one area in part ("San Tomaso"). What
        fits two areas in part ("Valtesse") means neither.
        """
        wanted = words(text)
        if not wanted or not self._words:
            return None
        scores = sorted(((self._score(wanted, slug), slug) for slug in self._words), reverse=True)
        best, runner_up = scores[0], scores[1] if len(scores) > 1 else (0.0, "")
        if best[0] >= ALIKE and best[0] - runner_up[0] >= MARGIN:
            return best[1]
        partly = [slug for slug, name in self._words.items() if set(wanted) <= set(name)]
        return partly[0] if len(partly) == 1 else None

    def _score(self, wanted: tuple[str, ...], slug: str) -> float:
        return fuzz.ratio(" ".join(sorted(wanted)), " ".join(sorted(self._words[slug])))
