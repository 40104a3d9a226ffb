"""Ask git, now and then, how two blobs differ as text."""

from __future__ import annotations

from provenance.history.blobs import BlobSizes
from provenance.history.conversation import Conversation
from provenance.history.diffs import patch_options
from provenance.history.merges import tree_pair
from provenance.history.repository import Repository
from provenance.terms.changes import Lens


class BlobComparer:
    """Answers the replay's rare questions."""

    def __init__(self, repository: Repository, *, lens: Lens) -> None:
        """Prepare the git processes for them."""
        self._repository = repository
        self._sizes = BlobSizes(repository)
        self._git = Conversation(repository, "--text", "--no-renames", *patch_options(lens))

    def close(self) -> None:
        """End the git processes."""
        self._git.close()
        self._sizes.close()

    def lines_between(self, old: bytes | None, new: bytes) -> list[int] | None:
        """Return the hunks from ``old`` (``None``: nothing) to ``new``, if both are there."""
        blobs = [blob for blob in (old, new) if blob is not None]
        sizes = zip(blobs, self._sizes.of(blobs), strict=True)
        self._repository.stand_in_for(blob.decode() for blob, size in sizes if size < 0)
        if self._repository.missing & {blob.decode() for blob in blobs}:
            return None
        nothing = b"0" * self._repository.location.digits
        line = tree_pair(self._repository, [(old or nothing, new)])
        for _, changes in self._git.ask([line], blobs=blobs):
            for change in changes:
                return change.hunks
        return []
