"""Ties: which network an organisation belongs to, which common good an agreement is about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from geo.ingest.build import BuildContext
from geo.ingest.match import same_address
from geo.model.schema import MembershipRow
from geo.sources.record import BuildLog, Mention, Network, Record
from geo.text.italian import key, words

HEADING_NETWORK = "Ties without a network (none, or several that fit)"
HEADING_GOOD = "Agreements whose common good isn't known"
HEADING_PROPOSAL = "Proposals for a common good (no tie: no agreement is known)"
ALIKE = 80.0


@dataclass(frozen=True)
class CommonGoods:
    """The common goods that agreements can be about."""

    records: tuple[Record, ...]

    def find(self, text: str, organisation: str, quartiere: str | None) -> Record | None:
        """Return the good that `text` names, by its holder, its address or its name.

        Goods that are stated to be in another quartiere are left out.
        """
        pieces = [piece for piece in re.split(r" - |[()]", text) if piece.strip()]
        scored = sorted(
            (self._score(good, self._signatory(organisation, piece), piece), good.id)
            for good in self.records
            if not quartiere or good.quartiere in {quartiere, None}
            for piece in pieces
        )
        best, id_ = scored[-1]
        return next(g for g in self.records if g.id == id_) if best >= ALIKE else None

    def _signatory(self, organisation: str, address: str) -> Record:
        return Record("", organisation, "bene-comune", self.records[0].reference, address=address)

    def _score(self, good: Record, signatory: Record, text: str) -> float:
        names = fuzz.token_set_ratio(_telling(text), _telling(f"{good.name} {good.address or ''}"))
        place = 110.0 if same_address(good, signatory) else names
        holder = {*words(good.holder or "")}
        held = 20.0 if holder and holder <= {*words(signatory.name)} else 0.0
        return place + held if place >= 60 else 0.0


def memberships(
    mentions: Sequence[Mention],
    places: Mapping[int, str],
    goods: CommonGoods,
    networks: Sequence[Network],
    context: BuildContext,
) -> tuple[list[MembershipRow], dict[str, Record]]:
    """Return the ties sorted, and by id the goods whose stage or holder they change.

    `places` has the place id of each mention by its number, for mentions that have a place.
    """
    log, proposed = context.log, context.facts.years.proposals.year
    rows: dict[tuple[str, ...], MembershipRow] = {}
    changed: dict[str, Record] = {}
    for number, mention in enumerate(mentions):
        if mention.evidence is None or number not in places:
            continue
        good = _good(mention, goods, log)
        if good and good.stage in {"offered", "proposal"}:
            changed[good.id] = replace(good, stage="proposal", stage_year=proposed)
            log.add(HEADING_PROPOSAL, f"{mention.record.name}: {good.name} ({good.id})")
            continue
        if good:
            changed[good.id] = _agreed(changed.get(good.id, good), mention)
        for row in _rows(mention, places[number], good, networks, log):
            rows.setdefault(
                (row.place, row.network or "", row.evidence, row.common_good or ""), row
            )
    return [rows[key_] for key_ in sorted(rows)], changed


def holder_ties(places: Sequence[Record], rows: Sequence[MembershipRow]) -> list[MembershipRow]:
    """Return `rows`, sorted, with a tie for each good whose stated holder is a place of ours."""
    known = {(row.place, row.common_good) for row in rows}
    ids = {key(place.name): place.id for place in reversed(places)}
    added = [
        MembershipRow(
            place=ids[key(good.holder)],
            network=None,
            evidence="agreement",
            common_good=good.id,
            source_url=reference.url or "",
            source_date=reference.date,
        )
        for good in places
        if good.stage == "agreement" and good.holder and key(good.holder) in ids
        for reference in [r for r in reversed(good.references) if r.source == "stampa" and r.url][
            :1
        ]
        if (ids[key(good.holder)], good.id) not in known
    ]
    return sorted(
        (*rows, *added), key=lambda row: tuple(str(value) for value in row.model_dump().values())
    )


def _good(mention: Mention, goods: CommonGoods, log: BuildLog) -> Record | None:
    if mention.evidence != "agreement":
        return None
    record = mention.record
    good = goods.find(mention.good, record.name, record.quartiere) if mention.good else None
    if good is None:
        log.add(HEADING_GOOD, f"{mention.record.name}: {mention.good or 'not said'}")
    return good


def _agreed(good: Record, mention: Mention) -> Record:
    """Return a good with an agreement; its holder gets the signatory's full name."""
    known = {*words(good.holder or "")}
    longer = known and known <= {*words(mention.record.name)}
    holder = mention.record.name if longer else good.holder
    return replace(good, stage="agreement", holder=holder)


def _rows(
    mention: Mention, place: str, good: Record | None, networks: Sequence[Network], log: BuildLog
) -> list[MembershipRow]:
    evidence = mention.evidence
    network = _network(mention, networks)
    if network is None and good is None:
        log.add(HEADING_NETWORK, f"{mention.record.name} ({evidence}), {mention.record.quartiere}")
        return []
    return [
        MembershipRow(
            place=place,
            network=network,
            evidence=evidence,  # type: ignore[arg-type]  # pydantic checks it
            common_good=good.id if good else None,
            source_url=reference.url or "",
            source_date=reference.date,
        )
        for reference in mention.record.references[:1]
    ]


def _network(mention: Mention, networks: Sequence[Network]) -> str | None:
    """Return the network whose page states the tie, else the only active one of the quartiere.

    An agreement is made with the municipality: only a network's own page ties it to a network.
    """
    quartiere = mention.record.quartiere
    urls = {reference.url for reference in mention.record.references}
    there = [n for n in networks if quartiere in n.quartieri]
    by_page = [n for n in networks if n.url in urls and (n in there or quartiere is None)]
    if by_page:
        return by_page[0].slug if len({n.slug for n in by_page}) == 1 else None
    if mention.evidence == "agreement":
        return None
    active = [n for n in there if n.status == "active"]
    if quartiere is None:
        active = [n for n in networks if _named_by(n, urls) and n.status == "active"]
    named = [n for n in active if _named_by(n, urls)]
    chosen = _fullest(named) or active
    return chosen[0].slug if len(chosen) == 1 else None


def _named_by(network: Network, urls: set[str | None]) -> bool:
    """Return whether a page's address holds all words that tell this network from others."""
    telling = {w for w in words(network.name) if w not in {"rete", "sociale", "quartiere"}}
    page = {word for url in urls for word in words((url or "").replace("quartieri", " "))}
    glued = " ".join(key(url or "") for url in urls)
    return bool(telling) and all(word in page or word in glued for word in telling)


def _fullest(networks: list[Network]) -> list[Network]:
    """Return, of the networks that a page's address names, those with the most words in it."""
    if not networks:
        return []
    most = max(len(words(network.name)) for network in networks)
    return [network for network in networks if len(words(network.name)) == most]


def _telling(text: str) -> str:
    drop = {"via", "parco", "ex", "proposta", "spazio", "orti", "orto", "s", "comunitario"}
    return " ".join(word for word in words(text) if word not in drop)
