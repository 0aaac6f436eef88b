"""Furniture that all pages share."""
