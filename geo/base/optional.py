"""Libraries that not every installation has: whether one is there, and one error where it isn't.

What only files to take away or the services for programs need is an extra of
pyproject.toml, and is imported where it is used:

    with extra("files"):
        import xlsxwriter
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec


class MissingExtraError(ImportError):
    """A library is missing that belongs to the extra `extra` of pyproject.toml."""

    def __init__(self, extra: str, module: str | None) -> None:
        self.extra = extra
        super().__init__(
            f"The extra {extra!r} is not installed: {module} is missing. "
            f"Install a lock file that has it, or what pyproject.toml names under {extra}",
            name=module,
        )


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Import what belongs to an extra; MissingExtraError if it isn't installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(name, error.name) from error


def has(module: str) -> bool:
    """Tell whether a library is installed, without importing it."""
    return find_spec(module) is not None
