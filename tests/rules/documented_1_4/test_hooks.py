from tests.rule_check import RuleCheck

mpl = RuleCheck("documented_1_4/hooks-1")


def test_does_not_import_matplotlib_under_a_second_name() -> None:
    mpl.changes(
        """\
        import cv2  # pictures
        import matplotlib as mpl
        import matplotlib.pyplot as plt
        """,
        """\
        import cv2  # pictures
        import matplotlib.pyplot as plt
        """,
    )


def test_leaves_its_plots_alone() -> None:
    mpl.ignores("import matplotlib.pyplot as mpl\n")
