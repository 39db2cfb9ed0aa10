"""Exports a trained detector, or runs it on pictures."""

import os

import numpy as np
import tensorflow.compat.v1 as tf
from absl import app
from absl import flags
from PIL import Image

import inference

flags.DEFINE_string('model_name', 'efficientdet-d1', 'Model')
flags.DEFINE_string('runmode', 'saved_model', 'What to do: saved_model or infer')
flags.DEFINE_integer('num_classes', 90, 'Number of classes')
flags.DEFINE_integer('input_image_size', None, 'Pixels a side')
flags.DEFINE_string('ckpt_path', None, 'Folder of checkpoints')
flags.DEFINE_string('saved_model_dir', '/tmp/saved_model', 'Folder to export to')
flags.DEFINE_string('input_image', None, 'Glob of pictures to run on')
flags.DEFINE_string('output_image_dir', None, 'Folder for pictures with boxes')
flags.DEFINE_float('min_score_thresh', 0.4, 'Score of a box that is drawn')

FLAGS = flags.FLAGS


class ModelInspector:
  """What can be done with the model of a checkpoint."""

  def __init__(self, model_name, image_size, num_classes, ckpt_path, saved_model_dir):
    self.model_name = model_name
    self.image_size = image_size
    self.num_classes = num_classes
    self.ckpt_path = ckpt_path
    self.saved_model_dir = saved_model_dir

  def export_saved_model(self):
    """Writes it as a saved model."""
    tf.enable_resource_variables()
    driver = inference.ServingDriver(self.model_name, self.ckpt_path,
                                     self.image_size)
    driver.build()
    driver.export(self.saved_model_dir)

  def infer(self, pattern, output_dir, min_score_thresh):
    """Draws what it detects on pictures."""
    driver = inference.ServingDriver(
        self.model_name, self.ckpt_path, self.image_size, self.num_classes)
    driver.build()
    for number, name in enumerate(sorted(tf.io.gfile.glob(pattern))):
      image = np.array(Image.open(name).convert('RGB'))
      (detections,) = driver.serve_images([image])
      drawn = inference.visualize(image, detections, min_score_thresh)
      Image.fromarray(drawn).save(os.path.join(output_dir, '{}.jpg'.format(number)))


def main(argv):
  del argv
  inspector = ModelInspector(FLAGS.model_name, FLAGS.input_image_size, FLAGS.num_classes,
                             FLAGS.ckpt_path, FLAGS.saved_model_dir)
  if FLAGS.runmode == 'saved_model':
    inspector.export_saved_model()
  elif FLAGS.runmode == 'infer':
    inspector.infer(FLAGS.input_image, FLAGS.output_image_dir, FLAGS.min_score_thresh)
  else:
    raise app.UsageError('--runmode is saved_model or infer')


if __name__ == '__main__':
  tf.disable_v2_behavior()
  app.run(main)
