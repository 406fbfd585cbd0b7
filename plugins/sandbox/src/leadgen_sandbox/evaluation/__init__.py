"""``leadgen evaluate``: the leads of a run over a known world, compared with what is true in it.

The truth stays here: the run is a process of its own that sees the simulated APIs only.
"""
