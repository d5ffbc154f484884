"""What a community decides for itself, and who may decide it."""
