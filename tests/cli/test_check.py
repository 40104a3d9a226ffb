"""``check`` and ``claims``: verdicts, files and exit codes."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from provenance.claims.known import template
from provenance_reports import json_v1
from provenance_reports.build import build
from worlds.commands import Provenance
from worlds.measurements import WORLDS, decade
from worlds.pipeline import Book

ONE = """\
schema = "provenance-disclosure/1"
[discloser]
name = "Lab"
[[source]]
id = "post"
tier = "primary"
title = "Post"
[[claim]]
id = "{name}"
kind = "level"
sources = ["post"]
wording = "We say so."
value = "{value}"
comparator = "{comparator}"
[[claim.reading]]
id = "live"
quantity = {{ unit = "code_line", basis = "stock" }}
window = "HEAD"
attribution = "marked"
assisted = "counted"
"""


@pytest.fixture
def report() -> Path:
    """Return a report of an invented pipeline: 21,158 of 131,234 live lines or so are marked."""
    text = json_v1.render(build(WORLDS["pipeline"](), command="provenance measure ."))
    Path("report.json").write_text(text)
    return Path("report.json")


def claims(comparator: str, value: str, *, name: str = "share") -> Path:
    """Write a disclosure of one claim."""
    path = Path(f"{name}.toml")
    path.write_text(ONE.format(comparator=comparator, value=value, name=name))
    return path


@pytest.mark.parametrize(
    ("comparator", "value", "more", "code", "verdict"),
    [
        ("at_least", "1%", (), 0, "supported"),
        ("at_least", "1%", ("--require-decision",), 0, "supported"),
        ("at_most", "1%", (), 1, "contradicted"),
        ("at_most", "1%", ("--require-decision",), 1, "contradicted"),
    ],
)
def test_the_exit_code_follows_the_verdict(
    provenance: Provenance, report: Path, comparator: str, value: str, more: tuple[str, ...],
    code: int, verdict: str,
) -> None:  # fmt: skip
    """A contradiction is 1, a support 0."""
    said = provenance("check", report, "--claims", claims(comparator, value), "-f", "json", *more)
    found = json.loads(said.out)

    assert said.code == code
    assert set(found) == {"format", "verdicts"}
    assert found["format"] == "provenance-check/1"
    (row,) = found["verdicts"]
    assert (row["claim"], row["reading"], row["verdict"]) == ("share", "live", verdict)
    assert all(isinstance(part, int) for end in (row["low"], row["high"]) for part in end)


def test_an_open_claim_fails_only_where_a_decision_is_required(
    provenance: Provenance, report: Path
) -> None:
    """The template is undecided here: exit 0, and 3 on request."""
    Path("c.toml").write_text(template())
    plain = provenance("check", report, "--claims", "c.toml")
    asked = provenance("check", report, "--claims", "c.toml", "--require-decision")

    assert (plain.code, asked.code) == (0, 3)
    assert plain.out == asked.out
    assert "NOT DECIDABLE" in plain.out
    assert "would decide it:" in plain.out
    assert plain.out.index("Dates disagree") < plain.out.index("NOT DECIDABLE")


@pytest.mark.parametrize("form", ["text", "json", "markdown", "cyclonedx"])
def test_two_runs_give_equal_bytes(
    provenance: Provenance, report: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Whatever the time zone and the locale, on stdout or in a file."""
    words = ("check", report, "--claims", claims("about", "20%"), "-f", form)
    first = provenance(*words)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Pacific/Kiritimati")
        elsewhere.setenv("LC_ALL", "tr_TR.UTF-8")
        time.tzset()
        second = provenance(*words)
    time.tzset()
    provenance(*words, "-o", "out.txt")

    assert first == second
    assert Path("out.txt").read_text(encoding="utf-8") == first.out


def test_support_is_always_printed_with_its_assumptions(
    provenance: Provenance, report: Path
) -> None:
    """In every format of check, and wherever the report shows the verdict."""
    told = claims("at_least", "1%")
    texts = [
        provenance("check", report, "--claims", told, "-f", form).out
        for form in ("text", "markdown", "cyclonedx")
    ]
    provenance("check", report, "--claims", told, "--html", "page.html", "--report", "with.json")
    texts.append(Path("page.html").read_text(encoding="utf-8"))
    texts += [
        provenance("report", "with.json", *words).out
        for words in (("-f", "text"), ("-f", "markdown"), ("-f", "markdown", "--short"))
    ]

    for text in texts:
        assert "supported" in text
        assert "lines that the history marks" in " ".join(text.split())


def test_the_page_carries_the_claims(provenance: Provenance, report: Path) -> None:
    """--html and --report are the report with a claims section; rendered again they agree."""
    provenance(
        "check",
        report,
        "--claims",
        claims("at_most", "1%"),
        "--html",
        "p.html",
        "--report",
        "r.json",
    )
    page = Path("p.html").read_text(encoding="utf-8")

    assert 'id="claims"' in page
    assert "We say so." in page
    assert provenance("report", "r.json", "-f", "html").out == page


