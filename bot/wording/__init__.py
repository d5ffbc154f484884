"""What Muse says."""
