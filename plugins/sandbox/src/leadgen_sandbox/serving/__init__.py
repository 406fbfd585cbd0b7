"""The process behind ``leadgen sandbox``: every simulated API on a port of its own, with faults in front of it."""