def test_measure_can_hold_claims_at_once(provenance: Provenance, book: Book) -> None:
    """The same verdicts as check gives afterwards."""
    told = claims("at_least", "1%")
    assert provenance("measure", book.folder, "-o", "a", "--claims", told, "-q").code == 0
    assert provenance("measure", book.folder, "-o", "b", "-q").code == 0
    provenance("check", "b/report.json", "--claims", told, "--report", "c.json")
    one, two = (json.loads(Path(name).read_text()) for name in ("a/report.json", "c.json"))

    assert one["verdicts"] == two["verdicts"] != []
    assert one["command"] == f"{two['command']} --claims share.toml"


def test_measure_refuses_bad_claims_before_it_measures(provenance: Provenance, book: Book) -> None:
    """Nobody waits for a measurement to hear of a wrong word."""
    Path("bad.toml").write_text("schema = 1")
    said = provenance("measure", book.folder, "-o", "a", "--claims", "bad.toml")

    assert said.code == 2
    assert "bad.toml, line 1, schema" in said.err
    assert not Path("a").exists()


def test_a_bad_file_is_usage(provenance: Provenance, report: Path) -> None:
    """Line, field and nearest word on stderr; nothing on stdout."""
    path = claims("atleast", "80%")
    said = provenance("check", report, "--claims", path)
    missing = provenance("check", report, "--claims", "none.toml")

    assert (said.code, said.out) == (2, "")
    assert "share.toml, line 14, claim[1].comparator" in said.err
    assert "did you mean 'at_least'?" in said.err
    assert missing.code == 2
    assert "provenance claims init" in missing.err


def test_init_writes_what_check_reads(provenance: Provenance, report: Path) -> None:
    """And never over a file that is there."""
    printed = provenance("claims", "init")
    written = provenance("claims", "init", "c.toml")
    again = provenance("claims", "init", "c.toml")

    assert printed.out == Path("c.toml").read_text() == template()
    assert (printed.code, written.code, again.code) == (0, 0, 2)
    assert provenance("check", report, "--claims", "c.toml").code == 0


def test_a_summary_is_short_enough_for_a_comment(provenance: Provenance, report: Path) -> None:
    """At most fifteen lines stand before the one table."""
    Path("c.toml").write_text(template())
    said = provenance("check", report, "--claims", "c.toml", "-f", "markdown").out.split("\n")

    assert said.index("| claim | disclosed | reading | measured | verdict | why |") <= 15


HOSTILE = (
    "\\u202egnp.exe\\u2066",
    "\\u001b[31mred\\u0007",
    '=HYPERLINK(\\"http://example.invalid\\")',
    "<script>alert(1)</script>",
    "|a|`b`**c**[d](http://example.invalid)\\n::error::x",
    "@SUM(A1)\\u2028",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_claims_reach_no_reader(provenance: Provenance, report: Path, text: str) -> None:
    """Bidi, colours, formulas and markup of a claims file are spelled out or escaped."""
    path = claims("at_least", "1%")
    content = path.read_text().replace("We say so.", text).replace('"Lab"', f'"{text}"')
    path.write_text(content.replace('"Post"', f'"{text}"'))
    outs = {
        form: provenance("check", report, "--claims", path, "-f", form)
        for form in ("text", "json", "markdown", "cyclonedx")
    }
    provenance("check", report, "--claims", path, "--html", "page.html")
    page = Path("page.html").read_text(encoding="utf-8")

    for form, said in outs.items():
        assert said.code == 0
        lines = said.out.replace("\n", "")
        assert lines.isprintable(), form
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", said.out)
    assert "<script>alert" not in outs["markdown"].out + page.split("application/json")[0]
    assert "](http" not in outs["markdown"].out
    assert not re.search(r"^\s*::error", outs["text"].out + outs["markdown"].out, re.MULTILINE)


@pytest.mark.bench
def test_a_hundred_claims_take_less_than_two_seconds(provenance: Provenance) -> None:
    """Ten years of months, a hundred copies of the template's claims."""
    Path("report.json").write_text(json_v1.render(build(decade(), command="x")))
    head, *rest = template().split("[[claim]]")
    many = [
        re.sub(r'^id = "', f'id = "c{number}-', part.lstrip("\n"), count=1)
        for number in range(100)
        for part in (rest[number % len(rest)],)
    ]
    Path("c.toml").write_text(head + "".join(f"[[claim]]\n{part}" for part in many))
    began = time.process_time()
    said = provenance("check", "report.json", "--claims", "c.toml", "-f", "json")
    took = time.process_time() - began

    assert said.code == 0
    assert len({row["claim"] for row in json.loads(said.out)["verdicts"]}) == 100
    assert took < 2
