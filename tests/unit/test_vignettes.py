"""Cases to read: the key is what the instrument makes of the facts, and every fact rests on a sentence."""

import re
import tomllib
from collections import Counter

import pytest

from dvrisk import DataError, assess, contradictions, load_instrument
from dvrisk.vignettes import FOLDER, list_vignettes, load_vignette, load_vignette_words

LANGUAGES = ("en", "sr", "sr-Cyrl", "sq")
EVERY = list_vignettes()


def test_there_are_twelve_of_many_kinds():
    assert len(EVERY) == 12
    kinds = Counter(kind for name in EVERY for kind in load_vignette(name).shows)
    assert set(kinds) == {
        "clear low",
        "clear high",
        "contested",
        "borderline",
        "decisive fact late",
        "decisive fact lightly",
        "control without injury",
        "reports in both directions",
        "outside the population",
    }


@pytest.mark.parametrize("name", EVERY)
def test_the_key_is_the_level_that_the_instrument_gives(name):
    vignette = load_vignette(name)
    assert set(vignette.key) == {"first-look", "integrated"}
    for instrument, key in vignette.key.items():
        known = load_instrument(instrument).by_id
        a = assess({item: answer for item, answer in vignette.answers.items() if item in known}, instrument)
        assert (key.level, key.at_least, key.level_high) == (a.level, a.at_least, a.level_high), instrument


@pytest.mark.parametrize("name", EVERY)
def test_facts_do_not_contradict_each_other_and_frame_and_children_are_told(name):
    vignette = load_vignette(name)
    assert not contradictions(vignette.answers)
    assert {"children", "relationship"} <= set(vignette.facts)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", EVERY)
def test_every_fact_rests_on_a_sentence_and_the_length_fits_one_sheet(name, lang):
    vignette, words = load_vignette(name), load_vignette_words(name, lang)
    assert list(words.sentences) == list(load_vignette_words(name, "en").sentences)
    assert len(words.reasons) == len(load_vignette_words(name, "en").reasons)
    assert len(words.common_errors) == len(load_vignette_words(name, "en").common_errors)
    assert 150 <= len(words.text.split()) <= (350 if lang == "en" else 400)
    assert words.awaits_review is (lang != "en")
    for told in vignette.facts.values():
        assert set(told.said_in) <= set(words.sentences)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_stands_twice(lang):
    sentences = [s for name in EVERY for s in load_vignette_words(name, lang).sentences.values()]
    parts = [part.strip() for s in sentences for part in re.split(r"(?<=[.!?])\s+", s) if len(part.split()) > 3]
    assert not [part for part, count in Counter(parts).items() if count > 1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_openings_differ(lang):
    openings = [" ".join(load_vignette_words(name, lang).text.split()[:3]) for name in EVERY]
    assert len(set(openings)) == 12


def test_no_panel_has_voted_yet():
    assert not any(load_vignette(name).panel.votes for name in EVERY)


def test_every_file_has_every_language():
    for name in EVERY:
        assert sorted(path.name for path in (FOLDER / name).iterdir()) == [
            "1.0.en.toml",
            "1.0.sq.toml",
            "1.0.sr.toml",
            "1.0.toml",
        ]
        assert tomllib.loads((FOLDER / name / "1.0.toml").read_text(encoding="utf-8"))["id"] == name


def test_an_unknown_case_and_an_unknown_language_are_named():
    with pytest.raises(DataError, match="did you mean"):
        load_vignette(EVERY[0][:-1])
    with pytest.raises(DataError, match="unknown language, expected one of en, sq, sr, sr-Cyrl"):
        load_vignette_words(EVERY[0], "de")


def test_a_case_with_faults_is_refused_with_all_of_them(tmp_path, monkeypatch):
    import dvrisk.vignettes as module

    folder = tmp_path / "wrong-case"
    folder.mkdir()
    (folder / "1.0.toml").write_text(
        """
id = "wrong-case"
version = "1.0"
shows = ["contested"]
decisive = ["separation"]
instrument = "first-look"

[facts]
jealosy = { answer = "no", said_in = ["s1"] }
jealousy = { answer = "yes", said_in = ["s1"] }

[key]

[panel]
""",
        encoding="utf-8",
    )
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    with pytest.raises(DataError) as error:
        load_vignette.__wrapped__("wrong-case")
    assert error.value.problems == (
        "facts.jealosy: not in the item bank (did you mean jealousy?). Name an item of it.",
        "facts.jealousy: yes is not an answer to it, expected no, sometimes, constant.",
        "decisive: separation is not among the facts. Name facts that the text tells.",
    )


def test_a_case_without_facts_to_tell_is_refused(tmp_path, monkeypatch):
    import dvrisk.vignettes as module

    folder = tmp_path / "empty-case"
    folder.mkdir()
    lines = ['id = "empty-case"', 'version = "1.0"', 'shows = ["contested"]', 'instrument = "first-look"']
    (folder / "1.0.toml").write_text("\n".join([*lines, "[facts]", "[key]", "[panel]"]), encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    with pytest.raises(DataError, match="facts"):
        load_vignette.__wrapped__("empty-case")
