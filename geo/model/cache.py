"""Answers that are made once for each dataset, and go when it goes."""

from collections.abc import Callable
from functools import lru_cache, partial, update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

from geo.model.dataset import Dataset

P = ParamSpec("P")
T = TypeVar("T")


def kept(
    most: int | None = None,
) -> Callable[[Callable[Concatenate[Dataset, P], T]], Callable[Concatenate[Dataset, P], T]]:
    """Make a function of a dataset answer each question once for each dataset.

    `most`: how many answers are kept for each dataset (the latest asked for), None for
    all. They are kept by the dataset itself: nothing of an old one stays when a new one
    has taken its place.
    """

    def decorate(
        function: Callable[Concatenate[Dataset, P], T],
    ) -> Callable[Concatenate[Dataset, P], T]:
        def ask(dataset: Dataset, /, *args: P.args, **kwargs: P.kwargs) -> T:
            answers = dataset.kept.get(function)
            if answers is None:
                own = lru_cache(most)(partial(function, dataset))
                # Of two threads that come at once, one sets it.
                answers = dataset.kept.setdefault(function, own)
            return answers(*args, **kwargs)  # type: ignore[no-any-return]

        update_wrapper(ask, function)
        return ask

    return decorate
