"""`muse check`: everything that the settings name, tried once, before Muse depends on it."""
