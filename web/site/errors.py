"""Error pages: what went wrong and what to do, in words for people."""

from typing import NamedTuple

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotImplemented as NotOffered

from geo.base.optional import MissingExtraError


class Words(NamedTuple):
    """The title and the text of an error page."""

    title: str
    text: str


def _words(code: int) -> Words:
    known = {
        400: Words(
            _("Richiesta non comprensibile"),
            _("Qualcosa nell’indirizzo non va. Riprova dalla pagina iniziale."),
        ),
        404: Words(
            _("Pagina non trovata"),
            _("L’indirizzo non esiste, o non esiste più. Prova dalla mappa o dall’elenco."),
        ),
        405: Words(_("Operazione non permessa"), _("Questa pagina si può solo leggere.")),
        501: Words(
            _("Qui non è offerto"),
            _("Questo sito è installato senza ciò che serve per rispondere."),
        ),
        429: Words(
            _("Troppe richieste"),
            _("Dalla tua rete arrivano troppe richieste in poco tempo. Riprova fra un minuto."),
        ),
    }
    broken = Words(
        _("Qualcosa si è rotto da noi"),
        _("L’errore è stato annotato. Riprova fra poco."),
    )
    refused = Words(_("Richiesta rifiutata"), _("Il server non può rispondere a questa richiesta."))
    return known.get(code, broken if code >= 500 else refused)


def _wants_json() -> bool:
    """Return whether the answer must be JSON: by the address, or by the Accept header."""
    offered = ["text/html", "application/json"]
    preferred = request.accept_mimetypes.best_match(offered)
    return request.path.endswith(".json") or preferred == "application/json"


def init_app(app: Flask) -> None:
    """Show every HTTP error as a page of ours (or JSON), in the language of its address."""

    @app.errorhandler(HTTPException)
    def error_page(error: HTTPException) -> Response:
        code = error.code or 500
        # Werkzeug's own descriptions are in English: only ours are shown.
        description = None if error.description == type(error).description else error.description
        words = _words(code)
        if _wants_json():
            response = jsonify(
                error={"code": code, "title": words.title, "text": description or words.text}
            )
        else:
            response = Response(
                render_template("error.html", code=code, words=words, description=description)
            )
        response.status_code = code
        # The error's own headers stay, such as Allow.
        response.headers.extend(
            (name, value) for name, value in error.get_headers() if name != "Content-Type"
        )
        return response

    @app.errorhandler(MissingExtraError)
    def missing_extra(error: MissingExtraError) -> Response:
        what = _(
            "Manca l’extra «%(name)s»: chi gestisce il sito può installarlo.", name=error.extra
        )
        return error_page(NotOffered(what))
