"""The approval score: what share of those who could have approved an entry did."""

from __future__ import annotations

WEIGHT = 5.0  # m: how many average chances an entry begins with


def score(approvals: int, seen_by: int, prior: float, weight: float = WEIGHT) -> float:
    """(a + m·p0) / (n + m), between 0 and 1.

    `approvals` (a) of `seen_by` (n) members, drawn towards `prior` (p0) as if m members had
    voted like the average: a Beta prior's posterior mean, which ranks small rounds better
    than raw shares, Wilson's lower bound or counts. ``round_close.lua`` computes the same.
    """
    return (approvals + weight * prior) / (seen_by + weight)


def prior(approvals: int, chances: int) -> float:
    """p0 = (approvals + 3) / (chances + 10) over a community's closed rounds.

    Three in ten until there is evidence. ``round_open.lua`` computes the same.
    """
    return (approvals + 3) / (chances + 10)
