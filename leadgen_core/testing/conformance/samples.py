"""Where an author's samples stand: ``SAMPLES`` in the module ``samples`` of the plugin's package, if there is one."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from leadgen_core.errors import UsageError
from leadgen_core.registry.opening import Opened
from leadgen_core.testing.conformance.specimen import Samples

__all__ = ["samples_of"]


def samples_of(opened: Opened) -> Samples:
    """The plugin's own, or empty ones.

    Raises :class:`~leadgen_core.UsageError` for a module that cannot be imported, or has no samples.
    """
    module = f"{opened.installed.value}.samples"
    try:
        if find_spec(module) is None:
            return Samples()
    except ModuleNotFoundError:  # the plugin is one module and no package
        return Samples()
    try:
        found = getattr(import_module(module), "SAMPLES", None)
    except (Exception, SystemExit) as error:
        raise UsageError(f"{module} cannot be imported: it raised {type(error).__name__}: {error}") from error
    if not isinstance(found, Samples):
        raise UsageError(f"{module} has no SAMPLES = Samples(...)")
    return found
