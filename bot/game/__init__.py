"""The use cases: rounds, entries, votes, boards."""
