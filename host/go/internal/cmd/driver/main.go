// The driver of the conformance tests: this host by its public interface, a request a line on the standard input, an
// answer a line on the standard output (tests/conformance/README.md).
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	auditbox "github.com/auditbox/auditbox/host/go"
	"github.com/auditbox/auditbox/host/go/internal/capability"
	"github.com/auditbox/auditbox/host/go/internal/component"
	"github.com/auditbox/auditbox/host/go/internal/engine"
	"github.com/auditbox/auditbox/host/go/internal/setting"
)

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// request is any of them: texts hold exactly what the host's function is to be given.
type request struct {
	Op        string `json:"op"`
	Config    string `json:"config"`
	Event     string `json:"event"`
	Events    string `json:"events"`
	EventType string `json:"event_type"`
	Payload   string `json:"payload"`
	Value     string `json:"value"`
	Receipt   string `json:"receipt"`
	Outcomes  string `json:"outcomes"`
	Batch     string `json:"batch"`
	Answer    string `json:"answer"`
}

// answer has one of the two.
type answer struct {
	OK    any `json:"ok,omitempty"`
	Error any `json:"error,omitempty"`
}

func serve(in io.Reader, out io.Writer) error {
	var driver driver
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var request request
			if err := json.Unmarshal(line, &request); err != nil {
				return fmt.Errorf("not a request: %w", err)
			}
			if _, err := out.Write(encode(driver.answer(request))); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func encode(v any) []byte {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return encode(answer{Error: broken(err)})
	}
	return line.Bytes()
}

// driver is a host, and how much of what it has written has been read back.
type driver struct {
	auditor *auditbox.Auditor
	pool    *engine.Pool
	outbox  outbox
	lines   int
}

func (d *driver) answer(request request) answer {
	ok, err := d.do(request)
	if err != nil {
		return answer{Error: refusal(err)}
	}
	return answer{OK: ok}
}

func (d *driver) do(request request) (any, error) {
	ctx := context.Background()
	if request.Op == "configure" {
		return d.configure(request.Config)
	}
	if d.auditor == nil {
		return nil, errors.New("`configure` comes first")
	}
	switch request.Op {
	case "emit":
		return receipt(d.auditor.Emit(ctx, json.RawMessage(request.Event)))
	case "log_event":
		return receipt(d.auditor.LogEvent(ctx, request.EventType, json.RawMessage(request.Payload)))
	case "emit_batch":
		var lines strings.Builder
		for _, answered := range d.auditor.EmitBatch(ctx, json.RawMessage(request.Events)) {
			if answered.Err != nil {
				lines.Write(encode(answer{Error: refusal(answered.Err)}))
			} else {
				lines.WriteString(answered.Receipt.JSON() + "\n")
			}
		}
		return lines.String(), nil
	case "redact":
		return rewritten(d.auditor.Redact(ctx, json.RawMessage(request.Value)))
	case "cap_payload":
		return rewritten(d.auditor.CapPayload(ctx, json.RawMessage(request.Payload)))
	case "finish":
		return d.call(component.Finish, request.Receipt, request.Outcomes)
	case "judge":
		return d.call(component.Judge, request.Batch, request.Answer)
	case "rules":
		return rules(d.auditor.Rules(ctx))
	case "records":
		return d.records()
	default:
		return nil, fmt.Errorf("`%s` is no request", request.Op)
	}
}

// call asks the guest itself.
func (d *driver) call(function *component.Function, one, other string) (any, error) {
	results, _, err := d.pool.Call(function, []byte(one), []byte(other))
	if err != nil {
		return nil, err
	}
	return results[0], nil
}

