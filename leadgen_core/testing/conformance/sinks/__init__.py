"""What is asked of a sink: everything once, in order, whatever breaks between a write and its checkpoint.

``outputs`` is the folder in which checks write; ``writing``, ``resuming`` and ``breaking`` are the checks. What stands
in an output is compared as bytes; of one that is no file, or whose bytes differ each time, ``Samples.output`` says what
stands in it.
"""

from leadgen_core.testing.conformance.sinks import breaking, resuming, writing

__all__ = ["breaking", "resuming", "writing"]
