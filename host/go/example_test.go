package auditbox_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	auditbox "github.com/auditbox/auditbox/host/go"
)

func ExampleAuditor_Emit() {
	auditor, err := auditbox.New(auditbox.WithStdout(false))
	if err != nil {
		log.Fatal(err)
	}
	defer auditor.Close()
	receipt, err := auditor.Emit(context.Background(), auditbox.AuditEvent{
		Action:   auditbox.CallExecuted,
		ToolName: "bash",
		ToolArgs: map[string]any{"command": "mysql -p hunter2"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.Redactions[0].Path, receipt.Redactions[0].Bytes)
	// Output: /tool_args/command 7
}

func ExampleAuditor_Redact() {
	auditor, err := auditbox.New(auditbox.WithStdout(false))
	if err != nil {
		log.Fatal(err)
	}
	defer auditor.Close()
	redacted, err := auditor.Redact(context.Background(), map[string]any{"password": "hunter2", "cups": 3})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(redacted.JSON())
	// Output: {"cups":3,"password":"[REDACTED]"}
}

func ExampleAuditor_Rules() {
	auditor, err := auditbox.New(auditbox.WithStdout(false))
	if err != nil {
		log.Fatal(err)
	}
	defer auditor.Close()
	rules, err := auditor.Rules(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, rule := range rules {
		if rule.ID == "aws-access-key-id" {
			fmt.Println(rule.Kind, rule.Vendor)
		}
	}
	// Output: format AWS
}

func ExampleError() {
	auditor, err := auditbox.New(auditbox.WithStdout(false))
	if err != nil {
		log.Fatal(err)
	}
	defer auditor.Close()
	_, err = auditor.LogEvent(context.Background(), "", nil)
	var wrong *auditbox.Error
	fmt.Println(errors.Is(err, auditbox.ErrInvalidEvent), errors.As(err, &wrong) && wrong.Path == "/event_type")
	// Output: true true
}

func ExampleSinkFunc() {
	done := make(chan struct{})
	siem := auditbox.SinkFunc(func(_ context.Context, record auditbox.Record) error {
		defer close(done)
		fields, err := record.Value()
		fmt.Println(fields["action"], err)
		return err
	})
	auditor, err := auditbox.New(auditbox.WithStdout(false), auditbox.WithSink("siem", siem))
	if err != nil {
		log.Fatal(err)
	}
	defer auditor.Close()
	if _, err := auditor.Emit(context.Background(), auditbox.AuditEvent{Action: auditbox.CallAllowed}); err != nil {
		log.Fatal(err)
	}
	<-done
	// Output: call_allowed <nil>
}
