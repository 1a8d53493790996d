"""What was typed is read in any language and any spreadsheet's form; every problem is named; nothing is dropped in silence."""

import csv
import io
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvrisk import DataError
from dvrisk.exercise.folder import _fields, _titles
from dvrisk.exercise.reading import each_once, read_agencies, read_panel, read_sheets, say_problem
from dvrisk.exercise.sheets import BLANK, FIELDS, MARKS, Sheet, as_line, check_number, digits_of
from dvrisk.exercise.typed import fold
from dvrisk.language_files import languages, shared_words

LEVELS = ("low", "moderate", "high")
COLUMNS = ["fact_1", "fact_2", "fact_3", "reason"]


def written(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def line_of(made, **changes):
    values = {"code": made.exercise.codes[0], "case": "A", "level": "high", "immediate_danger": True, "measure": False}
    marks = {item: MARKS[place % 3] for place, item in enumerate(made.exercise.items)}
    sheet = Sheet(**(values | {"confidence": 4, "marks": marks, "facts": (2, 5), "is_checked": True} | changes))
    return sheet, as_line(sheet, made.exercise.levels, made.exercise.items)


def words_of(sheet, made, lang):
    """Write a sheet as somebody types it in a language, with its first words for everything."""
    typed = {key: words.split(",")[0].strip() for key, words in shared_words("exercise", lang)["typed"].items()}
    row = [sheet.code, sheet.case, *_fields(sheet, made.exercise)[:-1]]
    return [typed.get(cell, "") if cell == BLANK else typed.get(cell, cell) for cell in row]


def table(rows, delimiter=";"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


# ------------------------------------------------------------------------------------------------------------ the line


@given(st.data())
def test_the_check_number_finds_every_single_wrong_digit(made, data):
    marks = {item: data.draw(st.sampled_from((*MARKS, BLANK))) for item in made.exercise.items}
    sheet, _ = line_of(made, marks=marks, level=data.draw(st.sampled_from((None, *LEVELS))))
    digits = digits_of(sheet, made.exercise.levels, made.exercise.items)
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[place]]))
    assert check_number(digits[:place] + other + digits[place + 1 :]) != check_number(digits)


def test_forty_people_and_ten_cases_come_back_as_they_were(tmp_path):
    from dvrisk import Rater
    from dvrisk.exercise.making import Wanted, make
    from dvrisk.exercise.rehearsal import fill_in

    made = make(Wanted(recipe="training-mix", n_cases=10, people=40))
    sheets = fill_in(made, [Rater(missing=0.0)] * 40)
    lines = "\n".join(as_line(sheet, made.exercise.levels, made.exercise.items) for sheet in sheets)
    read = read_sheets(written(tmp_path / "before.txt", lines), made.exercise)
    assert not read.problems
    assert [row.sheet for row in read.rows] == sheets
    assert len(sheets) == 400
    head = ["code", "case", *FIELDS, *made.exercise.items, *COLUMNS]
    rows = [words_of(sheet, made, "sr") for sheet in sheets]
    read = read_sheets(written(tmp_path / "before.csv", table([head, *rows])), made.exercise)
    assert not read.problems
    assert [row.sheet for row in read.rows] == [sheet._replace(is_checked=False) for sheet in sheets]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda line: line.replace("3214", "3215", 1), "the check number is “34”, but the digits add up to 35"),
        (lambda line: line.replace(" A ", " Z ", 1), "“Z” is not a case of this exercise, expected one of A, B"),
        (lambda line: line.replace(" A ", " P ", 1), "the practice case counts in no result"),
        (lambda line: line.rsplit(" ", 3)[0], "got “3” parts, expected at least 6"),
        (lambda line: line.replace("3214", "321", 1), "got “3 + 12” digits, expected 4 + 12"),
        (lambda line: "x" + line, "is not a code of this exercise (did you mean"),
        (lambda line: "nobody-else" + line[line.index(" ") :], "“nobody-else” is not a code of this exercise."),
        (lambda line: line.replace(" 2,5 ", " 2,99 ", 1), "sentence “99” does not exist in case A"),
        (lambda line: line.replace(" 2,5 ", " 1,2,3,4 ", 1), "more than three sentences"),
    ],
)
def test_a_line_that_can_t_be_read_is_named_with_file_and_row(made, tmp_path, change, said):
    sheet, line = line_of(made)
    other = line_of(made, case="B")[1]
    read = read_sheets(written(tmp_path / "before.txt", f"{change(line)}\n\n{other}\n"), made.exercise)
    (problem,) = read.problems
    assert say_problem(problem, "en").startswith("before.txt, row 1")
    assert said in say_problem(problem, "en")
    kept = [row.sheet.case for row in read.rows]
    assert kept == (["B"] if problem.is_lost else ["A", "B"])
    assert sheet.code in line


def test_a_blank_check_number_is_taken_as_not_checked(made, tmp_path):
    line = line_of(made)[1].rsplit(" ", 1)[0] + " -"
    (row,) = read_sheets(written(tmp_path / "before.txt", line), made.exercise).rows
    assert not row.sheet.is_checked
    assert row.sheet.level == "high"


