"""Every language says the same things, in words that fit anybody."""

import re
import tomllib

import cyrtranslit
import pytest
import shipped
import strings

from dvrisk import assess, list_instruments, load_instrument
from dvrisk.cyrillic import to_cyrillic
from dvrisk.language_files import AWAITING, languages
from dvrisk.words import load_words

REPO = strings.REPO
ENGLISH = sorted(REPO.glob("instruments/**/*.en.toml"))
TRANSLATIONS = [(path, lang) for path in ENGLISH for lang in ("sr", "sq")]
NOT_WORDS = ("language", "review", "based_on", "keep_latin", "text_confirmed")


def texts(table, place=""):
    if isinstance(table, str):
        yield place, table
    elif isinstance(table, dict):
        for key, inner in table.items():
            yield from texts(inner, f"{place}.{key}")
    elif isinstance(table, list):
        for number, inner in enumerate(table):
            yield from texts(inner, f"{place}[{number}]")


def words_of(path):
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return dict(texts({key: value for key, value in table.items() if key not in NOT_WORDS}))


def translated(path, lang):
    return path.with_name(path.name.replace(".en.", f".{lang}."))


def ids(case):
    return "-".join(str(part.relative_to(REPO / "instruments")) if hasattr(part, "parts") else part for part in case)


@pytest.mark.parametrize("case", TRANSLATIONS, ids=ids)
def test_a_translation_has_the_same_words_to_fill_in_and_is_marked(case):
    path, lang = case
    twin = translated(path, lang)
    english, other = words_of(path), words_of(twin)
    assert other.keys() == english.keys()
    for place, text in english.items():
        assert set(re.findall(r"\{\w+\}", other[place])) == set(re.findall(r"\{\w+\}", text)), place
        assert other[place][-1] in ".?!" or text[-1] not in ".?!", place
    table = tomllib.loads(twin.read_text(encoding="utf-8"))
    assert table["review"] == AWAITING
    assert table["language"] == lang


@pytest.mark.parametrize("case", TRANSLATIONS, ids=ids)
def test_a_translation_is_a_translation(case):
    path, lang = case
    english, other = words_of(path), words_of(translated(path, lang))
    same = {
        place for place, text in english.items() if other[place] == text and len(re.findall(r"[a-z]{2,}", text)) > 3
    }
    assert same == set()


@pytest.mark.parametrize("lang", languages())
def test_every_explanation_says_that_its_translation_awaits_review(lang):
    words = load_words(load_instrument("first-look"), lang)
    assert words.awaits_review == (lang != "en")
    assert (words.phrases["awaiting_review"] in assess({}).explain(lang)) == (lang != "en")


# ------------------------------------------------------------------------------- words that fit anybody

NOT_A_PERSONS_VERB = (
    "kao posao deo udeo tabela načela ostao malo kontrola škola provala upola odrasla skala pravila posla dela udela tela alkohola pomagala "
    "automobila GREVIO "
    "bio bila prestao nastala mogao znao"  # of things: a contact, an injury, access, a thing that somebody knew
)
"""Serbian words that end like a past participle and say nothing of a man or a woman."""

HE_OR_SHE = {
    "en": r"\b(he|she)\b",
    "sr": rf"\b(on|ona)\b|\b(?!(?:{'|'.join(NOT_A_PERSONS_VERB.split())})\b)\w+(ao|io|eo|uo|la)\b",
    "sq": r"\b(ai|ajo)\b",
}
"""Pronouns as subjects, and Serbian verbs in a form that tells whether a man or a woman acted."""

LABELS = re.compile(
    r"\.items\.\w+\.(label|options\.\w+)$|^\.(rules|groups|caps|level_names)\.|\.levels\.\w+$|\.actions\.\w+\.title$|^\.title$"
    r"|^\.(areas|who_knows|holders|states|urgency|headings)\.|^\.(established|open)\."
)
"""What stands as a label or a reason. English questions may ask about him and her; a label names a fact."""


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: ids((path,)))
def test_no_english_label_or_reason_has_a_he_or_she(path):
    labels = {place: text for place, text in words_of(path).items() if LABELS.search(place)}
    assert [place for place, text in labels.items() if re.search(HE_OR_SHE["en"], text, re.I)] == []


@pytest.mark.parametrize("case", TRANSLATIONS, ids=ids)
def test_no_translated_text_has_a_he_or_she_verb(case):
    path, lang = case
    found = {
        place: text
        for place, text in words_of(translated(path, lang)).items()
        if re.search(HE_OR_SHE[lang], text, re.I)
    }
    assert found == {}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("sr", "Da li je pretio ubistvom"),
        ("sr", "ona se boji"),
        ("sr", "žrtva je rekla"),
        ("sq", "Ai ka armë"),
        ("en", "she left"),
    ],
)
def test_the_word_list_would_catch_one(lang, text):
    assert re.search(HE_OR_SHE[lang], text, re.I)


