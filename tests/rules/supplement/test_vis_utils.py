from tests.rule_check import RuleCheck

heights = RuleCheck("supplement/vis_utils-1")
each = RuleCheck("supplement/vis_utils-2")


def test_measures_the_heights_of_labels() -> None:
    heights.changes(
        """\
        def draw_bounding_box_on_image(image, display_str_list=()):
          # of each line
          display_str_heights = [font.getsize(ds)[1] for ds in display_str_list]
        """,
        """\
        def draw_bounding_box_on_image(image, display_str_list=()):
          # of each line
          display_str_heights = [font.getbbox(ds)[3] for ds in display_str_list]
        """,
    )


def test_leaves_widths_alone() -> None:
    heights.ignores(
        """\
        def draw_bounding_box_on_image(image, display_str_list=()):
          widths = [font.getsize(ds)[0] for ds in display_str_list]
        """
    )


def test_measures_each_label() -> None:
    each.changes(
        """\
        def draw_bounding_box_on_image(image, display_str_list=()):
          for display_str in display_str_list[::-1]:
            # in pixels
            text_width, text_height = font.getsize(display_str)
        """,
        """\
        def draw_bounding_box_on_image(image, display_str_list=()):
          for display_str in display_str_list[::-1]:
            # in pixels
            text_width, text_height = font.getbbox(display_str)[2:]
        """,
    )


def test_leaves_other_texts_alone() -> None:
    each.ignores(
        """\
        def draw_bounding_box_on_image(image, title):
          title_width, title_height = font.getsize(title)
        """
    )
