"""A review in one of the forms that other programs take."""

from patcher.model import Plan
from patcher.operations.review import Review
from patcher.report import github, review_json, sarif
from patcher.tree.files import Tree


def printed(form: str, tree: Tree, plan: Plan, review: Review, **more: object) -> str:
    """A review as `json`, `sarif` or `github`; `more` members go into JSON alone."""
    if form == "sarif":
        return sarif.log(tree, review)
    if form == "github":
        return github.commands(tree, review)
    return review_json.as_json(tree, plan, review, **more)
