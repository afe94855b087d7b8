//go:build ignore

// auditbox in a Go program: `go run ../../examples/quickstart.go` in `host/go`. The same in other languages is beside this file.
package main

import (
	"context"
	"fmt"
	"log"

	auditbox "github.com/auditbox/auditbox/host/go"
)

func main() {
	ctx := context.Background()
	// Records go to stdout. With `closed`, an error of Emit means: do not make that call.
	auditor, err := auditbox.New(auditbox.WithConfig(map[string]any{"on_failure": "closed"}))
	if err != nil {
		log.Fatal(err)
	}
	defer auditor.Close()

	// What the agent is about to do. Ids and times are made when they are left out.
	receipt, err := auditor.Emit(ctx, map[string]any{
		"event_id": "0198c0de-0000-7000-8000-000000000001", "timestamp": "2026-11-22T09:30:00Z",
		"action": "call_allowed", "tool_name": "Bash", "side_effect": "write",
		"tool_args": map[string]any{"command": "export DB_PASSWORD=fake-1234 && ./migrate --fast", "max_tokens": 4096},
		"principal": map[string]any{"user_id": "mika", "role": "developer"},
	})
	if err != nil {
		log.Fatal(err)
	}

	// The receipt says what was taken out, never what it was.
	for _, found := range receipt.Redactions {
		fmt.Printf("%s: %d bytes by rule %s\n", found.Path, found.Bytes, found.Rule)
	}
	redacted, err := auditor.Redact(ctx, struct {
		URL  string `json:"url"`
		Cups int    `json:"cups"`
	}{"https://mika:fake-5678@db.example/tea", 3})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(redacted.JSON())

	// What is wrong is said with its place.
	if _, err := auditor.Emit(ctx, auditbox.AuditEvent{Action: "call_exploded"}); err != nil {
		fmt.Println(err)
	}
}
