from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings

from provenance.metrics.measurement import Measurement, StockPoint
from provenance.terms.counts import Own
from provenance_reports import html, json_v1, words
from provenance_reports.build import build
from provenance_reports.document import Document, Reading, Verdict
from worlds.any_measurement import measurements
from worlds.measurements import (
    HOSTILE,
    WORLDS,
    claims,
    decade,
    empty,
    hostile,
    hostile_claims,
    no_marks,
    no_own,
    not_a_pipeline,
    pipeline,
    small,
    stock_point,
    twenty_years,
)

_VOID = {"meta", "input", "br", "img", "link", "hr"}


class _Page(HTMLParser):
    """Elements with their attributes, text by element, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in {"td", "th"} and self.tables:
            self.tables[-1][-1].append("")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)
        elif self.open and self.open[-1] != "style":
            self.text.append(data)
            if {"td", "th"} & set(self.open):
                self.tables[-1][-1][-1] += data

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.text).replace("\u00a0", " "))


def _page(measurement: Measurement) -> _Page:
    return _Page(html.render(_document(measurement)))


def _document(measurement: Measurement) -> Document:
    return build(measurement, command="provenance measure .")


def _sections(page: _Page) -> list[str]:
    return [attrs["id"] or "" for tag, attrs in page.elements if tag == "section" and attrs["id"]]


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_the_page_needs_nothing_from_outside(world: str) -> None:
    """One file: no address is loaded, no style or handler sits in an attribute."""
    text = html.render(_document(WORLDS[world]()))
    page = _Page(text)

    assert page.wrong == []
    assert page.open == []
    for tag, attributes in page.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "audio"}
        assert not {"src", "srcset", "style", "xlink:href", "action", "srcdoc"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    assert not re.search(r"@import|url\((?!#)", style[1])


@pytest.mark.parametrize("world", sorted(WORLDS))
def test_ids_are_unique_and_links_lead_somewhere(world: str) -> None:
    page = _page(WORLDS[world]())
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    targets = [attrs["href"] or "" for tag, attrs in page.elements if tag == "a"]

    assert len(ids) == len(set(ids))
    assert {target.removeprefix("#") for target in targets} <= set(ids)
    for _, attrs in page.elements:
        for name in ("aria-labelledby", "for", "data-table"):
            assert attrs.get(name, ids[0]) in ids


def test_style_and_script_are_named_by_digest() -> None:
    """The page's own policy admits exactly its own style and script."""
    text = html.render(_document(small()))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    rules = policy[1].replace("&#39;", "'")
    assert rules.startswith("default-src 'none'; ")
    assert "unsafe" not in rules
    for tag, word in (("style", "style-src"), ("script", "script-src")):
        body = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(body[-1].encode()).digest()).decode()

        assert len(body) == 1
        assert f"{word} 'sha256-{digest}'" in rules


def test_the_script_stays_small() -> None:
    scripts = _page(small()).scripts

    assert len(scripts[-1].encode()) < 6_000


def test_the_whole_result_is_inside_and_can_be_read_back() -> None:
    measurement = pipeline()
    document = _document(measurement)
    page = _Page(html.render(document))
    embedded = json_v1.parse(page.scripts[0])
    cut = replace(measurement, files=measurement.files[: html.FILES_SHOWN])

    assert embedded == build(cut, command="provenance measure .")
    assert json.loads(page.scripts[0])["files_in_all"] == len(measurement.files)
    assert not re.search(r"[<>&\u2028\u2029]", page.scripts[0])
    assert hashlib.sha256(json_v1.render(document).encode()).hexdigest() in page.words


def test_hostile_text_is_shown_and_never_obeyed() -> None:
    """Whatever a repository calls its files, the page keeps its own elements only."""
    friendly, bad = _page(pipeline(releases=len(HOSTILE))), _page(hostile())
    allowed = {tag for tag, _ in friendly.elements} | {"svg", "ul", "li"}

    assert {tag for tag, _ in bad.elements} <= allowed
    assert bad.wrong == []
    assert len(bad.scripts) == 2
    assert "<script>alert(1)</script>" in bad.words
    assert "\\u202egnp.exe" in bad.words
    assert "line\\nbreak" in bad.words
    assert "caf\\xe9.py" in bad.words
    assert "{{ 7*7 }}" in bad.words
    assert not re.search(
        "[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", html.render(_document(hostile()))
    )
    assert max(len(word) for word in bad.words.split()) < 500


