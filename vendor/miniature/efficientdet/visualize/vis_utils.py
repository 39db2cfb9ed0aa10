"""Draws detections."""

from PIL import ImageDraw
from PIL import ImageFont


def draw_bounding_box_on_image(image, ymin, xmin, ymax, xmax, color='yellow',
                               display_str_list=()):
  """Draws a box, and lines of text above it or, without room there, below.

  Args:
    image: Of Pillow's; it is changed.
    ymin: The top, in pixels, as the other sides.
    xmin: The left side.
    ymax: The bottom.
    xmax: The right side.
    color: Of the box, and the ground of the text.
    display_str_list: The lines.
  """
  draw = ImageDraw.Draw(image)
  draw.rectangle([(xmin, ymin), (xmax, ymax)], outline=color, width=2)
  font = ImageFont.load_default()
  display_str_heights = [font.getsize(ds)[1] for ds in display_str_list]
  needed = sum(display_str_heights)
  y = ymin - needed if ymin > needed else ymax
  for display_str in display_str_list:
    text_width, text_height = font.getsize(display_str)
    draw.rectangle([(xmin, y), (xmin + text_width, y + text_height)], fill=color)
    draw.text((xmin, y), display_str, fill='black', font=font)
    y += text_height
