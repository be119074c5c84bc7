"""How good the data are, and what there is to do about it: a page and a list to take along."""

from datetime import date

import pandas as pd
from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from geo.analysis import quality
from geo.model.cache import memoized
from geo.model.dataset import Dataset
from geo.model.queries import records
from web.downloads.formats import TABLE, about_file, table_file
from web.site import labels, parameters
from web.site.app_state import dataset, today
from web.site.i18n import url
from web.site.kind_labels import kind_name, kind_words

blueprint = Blueprint("quality", __name__, url_prefix="/qualita")

# In the address, what no quartiere is known for.
NOWHERE = "nessuno"


@blueprint.get("/")
def page() -> str:
    """The problems of the data by quartiere, the sources by age, the work list of a quartiere."""
    data, day = dataset(), today()
    slug = _quartiere()
    work = _work(data, day)
    chosen = _in_quartiere(work, slug)
    return render_template(
        "pages/quality.html",
        slug=slug,
        nowhere=NOWHERE,
        counts=_counts(data, work),
        totals=work["problem"].value_counts(),
        rows=records(chosen) if slug else [],
        total=len(work),
        sources=quality.sources_by_age(data, day),
        quartieri=data.quartieri,
        row_url=_row_url,
        **kind_words(),
    )


@blueprint.get(f"/lavori.<{TABLE}:extension>")
def work_file(extension: str) -> Response:
    """The work list, of one quartiere or of all, to take to a meeting."""
    data, day = dataset(), today()
    slug = _quartiere()
    work = _in_quartiere(_work(data, day), slug)
    kinds = work["kind"].map(lambda kind: kind and kind_name(kind))
    table = pd.DataFrame(
        {
            _("Quartiere"): work["quartiere"].map(data.quartieri["name"]),
            _("Che cosa non va"): work["problem"].map(lambda name: str(labels.PROBLEM[name])),
            _("Nome"): work["name"],
            _("Tipo di luogo"): kinds,
            _("Indirizzo"): work["address"],
            _("Dettaglio"): work["detail"],
            _("codice"): work["id"],
            _("Fatto"): "",
        }
    )
    about = about_file(_("Lavori sui dati"), _("Confronti fra le fonti e controlli sui dati."))
    return table_file(table, about, extension, _("lavori sui dati"), slug or "")


def _quartiere() -> str | None:
    return NOWHERE if parameters.value("quartiere") == NOWHERE else parameters.quartiere()


def _in_quartiere(work: pd.DataFrame, slug: str | None) -> pd.DataFrame:
    if slug is None:
        return work
    where = work["quartiere"]
    return work[where.isna() if slug == NOWHERE else where == slug]


@memoized(8)
def _work(data: Dataset, day: date) -> pd.DataFrame:
    return quality.work_list(data, day)


def _counts(data: Dataset, work: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return how many problems of each sort each quartiere has, and what lies in none."""
    where = work["quartiere"].fillna(NOWHERE)
    table = pd.crosstab(where, work["problem"]).reindex(
        index=[*data.quartieri.index, NOWHERE], columns=list(quality.PROBLEMS), fill_value=0
    )
    return {str(slug): row for slug, row in records(table)}


def _row_url(problem: str, ident: str) -> str:
    """Return the page of what a row of the work list is about."""
    if problem == "no_members":
        return url("networks.network", slug=ident)
    if problem == "no_network":
        return url("quartieri.quartiere", slug=ident)
    return url("places.place", ident=ident)
