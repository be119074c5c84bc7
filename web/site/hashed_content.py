"""A response's body whose address may carry a hash of it, and then be cached forever."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from flask import Response, request

FOREVER = "public, max-age=31536000, immutable"
CHECK_EACH_TIME = "public, no-cache"
# For what only its reader's browser may cache: their position, the text that they typed.
OWN_CHECK_EACH_TIME = "private, no-cache"
NEVER_STORE = "private, no-store"


@dataclass(frozen=True)
class Rendered:
    """A response's body and its media type."""

    body: bytes
    mimetype: str

    @cached_property
    def digest(self) -> str:
        """The hash of the body, for `?v=` in its address."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    def response(self) -> Response:
        """Return a response; it may be cached forever if the address has this body's hash."""
        response = Response(self.body, mimetype=self.mimetype)
        hashed = request.args.get("v") == self.digest
        response.headers["Cache-Control"] = FOREVER if hashed else CHECK_EACH_TIME
        return response
