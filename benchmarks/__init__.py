"""What Muse costs, as ratios against the plainest thing that could do the same job.

Each module here is one benchmark with one `measure() -> list[Row]`; `harness` is what they
share. Nothing here is a test: machines are noisy, so a miss is shown, never raised.
"""
