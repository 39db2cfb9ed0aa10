from tests.rule_check import RuleCheck

log = RuleCheck("supplement/det_model_fn-1")
summaries = RuleCheck("supplement/det_model_fn-2")


def test_logs_while_training_only() -> None:
    log.changes(
        """\
        def _model_fn(features, labels, mode, params, model):
          if is_rank0():
            show_model()
          if is_rank0():  # one log
            logging_hook = LoggingTensorHook(dict(utils.summaries))
            training_hooks.append(logging_hook)
        """,
        """\
        def _model_fn(features, labels, mode, params, model):
          if is_rank0():
            show_model()
          if is_rank0() and mode == tf.estimator.ModeKeys.TRAIN:  # one log
            logging_hook = LoggingTensorHook(dict(utils.summaries))
            training_hooks.append(logging_hook)
        """,
    )


def test_fits_what_the_document_leaves() -> None:
    log.changes(
        """\
        def _model_fn(features, labels, mode, params, model):
          if is_rank0():
            # every so often
            training_hooks.extend([
              LoggingTensorHook(dict(utils.summaries), every_n_iter=params['every_n_iter'])
            ])
        """,
        """\
        def _model_fn(features, labels, mode, params, model):
          if is_rank0() and mode == tf.estimator.ModeKeys.TRAIN:
            # every so often
            training_hooks.extend([
              LoggingTensorHook(dict(utils.summaries), every_n_iter=params['every_n_iter'])
            ])
        """,
    )


def test_leaves_the_first_worker_its_checkpoint() -> None:
    log.ignores(
        """\
        def _model_fn(features, labels, mode, params, model):
          if is_rank0():
            checkpoint = params.get('ckpt') or params.get('backbone_ckpt')
        """
    )


def test_evaluates_without_the_summaries_of_training() -> None:
    summaries.changes(
        """\
        def _model_fn(features, labels, mode, params, model):
          return tf.estimator.tpu.TPUEstimatorSpec(
            mode=mode,
            # to a TPU's host
            host_call=utils.get_tpu_host_call(global_step, params),
            scaffold_fn=scaffold_fn)
        """,
        """\
        def _model_fn(features, labels, mode, params, model):
          return tf.estimator.tpu.TPUEstimatorSpec(
            mode=mode,
            # to a TPU's host
            host_call=None,
            scaffold_fn=scaffold_fn)
        """,
    )


def test_leaves_another_specification_alone() -> None:
    summaries.ignores(
        """\
        def _model_fn(features, labels, mode, params, model):
          return tf.estimator.EstimatorSpec(
            mode=mode, host_call=utils.get_tpu_host_call(global_step, params))
        """
    )
