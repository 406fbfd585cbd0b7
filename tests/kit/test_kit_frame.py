"""The frame of the kit: what cannot be judged is said so, with what would help; whatever a plugin does is a finding."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from typing import Any

import pytest
from attrs import evolve
from loguru import logger

import leadgen_core as lg
from leadgen_core.registry import Registry
from leadgen_core.testing import Samples, scripted_reply, small_world
from leadgen_core.testing.conformance import Finding, Specimen, examine, specimens_of
from leadgen_core.testing.conformance.borders import border
from leadgen_core.testing.conformance.check import Check
from leadgen_core.testing.conformance.examine import FAILED, NOT_CHECKED, PASSED, judge
from leadgen_core.testing.conformance.hearing import hearing
from tests.kit import mutants_sources, sound
from tests.kit.mutants import plugin
from tests.kit.mutants_scorers import SOUND

NUMBER = lg.CompanyNumber("01234567")
HOME = "1 Secret Lane"


def script(request: lg.Request) -> lg.RawReply:
    """The sound API, which knows one company."""
    officer = {
        "id": "o1",
        "name": "Ada Quill",
        "role": "director",
        "since": None,
        "born": "1907-04",
        "nationality": HOME,
    }
    bodies: dict[str, Any] = {
        "/companies/01234567": {"name": "EXAMPLE LTD"},
        "/companies/01234567/officers": {"officers": [officer], "next": None},
    }
    if request.path not in bodies:
        return scripted_reply(404, {"error": "no such company"})
    return scripted_reply(200, bodies[request.path])


def specimens(samples: Samples, source: lg.SourceSpec = sound.SOURCE) -> tuple[Specimen, ...]:
    module = plugin(config=sound.Config, sources=[source])
    return specimens_of(Registry.of([("sound", module, "leadgen-nowhere", "0")]).open("sound"), samples)


async def findings(samples: Samples, source: lg.SourceSpec = sound.SOURCE) -> dict[str, Finding]:
    found = [each async for each in examine(specimens(samples, source)) if each.question == "sound.members"]
    return {each.check.id: each for each in found}


async def test_without_simulator_and_script_nothing_is_judged_and_the_way_out_is_said() -> None:
    for finding in (await findings(Samples())).values():
        assert finding.state == NOT_CHECKED
        assert "Samples(script=" in finding.because


async def test_a_script_is_as_good_as_a_simulator_and_personal_data_must_be_named() -> None:
    found = await findings(Samples(script=script, subjects={"members": (NUMBER,)}))
    states = {name: each.state for name, each in found.items()}
    assert states.pop("source.redaction") == NOT_CHECKED
    assert "Samples(personal=" in found["source.redaction"].because
    assert set(states.values()) == {PASSED}, states


@pytest.mark.parametrize(("redact", "state"), [(sound.redact, PASSED), (mutants_sources.loose, FAILED)])
async def test_what_is_named_as_personal_is_looked_for(redact: Any, state: str) -> None:
    source = evolve(sound.SOURCE, api=evolve(sound.API, redact=redact))
    samples = Samples(script=script, subjects={"members": (NUMBER,)}, personal=(HOME,))
    assert (await findings(samples, source))["source.redaction"].state == state


async def test_subjects_that_the_api_does_not_know_fail_one_check_and_the_others_say_what_to_give() -> None:
    found = await findings(Samples(script=script))
    assert found["source.finds"].state == FAILED
    assert found["source.cancel"].state == NOT_CHECKED
    assert "Samples(subjects=" in found["source.cancel"].because


async def test_a_source_without_an_api_is_said_to_have_none() -> None:
    for finding in (await findings(Samples(), evolve(sound.SOURCE, api=None))).values():
        assert finding.state == NOT_CHECKED


# --- one check on one specimen --------------------------------------------------------------------------------


def _check(error: BaseException | None, seconds: float = 0.0) -> Check:
    async def ends(_specimen: Specimen) -> None:
        await asyncio.sleep(seconds)
        if error is not None:
            raise error

    return Check("scorer.made-up", "leadgen_scorers", "it says", "so mend it", ends)


@pytest.fixture
def scorer() -> Specimen:
    opened = Registry.of([("sound", plugin(scorers=[SOUND]), "leadgen-nowhere", "0")]).open("sound")
    return specimens_of(opened)[1]


@pytest.mark.parametrize("error", [RuntimeError("x"), SystemExit(3), TimeoutError("x"), KeyError("x")], ids=repr)
async def test_whatever_is_raised_is_a_finding(error: BaseException, scorer: Specimen) -> None:
    finding = await judge(_check(error), scorer)
    assert (finding.state, finding.question) == (FAILED, "sound.fit")
    assert finding.because.startswith(f"it raised {type(error).__name__}")


async def test_a_check_that_hangs_ends(scorer: Specimen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(judge.__globals__, "_SECONDS", 0.05)
    finding = await judge(_check(None, 60.0), scorer)
    assert (finding.state, finding.because) == (FAILED, "it did not end within 0.05 s")


# --- its instruments ------------------------------------------------------------------------------------------


def test_every_way_of_saying_something_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    with hearing() as heard:
        logger.debug("one")
        logging.getLogger("somewhere").debug("two")
        print("three")  # noqa: T201
    assert all(word in str(heard) for word in ("one", "two", "three"))
    assert capsys.readouterr().out == ""
    logger.debug("four")
    assert "four" not in str(heard)


def test_the_border_lets_nobody_through_but_whom_it_may() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with border([f"127.0.0.1:{port}"]) as watch:
            socket.create_connection(("127.0.0.1", port)).close()
            with pytest.raises(PermissionError):
                socket.getaddrinfo("no-such-host.example", 443)
            with pytest.raises(PermissionError):
                socket.create_connection(("127.0.0.1", 9))
        assert watch.crossed == ["no-such-host.example:443", "127.0.0.1:9"]
        socket.create_connection(("127.0.0.1", port)).close()


def test_the_small_world_has_what_it_promises() -> None:
    world = small_world(facets={"acme": {"known": True}})
    companies = {company.number: company for company in world.companies()}
    assert len(companies) == len(world) == 12
    assert world.company("07000008") is companies["07000008"]
    assert world.company("99999999") is None
    assert len(companies["07000008"].appointments) == 120
    assert not companies["01000005"].appointments
    assert companies["01000004"].status == "dissolved"
    assert companies["SC095002"].previous_names
    assert {presence.handle for _, presence in world.presences("website")} >= {"bramble-textiles-ltd.example"}
    assert world.facet("acme") == {"known": True}
    assert world.facet("nobody") == {}
    director, owner = companies["09370001"].appointments[0].who, companies["09370001"].controls[0].who
    assert director == owner
    assert json.dumps(sorted(companies))
