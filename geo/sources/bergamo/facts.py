"""What no rule can know: identities and facts of this city, each with its reason."""

# Two record ids that are one place, and why.
IDENTITIES: tuple[tuple[str, str, str], ...] = (
    (
        "osm:way/35174434",
        "spazio:parco-ermanno-olmi",
        "the park of the Malpensata was renamed after Ermanno Olmi",
    ),
    (
        "osm:way/79818484",
        "spazio:parco-della-rocca",
        "the park of the Rocca is the Parco delle Rimembranze",
    ),
    (
        "osm:way/30964887",
        "spazio:parco-sant-agostino",
        "the one large park beside the former church of Sant'Agostino",
    ),
    (
        "osm:relation/548857",
        "spazio:villaggio-dello-sport",
        "the sports centre Don Bepo Vavassori under its new name",
    ),
    (
        "parrocchia:s-lucia-vergine-martire",
        "osm:way/82213040",
        "the parish church in via Torino is the Tempio Votivo, not the old church",
    ),
    (
        "osm:way/82213040",
        "wikidata:Q120661722",
        "the Tempio Votivo is dedicated to the Immaculate Heart of Mary",
    ),
    (
        "parrocchia:s-alessandro-martire-in-cattedrale",
        "osm:way/79808365",
        "the cathedral, mapped as Duomo",
    ),
    (
        "osm:way/58942128",
        "wikidata:Q120661731",
        "one church of that dedication; Wikidata's point is 140 m off",
    ),
    (
        "osm:way/150588690",
        "wikidata:Q112673525",
        "the church by Largo Medaglie d'Oro, known as Santa Lucia and by its dedication",
    ),
    (
        "osm:way/168151867",
        "wikidata:Q120663186",
        "Teresa of Lisieux is Teresa of the Child Jesus",
    ),
    ("osm:way/79808365", "wikidata:Q1081902", "the cathedral, mapped as Duomo"),
    (
        "osm:way/64793779",
        "wikidata:Q120661727",
        "the church of the Galgario under its full dedication",
    ),
    (
        "org:associazione-genitori",
        "org:associazione-genitori-istituto-comprensivo-de-amicis",
        "the same signatory of Al Civico 7",
    ),
    (
        "org:cooperativa-citta-alta",
        "spazio:circolino-citta-alta",
        "the cooperative's own meeting place",
    ),
)

# Pairs that may be one place and that no rule finds: left apart, and listed as doubtful.
SUSPECTED: tuple[tuple[str, str, str], ...] = (
    (
        "org:spazio-giovanile-hobbit",
        "spazio:spazio-giovanile-celadina",
        "two youth spaces of one quartiere, never named together",
    ),
    (
        "org:spazio-orsa-centro-di-aggregazione-giovanile",
        "spazio:spazio-giovanile-san-tomaso",
        "a youth space of 2002 and one of today in one quartiere",
    ),
    (
        "spazio:lorto-orto-sociale",
        "spazio:orti-di-porta-san-giacomo",
        "gardens below and at Porta San Giacomo",
    ),
    (
        "spazio:orti-urbani-area-verde-emanuela-loi",
        "spazio:orti-area-verde-via-maestri-del-lavoro-via-spino",
        "gardens in via Spino",
    ),
    (
        "spazio:parco-di-loreto",
        "osm:way/36878079",
        "the large park of Loreto has another name on the map",
    ),
)

# Ids whose newest name only a fact tells.
NAMES: dict[str, str] = {
    "osm:way/35174434": "Parco Ermanno Olmi",  # was Parco Malpensata
    "iccu:IT-BG0280": "Biblioteca Gian Pietro Galizzi",  # so named in 2022, was Loreto
    "spazio:circolino-citta-alta": "Cooperativa Città Alta (Circolino)",
}

# Addresses that can't be right, so that no position is made of them.
UNSURE_ADDRESSES: dict[str, str] = {
    "Via Pescara": "no such street; a Via Carlo Pescaria is only spelt alike",
    "Via G. Brembilla 468": "no such number in a short street of another postal district",
}

# Names in the press that stand for a quartiere's parish.
PARISHES: dict[str, str] = {
    "Valverde": "parrocchia:s-maria-assunta",
    "Campagnola": "parrocchia:s-giovanni-battista",
    "Boccaleone": "parrocchia:santi-pietro-e-paolo-apostoli",
    "Celadina (San Pio X)": "parrocchia:s-pio-x",
    "Longuelo": "parrocchia:beata-vergine-immacolata",
    "Grumello del Piano": "parrocchia:s-maria-immacolata-e-s-vittore-martire",
}

# Who holds an agreement, where the fact is in a source's address or text only.
HOLDERS: dict[str, str] = {
    "spazio:parco-della-crotta": "Associazione Maite",
    "spazio:parco-ermanno-olmi": "Cooperativa Don Giuseppe Ferrari",
    "spazio:benpensata": "Cooperativa Don Giuseppe Ferrari",
}

# Coordinates that are wrong though they pass every check: (address, why).
WRONG_COORDINATES: dict[str, str] = {
    "VIA GIAN BATTISTA MORONI 255": "put at the street's first numbers, in another postal district",
}
