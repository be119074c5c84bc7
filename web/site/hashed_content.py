"""Bytes that say what they are: their address may carry a hash of them and be kept forever."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from flask import Response, request

FOREVER = "public, max-age=31536000, immutable"
CHECK_EACH_TIME = "public, no-cache"
# For what only its reader's browser may keep: their place, their words.
OWN_CHECK_EACH_TIME = "private, no-cache"


@dataclass(frozen=True)
class Rendered:
    """A response's body, named by a hash of its content."""

    body: bytes
    mimetype: str

    @cached_property
    def digest(self) -> str:
        """The name of this content, for `?v=` in its address."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    def response(self) -> Response:
        """Return the body; an address that names this content (`?v=`) may be kept forever."""
        response = Response(self.body, mimetype=self.mimetype)
        named = request.args.get("v") == self.digest
        response.headers["Cache-Control"] = FOREVER if named else CHECK_EACH_TIME
        return response
