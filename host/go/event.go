package auditbox

import "time"

// AuditEvent is one tool call, and what was decided about it. Only Action is required; a field that is zero is not said,
// and the record has its default. To say more, embed it in a struct with fields of your own.
type AuditEvent struct {
	// SchemaVersion is the version of this shape: `0.3.0`.
	SchemaVersion string `json:"schema_version,omitempty"`
	// EventID is the UUID of the event, by which a second copy is known as a duplicate; never redacted. Default: a new
	// UUIDv7.
	EventID string `json:"event_id,omitempty"`
	// Timestamp is when the event happened. Default: now.
	Timestamp time.Time `json:"timestamp,omitzero"`
	// RunID is the agent's run.
	RunID string `json:"run_id,omitempty"`
	// CallID is the tool call within the run; the events of one call share it.
	CallID string `json:"call_id,omitempty"`
	// CallIndex is the position of the call in its run, counted from 0.
	CallIndex uint64 `json:"call_index,omitempty"`
	// ParentCallID is the call that started this run, when runs nest.
	ParentCallID string `json:"parent_call_id,omitempty"`
	// SessionID is the session the counters and session contracts belong to.
	SessionID string `json:"session_id,omitempty"`
	// ParentSessionID is the session of the run that started this one.
	ParentSessionID string `json:"parent_session_id,omitempty"`
	// ToolName is the tool that was called.
	ToolName string `json:"tool_name,omitempty"`
	// ToolArgs are the tool's arguments by name: a map or a struct.
	ToolArgs any `json:"tool_args,omitempty"`
	// SideEffect is what the call can do to the world; empty is not known.
	SideEffect SideEffect `json:"side_effect,omitempty"`
	// Environment is where the agent runs, for example `production`.
	Environment string `json:"environment,omitempty"`
	// Principal is who the call is made for; nil when nobody is known.
	Principal *Principal `json:"principal,omitempty"`
	// Action is what happened. Required.
	Action Action `json:"action,omitempty"`
	// DecisionSource is what decided: hook, precondition, session_contract, attempt_limit, operation_limit, or any other
	// text.
	DecisionSource string `json:"decision_source,omitempty"`
	// DecisionName is the name of the hook, contract or limit that decided.
	DecisionName string `json:"decision_name,omitempty"`
	// Reason is why it was decided so, for people.
	Reason string `json:"reason,omitempty"`
	// HooksEvaluated are the hooks that were asked, in order.
	HooksEvaluated []Hook `json:"hooks_evaluated,omitempty"`
	// ContractsEvaluated are the contracts that were checked, in order.
	ContractsEvaluated []Contract `json:"contracts_evaluated,omitempty"`
	// Workflow is the state of the workflow the call belongs to, in your own shape: a map or a struct.
	Workflow any `json:"workflow,omitempty"`
	// ToolSuccess is whether the tool succeeded; nil when it was not run.
	ToolSuccess *bool `json:"tool_success,omitempty"`
	// PostconditionsPassed is whether all postconditions held; nil when none was checked.
	PostconditionsPassed *bool `json:"postconditions_passed,omitempty"`
	// DurationMS is how long the tool ran, in milliseconds.
	DurationMS float64 `json:"duration_ms,omitempty"`
	// Error is the tool's error, for people.
	Error string `json:"error,omitempty"`
	// ResultSummary is what the tool answered; cut at 500 characters.
	ResultSummary string `json:"result_summary,omitempty"`
	// SessionAttemptCount is how many calls the session has tried so far.
	SessionAttemptCount uint64 `json:"session_attempt_count,omitempty"`
	// SessionExecutionCount is how many calls the session has executed so far.
	SessionExecutionCount uint64 `json:"session_execution_count,omitempty"`
	// Mode is whether decisions are enforced or only observed. Default: enforced.
	Mode Mode `json:"mode,omitempty"`
	// PolicyVersion is the version of the policy that decided.
	PolicyVersion string `json:"policy_version,omitempty"`
	// PolicyError is whether the policy itself failed.
	PolicyError bool `json:"policy_error,omitempty"`
	// Traceparent is the caller's span (W3C Trace Context).
	Traceparent string `json:"traceparent,omitempty"`
	// Tracestate is the vendors' part of the trace (W3C Trace Context).
	Tracestate string `json:"tracestate,omitempty"`
	// Truncated is set by auditbox when the size cap has cut something.
	Truncated bool `json:"_truncated,omitempty"`
}

