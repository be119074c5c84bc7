"""Results that are computed once for each dataset, and go when it goes."""

from collections.abc import Callable
from functools import lru_cache, partial, update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

from geo.model.dataset import Dataset

P = ParamSpec("P")
T = TypeVar("T")


def memoized(
    maxsize: int | None = None,
) -> Callable[[Callable[Concatenate[Dataset, P], T]], Callable[Concatenate[Dataset, P], T]]:
    """Make a function of a dataset compute each result once for each dataset.

    `maxsize`: how many results are held for each dataset (the last used ones), None for all.
    They are held by the dataset itself: nothing of an old one stays when a new one has taken
    its place. Other arguments must be hashable.
    """

    def decorate(
        function: Callable[Concatenate[Dataset, P], T],
    ) -> Callable[Concatenate[Dataset, P], T]:
        def call(dataset: Dataset, /, *args: P.args, **kwargs: P.kwargs) -> T:
            results = dataset.memo.get(function)
            if results is None:
                own = lru_cache(maxsize)(partial(function, dataset))
                # Of two threads that come at once, one sets it.
                results = dataset.memo.setdefault(function, own)
            return results(*args, **kwargs)  # type: ignore[no-any-return]

        update_wrapper(call, function)
        return call

    return decorate
