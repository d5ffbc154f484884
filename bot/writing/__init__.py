"""Turning a brief into drafts: lenses, forms, the duplicate rule, the deck and the models."""
