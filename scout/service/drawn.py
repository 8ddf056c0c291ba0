"""Pictures that were drawn already in this process: they are drawn anew when what they show is another."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from scout.charts import Picture
from scout.service import snapshot
from scout.service.pictures import pictures, stages
from scout.service.shelf import shelf
from scout.service.wiring import Project, Workspace

_MOST = 64
_DRAWN: OrderedDict[Hashable, tuple[Picture, ...]] = OrderedDict()
_LOCK = Lock()


def drawn(work: Workspace, project: Project, asked: str = "") -> tuple[Picture, ...]:
    """Return what `pictures` returns, drawn once for the same snapshot, settings, day and way of the candidates.

    Raises:
        UsageError: what is supposed cannot be read.
        StoreError: the snapshot or the ledger cannot be read.
    """
    settings = work.loaded.settings.model_dump_json()
    way = tuple(stages(shelf(work, (project.id,))))
    key = (snapshot.stamp_of(work), settings, project.id, asked, work.now.date(), way)
    with _LOCK:
        if key not in _DRAWN:
            _DRAWN[key] = pictures(work, project, asked)
        _DRAWN.move_to_end(key)
        while len(_DRAWN) > _MOST:
            _DRAWN.popitem(last=False)
        return _DRAWN[key]
