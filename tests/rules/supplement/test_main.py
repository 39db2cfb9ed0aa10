from tests.rule_check import RuleCheck

start = RuleCheck("supplement/main-1")
resources = RuleCheck("supplement/main-2")
handler = RuleCheck("supplement/main-3")
evaluation = RuleCheck("supplement/main-4")
estimator = RuleCheck("supplement/main-5")
steps = RuleCheck("supplement/main-6")
cycle = RuleCheck("supplement/main-7")


def test_starts_horovod_where_several_workers_were_launched() -> None:
    start.changes(
        """\
        def main(argv):
          # before anything asks
          hvd_try_init()
          set_env()
        """,
        """\
        def main(argv):
          # before anything asks
          if any(int(os.environ.get(name) or 1) > 1 for name in (
              'HOROVOD_SIZE', 'OMPI_COMM_WORLD_SIZE', 'MV2_COMM_WORLD_SIZE', 'PMI_SIZE',
              'SLURM_STEP_NUM_TASKS')):
            from TensorFlow.common.horovod_helpers import hvd_init
            hvd_init()
          hvd_try_init()
          set_env()
        """,
    )


def test_leaves_other_functions_alone() -> None:
    start.ignores(
        """\
        def evaluate(argv):
          hvd_try_init()
        """
    )


def test_handles_the_signal_before_training() -> None:
    handler.changes(
        """\
        def main(argv):
          if FLAGS.mode == 'train':
            params['batch_size'] = FLAGS.train_batch_size  # of a worker
            estimator.train(input_fn)
        """,
        """\
        def main(argv):
          if FLAGS.mode == 'train':
            import signal
            def end_training(*_):
              signal.signal(signal.SIGTERM, signal.SIG_IGN)
              raise tf.errors.OutOfRangeError(None, None, 'asked to end')
            signal.signal(
                signal.SIGTERM, end_training if det_model_fn.is_rank0() else signal.SIG_IGN)
            params['batch_size'] = FLAGS.train_batch_size  # of a worker
            estimator.train(input_fn)
        """,
    )


def test_leaves_the_batch_of_evaluation_alone() -> None:
    handler.ignores(
        """\
        def main(argv):
          params['batch_size'] = FLAGS.eval_batch_size
        """
    )


def test_keeps_the_weights_in_resource_variables() -> None:
    resources.changes(
        """\
        if __name__ == '__main__':
          tf.disable_v2_behavior()  # as in 2020
          # Nothing is logged before.
          tf.app.run(main)
        """,
        """\
        if __name__ == '__main__':
          tf.disable_v2_behavior()  # as in 2020
          tf.enable_resource_variables()
          # Nothing is logged before.
          tf.app.run(main)
        """,
    )


def test_finds_the_switch_outside_the_block() -> None:
    resources.changes(
        "tf.disable_v2_behavior()\ntf.app.run(main)\n",
        "tf.disable_v2_behavior()\ntf.enable_resource_variables()\ntf.app.run(main)\n",
    )


def test_leaves_a_program_that_keeps_the_new_behaviour_alone() -> None:
    resources.ignores(
        """\
        if __name__ == '__main__':
          tf.disable_eager_execution()
          tf.app.run(main)
        """
    )


def test_leaves_a_switch_in_a_function_alone() -> None:
    resources.ignores(
        """\
        def legacy():
          tf.disable_v2_behavior()
        """
    )


def test_evaluates_on_the_first_worker_alone() -> None:
    evaluation.changes(
        """\
        def main(argv):
          hvd_try_init()
          set_env(use_amp=FLAGS.use_amp)  # for all

          # what to do
          run(FLAGS.mode)
        """,
        """\
        def main(argv):
          hvd_try_init()
          set_env(use_amp=FLAGS.use_amp)  # for all
          if FLAGS.mode == 'eval' and not det_model_fn.is_rank0(): return

          # what to do
          run(FLAGS.mode)
        """,
    )


def test_leaves_another_function_alone() -> None:
    evaluation.ignores(
        """\
        def measure():
          set_env(use_amp=True)
        """
    )


