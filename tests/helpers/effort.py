"""How much tests try: little in `make test`, much in `make test-long`."""

import os
from typing import TypeVar

T = TypeVar("T")

# Set by `make test-long`.
LONG = os.environ.get("LONG_TESTS") == "1"


def short_or_long(short: T, long: T) -> T:
    """Return what a test that is marked `long` takes in `make test`, or in `make test-long`."""
    return long if LONG else short