// TelemetryEvent is anything else worth recording: a type and a payload. Only EventType is required.
type TelemetryEvent struct {
	// EventID is the UUID of the event, by which a second copy is known as a duplicate; never redacted. Default: a new
	// UUIDv7.
	EventID string `json:"event_id,omitempty"`
	// EventType is what happened, 1 to 1,024 bytes: SESSION_DISCOVERY, TOOL_PINNED, INTEGRITY_VIOLATION, or any other
	// name. Required.
	EventType string `json:"event_type,omitempty"`
	// Timestamp is when the event happened. Default: now.
	Timestamp time.Time `json:"timestamp,omitzero"`
	// AgentID is the agent that saw it. Default: that of the configuration.
	AgentID string `json:"agent_id,omitempty"`
	// Payload is any value.
	Payload any `json:"payload,omitempty"`
	// Truncated is set by auditbox when the size cap has cut something.
	Truncated bool `json:"_truncated,omitempty"`
}

// Principal is the identity behind a call: a human, a service, or a service on behalf of a human.
type Principal struct {
	// UserID is the human.
	UserID string `json:"user_id,omitempty"`
	// ServiceID is the service or agent.
	ServiceID string `json:"service_id,omitempty"`
	// OrgID is the organisation.
	OrgID string `json:"org_id,omitempty"`
	// Role is the role the principal acts in.
	Role string `json:"role,omitempty"`
	// TicketRef is the ticket that asked for the work.
	TicketRef string `json:"ticket_ref,omitempty"`
	// Claims are what else is claimed about the principal, by name: a map or a struct.
	Claims any `json:"claims,omitempty"`
}

// Hook is one hook that was asked.
type Hook struct {
	// Name of the hook.
	Name string `json:"name,omitempty"`
	// Result is what the hook answered, for example `allow` or `deny`.
	Result string `json:"result,omitempty"`
	// Reason is why, for people.
	Reason string `json:"reason,omitempty"`
}

// Contract is one contract that was checked.
type Contract struct {
	// Name of the contract.
	Name string `json:"name,omitempty"`
	// Type is the kind of the contract, for example `precondition`.
	Type string `json:"type,omitempty"`
	// Passed is whether it held; nil when it could not be told.
	Passed *bool `json:"passed,omitempty"`
	// Message is what was found, for people.
	Message string `json:"message,omitempty"`
}

// Action is what happened in an [AuditEvent].
type Action string

// The actions that there are.
const (
	CallDenied            Action = "call_denied"
	CallWouldDeny         Action = "call_would_deny"
	CallAllowed           Action = "call_allowed"
	CallExecuted          Action = "call_executed"
	CallFailed            Action = "call_failed"
	CallApprovalRequested Action = "call_approval_requested"
	CallApprovalGranted   Action = "call_approval_granted"
	CallApprovalDenied    Action = "call_approval_denied"
	CallApprovalTimeout   Action = "call_approval_timeout"
	WorkflowStageAdvanced Action = "workflow_stage_advanced"
	WorkflowCompleted     Action = "workflow_completed"
	WorkflowStateUpdated  Action = "workflow_state_updated"
	PostconditionWarning  Action = "postcondition_warning"
)

// SideEffect is what a call can do to the world.
type SideEffect string

// The side effects that there are, beside the empty one, which is not known.
const (
	Pure         SideEffect = "pure"
	Read         SideEffect = "read"
	Write        SideEffect = "write"
	Irreversible SideEffect = "irreversible"
)

// Mode is whether decisions are enforced or only observed.
type Mode string

// The modes that there are.
const (
	Enforce Mode = "enforce"
	Observe Mode = "observe"
)
