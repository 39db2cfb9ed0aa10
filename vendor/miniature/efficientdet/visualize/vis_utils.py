"""Draws detections."""

from PIL import ImageDraw
from PIL import ImageFont


def draw_bounding_box_on_image(image, ymin, xmin, ymax, xmax, color='yellow',
                               display_str_list=()):
  """Draws a box, and lines of text above it or, without room there, below.

  Args:
    image: Of Pillow's; it is changed.
    ymin: The top, as a fraction of the image.
    xmin: The left side.
    ymax: The bottom.
    xmax: The right side.
    color: Of the box, and the ground of the text.
    display_str_list: The lines.
  """
  draw = ImageDraw.Draw(image)
  left, right = xmin * image.width, xmax * image.width
  top, bottom = ymin * image.height, ymax * image.height
  draw.rectangle([(left, top), (right, bottom)], outline=color, width=2)
  font = ImageFont.load_default()
  display_str_heights = [font.getsize(ds)[1] for ds in display_str_list]
  needed = sum(display_str_heights)
  y = top - needed if top > needed else bottom
  for display_str in display_str_list:
    text_width, text_height = font.getsize(display_str)
    draw.rectangle([(left, y), (left + text_width, y + text_height)], fill=color)
    draw.text((left, y), display_str, fill='black', font=font)
    y += text_height
