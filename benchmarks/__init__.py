"""Figures that are promised, as ratios against named peers in one run: `python manage.py bench demo|pages|phone|room`."""
