"""A place as schema.org describes it, for search engines and other readers that are no people."""

from typing import Any

from geo.model.city import City
from geo.model.queries import Record

# These are no places of their own: they have a location instead.
_WITHOUT_GEO = {"Organization", "NGO", "SportsOrganization", "WorkersUnion"}


def linked_place(place: Record, page: str, city: City, quartiere: str | None) -> Record | None:
    """Return a place as JSON-LD, or None for one that isn't there: closed, or only planned.

    `page` is its full address, `quartiere` the name of its quartiere. Only an exact
    position is given: schema.org has no word for an approximate one.
    """
    if place["status"] in ("closed", "planned"):
        return None
    kind = city.kinds[place["kind"]].schema_org
    location = _location(place, city, quartiere)
    if kind in _WITHOUT_GEO:
        location = {"location": {"@type": "Place", **location}} if location else {}
    contacts = {
        "telephone": place["phone"],
        "email": place["email"],
        "sameAs": place["website"],
    }
    return {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": page,
        "url": page,
        "name": place["name"],
        **location,
        **{name: value for name, value in contacts.items() if value},
    }


def _location(place: Record, city: City, quartiere: str | None) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if place["address"]:
        location["address"] = {"@type": "PostalAddress", "streetAddress": place["address"]}
        if quartiere:
            location["address"]["addressLocality"] = city.names.it
    if place["position"] == "exact":
        point = place["geometry"]
        location["geo"] = {"@type": "GeoCoordinates", "latitude": point.y, "longitude": point.x}
    if quartiere:
        location["containedInPlace"] = {"@type": "Place", "name": quartiere}
    return location
