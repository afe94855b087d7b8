package auditbox

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// schemaOf is a part of the contract. It is not in the module that users fetch.
func schemaOf(t *testing.T, name string) map[string]definition {
	t.Helper()
	text, err := os.ReadFile("../../wit/schema/" + name + ".schema.json")
	if os.IsNotExist(err) {
		t.Skip("skipped: the schemas are not beside this module")
	}
	var schema struct {
		Defs map[string]definition `json:"$defs"`
	}
	if err != nil || json.Unmarshal(text, &schema) != nil || len(schema.Defs) == 0 {
		t.Fatal(err)
	}
	return schema.Defs
}

type definition struct {
	Properties map[string]struct {
		Enum    []string
		Pattern string
	}
}

func TestTypedEventsHaveExactlyTheSchemasProperties(t *testing.T) {
	schema := schemaOf(t, "event")
	types := map[string]any{
		"audit_event": AuditEvent{}, "telemetry_event": TelemetryEvent{}, "principal": Principal{}, "hook": Hook{}, "contract": Contract{},
	}
	if len(types) != len(schema) {
		t.Errorf("%d types, %d definitions", len(types), len(schema))
	}
	for name, typed := range types {
		var fields, properties []string
		of := reflect.TypeOf(typed)
		for n := range of.NumField() {
			property, option, _ := strings.Cut(of.Field(n).Tag.Get("json"), ",")
			if option != "omitempty" && option != "omitzero" {
				t.Errorf("%s.%s is said when it is not", name, property)
			}
			fields = append(fields, property)
		}
		for property := range schema[name].Properties {
			properties = append(properties, property)
		}
		slices.Sort(fields)
		slices.Sort(properties)
		if !slices.Equal(fields, properties) {
			t.Errorf("%s has %q, not %q", name, fields, properties)
		}
	}
}

func TestConstantsAreExactlyTheSchemasValues(t *testing.T) {
	properties := schemaOf(t, "event")["audit_event"].Properties
	for property, constants := range map[string][]string{
		"action": {
			string(CallDenied), string(CallWouldDeny), string(CallAllowed), string(CallExecuted), string(CallFailed),
			string(CallApprovalRequested), string(CallApprovalGranted), string(CallApprovalDenied), string(CallApprovalTimeout),
			string(WorkflowStageAdvanced), string(WorkflowCompleted), string(WorkflowStateUpdated), string(PostconditionWarning),
		},
		"side_effect": {"", string(Pure), string(Read), string(Write), string(Irreversible)},
		"mode":        {string(Enforce), string(Observe)},
	} {
		if !slices.Equal(constants, properties[property].Enum) {
			t.Errorf("%s has %q, not %q", property, constants, properties[property].Enum)
		}
	}
}

func TestEveryFieldOfATypedEventIsAccepted(t *testing.T) {
	yes, no := true, false
	auditor, lines := withLog(t)
	whole := AuditEvent{
		SchemaVersion: "0.3.0", EventID: eventID, Timestamp: time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC), RunID: "r", CallID: "c", CallIndex: 1,
		ParentCallID: "p", SessionID: "s", ParentSessionID: "ps", ToolName: "t", ToolArgs: struct{ A int }{1}, SideEffect: Write,
		Environment: "e", Principal: &Principal{"u", "sv", "o", "r", "tr", map[string]int{"c": 1}}, Action: CallFailed,
		DecisionSource: "hook", DecisionName: "dn", Reason: "why", HooksEvaluated: []Hook{{"h", "deny", "hr"}},
		ContractsEvaluated: []Contract{{"cn", "precondition", &no, "m"}}, Workflow: map[string]any{"w": 1}, ToolSuccess: &yes,
		PostconditionsPassed: &no, DurationMS: 1.5, Error: "err", ResultSummary: "rs", SessionAttemptCount: 2, SessionExecutionCount: 3,
		Mode: Observe, PolicyVersion: "pv", PolicyError: true, Traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		Tracestate: "a=b", Truncated: true,
	}
	all := reflect.ValueOf(whole)
	for n := range all.NumField() {
		if all.Field(n).IsZero() {
			t.Errorf("%s is not tried", all.Type().Field(n).Name)
		}
	}
	if _, err := auditor.Emit(ctx, whole); err != nil {
		t.Fatal(err)
	}
	var back AuditEvent
	if err := json.Unmarshal([]byte(lines()[0]), &back); err != nil {
		t.Fatal(err)
	}
	back.ToolArgs, back.Workflow, back.Principal.Claims = whole.ToolArgs, whole.Workflow, whole.Principal.Claims
	if !reflect.DeepEqual(back, whole) {
		t.Errorf("%+v, not %+v", back, whole)
	}
}
