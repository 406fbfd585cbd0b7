"""Resolvers that are wrong in one way."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, cast

from attrs import evolve

from leadgen_core import (
    Case,
    Claim,
    CompanyProfile,
    Evidence,
    Executive,
    Lead,
    OfficerAppointment,
    PersonName,
    ResolverSpec,
    Role,
    SignificantControl,
)
from tests.kit.mutants import Mutants, SoundPlugins, plugin


class Sound:
    """Names each current director and owner once, in the order of their names."""

    def __init__(self, _config: object) -> None:
        pass

    def resolve(self, case: Case, draft: Lead) -> Lead:
        people = [person for name in sorted(self.names(case)) if (person := self.person(name, case)) is not None]
        return evolve(draft, company=evolve(draft.company, name=self.company(case)), executives=tuple(people))

    def company(self, case: Case) -> str | None:
        return min(
            (claim.name for claim in case.claims if isinstance(claim, CompanyProfile) and claim.name), default=None
        )

    def names(self, case: Case) -> set[str]:
        return {claim.name or "" for claim in self.people(case)}

    def people(self, case: Case) -> Iterable[OfficerAppointment | SignificantControl]:
        for claim in case.claims:
            if self.officer(claim) or self.owner(claim):
                person = cast("OfficerAppointment | SignificantControl", claim)
                if person.name and self.own(person, case):
                    yield person

    def own(self, claim: Any, case: Case) -> bool:
        return bool(claim.company == case.number)

    def officer(self, claim: Claim) -> bool:
        return isinstance(claim, OfficerAppointment) and claim.role == "director" and claim.resigned_on is None

    def owner(self, claim: Claim) -> bool:
        return isinstance(claim, SignificantControl) and not claim.ceased

    def person(self, name: str, case: Case) -> Executive | None:
        return Executive(name=PersonName(full=name), roles=(Role(role="director"),), evidence=self.evidence(name, case))

    def evidence(self, name: str, case: Case) -> tuple[Evidence, ...]:
        stamps = {claim.provenance for claim in case.claims if getattr(claim, "name", None) == name}
        return tuple(
            Evidence(claim="named", source=stamp.question, url=stamp.url, retrieved_at=stamp.retrieved_at)
            for stamp in sorted(stamps, key=lambda stamp: (stamp.question, stamp.retrieved_at))
        )


class Counting(Sound):
    """Says which object it was."""

    _objects = itertools.count()

    def __init__(self, config: object) -> None:
        super().__init__(config)
        self.number = next(self._objects)

    def resolve(self, case: Case, draft: Lead) -> Lead:
        lead = super().resolve(case, draft)
        return evolve(lead, company=evolve(lead.company, status=f"by {self.number}"))


class First(Sound):
    """Believes the first profile."""

    def company(self, case: Case) -> str | None:
        return next((claim.name for claim in case.claims if isinstance(claim, CompanyProfile)), None)


class Looking(Sound):
    """Looks at the clock on the wall."""

    def own(self, claim: Any, case: Case) -> bool:
        return super().own(claim, case) and datetime.now(UTC).year > 2000


class Gossiping(Sound):
    """Takes whatever has a role for an officer."""

    def officer(self, claim: Claim) -> bool:
        known = isinstance(claim, OfficerAppointment | SignificantControl)
        return super().officer(claim) or (not known and getattr(claim, "role", None) == "director")


class Forgetting(Sound):
    """Drops what happened to the questions."""

    def resolve(self, case: Case, draft: Lead) -> Lead:
        return evolve(super().resolve(case, draft), outcomes={})


class Writing(Sound):
    """Writes into the outcomes of the case."""

    def resolve(self, case: Case, draft: Lead) -> Lead:
        lead = super().resolve(case, draft)
        cast("dict[str, object]", case.outcomes).clear()
        return lead


class Inventing(Sound):
    """Where it has a company and nobody, it names somebody."""

    def resolve(self, case: Case, draft: Lead) -> Lead:
        lead = super().resolve(case, draft)
        if any(isinstance(claim, OfficerAppointment | SignificantControl) for claim in case.claims):
            return lead
        return evolve(lead, executives=(Executive(name=PersonName(full="The Director"), roles=()),))


class Mixing(Sound):
    """Names the people of any company."""

    def own(self, claim: Any, case: Case) -> bool:
        return True


class Backward(Sound):
    """Names those who have left."""

    def officer(self, claim: Claim) -> bool:
        return isinstance(claim, OfficerAppointment) and claim.role == "director"


class Bare(Sound):
    """Proves nothing."""

    def evidence(self, name: str, case: Case) -> tuple[Evidence, ...]:
        return ()


class Strict(Sound):
    """Takes it for granted that days are of our time."""

    def officer(self, claim: Claim) -> bool:
        day = claim.appointed_on if isinstance(claim, OfficerAppointment) else None
        if day is not None and date(day.year + 1, 1, 1) < day:
            return False
        return super().officer(claim)


class Slow(Sound):
    """Takes a second and more for a long name."""

    def person(self, name: str, case: Case) -> Executive | None:
        if len(name) > 5_000 and isinstance(case.claims[0], OfficerAppointment):
            end = time.process_time() + 1.1
            while time.process_time() < end:
                pass
        return super().person(name, case)


MUTANTS: Mutants = {
    f"resolver.{check}": (plugin(resolvers=[ResolverSpec(name="it", factory=f"{__name__}:{kind.__name__}")]), None)
    for check, kind in {
        "current": Backward,
        "deterministic": Counting,
        "draft-kept": Forgetting,
        "evidence": Bare,
        "nobody": Inventing,
        "order": First,
        "own-company": Mixing,
        "pure": Looking,
        "quick": Slow,
        "survives": Strict,
        "unchanged": Writing,
        "unknown-claims": Gossiping,
    }.items()
}
SOUND_PLUGINS: SoundPlugins = {
    "resolver": (plugin(resolvers=[ResolverSpec(name="it", factory=f"{__name__}:Sound")]), None),
}
