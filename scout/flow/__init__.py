"""Where work waits, returns and repeats: measures of a project's flow, and of the controls over it.

A map, not a scorecard: nothing here knows who did what. Everything is a pure function of a `FlowLog`.
"""

from scout.flow._base import Measure
from scout.flow.figures import GroupFigure, MeasureFigure
from scout.flow.log import FlowLog, WorkingDays
from scout.flow.reading import ENOUGH, Reading

__all__ = ["ENOUGH", "FlowLog", "GroupFigure", "Measure", "MeasureFigure", "Reading", "WorkingDays"]
