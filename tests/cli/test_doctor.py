"""``doctor`` names what a clone lacks and the command that would bring it."""

from __future__ import annotations

import json
from pathlib import Path

from worlds import pipeline
from worlds.commands import Provenance
from worlds.pipeline import Book


def _findings(text: str) -> dict[str, dict]:  # type: ignore[type-arg]
    return {item["id"]: item for item in json.loads(text)["findings"]}


def test_a_whole_clone_is_measurable(provenance: Provenance, book: Book) -> None:
    """What is there is called good; notes that may be elsewhere are named with their cure."""
    said = provenance("doctor", book.folder, "-f", "json")
    found = _findings(said.out)

    assert said.code == 0
    assert json.loads(said.out)["measurable"] is True
    assert found["shallow"]["state"] == found["objects"]["state"] == "good"
    assert found["requests"]["count"] == 1
    assert found["releases"]["count"] == 2
    assert (found["marks"]["count"], found["marks"]["state"]) == (2, "good")
    (cure,) = found["notes"]["cures"]
    assert cure.startswith("git fetch origin 'refs/notes/*:refs/notes/*' 'refs/ai/*:refs/ai/*'")


def test_a_shallow_clone_blocks(provenance: Provenance, shallow: Path) -> None:
    """Exit 3, the exact command, and no percentage."""
    said = provenance("doctor", shallow)

    assert said.code == 3
    assert "git fetch --unshallow" in said.out
    assert "%" not in said.out + said.err


def test_an_empty_repository_blocks(provenance: Provenance, tmp_path: Path) -> None:
    """Without a commit there is nothing to measure."""
    pipeline.git(tmp_path, "init", "-q", "fresh")
    said = provenance("doctor", tmp_path / "fresh", "-f", "json")

    assert said.code == 3
    assert _findings(said.out)["commits"]["state"] == "blocks"


def test_missing_objects_are_counted(provenance: Provenance, tmp_path: Path) -> None:
    """A partial clone says how many objects it lacks, and how to get all of them."""
    world = pipeline.build(tmp_path / "world")
    pipeline.git(world.folder, "config", "uploadpack.allowFilter", "true")
    pipeline.git(
        tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{world.folder}",
        "partial",
    )  # fmt: skip
    said = provenance("doctor", tmp_path / "partial", "-f", "json")
    found = _findings(said.out)["objects"]
    pipeline.git(tmp_path / "partial", *found["cures"][0].split()[1:])
    cured = provenance("doctor", tmp_path / "partial", "-f", "json")

    assert said.code == 0
    assert (found["state"], found["count"]) == ("limits", 13)
    assert _findings(cured.out)["objects"]["state"] == "good"


def test_a_clone_without_file_lists_blocks(provenance: Provenance, tmp_path: Path) -> None:
    """A clone that fetched commits only says so in words, whichever command is asked."""
    world = pipeline.build(tmp_path / "world")
    pipeline.git(world.folder, "config", "uploadpack.allowFilter", "true")
    pipeline.git(
        tmp_path, "clone", "-q", "--bare", "--filter=tree:0", f"file://{world.folder}", "treeless"
    )
    said = provenance("doctor", tmp_path / "treeless", "-f", "json")
    other = provenance("measure", tmp_path / "treeless")

    assert (said.code, other.code) == (3, 3)
    assert _findings(said.out)["tree"]["state"] == "blocks"
    assert "provenance doctor" in other.err


def test_the_cures_cure(provenance: Provenance, tmp_path: Path) -> None:
    """Every command that is printed for a plain shallow clone brings what it promises."""
    world = pipeline.build(tmp_path / "world")
    pipeline.git(world.folder, "-c", "user.name=x", "-c", "user.email=x", "notes", "add", "-m", "n")
    pipeline.git(
        tmp_path, "clone", "-q", "--depth=1", "--no-tags", f"file://{world.folder}", "clone"
    )
    sick = _findings(provenance("doctor", tmp_path / "clone", "-f", "json").out)
    for item in ("shallow", "notes", "requests", "releases"):
        command = sick[item]["cures"][0].replace("'", "")
        pipeline.git(tmp_path / "clone", *command.split()[1:])
    well = _findings(provenance("doctor", tmp_path / "clone", "-f", "json").out)

    assert {sick[item]["state"] for item in ("notes", "requests", "releases")} == {"limits"}
    assert sick["shallow"]["state"] == "blocks"
    for item in ("shallow", "notes", "requests", "releases"):
        assert well[item]["state"] == "good"


def test_what_lies_elsewhere_is_counted(provenance: Provenance, tmp_path: Path) -> None:
    """LFS pointers and submodules are no content; replace refs and grafts are not obeyed."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 5\n"
    step = pipeline.Step("unattested", pipeline.ADA, "Start\n", 0, {"weights.bin": pointer})
    world = pipeline.build(tmp_path / "odd", (step,))
    head = world.commits[0]
    stream = (
        "commit refs/heads/main\ncommitter x <x> 1735905700 +0000\ndata 1\nm\n"
        f"from {head}\nM 160000 {head} module\n"
    )
    pipeline.git(world.folder, "fast-import", "--quiet", text=stream.encode())
    pipeline.git(world.folder, "update-ref", f"refs/replace/{head}", head)
    (world.folder / ".git/info/grafts").write_text(f"{head}\n")
    found = _findings(provenance("doctor", world.folder, "-f", "json").out)

    assert {item: found[item]["count"] for item in ("lfs", "submodules", "replace", "grafts")} == {
        "lfs": 1, "submodules": 1, "replace": 1, "grafts": 1,
    }  # fmt: skip
    assert found["marks"]["state"] == "limits"
    assert "no evidence" in found["marks"]["text"]
