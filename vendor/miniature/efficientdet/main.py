"""Trains the detector, evaluates it, or both."""

import multiprocessing
import os

import tensorflow.compat.v1 as tf
from absl import app
from absl import flags
from absl import logging

import dataloader
import det_model_fn
import efficientdet_arch
import hparams_config
from horovod_estimator import HorovodEstimator, hvd_try_init, hvd_info_rank0, hvd

flags.DEFINE_string('mode', 'train', 'What to do: train, eval or train_and_eval')
flags.DEFINE_string('model_name', 'efficientdet-d1',
                    'Model: efficientdet-d0 or efficientdet-d1')
flags.DEFINE_string('model_dir', None, 'Location of model_dir')
flags.DEFINE_string('hparams', '',
                    'Hyper-parameters to override: name=value,...')
flags.DEFINE_bool('use_tpu', True, 'Use TPUs rather than CPUs/GPUs')
flags.DEFINE_integer('num_cores', 8, 'Workers to train on')
flags.DEFINE_bool('use_xla', False, 'Compile the graph with XLA')
flags.DEFINE_bool('use_amp', False, 'Compute in mixed precision')

flags.DEFINE_string('training_file_pattern', None, 'Glob of training TFRecords')
flags.DEFINE_bool('use_fake_data', False, 'Train on the first batch alone')
flags.DEFINE_integer('train_batch_size', 64, 'Images per batch and worker')
flags.DEFINE_integer('num_examples_per_epoch', 120000, 'Images per epoch')
flags.DEFINE_integer('num_epochs', 15, 'Epochs to train for')
flags.DEFINE_bool('eval_after_training', False, 'Evaluate the trained model')

# Evaluation
flags.DEFINE_string('validation_file_pattern', None,
                    'Glob of evaluation TFRecords')
flags.DEFINE_string('val_json_file', None,
                    'Not read: the TFRecords hold the boxes as well')
flags.DEFINE_integer('eval_batch_size', 1, 'Images per batch of evaluation')
flags.DEFINE_integer('eval_samples', 5000, 'Images to evaluate on')

FLAGS = flags.FLAGS


def set_env(use_amp):
    """Sets what TensorFlow reads from the environment."""
    os.environ['TF_GPU_THREAD_MODE'] = 'gpu_private'
    os.environ['TF_GPU_THREAD_COUNT'] = '1' if hvd is None else str(hvd.size())
    if use_amp:
        os.environ['TF_ENABLE_AUTO_MIXED_PRECISION'] = '1'