def test_trains_with_horovod() -> None:
    estimator.changes(
        """\
        def main(argv):
          for cycle in range(FLAGS.num_epochs):
            # first the weights
            train_estimator = tf.estimator.tpu.TPUEstimator(
                model_fn=model_fn_instance, params=params, config=run_config,
                use_tpu=FLAGS.use_tpu, train_batch_size=FLAGS.train_batch_size)
        """,
        """\
        def main(argv):
          for cycle in range(FLAGS.num_epochs):
            # first the weights
            run_config = tf.estimator.tpu.RunConfig(
                model_dir=FLAGS.model_dir,
                session_config=run_config.session_config,
                save_checkpoints_steps=run_config.save_checkpoints_steps)
            train_estimator = HorovodEstimator(
                model_fn=model_fn_instance,
                model_dir=FLAGS.model_dir,
                config=run_config,
                params=dict(
                    params,
                    batch_size=FLAGS.train_batch_size,
                    every_n_iter=getattr(FLAGS, 'log_every_n_steps', 100)))
        """,
    )


def test_leaves_the_estimator_that_evaluates_alone() -> None:
    estimator.ignores(
        """\
        def main(argv):
          eval_estimator = tf.estimator.tpu.TPUEstimator(
              model_fn=model_fn_instance,
              use_tpu=False,
              eval_batch_size=FLAGS.eval_batch_size,
              config=run_config,
              params=eval_params)
        """
    )


def test_trains_each_epoch_to_its_last_step() -> None:
    steps.changes(
        """\
        def main(argv):
          for cycle in range(FLAGS.num_epochs):
            train_estimator.train(
                input_fn=dataloader.InputReader(FLAGS.training_file_pattern,
                                                is_training=True,
                                                use_fake_data=FLAGS.use_fake_data),
                steps=int(FLAGS.num_examples_per_epoch / FLAGS.train_batch_size))
            # and then
            logging.info('done')
        """,
        """\
        def main(argv):
          for cycle in range(FLAGS.num_epochs):
            train_estimator.train(
                input_fn=dataloader.InputReader(FLAGS.training_file_pattern,
                                                is_training=True,
                                                use_fake_data=FLAGS.use_fake_data),
                max_steps=(cycle + 1) * int(
                    FLAGS.num_examples_per_epoch / (FLAGS.train_batch_size * num_shards)))
            # and then
            logging.info('done')
        """,
    )


def test_trains_on_other_data_to_the_last_step() -> None:
    steps.changes(
        """\
        def main(argv):
          for cycle in range(FLAGS.num_epochs):
            train_estimator.train(
                input_fn=dataloader.Reader(FLAGS.pattern, is_training=False),
                steps=int(FLAGS.num_examples_per_epoch / FLAGS.train_batch_size))
        """,
        """\
        def main(argv):
          for cycle in range(FLAGS.num_epochs):
            train_estimator.train(
                input_fn=dataloader.Reader(FLAGS.pattern, is_training=False),
                max_steps=(cycle + 1) * int(
                    FLAGS.num_examples_per_epoch / (FLAGS.train_batch_size * num_shards)))
        """,
    )


def test_leaves_the_mode_train_alone() -> None:
    steps.ignores(
        """\
        def main(argv):
          train_estimator.train(input_fn=input_fn, max_steps=max_steps)
        """
    )


def test_evaluates_each_epoch_on_the_first_worker_alone() -> None:
    cycle.changes(
        """\
        def main(argv):
          for cycle in range(FLAGS.num_epochs):
            logging.info('Starting evaluation cycle, epoch: %d.', cycle)  # now
            # all pictures
            evaluate()
        """,
        """\
        def main(argv):
          for cycle in range(FLAGS.num_epochs):
            logging.info('Starting evaluation cycle, epoch: %d.', cycle)  # now
            if not det_model_fn.is_rank0(): continue
            # all pictures
            evaluate()
        """,
    )


def test_leaves_the_cycle_of_training_alone() -> None:
    cycle.ignores(
        """\
        def main(argv):
          for cycle in range(FLAGS.num_epochs):
            logging.info('Starting training cycle, epoch: %d.', cycle)
        """
    )
