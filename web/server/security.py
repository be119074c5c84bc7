"""The headers that restrict what a browser lets a page do, and who may frame or read it."""

from flask import Flask, Response

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def _policy(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


HEADERS = {
    "Content-Security-Policy": _policy(_POLICY),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# For a page that may ask for the device's position and carries one in its address:
# where its links lead nobody learns it.
POSITION_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}


# For the maps that other people's pages may show: all the rest stays as strict.
EMBED_HEADERS = {"Content-Security-Policy": _policy(_POLICY | {"frame-ancestors": "*"})}


# For a site that people reach by https: their browsers then never ask without it (a year).
HSTS = {"Strict-Transport-Security": "max-age=31536000"}
# For what other people's pages may read: open data, the same for everyone.
OPEN_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def init_app(app: Flask) -> None:
    """Send the headers with every response."""
    headers = HEADERS | (HSTS if app.config["PUBLIC_URL"].startswith("https:") else {})

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response
