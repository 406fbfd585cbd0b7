"""Records of this plugin alone: frozen for the type checker, and made without the cost of that at run time.

A lead takes dozens of them. Setting a member of a frozen record goes past its class, one call for each member; here
mypy refuses to set one, and nothing else needs to. Records that leave the plugin are frozen as everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import frozen as record
else:
    from functools import partial

    from attrs import define

    record = partial(define, unsafe_hash=True)

__all__ = ["record"]
