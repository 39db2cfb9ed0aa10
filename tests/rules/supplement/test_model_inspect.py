from tests.rule_check import RuleCheck

classes = RuleCheck("supplement/model_inspect-1")
export = RuleCheck("supplement/model_inspect-2")


def test_takes_91_classes_by_default() -> None:
    classes.changes(
        """\
        # as in training
        flags.DEFINE_integer('num_classes', 90, 'Classes of the model.')  # of COCO
        """,
        """\
        # as in training
        flags.DEFINE_integer('num_classes', 91, 'Classes of the model.')  # of COCO
        """,
    )


def test_leaves_other_numbers_alone() -> None:
    classes.ignores("flags.DEFINE_integer('max_boxes', 90, 'Boxes to draw.')\n")


def test_exports_as_many_classes_as_the_flag_says() -> None:
    export.changes(
        """\
        class ModelInspector(object):
          def export_saved_model(self, **kwargs):
            # to serve it
            driver = inference.ServingDriver(self.model_name, self.ckpt_path,
                                             self.image_size)
        """,
        """\
        class ModelInspector(object):
          def export_saved_model(self, **kwargs):
            # to serve it
            driver = inference.ServingDriver(self.model_name, self.ckpt_path,
                                             self.image_size,
                                             num_classes=self.num_classes)
        """,
    )


def test_leaves_another_driver_alone() -> None:
    export.ignores(
        """\
        class ModelInspector(object):
          def export_saved_model(self, **kwargs):
            driver = inference.InferenceDriver(self.model_name, self.ckpt_path,
                                               self.image_size)
        """
    )