@pytest.mark.parametrize("case", TRANSLATIONS, ids=ids)
def test_no_translation_promises_or_blames(case):
    path, lang = case
    found = {
        place: text
        for place, text in words_of(translated(path, lang)).items()
        if strings.PROMISES_IN[lang].search(text) or strings.BLAME_IN[lang].search(text)
    }
    assert found == {}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("sr", "Žrtva je bezbedna."),
        ("sr", "nema rizika"),
        ("sr", "opasnost ne postoji"),
        ("sr", "navodni nasilnik"),
        ("sq", "nuk ka rrezik"),
        ("sq", "viktima është e sigurt"),
        ("sq", "dhunuesi"),
    ],
)
def test_the_lists_would_catch_a_promise_or_blame(lang, text):
    assert strings.PROMISES_IN[lang].search(text) or strings.BLAME_IN[lang].search(text)


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("ref", shipped.OWN)
def test_the_lowest_level_says_what_it_is_in_one_line(ref, lang):
    instrument = load_instrument(ref)
    label = load_words(instrument, lang).instrument["levels"][instrument.levels[0]]
    starts, says = {
        "en": ("Basic level:", "this is not a finding that there is no danger"),
        "sr": ("Osnovni nivo:", "to nije nalaz da opasnosti nema"),
        "sr-Cyrl": ("Основни ниво:", "то није налаз да опасности нема"),
        "sq": ("Niveli bazë:", "kjo nuk është konstatim se nuk ka rrezik"),
    }[lang]
    assert label.startswith(starts)
    assert says in label


@pytest.mark.parametrize("lang", ["sr", "sq"])
def test_quoted_names_are_labels_or_answers(lang):
    words = tomllib.loads((REPO / f"instruments/items.{lang}.toml").read_text(encoding="utf-8"))["items"]
    labels = {entry["label"] for entry in words.values()}
    for name, entry in words.items():
        quoted = re.findall(r"“([^”]+)”", entry["includes"] + entry["excludes"])
        assert set(quoted) <= labels | set(entry["options"].values()), name


# ------------------------------------------------------------------------------------------------ Cyrillic


def test_cyrillic_agrees_with_another_program_on_every_text():
    keep = tomllib.loads((REPO / "instruments/phrases.sr.toml").read_text(encoding="utf-8"))["keep_latin"]
    for path in ENGLISH:
        for place, text in words_of(translated(path, "sr")).items():
            if not re.search(r"[`{]|nadživ", text) and not any(word in text for word in keep):
                assert to_cyrillic(text) == cyrtranslit.to_cyrillic(text, "sr"), place


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("ljubomora, pretnja, odžak", "љубомора, претња, оџак"),
        ("Ljubomora, Nju, Džep", "Љубомора, Њу, Џеп"),
        ("NJEGOVO, LJUDI, DŽ", "ЊЕГОВО, ЉУДИ, Џ"),
        ("Nj. i Lj.", "Њ. и Љ."),
        ("nadživeti, injekcija, konjunktura", "надживети, инјекција, конјунктура"),
        ("konji, tanji, uzdanje", "коњи, тањи, уздање"),
        ("šđčćž ŠĐČĆŽ", "шђчћж ШЂЧЋЖ"),
        ("{level} i `u` i {a}nj", "{level} и `u` и {a}њ"),
    ],
)
def test_pairs_of_letters_are_one_letter_unless_a_prefix_ends_between_them(latin, cyrillic):
    assert to_cyrillic(latin) == cyrillic


def test_no_cyrillic_text_mixes_letters():
    """A word is in one script; Latin words are codes, what a person types, and names on the list."""
    for ref in list_instruments():
        instrument = load_instrument(ref)
        words = load_words(instrument, "sr-Cyrl")
        keep = set(words.phrases["keep_latin"])
        tables = {"own": words.instrument, "items": words.items, "phrases": words.phrases, "actions": words.actions}
        for place, text in texts(tables):
            if place.rpartition(".")[2].partition("[")[0] in NOT_WORDS:
                continue
            plain = re.sub(r"`[^`]*`|\{\w+\}", "", text)
            for word in keep:
                plain = plain.replace(word, "")
            assert not re.search(r"[A-Za-zšđčćžŠĐČĆŽ]", plain), (place, plain)