def test_hostile_claims_are_shown_and_never_obeyed() -> None:
    text = html.render(build(hostile(), command="\u202e<marquee>", verdicts=hostile_claims()))
    page = _Page(text)

    assert page.wrong == []
    assert len(page.scripts) == 2
    assert "<img src=x onerror=alert(2)>" in page.words
    assert "marquee" not in {tag for tag, _ in page.elements}
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", text)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(measurements())
def test_any_measurement_makes_a_sound_page(measurement: Measurement) -> None:
    text = html.render(_document(measurement))
    page = _Page(text)
    text.encode()

    assert page.wrong == []
    assert page.open == []
    assert len(page.scripts) == 2
    assert json_v1.parse(page.scripts[0]).headline == _document(measurement).headline


def test_sections_come_in_reading_order() -> None:
    claim = Verdict("c1", "about 80 %", "a page", "mixed", (Reading("stock", 1, 2, 3, "x", "y"),))
    document = build(pipeline(), command="provenance measure .", verdicts=[claim])

    assert _sections(_Page(html.render(document))) == [
        "statement",
        "claims",
        "time",
        "stages",
        "releases",
        "models",
        "evidence",
        "unmeasured",
        "findings",
        "files",
        "method",
    ]


def test_every_chart_is_followed_by_its_table() -> None:
    text = html.render(_document(pipeline()))

    for section in ("time", "stages", "releases"):
        body = re.search(rf'<section id="{section}".*?</section>', text, re.DOTALL)
        assert body is not None
        assert body[0].rindex("<details>") > body[0].rindex('class="plot"')
    assert text.count("<summary>Table") == text.count("</table></div></details>")


def test_the_statement_stands_first_and_is_complete() -> None:
    page = _page(pipeline())
    heading = page.words.index("How much of the live code AI wrote")

    assert heading < page.words.index("at least") < page.words.index("Solid: known to be")
    assert words.statement(_document(pipeline())) in page.words


def test_the_rest_is_never_called_human() -> None:
    """`Human` is a recorded author type; what has no evidence is `no evidence`."""
    text = _page(no_marks()).words.lower()

    assert "never called human" in text
    assert "human" not in text.replace("never called human", "")
    assert "no evidence" in text


def test_no_marks_are_no_statement_about_ai() -> None:
    page = _page(no_marks())

    assert "The history says nothing about who wrote this code." in page.words
    assert not re.search(r"(?<![\d.])0 % AI", page.words)
    assert "At no time did a line carry evidence" in page.words
    assert not any(attrs.get("class") == "plot" for _, attrs in page.elements)


def test_a_repository_that_makes_no_model_has_no_stages() -> None:
    page = _page(not_a_pipeline())

    assert "does not look like a model pipeline" in page.words
    assert "Data curation" not in page.words
    assert "heat" not in {attrs.get("class") for _, attrs in page.elements}


def test_without_own_families_vendors_are_shown_and_nothing_is_guessed() -> None:
    page = _page(no_own())

    assert "no model family is configured" in page.words
    assert "quill" in page.words
    assert "own: at least" not in page.words


def test_an_empty_tree_says_so() -> None:
    page = _page(empty())

    assert "Nothing to measure" in page.words
    assert not re.search(r"\d %", page.words)
    assert _sections(page) == ["statement", "unmeasured", "findings", "method"]


def test_one_point_is_enough_for_a_page() -> None:
    """``--at REV`` gives no series; everything else is still said."""
    measurement = pipeline()
    page = _page(replace(measurement, stock=measurement.stock[-1:], flow=()))

    assert "One point only" in page.words
    assert "Releases" not in page.words
    assert "Post-training" in page.words


def test_characters_are_not_called_lines() -> None:
    measurement = pipeline()
    unit = replace(measurement.definition, unit="character")
    page = _page(replace(measurement, definition=unit))
    stages = next(table for table in page.tables if table[0][0] == "stage")

    assert stages[0][1] == "characters"
    assert "412,900 live characters" in page.words


def test_better_marking_is_said_in_words() -> None:
    assert "part of the rise can be better marking" in _page(pipeline()).words


