"""The museum of wrong instruments: each is one edit away from a sound twin, and each is caught by its own finding."""

import contextlib
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from dvrisk import Instrument, InstrumentError, lint_instrument, list_instruments, load_instrument

HERE = Path(__file__).parent
EXHIBITS = tomllib.loads((HERE / "exhibits.toml").read_text(encoding="utf-8"))["exhibits"]


@pytest.fixture
def twin(tmp_path):
    """A copy of the sound twin, with its lock file beside its folder."""
    shutil.copytree(HERE / "twin", tmp_path / "twin")
    shutil.copy(HERE / "lock.toml", tmp_path)
    return tmp_path / "twin"


def test_the_sound_twin_is_clean(twin):
    assert lint_instrument(twin / "1.0.toml") == ()


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit["rule"])
def test_each_exhibit_is_caught_by_its_own_finding(exhibit, twin):
    file = twin / exhibit["file"]
    sound = file.read_text(encoding="utf-8")
    assert exhibit["old"] in sound, "the edit must apply to the twin"
    file.write_text(sound.replace(exhibit["old"], exhibit["new"], 1), encoding="utf-8")
    found = [finding for finding in lint_instrument(twin / "1.0.toml") if finding.id == exhibit["rule"]]
    assert exhibit["finding"] in " ".join(map(str, found))
    for finding in found:
        assert finding.severity in ("error", "warning")
        assert finding.where
        assert finding.what.endswith(".")
        assert finding.todo.endswith(".")


def test_there_is_one_exhibit_for_each_rule_in_the_code(repo):
    source = "".join(path.read_text(encoding="utf-8") for path in (repo / "src/dvrisk").glob("*.py"))
    in_code = set(re.findall(r'(?:breach|doubt|_found)\(\s*"([a-z-]+)"', source))
    in_code |= {"well-formed", "version-is-string", "integer-bands-fractional-points", "every-weight-cited"}
    rules = [exhibit["rule"] for exhibit in EXHIBITS]
    assert len(set(rules)) == len(rules)
    assert set(rules) == in_code


@pytest.mark.parametrize("ref", list_instruments())
def test_every_shipped_instrument_is_clean(ref):
    assert lint_instrument(ref) == ()
    assert lint_instrument(load_instrument(ref)) == ()


def test_what_the_linter_lets_pass_loads(twin):
    assert isinstance(load_instrument(twin / "1.0.toml"), Instrument)


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit["rule"])
def test_what_loading_refuses_the_linter_finds_with_the_same_words(exhibit, twin):
    file = twin / exhibit["file"]
    file.write_text(file.read_text(encoding="utf-8").replace(exhibit["old"], exhibit["new"], 1), encoding="utf-8")
    found = {str(finding) for finding in lint_instrument(twin / "1.0.toml")}
    assert exhibit["rule"] == "readable" or set(refused(twin / "1.0.toml")) <= found


def refused(path):
    """What loading says of a definition; nothing if it loads."""
    with contextlib.suppress(InstrumentError):
        load_instrument(path)
        return ()
    with pytest.raises(InstrumentError) as caught:
        load_instrument(path)
    return caught.value.problems


def test_an_instrument_by_path_needs_no_translation_but_one_that_is_there_must_be_whole(twin):
    (twin / "1.0.sr.toml").write_text('language = "sr"\nreview = "awaiting native review"\n', encoding="utf-8")
    found = {finding.id for finding in lint_instrument(twin / "1.0.toml")}
    assert found == {"translations-complete"}


def test_a_draft_needs_no_entry_in_the_lock_file_and_a_released_one_does(twin):
    (twin.parent / "lock.toml").write_text("", encoding="utf-8")
    (finding,) = lint_instrument(twin / "1.0.toml")
    assert finding.id == "hash-matches-lock"
    assert load_instrument(twin / "1.0.toml").sha256 in finding.todo
    text = (twin / "1.0.toml").read_text(encoding="utf-8")
    (twin / "1.0.toml").write_text(text.replace('status = "unvalidated"', 'status = "draft"'), encoding="utf-8")
    assert lint_instrument(twin / "1.0.toml") == ()
