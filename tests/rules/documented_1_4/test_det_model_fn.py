from tests.rule_check import RuleCheck

take_hvd = RuleCheck("documented_1_4/det_model_fn-1")
average = RuleCheck("documented_1_4/det_model_fn-2")
broadcast = RuleCheck("documented_1_4/det_model_fn-3")


def test_takes_hvd_from_horovod_and_the_rest_from_the_package() -> None:
    take_hvd.changes(
        """\
        import utils
        # ours
        from horovod_estimator import show_model, hvd
        from horovod_estimator.utis import is_rank0
        """,
        """\
        import utils
        # ours
        from horovod_estimator import show_model
        try:
            import horovod.tensorflow as hvd
        except ImportError:
            hvd = None
        from horovod_estimator.utis import is_rank0
        """,
    )


def test_leaves_a_module_of_the_package_alone() -> None:
    take_hvd.ignores("from horovod_estimator.utis import show_model, hvd\n")


def test_averages_only_once_horovod_was_started() -> None:
    average.changes(
        """\
        def _model_fn(features, labels, mode, params):
          # Momentum first.
          if not isinstance(optimizer, hvd._DistributedOptimizer):  # not yet
              optimizer = hvd.DistributedOptimizer(optimizer)
        """,
        """\
        def _model_fn(features, labels, mode, params):
          # Momentum first.
          if hvd is not None and hvd.is_initialized():  # not yet
              optimizer = hvd.DistributedOptimizer(optimizer)
        """,
    )


def test_leaves_another_class_alone() -> None:
    average.ignores(
        """\
        def _model_fn(features, labels, mode, params):
          if not isinstance(optimizer, hvd._DistributedAdasumOptimizer):
              optimizer = hvd.DistributedOptimizer(optimizer)
        """
    )


def test_broadcasts_only_once_horovod_was_started() -> None:
    hook = "BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])"
    broadcast.changes(
        f"""\
        def _model_fn(features, labels, mode, params):
          # Alike at the start.
          init_weights_hook = {hook}
          training_hooks = [init_weights_hook]

          if is_rank0():
            pass
        """,
        f"""\
        def _model_fn(features, labels, mode, params):
          # Alike at the start.
          training_hooks = []
          if hvd is not None and hvd.is_initialized():
            init_weights_hook = {hook}
            training_hooks.append(init_weights_hook)

          if is_rank0():
            pass
        """,
    )


def test_leaves_another_root_alone() -> None:
    broadcast.ignores(
        """\
        def _model_fn(features, labels, mode, params):
          init_weights_hook = BroadcastGlobalVariablesHook(root_rank=1, model_dir=model_dir)
          training_hooks = [init_weights_hook]
        """
    )
