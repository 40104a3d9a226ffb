"""Every dialect that is read."""

from __future__ import annotations

from typing import Final

from provenance.evidence.agent_trace import AgentTrace
from provenance.evidence.agentblame import AgentBlame
from provenance.evidence.agentdiff import Agentdiff
from provenance.evidence.agentnote import AgentNote
from provenance.evidence.dialect import Dialect
from provenance.evidence.entire import Entire
from provenance.evidence.git_ai import GitAi
from provenance.evidence.qwen import Qwen
from provenance.evidence.whogitit import Whogitit

DIALECTS: Final[tuple[Dialect, ...]] = (
    AgentTrace(),
    AgentBlame(),
    Agentdiff(),
    AgentNote(),
    Entire(),
    GitAi(),
    Qwen(),
    Whogitit(),
)
"""In the order of their ids."""
