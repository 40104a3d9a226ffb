"""Measurements of invented repositories: deterministic, no git, no clock.

Every world keeps the promises of a real measurement: stages and tiers sum to the whole,
own figures lie inside the figures of any AI, lists are sorted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from provenance.metrics.measurement import (
    Definition,
    Exclusion,
    FileFigures,
    Finding,
    FlowWindow,
    Generation,
    LadderStep,
    Measurement,
    RecordFigures,
    Replacement,
    Repository,
    StageFigures,
    StockPoint,
)
from provenance.terms.counts import Counts, Own
from provenance.terms.stages import Facet, LoopTier, Stage, loop_tier
from provenance.terms.unmeasured import Reason, Unmeasured
from provenance_reports.document import Reading, Verdict

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "javascript:alert(3)",
    "\u202egnp.exe\u2066x\u2069",
    "line\nbreak\r\n::error file=a,line=1::pwned",
    "##[error]pwned",
    "\x1b[31mred\x1b[0m\x07",
    '=HYPERLINK("http://example.invalid","x")',
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "caf\udce9.py",
    "|a|b|`c`*d*_e_[f](http://example.invalid)",
    "\u2028\u2029\ufeff\x00",
    "a" * 10_000,
    "{{ 7*7 }}{% raw %}",
    "\"'><svg onload=alert(4)>",
)
_PIPELINE = (
    (Stage.DATA_CURATION, 9, 60),
    (Stage.TOKENIZATION, 4, 35),
    (Stage.MODEL, 12, 20),
    (Stage.KERNELS, 6, 75),
    (Stage.TRAINING, 22, 45),
    (Stage.POST_TRAINING, 14, 55),
    (Stage.REWARDS_ENVS, 5, 70),
    (Stage.EVALUATION, 13, 80),
    (Stage.SERVING, 6, 40),
    (Stage.TRACKING, 3, 30),
    (Stage.INFRA, 9, 65),
    (Stage.SHARED, 5, 25),
    (Stage.OTHER, 2, 15),
)


def commit_id(*words: object) -> str:
    """Return a made-up commit id that depends only on ``words``."""
    return hashlib.sha1(repr(words).encode(), usedforsecurity=False).hexdigest()


def definition(
    *, own: tuple[str, ...] = ("acme",), every: tuple[str, ...] = ("month",)
) -> Definition:
    """Return an ordinary definition."""
    return Definition(
        unit="code_line",
        lens="plain",
        facets=(Facet.CONFIG, Facet.NOTEBOOK, Facet.SOURCE),
        own_families=own,
        every=every,
        catalogue_digest=hashlib.sha256(b"catalogue").hexdigest(),
        classifier_digest=hashlib.sha256(b"classifier").hexdigest(),
        scope_digest=hashlib.sha256(b"scope").hexdigest(),
        config_digest=hashlib.sha256(b"config").hexdigest(),
        taxonomy_version=1,
        git_version="2.39.5",
        git_options=("--no-ext-diff", "--unified=0"),
        predates_cutoff="2021-06-29",
    )


def repository(name: str = "train", *, head_date: str = "2026-11-20T16:04:05Z") -> Repository:
    """Return an ordinary repository."""
    return Repository(
        name=name,
        head=commit_id(name, "head"),
        head_date=head_date,
        commits=9_632,
        merges=611,
        first_date="2019-03-05T09:00:00Z",
        object_format="sha1",
        refs_digest=hashlib.sha256(name.encode()).hexdigest(),
    )


def _stage(lines: int, age: int, months: int, leaning: int, seed: int) -> StageFigures:
    """Return a stage after ``age`` of ``months`` months.

    Marks appear 26 months before the end; eight months before the end a tool begins to
    mark by default, so assisted lines step up.
    """
    late = max(0, age - max(0, months - 26))
    wobble = (seed * 37 + age * 11) % 5 - 2 if late else 0
    marked = max(0, late * late * leaning // 900 + wobble)
    stamped = 6 + seed % 5 if age > months - 8 else 0
    ai = lines * min(44, marked * 6 // 10) // 100
    assisted = lines * min(30, marked * 3 // 10 + stamped) // 100
    bots = lines * 2 // 100
    human = lines * late // 500
    left = lines - ai - assisted - bots - human
    old = left * max(4, 52 - 46 * age // max(1, months) - seed) // 100
    counts = Counts(ai, assisted, bots, human, old, left - old)
    own = Own(
        ai * 6 // 10,
        ai * 6 // 10 + assisted // 2,
        ai * 8 // 10 + assisted * 7 // 10 + counts.unattested,
    )
    return StageFigures(counts, own, lines * 9 // 10, lines * 115 // 100, lines)


def _sum(figures: Iterable[StageFigures]) -> StageFigures:
    counts, own, low, high, expected = Counts(), Own(), 0, 0, 0
    for figure in figures:
        counts, own = counts + figure.counts, own + figure.own
        low, high = low + figure.low, high + figure.high
        expected += figure.expected
    return StageFigures(counts, own, low, high, expected)


def stock_point(
    at: str, kind: str, moment: str, stages: Mapping[Stage, StageFigures]
) -> StockPoint:
    """Return a point whose totals are the sums of its stages."""
    whole = _sum(stages.values())
    tiers = {
        tier: _sum(figure for stage, figure in stages.items() if loop_tier(stage, None) is tier)
        for tier in LoopTier
    }
    return StockPoint(
        at=at,
        kind=kind,
        commit=commit_id(at, moment),
        date=moment,
        counts=whole.counts,
        own=whole.own,
        by_stage=dict(stages),
        by_tier=tiers,
        tests=Counts(ai=whole.counts.total // 9, unattested=whole.counts.total // 5),
    )


def _month(index: int) -> str:
    return f"{index // 12}-{index % 12 + 1:02d}"


def _stages(age: int, months: int, size: int) -> dict[Stage, StageFigures]:
    scale = size * (40 + 60 * age // months) // 100
    return {
        stage: _stage(max(1, scale * part // 110), age, months, leaning, seed)
        for seed, (stage, part, leaning) in enumerate(_PIPELINE)
    }


def pipeline(
    *, months: int = 44, size: int = 412_904, releases: int = 9, own: tuple[str, ...] = ("acme",)
) -> Measurement:
    """Return a model pipeline with a month series, releases, generations and findings."""
    last = 2026 * 12 + 9
    first = last - months + 1
    stock: list[StockPoint] = []
    flow: list[FlowWindow] = []
    gap = first + months // 3
    for index in range(first, last + 1):
        if months > 12 and index in {gap, gap + 1}:
            continue
        stages = _stages(index - first, months, size)
        stock.append(stock_point(_month(index), "month", f"{_month(index)}-27T12:00:00Z", stages))
        flow.append(
            _window(
                "month",
                _month(index - 1),
                _month(index),
                age=index - first,
                months=months,
                size=size,
            )
        )
    step = max(1, months * 28 // max(1, releases))
    for number in range(releases):
        days = 12 + number * step
        index, day = first + days // 28, days % 28 + 1
        moment = f"{_month(index)}-{day:02d}T09:30:00Z"
        tag = f"v{number // 10}.{number % 10}.0"
        before = f"v{(number - 1) // 10}.{(number - 1) % 10}.0" if number else "root"
        stock.append(stock_point(tag, "release", moment, _stages(index - first, months, size)))
        flow.append(_window("release", before, tag, age=index - first, months=months, size=size))
    stock.sort(key=lambda point: (point.date, point.at))
    head = stock_point("HEAD", "head", "2026-11-20T16:04:05Z", _stages(months, months, size))
    stock.append(head)
    every = ("month", "release") if releases else ("month",)
    return Measurement(
        tool_version="0.1.0",
        repository=replace(repository(), head=head.commit),
        definition=definition(own=own, every=every),
        stock=tuple(stock),
        flow=tuple(flow),
        generations=_generations(head, first, last, own=bool(own)),
        not_measured=(
            Unmeasured(Reason.LFS_POINTER, 2, 0, ("assets/eval.bin", "assets/tokenizer.model")),
            Unmeasured(Reason.SUBMODULE, 1, 0, ("third_party/cutlass",)),
        ),
        exclusions=(
            Exclusion(
                "docs.markdown", Facet.DOCS, 310, 41_220, Counts(ai=9_100, unattested=32_120)
            ),
            Exclusion(
                "vendored.third-party", Facet.VENDORED, 88, 30_904, Counts(unattested=30_904)
            ),
            Exclusion("generated.lockfile", Facet.GENERATED, 3, 9_812, Counts(automation=9_812)),
            Exclusion("data.tables", Facet.DATA, 41, 8_077, Counts(unattested=8_077)),
        ),
        ladder=_ladder(head.counts),
        findings=(
            Finding(
                "attribution-off",
                "B",
                "Attribution is switched off by configuration",
                (".claude/settings.json:4", commit_id("settings")),
                2,
            ),
            Finding(
                "rewrite-burst",
                "B",
                "Many commits share one minute of commit time",
                (commit_id("burst"),),
                64,
            ),
            Finding(
                "orphan-notes", "C", "Authorship notes whose commit is not in the history", (), 812
            ),
        ),
        files=_files(head),
        everything=head.counts + head.tests + Counts(ai=9_100, automation=9_812, unattested=71_101),
        is_ml_pipeline=True,
        records=_records(head.counts),
        record_pins=(("refs/notes/ai", commit_id("notes")),),
        replacements=_replacements(head.counts),
        stage_map=(("acme/training/**", "training"), ("tools/**", "infra:repo")),
    )


def _records(counts: Counts) -> tuple[RecordFigures, ...]:
    return (
        RecordFigures("agent-trace", 3, 3, 0, 0, 0, 0, 0),
        RecordFigures(
            "git-ai",
            1_264,
            41,
            1_102,
            87,
            910,
            counts.ai * 2,
            counts.ai,
            estimate=(counts.ai // 3, counts.ai // 2, counts.ai),
            estimated=87,
        ),
    )


def _replacements(counts: Counts) -> tuple[Replacement, ...]:
    lines = counts.total
    return (
        Replacement("ai", "ai", lines * 11 // 100),
        Replacement("ai", "assisted", lines * 3 // 100),
        Replacement("ai", "human", 17),
        Replacement("ai", "unattested", lines * 6 // 100),
        Replacement("assisted", "ai", lines * 2 // 100),
        Replacement("predates_ai", "ai", lines * 9 // 100),
        Replacement("unattested", "ai", lines * 22 // 100),
        Replacement("unattested", "assisted", lines * 8 // 100),
        Replacement("unattested", "unattested", lines * 31 // 100),
    )


def _window(kind: str, start: str, end: str, *, age: int, months: int, size: int) -> FlowWindow:
    stages = {
        stage: _stage(max(1, size * part // 6000), age + 6, months, leaning + 10, seed + 1)
        for seed, (stage, part, leaning) in enumerate(_PIPELINE)
    }
    whole = _sum(stages.values())
    return FlowWindow(
        kind=kind,
        start=start,
        end=end,
        start_commit="" if start == "root" else commit_id(start, kind),
        end_commit=commit_id(end, kind),
        commits=40 + age % 17,
        added=whole.counts + whole.counts,
        counts=whole.counts,
        own=whole.own,
        by_stage=stages,
    )


def _generations(head: StockPoint, first: int, last: int, *, own: bool) -> tuple[Generation, ...]:
    plan = (
        ("Acme", "acme", "acme-4.5", True, 34, 20, 22),
        ("Acme", "acme", "acme-4", True, 26, 18, 14),
        ("Other Lab", "quill", "quill-2", False, 17, 20, 8),
        (None, None, None, False, 12, 24, 2),
        ("Third Lab", "reed", "reed-1-mini", False, 7, 12, 5),
        ("Acme", "acme", "acme-3.7", True, 4, 6, 1),
    )
    out = []
    for vendor, family, model, mine, ai, assisted, since in plan:
        lines = head.counts.ai * ai // 100
        helped = head.counts.assisted * assisted // 100
        begin = max(first, last - 24 + since)
        life = max(1, last - begin)
        alive = tuple(
            (
                _month(index),
                (lines + helped)
                * min(100, (index - begin) * 260 // life, 100 + max(0, 30 - (index - begin) * 3))
                // 100,
            )
            for index in range(begin, last + 1)
        )
        out.append(
            Generation(
                vendor=vendor,
                family=family,
                model=model,
                own=mine and own,
                ai=lines,
                assisted=helped,
                first_seen=f"{_month(begin)}-11",
                by_stage={
                    stage: (figure.counts.ai * ai + figure.counts.assisted * assisted) // 100
                    for stage, figure in head.by_stage.items()
                },
                alive=alive,
            )
        )
    out.sort(key=lambda generation: (-generation.ai - generation.assisted, generation.model or ""))
    return tuple(out)


def _ladder(counts: Counts) -> tuple[LadderStep, ...]:
    half = counts.ai // 2
    rows = (
        ("ai", "observed", "record.git-ai", half, 410),
        ("ai", "declared", "aider.author-suffix", counts.ai - half, 655),
        ("assisted", "declared", "claude.co-author", counts.assisted * 3 // 4, 1204),
        ("automation", "declared", "dependabot.author", counts.automation, 388),
        ("assisted", "stamped", "copilot.co-author", counts.assisted // 4, 209),
    )
    return tuple(
        LadderStep(kind, tier, rule, lines, commits, commit_id(rule), f"2025-0{at + 2}-14")
        for at, (kind, tier, rule, lines, commits) in enumerate(rows)
    )


def _files(head: StockPoint, *, count: int = 260) -> tuple[FileFigures, ...]:
    stages = sorted(head.by_stage)
    out = []
    for number in range(count):
        stage = stages[number % len(stages)]
        lines = 4_200 - number * 16
        code = lines * 8 // 10
        marked = (number * 29) % 100
        ai, assisted = code * marked // 200, code * (100 - marked) // 400
        out.append(
            FileFigures(
                path=f"acme/{stage}/module_{number:03d}.py",
                stage=stage,
                facet=Facet.TEST if number % 9 == 0 else Facet.SOURCE,
                confidence=980 - number % 40 * 12,
                second=stages[(number + 1) % len(stages)] if number % 3 else None,
                lines=lines,
                counts=Counts(ai=ai, assisted=assisted, unattested=code - ai - assisted),
            )
        )
    return tuple(out)


def small() -> Measurement:
    """Return a young pipeline: eight months, one release."""
    return pipeline(months=8, size=6_120, releases=1)


def decade() -> Measurement:
    """Return ten years of months and fifty releases."""
    return pipeline(months=120, releases=50)


def twenty_years() -> Measurement:
    """Return twenty years of months and 700 releases: 950 points or so."""
    return pipeline(months=240, releases=700, size=380_000)


def no_own() -> Measurement:
    """Return the pipeline without configured own families."""
    return pipeline(own=())


def no_marks() -> Measurement:
    """Return a pipeline in which nothing says anything about any line."""

    def blank(figures: StageFigures) -> StageFigures:
        total = figures.counts.total
        own = Own(0, 0, total)
        return replace(figures, counts=Counts(unattested=total), own=own)

    def point(old: StockPoint) -> StockPoint:
        stages = {stage: blank(figures) for stage, figures in old.by_stage.items()}
        return replace(
            stock_point(old.at, old.kind, old.date, stages),
            tests=Counts(unattested=old.tests.total),
        )

    def window(old: FlowWindow) -> FlowWindow:
        stages = {stage: blank(figures) for stage, figures in old.by_stage.items()}
        whole = _sum(stages.values())
        return replace(
            old,
            added=Counts(unattested=old.added.total),
            counts=whole.counts,
            own=whole.own,
            by_stage=stages,
        )

    full = pipeline()
    return replace(
        full,
        stock=tuple(point(old) for old in full.stock),
        flow=tuple(window(old) for old in full.flow),
        generations=(),
        ladder=(),
        records=(),
        replacements=(Replacement("unattested", "unattested", 90_210),),
        findings=(),
        exclusions=tuple(
            replace(item, counts=Counts(unattested=item.counts.total)) for item in full.exclusions
        ),
        files=tuple(
            replace(item, counts=Counts(unattested=item.counts.total)) for item in full.files
        ),
        everything=Counts(unattested=full.everything.total),
    )


def empty() -> Measurement:
    """Return a repository whose head holds nothing to measure."""
    head = StockPoint(
        at="HEAD",
        kind="head",
        commit=commit_id("empty"),
        date="2026-11-20T16:04:05Z",
        counts=Counts(),
        own=Own(),
        by_stage={},
        by_tier={},
        tests=Counts(),
    )
    return Measurement(
        tool_version="0.1.0",
        repository=replace(repository("empty"), head=head.commit, commits=1, merges=0),
        definition=definition(own=()),
        stock=(head,),
        flow=(),
        generations=(),
        not_measured=(),
        exclusions=(),
        ladder=(),
        findings=(),
        files=(),
        everything=Counts(),
        is_ml_pipeline=False,
    )


def not_a_pipeline() -> Measurement:
    """Return a web product: every line in ``other`` and ``infra``."""
    full = pipeline(own=())

    def fold(stages: Mapping[Stage, StageFigures]) -> dict[Stage, StageFigures]:
        whole = _sum(figure for stage, figure in stages.items() if stage is not Stage.INFRA)
        return {Stage.INFRA: stages[Stage.INFRA], Stage.OTHER: whole}

    return replace(
        full,
        repository=replace(full.repository, name="shop"),
        stock=tuple(
            replace(
                stock_point(point.at, point.kind, point.date, fold(point.by_stage)),
                tests=point.tests,
            )
            for point in full.stock
        ),
        flow=tuple(replace(window, by_stage=fold(window.by_stage)) for window in full.flow),
        files=tuple(replace(item, stage=Stage.OTHER, second=None) for item in full.files),
        is_ml_pipeline=False,
    )


def hostile() -> Measurement:
    """Return the pipeline with hostile text wherever a repository can put it."""
    full = pipeline(releases=len(HOSTILE))
    texts = iter(HOSTILE * 3)
    stock = tuple(
        replace(point, at=next(texts)) if point.kind == "release" else point for point in full.stock
    )
    flow = tuple(
        replace(window, start=HOSTILE[0], end=next(texts)) if window.kind == "release" else window
        for window in full.flow
    )
    return replace(
        full,
        repository=replace(full.repository, name=HOSTILE[1]),
        definition=replace(full.definition, own_families=(HOSTILE[0], HOSTILE[3])),
        stock=stock,
        flow=flow,
        generations=tuple(
            replace(item, vendor=HOSTILE[at], family=HOSTILE[at + 3], model=HOSTILE[at + 6])
            for at, item in enumerate(full.generations)
        ),
        not_measured=(Unmeasured(Reason.UNDECODABLE, 17, 100, HOSTILE),),
        exclusions=tuple(
            replace(item, rule=HOSTILE[at]) for at, item in enumerate(full.exclusions)
        ),
        ladder=tuple(
            replace(
                item,
                rule=HOSTILE[at],
                author_type=HOSTILE[at + 1],
                tier=HOSTILE[at + 2],
                example=HOSTILE[at + 3],
            )
            for at, item in enumerate(full.ladder)
        ),
        findings=(Finding(HOSTILE[0], "B", HOSTILE[4], HOSTILE, 17),),
        records=tuple(replace(item, rule=HOSTILE[at]) for at, item in enumerate(full.records)),
        record_pins=tuple((text, text) for text in HOSTILE),
        replacements=tuple(
            replace(item, old=HOSTILE[at], new=HOSTILE[at + 3])
            for at, item in enumerate(full.replacements)
        ),
        stage_map=tuple((text, text) for text in HOSTILE),
        files=tuple(
            replace(item, path=HOSTILE[at] if at < len(HOSTILE) else item.path)
            for at, item in enumerate(full.files)
        ),
    )


WORLDS = {
    "pipeline": pipeline,
    "small": small,
    "no_own": no_own,
    "no_marks": no_marks,
    "empty": empty,
    "not_a_pipeline": not_a_pipeline,
    "hostile": hostile,
}


def claims() -> tuple[Verdict, ...]:
    """Return three judged claims of the invented lab."""
    readings = (
        Reading(
            "stock, lines, own models, 2026-06",
            31,
            77,
            100,
            "contradicted",
            "77 < 78",
            needed=("Records for 12,000 lines of May.",),
            assumes=("no AI line is marked that is none",),
        ),
        Reading("added in 90 days, lines, own models", 52, 91, 100, "undecided", "80 lies within"),
    )
    level = Verdict(
        "c1",
        "about 80 % of its own training pipeline",
        "a page",
        "mixed",
        readings,
        states="level",
        begins="2026-05-01",
        ends="2026-05-31",
        target_low=(78, 100),
        target_high=(82, 100),
        basis="stock",
        subject="own",
    )
    flow = replace(
        level, claim="c2", basis="flow", subject="ai", target_low=(1, 2), target_high=None
    )
    blank = Verdict(
        "c3",
        "accelerated after April",
        "a page",
        "not_measurable",
        (),
        conflict="The model came out in February.",
    )
    return level, flow, blank


def hostile_claims() -> tuple[Verdict, ...]:
    """Return claims whose every word is hostile."""
    return tuple(
        Verdict(
            text,
            text,
            text,
            text,
            (Reading(text, 1, 2, 3, text, text, text, HOSTILE, HOSTILE),),
            states=text,
            conflict=text,
            begins=text if at else "2026-05-01",
            ends=text if at else "2026-06-01",
            target_low=(2, 1) if at % 2 else (1, 2),
            basis="stock",
            subject="ai",
        )
        for at, text in enumerate(HOSTILE)
    )
