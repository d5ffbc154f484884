"""What Muse costs, as ratios against the plainest thing that could do the same job.

Each module that `__main__` names is one benchmark with one `measure(size) -> list[Row]`, where
a size of 1 is all of it; `harness` is what they share. `guard` and `lenses` ask other questions
(how well the duplicate rule judges, how fast a community's taste is learned) and print tables of
their own: ``python -m benchmarks.guard``, ``python -m benchmarks.lenses``. Nothing here is a test:
machines are noisy, so a miss is shown, never raised.
"""
