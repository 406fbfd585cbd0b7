"""The resolver: the company, and the people who decide there."""

from __future__ import annotations

from attrs import evolve

from leadgen_core import Case, Lead
from leadgen_identity import Config
from leadgen_identity.company import company_of
from leadgen_identity.people import executives

__all__ = ["IdentityResolver"]


class IdentityResolver:
    """Pure: the same claims give the same lead, in whatever order they come.

    Site and accounts stay as they are in the draft. Claims of unknown types, and of other companies, are passed
    over.
    """

    def __init__(self, config: Config) -> None:
        self._config = config

    def resolve(self, case: Case, draft: Lead) -> Lead:
        """The draft with company and executives. Raises nothing on any claims that the model allows."""
        company = company_of(case)
        return evolve(draft, company=company, executives=executives(case, company))
