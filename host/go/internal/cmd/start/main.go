// The shortest program: it emits one record to the standard output and ends. The benchmark takes its time.
package main

import (
	"context"
	"log"

	auditbox "github.com/auditbox/auditbox/host/go"
)

func main() {
	auditor, err := auditbox.New()
	if err != nil {
		log.Fatal(err)
	}
	if _, err := auditor.Emit(context.Background(), auditbox.AuditEvent{Action: auditbox.CallExecuted}); err != nil {
		log.Fatal(err)
	}
	if err := auditor.Close(); err != nil {
		log.Fatal(err)
	}
}