# ----------------------------------------------------------------------------------------------------------- the table


SAVED = [
    (lang, encoding)
    for lang in languages()
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1250")
    if (lang, encoding) != ("sr-Cyrl", "cp1250")  # this code page has no Cyrillic letters
]


@pytest.mark.parametrize(("lang", "encoding"), SAVED)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_table_is_read_as_a_spreadsheet_saves_it(made, sheets, tmp_path, lang, delimiter, encoding):
    head = _titles(["code", "case", *FIELDS, *made.exercise.items, *COLUMNS], lang)
    text = table([head, *(words_of(sheet, made, lang) for sheet in sheets)], delimiter)
    read = read_sheets(written(tmp_path / "before.csv", text, encoding), made.exercise)
    assert not read.problems
    assert [row.sheet for row in read.rows] == [sheet._replace(is_checked=False) for sheet in sheets]


@pytest.mark.parametrize("lang", languages())
def test_every_word_that_may_be_typed_is_understood_in_any_writing(made, tmp_path, lang):
    typed = shared_words("exercise", lang)["typed"]
    head = ["code", "case", "level", made.exercise.items[0]]
    for key, listed in typed.items():
        for word in listed.split(","):
            for shape in (word, word.upper(), f" {word} ", fold(word)):
                is_level = key in LEVELS
                row = [made.exercise.codes[0], "A", shape if is_level else "", "" if is_level else shape]
                read = read_sheets(written(tmp_path / "before.csv", table([head, row])), made.exercise)
                (found,) = read.rows
                value = found.sheet.level if is_level else found.sheet.marks[made.exercise.items[0]]
                assert value == key, (shape, key)


def test_no_word_means_two_things():
    meant = {}
    for lang in languages():
        for key, listed in shared_words("exercise", lang)["typed"].items():
            for word in listed.split(","):
                assert meant.setdefault(fold(word), key) == key, word


def test_a_digit_for_a_fact_is_not_guessed(made, tmp_path):
    head = ["code", "case", "level", made.exercise.items[0]]
    rows = [[made.exercise.codes[0], "A", "3", "1"], [made.exercise.codes[1], "A", "0", "0"]]
    read = read_sheets(written(tmp_path / "before.csv", table([head, *rows])), made.exercise)
    said = [say_problem(problem, "en") for problem in read.problems if problem.what == "not_understood"]
    assert len(said) == 3
    assert "before.csv, row 2" in said[0]
    assert "“1” was not understood, expected yes, no, the text does not tell. The field counts as blank." in said[0]
    assert read.rows[0].sheet.level == "high"
    assert read.rows[0].sheet.marks[made.exercise.items[0]] == BLANK


@pytest.mark.parametrize(("cell", "value"), [("4", 4), ("4,0", 4), ("4.0", 4), (" 4 ", 4), ("", None)])
def test_a_number_may_have_a_decimal_comma(made, tmp_path, cell, value):
    head = ["code", "case", "level", "confidence"]
    read = read_sheets(
        written(tmp_path / "b.csv", table([head, [made.exercise.codes[0], "A", "high", cell]])), made.exercise
    )
    assert read.rows[0].sheet.confidence == value


def test_blanks_are_not_asked_and_half_filled_sheets_stay(made, tmp_path):
    head = ["code", "case", "level", "confidence", *made.exercise.items]
    rows = [
        [made.exercise.codes[0], "A", "high", "", *[""] * 12],
        [made.exercise.codes[0], "B", "", "3", *[""] * 12],
        [made.exercise.codes[0], "C", "", "", *[""] * 12],
    ]
    read = read_sheets(written(tmp_path / "before.csv", table([head, *rows])), made.exercise)
    assert [row.sheet.case for row in read.rows] == ["A", "B"]  # a prefilled row without content is no sheet
    assert set(read.rows[0].sheet.marks.values()) == {BLANK}
    assert [problem.what for problem in read.problems if problem.row] == ["missing_column"] * 2 + ["half"]


def test_changed_headings_and_other_exercises_are_named(made, tmp_path):
    head = ["code", "case", "level", "mood", "exercise"]
    rows = [
        [made.exercise.codes[0], "A", "high", "fine", "ffffff"],
        [made.exercise.codes[0], "B", "high", "", made.exercise.id],
    ]
    read = read_sheets(written(tmp_path / "before.csv", table([head, *rows])), made.exercise)
    said = [say_problem(problem, "en") for problem in read.problems]
    assert any("the column “mood” is not known" in one for one in said)
    assert any("there is no column sure" in one for one in said)
    assert any(f"these sheets are of exercise “ffffff”, not of {made.exercise.id}" in one for one in said)
    assert [row.sheet.case for row in read.rows] == ["B"]
    lines = f"exercise ffffff\n{line_of(made)[1]}\n"
    read = read_sheets(written(tmp_path / "before.txt", lines), made.exercise)
    assert not read.rows
    assert [problem.what for problem in read.problems] == ["other_exercise"]
    read = read_sheets(written(tmp_path / "before.csv", "a;b\n1;2\n"), made.exercise)
    assert "no_columns" in [problem.what for problem in read.problems]


