"""What Dagster remembers: the facts of a project's newest materialization of an asset."""

from collections.abc import Mapping
from typing import Any

import dagster as dg


def newest(instance: dg.DagsterInstance, asset: dg.AssetKey, project: str) -> Mapping[str, Any] | None:
    """Return the metadata of the project's newest materialization as plain values; None when there is none."""
    wanted = dg.AssetRecordsFilter(asset_key=asset, asset_partitions=[project])
    records = instance.fetch_materializations(wanted, limit=1).records
    found = records[0].asset_materialization if records else None
    return None if found is None else {name: entry.value for name, entry in found.metadata.items()}


def previous(context: dg.AssetExecutionContext) -> Mapping[str, Any]:
    """Return the facts that the asset's last run for this project left; empty for the first run."""
    return newest(context.instance, context.asset_key, context.partition_key) or {}
