"""The kinds of place: four groups (the layers of the map), each with its kinds.

A kind's slug is Italian, because it stands in addresses that citizens read.
"""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Names:
    """A name in the three languages of the site."""

    it: str
    en: str
    fr: str

    def in_language(self, language: str) -> str:
        """Return the name in `language` (it, en or fr)."""
        return str(getattr(self, language))


@dataclass(frozen=True)
class Group:
    """A layer of the map: its names, colour (3:1 or more on white) and the shape of its marker.

    The shape says the same as the colour, for those who can't tell colours apart.
    """

    slug: str
    names: Names
    colour: str
    shape: str


@dataclass(frozen=True)
class Kind:
    """A kind of place, in its group."""

    slug: str
    group: str
    names: Names


ORGANISATIONS = "organizzazioni"
SCHOOLS = "scuole"
PARISHES = "parrocchie"
COMMONS = "beni-comuni"

GROUPS: dict[str, Group] = {
    group.slug: group
    for group in (
        Group(
            ORGANISATIONS,
            Names("Organizzazioni", "Organisations", "Organisations"),
            "#0059b3",
            "circle",
        ),
        Group(SCHOOLS, Names("Scuole", "Schools", "Écoles"), "#a84300", "square"),
        Group(
            PARISHES,
            Names("Parrocchie e luoghi di culto", "Parishes and worship", "Paroisses et culte"),
            "#7b2d8e",
            "diamond",
        ),
        Group(COMMONS, Names("Beni comuni", "Common goods", "Biens communs"), "#00694a", "hexagon"),
    )
}

# slug, Italian, English, French
_KINDS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    ORGANISATIONS: (
        (
            "associazione-culturale",
            "Associazione culturale",
            "Cultural association",
            "Association culturelle",
        ),
        (
            "promozione-sociale",
            "Associazione di promozione sociale",
            "Social association",
            "Association de promotion sociale",
        ),
        ("volontariato", "Volontariato", "Volunteer group", "Association de bénévoles"),
        (
            "associazione-ambientale",
            "Associazione ambientale",
            "Environmental association",
            "Association environnementale",
        ),
        ("associazione-sportiva", "Associazione sportiva", "Sports club", "Club sportif"),
        ("commercianti", "Associazione di commercianti", "Traders' association", "Commerçants"),
        ("comitato", "Comitato", "Residents' committee", "Comité d’habitants"),
        ("genitori", "Associazione o comitato di genitori", "Parents' group", "Parents d’élèves"),
        (
            "centro-anziani",
            "Centro per tutte le età (CTE)",
            "Seniors' and all-ages centre",
            "Centre pour tous les âges",
        ),
        ("cooperativa", "Cooperativa o consorzio", "Cooperative", "Coopérative"),
        ("scout", "Scout", "Scout group", "Groupe scout"),
        ("sindacato", "Sindacato", "Trade union", "Syndicat"),
        ("gruppo-informale", "Gruppo informale", "Informal group", "Groupe informel"),
        ("ente", "Ente o fondazione", "Institution or foundation", "Institution ou fondation"),
        ("progetto", "Progetto", "Project", "Projet"),
        ("servizio-sociale", "Servizio sociale", "Social service", "Service social"),
        (
            "servizio-infanzia",
            "Servizio per l’infanzia",
            "Childhood service",
            "Service pour l’enfance",
        ),
        ("servizio-giovani", "Servizio per i giovani", "Youth service", "Service pour les jeunes"),
        (
            "servizio-anziani",
            "Servizio per gli anziani",
            "Service for the elderly",
            "Service pour les aînés",
        ),
        (
            "servizio-disabilita",
            "Servizio per la disabilità",
            "Disability service",
            "Service pour le handicap",
        ),
        ("servizio-cultura", "Servizio culturale", "Cultural service", "Service culturel"),
        # Of archives, firms, a prison: not a common good, as not everyone may use it.
        (
            "biblioteca-specializzata",
            "Biblioteca specializzata",
            "Specialised library",
            "Bibliothèque spécialisée",
        ),
        ("servizio-salute", "Servizio sanitario", "Health service", "Service de santé"),
        ("sportello-comunale", "Sede comunale", "Municipal office", "Bureau municipal"),
    ),
    SCHOOLS: (
        ("nido", "Asilo nido", "Nursery", "Crèche"),
        ("scuola-infanzia", "Scuola dell’infanzia", "Infant school (3–5)", "École maternelle"),
        ("scuola-primaria", "Scuola primaria", "Primary school (6–10)", "École primaire"),
        (
            "scuola-secondaria-1",
            "Scuola secondaria di I grado",
            "Lower secondary school (11–13)",
            "Collège",
        ),
        (
            "scuola-secondaria-2",
            "Scuola secondaria di II grado",
            "Upper secondary school (14–18)",
            "Lycée",
        ),
        ("istruzione-adulti", "Istruzione per adulti", "Adult education", "Éducation des adultes"),
        (
            "istituto-comprensivo",
            "Sede di istituto comprensivo",
            "School head office",
            "Direction d’écoles",
        ),
    ),
    PARISHES: (
        ("parrocchia", "Parrocchia", "Parish", "Paroisse"),
        ("oratorio", "Oratorio", "Parish youth centre", "Patronage"),
        (
            "luogo-di-culto",
            "Altro luogo di culto",
            "Other place of worship",
            "Autre lieu de culte",
        ),
    ),
    COMMONS: (
        ("parco", "Parco o giardino", "Park or garden", "Parc ou jardin"),
        ("orto", "Orto condiviso o urbano", "Shared or allotment garden", "Jardin partagé"),
        ("spazio-di-quartiere", "Spazio di quartiere", "Neighbourhood space", "Espace de quartier"),
        ("spazio-giovanile", "Spazio giovanile", "Youth space", "Espace jeunes"),
        ("biblioteca", "Biblioteca", "Library", "Bibliothèque"),
        (
            "bene-comune",
            "Altro bene comune",
            "Other common good",
            "Autre bien commun",
        ),
        ("area-gioco", "Area gioco", "Playground", "Aire de jeux"),
        ("impianto-sportivo", "Impianto sportivo", "Sports facility", "Équipement sportif"),
        ("area-cani", "Area cani", "Dog area", "Espace canin"),
        ("acqua", "Acqua potabile", "Drinking water", "Eau potable"),
    ),
}

KINDS: dict[str, Kind] = {
    slug: Kind(slug, group, Names(it, en, fr))
    for group, rows in _KINDS.items()
    for slug, it, en, fr in rows
}


@cache
def kinds_of(slug: str) -> tuple[str, ...]:
    """Return the kinds that `slug` (a kind or a group) stands for; KeyError for an unknown one."""
    if slug in KINDS:
        return (slug,)
    if slug not in GROUPS:
        raise KeyError(slug)
    return tuple(kind.slug for kind in KINDS.values() if kind.group == slug)


def names_of(slug: str) -> Names:
    """Return the names of a kind or a group; KeyError for an unknown one."""
    return KINDS[slug].names if slug in KINDS else GROUPS[slug].names
