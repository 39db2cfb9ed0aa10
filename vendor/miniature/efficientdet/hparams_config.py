"""Hyper-parameters: a set of defaults per model, and overrides of them."""

_MODELS = {
    'efficientdet-d0': {},
    'efficientdet-d1': {'image_size': 192, 'width': 24},
}


def default_detection_configs():
  """Returns the hyper-parameters that all models share."""
  return {
      'image_size': 128,  # Pixels a side; a multiple of 16.
      'num_classes': 90,
      'width': 16,  # Channels of the first convolution.
      'learning_rate': 0.001,
      'box_loss_weight': 1.0,
      'moving_average_decay': 0.0,  # 0 keeps no averages of the weights.
      'use_bfloat16': False,
  }


def _parse(text, default):
  """Returns `text` as a value of the type of `default`."""
  if not isinstance(default, bool):
    return type(default)(text)
  if text not in ('true', 'false'):
    raise ValueError('{!r} is neither true nor false'.format(text))
  return text == 'true'


def get_params(model_name, overrides):
  """Returns the hyper-parameters of a model as a dictionary.

  Args:
    model_name: A key of `_MODELS`.
    overrides: Comma-separated `name=value` pairs, or the empty string.

  Raises:
    KeyError: For an unknown model or hyper-parameter.
    ValueError: For a pair without `=`, or a value of another type.
  """
  defaults = default_detection_configs()
  params = dict(defaults, **_MODELS[model_name])
  for pair in filter(None, overrides.split(',')):
    name, text = pair.split('=')
    params[name] = _parse(text, defaults[name])
  return params
