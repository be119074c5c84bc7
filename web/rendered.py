"""Bytes that are made once, kept compressed, and sent with a strong ETag."""

import gzip
import hashlib
from dataclasses import dataclass

import brotli
from flask import Response, request

FOREVER = "public, max-age=31536000, immutable"
CHECK_EACH_TIME = "public, no-cache"


@dataclass(frozen=True)
class Rendered:
    """A response's body in each encoding, named by a hash of its content."""

    mimetype: str
    digest: str
    encodings: dict[str, bytes]

    @classmethod
    def of(cls, body: bytes, mimetype: str) -> "Rendered":
        """Compress `body`, whose address and ETag will carry a hash of it."""
        digest = hashlib.sha256(body).hexdigest()[:16]
        encodings = {
            "br": brotli.compress(body, quality=9),
            "gzip": gzip.compress(body, 9, mtime=0),
            "identity": body,
        }
        return cls(mimetype, digest, encodings)

    def response(self) -> Response:
        """Return the body in the best encoding the client takes, or 304 if it has it.

        An address that names this content (`?v=`) may be kept forever.
        """
        accepted = request.accept_encodings.best_match(list(self.encodings), default="identity")
        response = Response(self.encodings[accepted], mimetype=self.mimetype)
        if accepted != "identity":
            response.headers["Content-Encoding"] = accepted
        response.vary.add("Accept-Encoding")
        named = request.args.get("v") == self.digest
        response.headers["Cache-Control"] = FOREVER if named else CHECK_EACH_TIME
        response.set_etag(f"{self.digest}-{accepted}")
        response.make_conditional(request)
        return response
