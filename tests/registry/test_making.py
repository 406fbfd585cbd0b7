"""What a factory may be: with the config, without, or the one method of its kind."""

from __future__ import annotations

from typing import Any

import pytest

from leadgen_core import CompanyNumber, CompanyProfile, ResolverSpec, ScorerSpec, SinkSpec, SourceSpec
from leadgen_core.contracts.specs import Spec
from leadgen_core.registry.making import make

HERE = __name__


class WithConfig:
    def __init__(self, config: Any, more: int = 1) -> None:
        self.config = config


class Without:
    pass


def made_without() -> str:
    return "made"


async def answer(subject: Any, ctx: Any) -> tuple[Any, Any]:
    return subject, ctx


def score(lead: Any, now: Any) -> tuple[Any, Any]:
    return lead, now


def resolve(case: Any, draft: Any) -> tuple[Any, Any]:
    return case, draft


class TwoArguments:
    def __init__(self, one: Any, two: Any) -> None:
        pass


def source(factory: str) -> SourceSpec:
    return SourceSpec(name="one", factory=f"{HERE}:{factory}", asks=CompanyNumber, yields=(CompanyProfile,))


def test_a_factory_gets_the_config_if_it_takes_one() -> None:
    assert make(source("WithConfig"), "config").config == "config"
    assert isinstance(make(source("Without"), "config"), Without)
    assert make(source("made_without"), "config") == "made"


async def test_a_source_may_be_its_answer() -> None:
    assert await make(source("answer"), "config").answer("subject", "ctx") == ("subject", "ctx")


def test_a_scorer_and_a_resolver_may_be_functions() -> None:
    scorer = make(ScorerSpec(name="one", factory=f"{HERE}:score", scores=("one",)), None)
    assert scorer.score("lead", "now") == ("lead", "now")
    resolver = make(ResolverSpec(name="one", factory=f"{HERE}:resolve"), None)
    assert resolver.resolve("case", "draft") == ("case", "draft")


@pytest.mark.parametrize(
    "spec", [SinkSpec(name="one", factory=f"{HERE}:score"), source("TwoArguments"), source("HERE")], ids=str
)
def test_what_fits_nothing_is_called_with_the_config_and_says_so(spec: Spec) -> None:
    with pytest.raises(TypeError):
        make(spec, None)
