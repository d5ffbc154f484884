"""Everything in Redis, and the only place that knows Redis."""