def get_session_config(use_xla):
    """Returns a configuration that leaves the other workers their share."""
    config = tf.ConfigProto(allow_soft_placement=True)
    if hvd is not None:
        config.gpu_options.visible_device_list = str(hvd.local_rank())
    if use_xla:
        config.graph_options.optimizer_options.global_jit_level = (
            tf.OptimizerOptions.ON_1)
    config.intra_op_parallelism_threads = 1
    if hvd is not None:
        config.inter_op_parallelism_threads = max(
            2, multiprocessing.cpu_count() // hvd.local_size())
    else:
        config.inter_op_parallelism_threads = 4
    return config


def evaluate(model_fn, config, params):
  """Logs the metrics of the newest checkpoint."""
  estimator = HorovodEstimator(
      model_fn, FLAGS.model_dir, config,
      params=dict(params, batch_size=FLAGS.eval_batch_size))
  results = estimator.evaluate(
      dataloader.InputReader(FLAGS.validation_file_pattern, is_training=False),
      steps=FLAGS.eval_samples // FLAGS.eval_batch_size)
  hvd_info_rank0('evaluation: {}'.format(results))


def main(argv):
  del argv
  evaluates = FLAGS.mode in ('eval', 'train_and_eval')
  if FLAGS.mode != 'eval' and not FLAGS.training_file_pattern:
    raise app.UsageError('training needs --training_file_pattern')
  if evaluates and not (FLAGS.validation_file_pattern and FLAGS.model_dir):
    raise app.UsageError(
        'evaluation needs --validation_file_pattern and --model_dir')

  hvd_try_init()
  set_env(FLAGS.use_amp)
  if FLAGS.mode == 'eval':
    num_shards = 1
  else:
    num_shards = FLAGS.num_cores
    if hvd is not None:
        num_shards = hvd.size()

  params = hparams_config.get_params(FLAGS.model_name, FLAGS.hparams)
  params['model_dir'] = FLAGS.model_dir
  hvd_info_rank0('{}, {} shards: {}'.format(FLAGS.mode, num_shards, params))
  use_xla = FLAGS.use_xla and not FLAGS.use_tpu  # TPUs compile in any case.
  run_config = tf.estimator.RunConfig(
      session_config=get_session_config(use_xla), save_checkpoints_steps=600)
  model_fn_instance = det_model_fn.get_model_fn(efficientdet_arch.efficientdet)

  if FLAGS.mode == 'train':
    # train_estimator = tf.estimator.tpu.TPUEstimator(
    #     model_fn=model_fn_instance,
    #     use_tpu=FLAGS.use_tpu,
    #     train_batch_size=FLAGS.train_batch_size,
    #     config=run_config,
    #     params=params)
    params['batch_size'] = FLAGS.train_batch_size
    train_estimator = HorovodEstimator(
        model_fn_instance, FLAGS.model_dir, run_config, params)
    num_examples = FLAGS.num_epochs * FLAGS.num_examples_per_epoch
    max_steps = int(num_examples / (FLAGS.train_batch_size * num_shards)) + 1
    train_estimator.train(
        dataloader.InputReader(FLAGS.training_file_pattern, is_training=True,
                               use_fake_data=FLAGS.use_fake_data),
        max_steps=max_steps)

    # if FLAGS.eval_after_training:
    #   # Run evaluation after training finishes.
    #   eval_params = dict(
    #       params,
    #       use_tpu=False,
    #       input_rand_hflip=False,
    #       is_training_bn=False,
    #       use_bfloat16=False,
    #   )
    #   eval_estimator = tf.estimator.tpu.TPUEstimator(
    #       model_fn=model_fn_instance,
    #       use_tpu=False,
    #       train_batch_size=FLAGS.train_batch_size,
    #       eval_batch_size=FLAGS.eval_batch_size,
    #       config=run_config,
    #       params=eval_params)
    #   eval_results = eval_estimator.evaluate(
    #       input_fn=dataloader.InputReader(FLAGS.validation_file_pattern,
    #                                       is_training=False),
    #       steps=FLAGS.eval_samples//FLAGS.eval_batch_size)
    #   logging.info('Eval results: %s', eval_results)
    #   ckpt = tf.train.latest_checkpoint(FLAGS.model_dir)
    #   utils.archive_ckpt(eval_results, eval_results['AP'], ckpt)

  elif FLAGS.mode == 'eval':
    evaluate(model_fn_instance, run_config, params)

  elif FLAGS.mode == 'train_and_eval':
    for cycle in range(FLAGS.num_epochs):
      train_estimator = tf.estimator.tpu.TPUEstimator(
          model_fn=model_fn_instance, config=run_config, params=params,
          train_batch_size=FLAGS.train_batch_size, use_tpu=FLAGS.use_tpu)
      train_estimator.train(
          input_fn=dataloader.InputReader(
              FLAGS.training_file_pattern, is_training=True,
              use_fake_data=FLAGS.use_fake_data),
          steps=int(FLAGS.num_examples_per_epoch / FLAGS.train_batch_size))
      logging.info('Starting evaluation cycle, epoch: %d.', cycle)
      evaluate(model_fn_instance, run_config, params)

  else:
    raise app.UsageError('--mode is train, eval or train_and_eval')


if __name__ == '__main__':
  tf.disable_v2_behavior()
  tf.logging.set_verbosity(tf.logging.INFO)
  tf.get_logger().propagate = False
  app.run(main)
