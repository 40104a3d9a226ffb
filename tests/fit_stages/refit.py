"""Fit the weights anew from the committed tables: ``python -m fit_stages.refit``."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

from fit_stages import table
from provenance.stages.fit import as_table, calibrate, errors, fit, leave_one_out


def refit() -> tuple[str, int, int]:
    """Return the weights as written in the catalogue, left-out errors and labelled files."""
    samples = table.samples()
    left_out = leave_one_out(samples)
    model = replace(fit(samples), temperature=calibrate(samples, left_out))
    text = json.dumps(as_table(model), indent=1) + "\n"
    return text, errors(samples, left_out), sum(len(item.column) for item in samples)


if __name__ == "__main__":
    written, wrong, labelled = refit()
    table.WEIGHTS.write_text(written, encoding="utf-8")
    sys.stdout.write(f"{wrong} of {labelled} wrong with the repository left out\n")
