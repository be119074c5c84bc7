"""Whether the app is well, for whoever watches over it."""

from flask import Blueprint, Response, jsonify

from web.server.reload import report
from web.site.app_state import dataset

blueprint = Blueprint("health", __name__)


@blueprint.get("/salute")
def health() -> Response:
    """Return the status, the dataset's version, and how many of each thing it holds, as JSON."""
    data = dataset()
    response = jsonify(
        status="ok",
        dataset={"city": data.city.slug, "version": data.version},
        data=report(),
        counts={
            "quartieri": len(data.quartieri),
            "places": len(data.places),
            "networks": len(data.networks),
            "memberships": len(data.memberships),
            "streets": int(data.streets["street"].nunique()),
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response
