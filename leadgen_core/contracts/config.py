"""The configuration that every plugin with an API has."""

from __future__ import annotations

import re

from attrs import Attribute, field
from attrs.validators import ge, optional

from leadgen_core.model.records import frozen
from leadgen_core.secrets import Secret

__all__ = ["ApiConfig"]

_URL = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?")


@frozen(kw_only=True)
class ApiConfig:
    """Use it as it stands, or derive from it what else a plugin asks of its operator.

    ``base_url``: instead of the API's own, for a proxy or a simulator; ``api_key``: what signs; ``quota``: calls a
    window, below what the API allows.
    """

    base_url: str | None = field(default=None)
    api_key: Secret | None = None
    quota: int | None = field(default=None, validator=optional(ge(1)))

    @base_url.validator
    def _check_url(self, _attribute: Attribute[str | None], value: str | None) -> None:
        if value is not None and not _URL.fullmatch(value):
            raise ValueError("base_url must be an http or https URL without user and query")
