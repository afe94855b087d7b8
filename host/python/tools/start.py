"""The shortest program: its wall time is what it costs to start."""

import auditbox

auditbox.Auditor().emit({"action": "call_allowed"})
