"""Figures that are promised, as ratios against named peers in one run: `python manage.py bench pages|phone|room`."""
