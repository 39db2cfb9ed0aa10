"""The values that everything else reads, none of LibCST: rules, packs, what a plan found."""

from patcher.model.packs import CheckSpec, Pack, Pin, Runtime
from patcher.model.plans import FilePlan, Nearest, Outcome, Plan, Site, State
from patcher.model.rules import Edit, Need, Rule, Section

__all__ = [
    "CheckSpec",
    "Edit",
    "FilePlan",
    "Nearest",
    "Need",
    "Outcome",
    "Pack",
    "Pin",
    "Plan",
    "Rule",
    "Runtime",
    "Section",
    "Site",
    "State",
]
