/** Events as they are given (`wit/schema/event.schema.json`): a field that is left out has the default it is described with. */

/** What happened in a tool call. */
export type Action =
  | 'call_denied'
  | 'call_would_deny'
  | 'call_allowed'
  | 'call_executed'
  | 'call_failed'
  | 'call_approval_requested'
  | 'call_approval_granted'
  | 'call_approval_denied'
  | 'call_approval_timeout'
  | 'workflow_stage_advanced'
  | 'workflow_completed'
  | 'workflow_state_updated'
  | 'postcondition_warning';

/** One tool call, and what was decided about it. Ids, names and classes are cut at 1,024 bytes; unknown fields are kept. */
export interface AuditEvent {
  /** Version of the AuditEvent shape. Default: `0.3.0`. */
  schema_version?: '0.3.0';
  /** UUID of the event, by which a second copy is known as a duplicate. Default: a new UUIDv7. */
  event_id?: string;
  /** When the event happened: RFC 3339, any offset. Default: now, in UTC. */
  timestamp?: string | Date;
  /** The agent's run. Default: empty. */
  run_id?: string;
  /** The tool call within the run; the events of one call share it. Default: empty. */
  call_id?: string;
  /** Position of the call in its run, counted from 0. Default: 0. */
  call_index?: number | bigint;
  /** The call that started this run, when runs nest. Default: null. */
  parent_call_id?: string | null;
  /** The session the counters and session contracts belong to. Default: null. */
  session_id?: string | null;
  /** The session of the run that started this one. Default: null. */
  parent_session_id?: string | null;
  /** The tool that was called. Default: empty. */
  tool_name?: string;
  /** The tool's arguments by name, any values. Default: {}. */
  tool_args?: object;
  /** What the call can do to the world; empty is not known. Default: empty. */
  side_effect?: '' | 'pure' | 'read' | 'write' | 'irreversible';
  /** Where the agent runs, for example `production`. Default: empty. */
  environment?: string;
  /** Who the call is made for; null when nobody is known. Default: null. */
  principal?: Principal | null;
  /** What happened. */
  action: Action;
  /** What decided: hook, precondition, session_contract, attempt_limit, operation_limit, or other text. Default: null. */
  decision_source?: string | null;
  /** Name of the hook, contract or limit that decided. Default: null. */
  decision_name?: string | null;
  /** Why it was decided so, for people. Default: null. */
  reason?: string | null;
  /** The hooks that were asked, in order. Default: []. */
  hooks_evaluated?: Hook[];
  /** The contracts that were checked, in order. Default: []. */
  contracts_evaluated?: Contract[];
  /** State of the workflow the call belongs to, in the caller's own shape. Default: null. */
  workflow?: object | null;
  /** Whether the tool succeeded; null when it was not run. Default: null. */
  tool_success?: boolean | null;
  /** Whether all postconditions held; null when none was checked. Default: null. */
  postconditions_passed?: boolean | null;
  /** How long the tool ran, in milliseconds. Default: 0. */
  duration_ms?: number | bigint;
  /** The tool's error, for people. Default: null. */
  error?: string | Error | null;
  /** What the tool answered; cut at 500 characters. Default: null. */
  result_summary?: string | null;
  /** Calls the session has tried so far. Default: 0. */
  session_attempt_count?: number | bigint;
  /** Calls the session has executed so far. Default: 0. */
  session_execution_count?: number | bigint;
  /** Whether decisions are enforced or only observed. Default: enforce. */
  mode?: 'enforce' | 'observe';
  /** Version of the policy that decided. Default: null. */
  policy_version?: string | null;
  /** Whether the policy itself failed. Default: false. */
  policy_error?: boolean;
  /** The caller's span (W3C Trace Context). Default: absent. */
  traceparent?: string;
  /** The vendors' part of the trace (W3C Trace Context). Default: absent. */
  tracestate?: string;
  /** Set by auditbox when the size cap has cut something; accepted so that a record can be emitted again. */
  _truncated?: boolean;
}

/** Anything else worth recording: a type and a payload. Unknown fields are kept. */
export interface TelemetryEvent {
  /** UUID of the event, by which a second copy is known as a duplicate. Default: a new UUIDv7. */
  event_id?: string;
  /** What happened, 1 to 1,024 bytes: `SESSION_DISCOVERY`, `TOOL_PINNED`, or any other name. */
  event_type: string;
  /** When the event happened: RFC 3339, any offset. Default: now, in UTC. */
  timestamp?: string | Date;
  /** The agent that saw it, cut at 1,024 bytes. Default: `agent_id` of the configuration. */
  agent_id?: string;
  /** Any value. Default: {}. */
  payload?: unknown;
  /** Set by auditbox when the size cap has cut something; accepted so that a record can be emitted again. */
  _truncated?: boolean;
}

/** The identity behind a call: a human, a service, or a service on behalf of a human. Unknown members are kept. */
export interface Principal {
  /** The human. Default: null. */
  user_id?: string | null;
  /** The service or agent. Default: null. */
  service_id?: string | null;
  /** The organisation. Default: null. */
  org_id?: string | null;
  /** The role the principal acts in. Default: null. */
  role?: string | null;
  /** The ticket that asked for the work. Default: null. */
  ticket_ref?: string | null;
  /** What else is claimed about the principal, any values by name. Default: {}. */
  claims?: object;
}

/** One hook that was asked. Unknown members are kept. */
export interface Hook {
  /** Name of the hook. Default: empty. */
  name?: string;
  /** What the hook answered, for example `allow` or `deny`. Default: empty. */
  result?: string;
  /** Why, for people. Default: null. */
  reason?: string | null;
}

/** One contract that was checked. Unknown members are kept. */
export interface Contract {
  /** Name of the contract. Default: empty. */
  name?: string;
  /** Kind of the contract, for example `precondition`. Default: empty. */
  type?: string;
  /** Whether it held; null when it could not be told. Default: null. */
  passed?: boolean | null;
  /** What was found, for people. Default: null. */
  message?: string | null;
}
