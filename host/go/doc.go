// Package auditbox is a flight recorder for AI agents: an audit log of tool calls without the secrets that pass through
// them.
//
//	auditor, err := auditbox.New(auditbox.WithFile("audit.jsonl"))
//	if err != nil {
//		return err
//	}
//	defer auditor.Close()
//	receipt, err := auditor.Emit(ctx, auditbox.AuditEvent{
//		Action:   auditbox.CallExecuted,
//		ToolName: "bash",
//		ToolArgs: map[string]any{"command": "mysql -p hunter2"},
//	})
//
// Every decision (event model, redaction, size cap, delivery order) is made by a WebAssembly component that hosts in
// other languages run as well; this package runs it on wazero, in pure Go, and does what it asks for. Nothing here looks
// into a payload.
//
// [Auditor.Rules] lists the rules by which secrets are found; their ids are what receipts name and configurations take.
//
// Compiled code is kept in the folder auditbox of the user's cache, if only this user can write there; AUDITBOX_CACHE_DIR
// names another folder, or none when it is empty.
package auditbox
