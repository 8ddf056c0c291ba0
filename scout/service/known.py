"""What the warehouse already has of a source, for the pulls."""

from collections.abc import Iterable, Sequence

from scout.sources import Wanted
from scout.warehouse.store import NoWarehouseError, Warehouse
from scout.warehouse.tables import records


class KnownRecords:
    """Answers a source's questions about its own records; each opens the warehouse briefly."""

    def __init__(self, warehouse: Warehouse, project: str, source: str) -> None:
        self._warehouse = warehouse
        self._project = project
        self._source = source

    def absent(self, stream: str, present: Iterable[str]) -> Sequence[str]:
        """Return the keys of a stream that the warehouse has and `present` has not.

        Raises:
            StoreError: the warehouse cannot be read.
        """
        try:
            with self._warehouse.reading() as connection:
                return records.absent(connection, self._project, self._source, stream, present)
        except NoWarehouseError:
            return ()

    def wanting(self, detail: str, limit: int) -> Sequence[Wanted]:
        """Return records that name `detail` in `details` and have none as new as themselves, newest first.

        Raises:
            StoreError: the warehouse cannot be read.
        """
        try:
            with self._warehouse.reading() as connection:
                found = records.wanting(connection, self._project, self._source, detail, limit)
        except NoWarehouseError:
            return ()
        return [Wanted(key, changed_at) for key, changed_at in found]