def test_the_page_answers_in_one_plain_sentence_first() -> None:
    page = _page(pipeline())

    assert "Between 22 % and 91 % of it. For 49 % of the lines, nothing says" in page.words
    assert "Between" not in _page(no_marks()).words


def test_who_replaces_whom_is_told_in_lines() -> None:
    measurement = pipeline()
    table = next(table for table in _page(measurement).tables if "taken away by" in table[0])
    ai = table[1]

    assert [row[0] for row in table[1:]] == ["AI", "assisted", "predates AI", "no evidence"]
    assert ai[1] == f"{sum(r.lines for r in measurement.replacements if r.old == 'ai'):,}"
    assert ai[3].startswith(f"{measurement.replacements[0].lines:,} ")


def test_the_headline_is_told_with_each_exclusion_inside() -> None:
    """From none of them to all of them, in lines."""
    measurement = pipeline()
    document = _document(measurement)
    table = next(table for table in _page(measurement).tables if table[0][0] == "rule")

    assert [row[0] for row in table[1:]] == [
        "with none of these",
        *(item.rule for item in measurement.exclusions),
        "with all of these",
    ]
    for row, item in zip(table[2:], document.excluded, strict=False):
        figures = [cell.replace("\u00a0", " ") for cell in row[5:]]
        assert figures == list(words.figures(item.counted))


def test_records_are_told_by_kind() -> None:
    page = _page(pipeline())
    table = next(table for table in page.tables if "of this history" in table[0])

    assert table[2][:6] == ["git-ai", "1,264", "1,102", "87", "41", "910"]
    assert "refs/notes/ai" in page.words
    assert "Line-level records" not in _page(no_marks()).words


def test_events_and_claims_are_drawn_where_they_belong() -> None:
    """A claim about live code of own models is framed there and nowhere else."""
    text = html.render(build(pipeline(), command="x", verdicts=claims()))
    figures = re.findall(r'<figure class="chart".*?</figure>', text, re.DOTALL)
    framed = ["c1:" in figure for figure in figures]
    stock = ['data-kind="stock"' in figure for figure in figures]

    assert 'aria-label="Own models, share of live' in figures[framed.index(True)]
    assert sum(framed) == 3
    assert all(kind for kind, frame in zip(stock, framed, strict=True) if frame)
    assert sum("c2:" in figure for figure in figures) == 3
    assert all(
        ('class="plot lanes"' in figure) == kind
        for figure, kind in zip(figures, stock, strict=True)
    )
    assert re.search(r'<svg class="event on-model"[^>]*><title>\d{4}-\d\d-\d\d: ', text)


def test_where_nothing_is_ai_for_sure_the_assisted_share_is_mapped() -> None:
    """A map of zeros would hide what is declared."""
    full = pipeline()

    def without(point: StockPoint) -> StockPoint:
        stages = {
            stage: replace(figures, counts=replace(figures.counts, ai=0), own=Own())
            for stage, figures in point.by_stage.items()
        }
        return stock_point(point.at, point.kind, point.date, stages)

    page = _page(replace(full, stock=tuple(map(without, full.stock))))

    assert "assisted, 90 days" in page.words
    assert "with assisted commits: 0 %" in page.words
    assert {"h0", "h2"} <= {attrs.get("class") for _, attrs in page.elements}


def test_the_map_of_the_lab_and_what_is_expected_are_shown() -> None:
    page = _page(pipeline())
    stages = next(table for table in page.tables if table[0][0] == "stage")

    assert stages[0][-1] == "expected"
    assert ["tools/**", "infra:repo"] in next(t for t in page.tables if t[0][0] == "paths")


def test_ten_years_fit_in_a_megabyte() -> None:
    assert len(html.render(_document(decade())).encode()) <= 1_000_000


def test_twenty_years_and_seven_hundred_releases_are_drawn_in_two_seconds() -> None:
    """Processor time, so that a busy machine does not decide."""
    measurement = twenty_years()
    html.render(_document(small()))
    before = process_time()
    text = html.render(_document(measurement))
    spent = process_time() - before
    page = _Page(text)
    releases = next(table for table in page.tables if table[0][0] == "release")

    assert len(measurement.stock) > 900
    assert spent <= 2
    assert "The last 40 of 700 are drawn" in page.words
    assert len(releases) == 701
    assert len(text.encode()) < 2_900_000
