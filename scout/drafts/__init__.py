"""Drafts: from what scouts found to issues that deserve a yes."""

from scout.drafts.brief import Brief, Excerpt, Past, brief
from scout.drafts.cluster import Cluster, clusters
from scout.drafts.dedupe import Admitted, Choice, Cut, admit, choose
from scout.drafts.offline import Drafted, draft
from scout.drafts.permalinks import Permalinks, permalinks

__all__ = [
    "Admitted",
    "Brief",
    "Choice",
    "Cluster",
    "Cut",
    "Drafted",
    "Excerpt",
    "Past",
    "Permalinks",
    "admit",
    "brief",
    "choose",
    "clusters",
    "draft",
    "permalinks",
]
