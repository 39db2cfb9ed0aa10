from patcher.model import State
from tests.rule_check import RuleCheck

load = RuleCheck("documented_1_1/main-2")


def test_loads_the_module_by_habanas_own_loader() -> None:
    load.changes(
        """\
        import os
        import utils  # ours

        # Which machine?
        flags.DEFINE_string('gcp_project', None, 'Project')
        """,
        """\
        import os
        import utils  # ours
        from habana_frameworks.tensorflow import library_loader
        library_loader.load_habana_module()

        # Which machine?
        flags.DEFINE_string('gcp_project', None, 'Project')
        """,
    )


def test_the_loader_of_the_first_document_is_another() -> None:
    """Its tree is patched by another revision."""
    outcome = load.ignores(
        """\
        import os
        from TensorFlow.common import library_loader
        library_loader.load_habana_module()
        """
    )
    assert outcome.state is State.PARTIAL
