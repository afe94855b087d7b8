//! The event model as tables: every field, its place in the record, its kind and its default.

/// What a field's value must be, and how it is treated.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A name or an id: at most 1,024 bytes (more is cut), redacted by value patterns only.
    Scalar,
    /// The same, and not empty.
    Name,
    /// The same, or null.
    ScalarOrNull,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A UUID (RFC 9562).
    EventId,
    /// A time (RFC 3339).
    Time,
    /// A W3C trace context `traceparent`.
    TraceParent,
    /// A whole number, not negative.
    Count,
    /// A number, not negative.
    Amount,
    Flag,
    FlagOrNull,
    Text,
    TextOrNull,
    /// A text that is cut at 500 characters, or null.
    SummaryOrNull,
    Object,
    ObjectOrNull,
    /// An object with these fields.
    RecordOrNull(&'static [Field]),
    /// A list of such objects.
    Records(&'static [Field]),
    Any,
}

/// What stands in the record when the caller gave nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Absence {
    /// This JSON text.
    Json(&'static str),
    /// A new UUIDv7.
    NewId,
    /// The time of the call.
    Now,
    /// The configured agent.
    Agent,
    /// Nothing: the field is left out.
    Absent,
    /// The caller must give it.
    Required,
}

/// A field of the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) default: Absence,
}

const fn field(name: &'static str, kind: Kind, default: Absence) -> Field {
    Field { name, kind, default }
}

use Absence::{Absent, Agent, Json, NewId, Now, Required};
use Kind::{
    Amount, Any, Count, EventId, Flag, FlagOrNull, Name, Object, ObjectOrNull, OneOf, RecordOrNull, Records, Scalar,
    ScalarOrNull, SummaryOrNull, Text, TextOrNull, Time, TraceParent,
};

const EMPTY: Absence = Json("\"\"");
const NULL: Absence = Json("null");
const ZERO: Absence = Json("0");
const FALSE: Absence = Json("false");

const SIDE_EFFECTS: &[&str] = &["", "pure", "read", "write", "irreversible"];

const ACTIONS: &[&str] = &[
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
];

/// A tool call. The order is the record's.
pub(crate) static AUDIT_EVENT: [Field; 34] = [
    field("schema_version", OneOf(&["0.3.0"]), Json("\"0.3.0\"")),
    field("event_id", EventId, NewId),
    field("timestamp", Time, Now),
    field("run_id", Scalar, EMPTY),
    field("call_id", Scalar, EMPTY),
    field("call_index", Count, ZERO),
    field("parent_call_id", ScalarOrNull, NULL),
    field("session_id", ScalarOrNull, NULL),
    field("parent_session_id", ScalarOrNull, NULL),
    field("tool_name", Scalar, EMPTY),
    field("tool_args", Object, Json("{}")),
    field("side_effect", OneOf(SIDE_EFFECTS), EMPTY),
    field("environment", Scalar, EMPTY),
    field("principal", RecordOrNull(&PRINCIPAL), NULL),
    field("action", OneOf(ACTIONS), Required),
    field("decision_source", ScalarOrNull, NULL),
    field("decision_name", TextOrNull, NULL),
    field("reason", TextOrNull, NULL),
    field("hooks_evaluated", Records(&HOOK), Json("[]")),
    field("contracts_evaluated", Records(&CONTRACT), Json("[]")),
    field("workflow", ObjectOrNull, NULL),
    field("tool_success", FlagOrNull, NULL),
    field("postconditions_passed", FlagOrNull, NULL),
    field("duration_ms", Amount, ZERO),
    field("error", TextOrNull, NULL),
    field("result_summary", SummaryOrNull, NULL),
    field("session_attempt_count", Count, ZERO),
    field("session_execution_count", Count, ZERO),
    field("mode", OneOf(&["enforce", "observe"]), Json("\"enforce\"")),
    field("policy_version", ScalarOrNull, NULL),
    field("policy_error", Flag, FALSE),
    field("traceparent", TraceParent, Absent),
    field("tracestate", Scalar, Absent),
    field("_truncated", Flag, Absent),
];

static PRINCIPAL: [Field; 6] = [
    field("user_id", TextOrNull, NULL),
    field("service_id", TextOrNull, NULL),
    field("org_id", TextOrNull, NULL),
    field("role", TextOrNull, NULL),
    field("ticket_ref", TextOrNull, NULL),
    field("claims", Object, Json("{}")),
];

static HOOK: [Field; 3] = [field("name", Text, EMPTY), field("result", Text, EMPTY), field("reason", TextOrNull, NULL)];

static CONTRACT: [Field; 4] = [
    field("name", Text, EMPTY),
    field("type", Text, EMPTY),
    field("passed", FlagOrNull, NULL),
    field("message", TextOrNull, NULL),
];

/// Anything else that an agent reports.
pub(crate) static TELEMETRY: [Field; 6] = [
    field("event_id", EventId, NewId),
    field("event_type", Name, Required),
    field("timestamp", Time, Now),
    field("agent_id", Scalar, Agent),
    field("payload", Any, Json("{}")),
    field("_truncated", Flag, Absent),
];

impl Field {
    /// One of the schema's own scalars: identity and decision, which survive every cap.
    pub(crate) fn is_scalar(&self) -> bool {
        !matches!(
            self.kind,
            Text | TextOrNull | SummaryOrNull | Object | ObjectOrNull | RecordOrNull(_) | Records(_) | Any
        )
    }
}

/// The field of that name, of either kind of event.
pub(crate) fn find(name: &str) -> Option<&'static Field> {
    AUDIT_EVENT.iter().chain(&TELEMETRY).find(|field| field.name == name)
}
