"""How many test images are changed; known without LiteRT."""

IMAGES, MOST_IMAGES = 2_000, 10_000
