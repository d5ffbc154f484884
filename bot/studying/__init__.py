"""``muse study``: Muse's engine against plain calls, on the model that is configured."""
