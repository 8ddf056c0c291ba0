"""Drafts: from what scouts found to issues that deserve a yes."""

from scout.drafts.background import Background, Occurrence, Touch, comparable, conventions, occurrences, related
from scout.drafts.brief import Brief, Excerpt, Past, brief
from scout.drafts.cluster import Cluster, clusters
from scout.drafts.dedupe import Admitted, Choice, Cut, admit
from scout.drafts.offline import Drafted, draft
from scout.drafts.permalinks import Permalinks, permalinks
from scout.drafts.ranking import Acceptance, Attention, acceptance, choose
from scout.drafts.similarity import noted, unlike

__all__ = [
    "Acceptance",
    "Admitted",
    "Attention",
    "Background",
    "Brief",
    "Choice",
    "Cluster",
    "Cut",
    "Drafted",
    "Excerpt",
    "Occurrence",
    "Past",
    "Permalinks",
    "Touch",
    "acceptance",
    "admit",
    "brief",
    "choose",
    "clusters",
    "comparable",
    "conventions",
    "draft",
    "noted",
    "occurrences",
    "permalinks",
    "related",
    "unlike",
]
