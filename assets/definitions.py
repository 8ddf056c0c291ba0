"""What Dagster loads: `defs`. No settings are needed; the checkout of the working folder is the default project."""

import dagster as dg

from assets import checks, flow_checks, stages
from assets.automation import due_classes, due_looks, lifecycle, line, new_projects, schedules
from assets.resources import ScoutResource
from assets.telling import news, telling

defs = dg.Definitions(
    assets=dg.load_assets_from_package_module(stages),  # pyright: ignore[reportUnknownMemberType] - **kwargs, in dagster
    asset_checks=dg.load_asset_checks_from_modules([checks, flow_checks]),
    jobs=[line, lifecycle, telling],
    schedules=schedules,
    sensors=[new_projects, due_looks, due_classes, news],
    resources={"scout": ScoutResource()},
    # the stages of one project follow each other: a process for each would only cost its start
    executor=dg.in_process_executor,
)
