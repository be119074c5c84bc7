"""Common words of Italian names: they say the kind, and don't distinguish two places."""

from collections.abc import Mapping

from geo.ingest.match import RULES, Rule
from geo.sources.facts import Facts

# By family of kinds (geo.ingest.match.RULES).
COMMON_WORDS: Mapping[str, frozenset[str]] = {
    family: frozenset(words.split())
    for family, words in {
        "worship": (
            "chiesa chiesetta chisa basilica santuario parrocchia tempio tempietto templetto duomo "
            "cappella monastero suore s vergine martire apostolo apostoli confessore papa sposo "
            "beata madonna maria vescovo sul sommo cattedrale"
        ),
        "oratory": "oratorio s",
        "library": "biblioteca comunale civica decentrata centrale s",
        "park": "parco giardino area verde s",
        "sport": "centro sportivo polisportivo campo",
        "garden": "orti orto urbani urbano collettivi",
        "space": "spazio quartiere s nel",
        "youth": "spazio giovanile",
        "seniors": "cte centro anziani aps associazione terza tutte eta",
        "dogs": "area cani giardino",
        "nursery": "nido asilo micronido comunale",
        "service": "comune parrocchiale",
        "organisation": (
            "associazione aps asd ssd onlus comitato gruppo cooperativa comunita us usd societa "
            "sportiva istituto comprensivo promozione sociale odv"
        ),
    }.items()
}
# Level, type, ownership and number in names of schools.
SCHOOL_WORDS = frozenset(
    (
        "scuola primaria elementare materna infanzia infantile asilo media secondaria inferiore "
        "primo grado istituto istituti superiore comprensivo magistrale tecnico industriale "
        "commerciale geometri statale paritaria liceo scientifico classico artistico linguistico "
        "istruzione professionale sede centrale succursale santo s 1 2"
    ).split()
)


def italian_rules(facts: Facts) -> dict[str, Rule]:
    """Return the rules of merging, with the common words of Italian and of the city."""
    return {
        family: rule.without(COMMON_WORDS.get(family, frozenset()) | facts.words(family))
        for family, rule in RULES.items()
    }


def school_words(facts: Facts) -> frozenset[str]:
    """Return the common words of school names, in Italian and in the city."""
    return SCHOOL_WORDS | facts.words("school")
