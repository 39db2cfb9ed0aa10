"""The model function: losses, optimizer and hooks around the network."""

import functools

import tensorflow.compat.v1 as tf

import efficientdet_arch
import precision
import utils
from horovod_estimator import show_model, hvd
from horovod_estimator.hooks import BroadcastGlobalVariablesHook, LoggingTensorHook
from horovod_estimator.utis import is_rank0


def _detection_losses(logits, boxes, targets):
  """Returns the class loss and the box loss, each per box of the batch.

  Args:
    logits: `[bs, cells, cells, num_classes]`.
    boxes: `[bs, cells, cells, 4]`, coded like `targets['boxes']`.
    targets: A batch of what `dataloader` assigns to the cells.
  """
  has_box = tf.reduce_max(targets['classes'], axis=-1, keepdims=True)
  num_boxes = tf.maximum(tf.reduce_sum(has_box), 1)
  class_loss = tf.reduce_sum(utils.focal_loss(logits, targets['classes']))
  box_loss = tf.losses.huber_loss(
      targets['boxes'], boxes, weights=has_box,
      reduction=tf.losses.Reduction.SUM)
  return class_loss / num_boxes, box_loss / num_boxes


def _evaluation_metrics(logits, boxes, classes, coded, class_loss, box_loss):
    """Returns the mean losses, and the average precision of the detections."""
    # The targets as detections: sure ones, and those of cells without a box with a score of 0.
    truths = efficientdet_arch.detections(1e3 * (2 * classes - 1), coded)
    return {
        'cls_loss': tf.metrics.mean(class_loss),
        'box_loss': tf.metrics.mean(box_loss),
        'AP50': precision.average_precision(
            efficientdet_arch.detections(logits, boxes), truths),
    }


def _outputs(network, images, params, training):
  """Returns what `network` does, computed in bfloat16 if `params` say so."""
  if not params['use_bfloat16']:
    return network(images, params, training)
  with tf.tpu.bfloat16_scope():
    return network(tf.cast(images, tf.bfloat16), params, training)


def _model_fn(features, labels, mode, params, network):
  """Returns the `EstimatorSpec` to train or to evaluate.

  Args:
    features: Images, `[bs, image_size, image_size, 3]`, from -1 to 1.
    labels: Their targets, see `dataloader`.
    mode: `TRAIN` or `EVAL`.
    params: The hyper-parameters and `model_dir`.
    network: See `efficientdet_arch.efficientdet`.
  """
  training = mode == tf.estimator.ModeKeys.TRAIN
  logits, boxes = _outputs(network, features, params, training)
  class_loss, box_loss = _detection_losses(logits, boxes, labels)
  total_loss = class_loss + params['box_loss_weight'] * box_loss
  global_step = tf.train.get_or_create_global_step()
  decay = params['moving_average_decay']
  averages = tf.train.ExponentialMovingAverage(decay, num_updates=global_step)

  if not training:
    saver = tf.train.Saver(averages.variables_to_restore()) if decay else None
    return tf.estimator.tpu.TPUEstimatorSpec(
        mode,
        loss=total_loss,
        eval_metrics=(_evaluation_metrics, [
            logits, boxes, labels['classes'], labels['boxes'], class_loss, box_loss]),
        host_call=utils.get_tpu_host_call(global_step, params),
        scaffold_fn=lambda: tf.train.Scaffold(saver=saver)).as_estimator_spec()

  show_model()
  utils.scalar('trainloss/cls_loss', class_loss)
  utils.scalar('trainloss/box_loss', box_loss)
  utils.scalar('trainloss/loss', total_loss)

  optimizer = tf.train.AdamOptimizer(params['learning_rate'])
  if not isinstance(optimizer, hvd._DistributedOptimizer):
      optimizer = hvd.DistributedOptimizer(optimizer)
  with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    train_op = optimizer.minimize(total_loss, global_step)
  if decay:
    with tf.control_dependencies([train_op]):
      train_op = averages.apply(tf.trainable_variables())

  init_weights_hook = BroadcastGlobalVariablesHook(root_rank=0, model_dir=params['model_dir'])
  training_hooks = [init_weights_hook]

  if is_rank0():
    logging_hook = LoggingTensorHook(dict(utils.summaries), summary_dir=params['model_dir'])
    training_hooks.append(logging_hook)

  return tf.estimator.EstimatorSpec(
      mode, loss=total_loss, train_op=train_op, training_hooks=training_hooks)


def get_model_fn(network):
    """Returns the function that an estimator builds its graphs with."""
    return functools.partial(_model_fn, network=network)