// configure closes what the auditor before has open.
func (d *driver) configure(config string) (any, error) {
	if d.auditor != nil {
		if err := d.auditor.Close(); err != nil {
			return nil, err
		}
	}
	*d = driver{}
	auditor, err := auditbox.New(auditbox.WithConfig(config), func(settings *setting.Settings) {
		settings.Outbox = &d.outbox
		settings.Pool = func(pool *engine.Pool) { d.pool = pool }
	})
	if err != nil {
		return nil, err
	}
	d.auditor = auditor
	// What is in the file already is none of this configuration's.
	_, err = d.records()
	return auditor.Config(), err
}

func (d *driver) records() (any, error) {
	file := []string{}
	var config struct{ File *struct{ Path string } }
	if err := json.Unmarshal([]byte(d.auditor.Config()), &config); err != nil {
		return nil, err
	}
	if config.File != nil {
		text, err := os.ReadFile(config.File.Path)
		// Another driver may just be rotating it.
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		lines := strings.SplitAfter(string(text), "\n")
		for _, line := range lines[min(d.lines, len(lines)):] {
			if line != "" {
				file = append(file, strings.TrimSuffix(line, "\n"))
			}
		}
		d.lines += len(file)
	}
	return map[string]any{"outbox": d.outbox.take(), "file": file}, nil
}

func receipt(receipt auditbox.Receipt, err error) (any, error) { return receipt.JSON(), err }

func rewritten(rewritten auditbox.Rewritten, err error) (any, error) {
	return map[string]string{"value": rewritten.JSON(), "receipt": rewritten.Receipt.JSON()}, err
}

// rules are text in which nobody is null, as in the schema: to Go it is the empty text.
func rules(rules []auditbox.Rule, err error) (any, error) {
	text := strings.TrimSuffix(string(encode(rules)), "\n")
	return strings.ReplaceAll(text, `"vendor":""`, `"vendor":null`), err
}

// refusal is an error in the words of the protocol.
func refusal(err error) refused {
	var said *auditbox.Error
	var guest *component.Refusal
	if errors.As(err, &guest) {
		said = &auditbox.Error{
			Kind: auditbox.Kind(guest.Case), Path: guest.Path, Offset: guest.Offset, Message: guest.Message,
		}
	} else if !errors.As(err, &said) {
		return broken(err)
	}
	switch said.Kind {
	case auditbox.ErrInvalidJSON:
		return refused{Kind: said.Kind, Offset: &said.Offset, Expected: said.Message}
	case auditbox.ErrInvalidEvent, auditbox.ErrInvalidConfig:
		return refused{Kind: said.Kind, Path: &said.Path, Message: said.Message}
	case auditbox.ErrUnavailable:
		return refused{Kind: said.Kind, Message: said.Message}
	default:
		return broken(err)
	}
}

// refused has the members of its kind, in the order of the WIT.
type refused struct {
	Kind     auditbox.Kind `json:"kind"`
	Offset   *uint64       `json:"offset,omitempty"`
	Expected string        `json:"expected,omitempty"`
	Path     *string       `json:"path,omitempty"`
	Message  string        `json:"message,omitempty"`
}

func broken(err error) refused { return refused{Kind: "broken", Message: err.Error()} }

// outbox is a list in memory that knows each event once: this host has no outbox of its own yet.
type outbox struct {
	rows  []row
	known map[string]bool
}

type row struct {
	EventID   string `json:"event_id"`
	EventType string `json:"event_type"`
	AgentID   string `json:"agent_id"`
	Body      string `json:"body"`
	Durable   bool   `json:"durable"`
}

// Append keeps the rows whose event is new.
func (o *outbox) Append(rows []engine.Row) (duplicates []bool, failed *capability.WriteError) {
	if o.known == nil {
		o.known = map[string]bool{}
	}
	for _, given := range rows {
		duplicate := o.known[given.EventID]
		if !duplicate {
			o.rows = append(o.rows, row(given.Row))
		}
		o.known[given.EventID] = true
		duplicates = append(duplicates, duplicate)
	}
	return duplicates, nil
}

// take hands over what came since the last time.
func (o *outbox) take() []row {
	rows := append([]row{}, o.rows...)
	o.rows = nil
	return rows
}
