"""Write git objects into the scratch repository: blobs, and trees made of known blobs.

Trees made here let one streaming git process compare any two blobs, exactly as git
compares them in a commit.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Mapping
from pathlib import Path

_FILE = b"100644"
_FOLDER = b"40000"


def write_object(git_dir: Path, kind: str, content: bytes, object_format: str) -> str:
    """Write one loose object and return its id."""
    data = f"{kind} {len(content)}\0".encode() + content
    oid = hashlib.new(object_format, data, usedforsecurity=False).hexdigest()
    folder = f"{git_dir}/objects/{oid[:2]}"
    path = f"{folder}/{oid[2:]}"
    if not os.path.exists(path):  # noqa: PTH110 - called tens of thousands of times
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(zlib.compress(data, 1))
    return oid


def write_tree(git_dir: Path, files: Mapping[bytes, str], object_format: str) -> str:
    """Write the tree that holds the given blobs at the given paths, and return its id."""
    here: dict[bytes, str] = {}
    below: dict[bytes, dict[bytes, str]] = {}
    for path, oid in files.items():
        name, slash, rest = path.partition(b"/")
        if slash:
            below.setdefault(name, {})[rest] = oid
        else:
            here[name] = oid
    entries = [(name, _FILE, oid) for name, oid in here.items()]
    entries += [
        (name + b"/", _FOLDER, write_tree(git_dir, inside, object_format))
        for name, inside in below.items()
    ]
    # git orders folders as if their names ended in a slash
    body = b"".join(
        mode + b" " + name.removesuffix(b"/") + b"\0" + bytes.fromhex(oid)
        for name, mode, oid in sorted(entries)
    )
    return write_object(git_dir, "tree", body, object_format)
