"""Trees that share what is equal: a plain dictionary is the model."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.ownership.tree import Opaque, Tree, Version
from provenance.terms.unmeasured import Reason

Step = tuple[str, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "drop", "fork"]), st.integers(0, 5), st.integers(0, 1500)
    ),
    max_size=80,
)


@settings(max_examples=100)
@given(steps=steps)
def test_forks_never_see_each_other(steps: list[Step]) -> None:
    """After any puts, drops and forks each tree holds what its own dictionary holds."""
    trees, models = [Tree()], [dict[int, Version]()]
    for number, (kind, which, path) in enumerate(steps):
        tree, model = trees[which % len(trees)], models[which % len(models)]
        if kind == "fork":
            trees.append(tree.fork())
            models.append(dict(model))
        elif kind == "put":
            model[path] = Version(b"%d" % number, b"")
            tree.put(path, model[path])
        else:
            tree.drop(path)
            model.pop(path, None)

    for tree, model in zip(trees, models, strict=True):
        assert dict(tree.items()) == model
        assert all(tree.get(path) is version for path, version in model.items())
    for old, before in zip(trees, models, strict=True):
        for new, after in zip(trees, models, strict=True):
            changed = {p: (was, now) for p, was, now in new.changed_since(old)}
            assert changed == {
                p: (before.get(p), after.get(p))
                for p in before.keys() | after.keys()
                if before.get(p) is not after.get(p)
            }


def test_what_may_be_text_again() -> None:
    """Made from binary versions only: text is possible; made from text: it is not."""
    text = Version(b"t", b"")
    binary = Version(b"b", Opaque(Reason.BINARY, 1))

    assert not Opaque(Reason.BINARY, 1).may_be_text
    assert not Opaque(Reason.BINARY, 1, text).may_be_text
    assert Opaque(Reason.BINARY, 1, binary).may_be_text
    assert Opaque(Reason.BINARY, 1, binary, 0, (binary,)).may_be_text
    assert not Opaque(Reason.BINARY, 1, binary, 0, (text,)).may_be_text
