"""Faults: Muse as a process against loopback platforms and a real Redis, with each thing that can
go wrong, and what had been acknowledged compared before and after. `make faults`.
"""
