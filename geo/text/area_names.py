"""Lookup of areas by name: names of quartieri differ a little between sources."""

from collections.abc import Mapping

from rapidfuzz import fuzz

from geo.text.italian import words

# How alike two names must be (0–100), and how much less alike the runner-up.
ALIKE = 88.0
MARGIN = 4.0


class AreaNames:
    """Finds areas by any spelling of their names."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the areas' slugs and names."""
        self._words = {slug: words(name) for slug, name in names.items()}

    def find(self, text: str) -> str | None:
        """Return the slug of the area that `text` names, None if there is none or several.

        A similar spelling of the whole name wins; else the words of one name's part
        ("San Tomaso"), unless several names have them ("San").
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