def test_a_sheet_that_stands_twice_counts_once_and_two_that_differ_not_at_all(made, tmp_path):
    same, other = line_of(made)[1], line_of(made, level="low")[1]
    different = line_of(made, case="B")[1]
    path = written(tmp_path / "before.txt", "\n".join([same, different, same]))
    sheets, problems = each_once(read_sheets(path, made.exercise).rows)
    assert [sheet.case for sheet in sheets] == ["A", "B"]
    assert [problem.what for problem in problems] == ["twice_same"]
    path = written(tmp_path / "before.txt", "\n".join([same, different, other]))
    sheets, problems = each_once(read_sheets(path, made.exercise).rows)
    assert [sheet.case for sheet in sheets] == ["B"]
    assert "before.txt, row 3" in say_problem(problems[0], "en")
    assert "stands here and in before.txt, 1, with other content. Both were left out" in say_problem(problems[0], "en")


def test_every_problem_is_said_in_every_language(made, tmp_path):
    head = ["code", "case", "level", "mood", made.exercise.items[0]]
    rows = [["x", "A", "", "", ""], [made.exercise.codes[0], "A", "maybe", "", "perhaps"]]
    read = read_sheets(written(tmp_path / "before.csv", table([head, *rows])), made.exercise)
    for problem in read.problems:
        said = [say_problem(problem, lang) for lang in languages()]
        assert len(set(said)) == 4
        assert all("{" not in one for one in said)


@given(st.text(max_size=300), st.sampled_from(["before.txt", "before.csv"]))
def test_no_text_breaks_the_reader(made, tmp_path_factory, text, name):
    path = written(tmp_path_factory.mktemp("any") / name, text.encode("utf-8", "ignore").decode())
    for problem in read_sheets(path, made.exercise).problems:
        say_problem(problem, "sq")


def test_a_file_that_is_no_text_is_refused(made, tmp_path):
    (tmp_path / "before.csv").write_bytes(b"PK\x03\x04\x81\x83\x90")
    with pytest.raises(DataError, match="not text"):
        read_sheets(tmp_path / "before.csv", made.exercise)


# ----------------------------------------------------------------------------------------------- agencies and the panel


def test_agencies_are_read_and_a_second_one_is_named(made, tmp_path):
    first, second = made.exercise.codes[:2]
    text = table([["code", "agency"], [first, "policija"], [second, ""], [first, "sud"]])
    agencies, problems = read_agencies(written(tmp_path / "people.csv", text), made.exercise)
    assert agencies == {first: "police"}
    assert [problem.what for problem in problems] == ["agency_twice"]


def test_an_agency_is_one_in_every_language_and_a_slip_is_named(made, tmp_path):
    words = ["policija", "polici", "Полиција", "policjia", "škola"]
    rows = [[code, word] for code, word in zip(made.exercise.codes, words, strict=False)]
    agencies, problems = read_agencies(
        written(tmp_path / "people.csv", table([["code", "agency"], *rows])), made.exercise
    )
    assert list(agencies.values()) == ["police", "police", "police", "policjia", "škola"]
    assert [say_problem(problem, "en") for problem in problems] == [
        "people.csv, row 5, agency: “policjia” is not one of the printed agencies (did you mean police?). "
        "It counts as an agency of its own."
    ]


def test_a_panel_keeps_every_vote_and_shows_where_it_split(made, tmp_path):
    head = ["person", "case", "level", "immediate danger", "reason"]
    votes = [["a", "A", "high", "yes", "the spare key"], ["b", "A", "high", "yes", ""], ["c", "A", "high", "no", ""]]
    votes += [[person, "B", level, "", ""] for person, level in zip("abc", ("low", "low", "high"), strict=True)]
    votes += [[person, "C", level, "", ""] for person, level in zip("abc", LEVELS, strict=True)]
    votes += [["konsenzus", "B", "moderate", "", "seen together"], ["a", "A", "low", "", ""]]
    panel, problems = read_panel(written(tmp_path / "panel.csv", table([head, *votes])), made.exercise)
    assert [problem.what for problem in problems] == ["vote_twice"]
    assert [panel.level(case) for case in "ABCD"] == ["high", "moderate", None, None]
    assert [len(panel.of(case)) for case in "ABCD"] == [3, 3, 3, 0]
    assert panel.reasons("B") == ("seen together",)
    assert panel.discussed("B")
    assert not panel.discussed("A")


@pytest.mark.parametrize("people", [1, 2])
def test_fewer_than_three_are_no_panel(made, tmp_path, people):
    rows = [["person", "case", "level"], *([name, "A", "high"] for name in "ab"[:people])]
    panel, problems = read_panel(written(tmp_path / "panel.csv", table(rows)), made.exercise)
    assert not panel.votes
    assert [problem.what for problem in problems] == ["small_panel"]


def test_folding_keeps_words_of_a_language_apart():
    for lang in languages():
        words = [fold(w) for listed in shared_words("exercise", lang)["typed"].values() for w in listed.split(",")]
        assert not [pair for pair in combinations(set(words), 2) if not all(pair)]
