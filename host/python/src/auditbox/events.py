"""Typed events: `wit/schema/event.schema.json` as dictionaries that type checkers know.

What is left out is as if it was not said: the guest fills it in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict
from uuid import UUID

Action = Literal[
    "call_denied",
    "call_would_deny",
    "call_allowed",
    "call_executed",
    "call_failed",
    "call_approval_requested",
    "call_approval_granted",
    "call_approval_denied",
    "call_approval_timeout",
    "workflow_stage_advanced",
    "workflow_completed",
    "workflow_state_updated",
    "postcondition_warning",
]
"""What happened to a tool call."""

SideEffect = Literal["", "pure", "read", "write", "irreversible"]
"""What a call can do to the world; empty is not known."""

Mode = Literal["enforce", "observe"]
"""Whether decisions are enforced or only observed."""


class Principal(TypedDict, total=False):
    """The identity behind a call: a human, a service, or a service on behalf of a human."""

    user_id: str | None
    service_id: str | None
    org_id: str | None
    role: str | None
    ticket_ref: str | None
    claims: Mapping[str, Any]


class Hook(TypedDict, total=False):
    """One hook that was asked: its answer, for example `allow` or `deny`."""

    name: str
    result: str
    reason: str | None


class Contract(TypedDict, total=False):
    """One contract that was checked; `passed` is None when it could not be told."""

    name: str
    type: str
    passed: bool | None
    message: str | None


class _AuditEventNeeds(TypedDict):
    action: Action


class AuditEvent(_AuditEventNeeds, total=False):
    """One tool call, and what was decided about it. Only `action` is required."""

    schema_version: Literal["0.3.0"]
    event_id: UUID | str
    timestamp: datetime | str
    run_id: str
    call_id: str
    call_index: int
    parent_call_id: str | None
    session_id: str | None
    parent_session_id: str | None
    tool_name: str
    tool_args: Mapping[str, Any]
    side_effect: SideEffect
    environment: str
    principal: Principal | None
    decision_source: str | None
    decision_name: str | None
    reason: str | None
    hooks_evaluated: Sequence[Hook]
    contracts_evaluated: Sequence[Contract]
    workflow: Mapping[str, Any] | None
    tool_success: bool | None
    postconditions_passed: bool | None
    duration_ms: float
    error: str | None
    result_summary: str | None
    session_attempt_count: int
    session_execution_count: int
    mode: Mode
    policy_version: str | None
    policy_error: bool
    traceparent: str
    tracestate: str
    _truncated: bool


class _TelemetryEventNeeds(TypedDict):
    event_type: str


class TelemetryEvent(_TelemetryEventNeeds, total=False):
    """Anything else worth recording: a type and a payload. Only `event_type` is required."""

    event_id: UUID | str
    timestamp: datetime | str
    agent_id: str
    payload: Any
    _truncated: bool
