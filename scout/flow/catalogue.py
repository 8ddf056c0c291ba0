"""The measures and controls there are, found by walking their packages."""

from collections.abc import Callable, Iterable
from typing import cast

from scout.flow._base import Measure
from scout.flow._control import Control
from scout.registry import plugins


def measures() -> tuple[Measure, ...]:
    """Return one of each measure, in the order in which they are shown; entry points `scout.measures` add others'.

    Raises:
        SettingsError: two measures have the same id.
    """
    found = cast("Iterable[Callable[[], Measure]]", plugins(Measure, "scout.flow.measures", "scout.measures").values())
    return tuple(sorted((made() for made in found), key=lambda one: (one.order, one.id)))


def controls() -> tuple[Control, ...]:
    """Return one of each control, by id; entry points `scout.controls` add others'.

    Raises:
        SettingsError: two controls have the same id.
    """
    found = cast("Iterable[Callable[[], Control]]", plugins(Control, "scout.flow.controls", "scout.controls").values())
    return tuple(made() for made in found)
