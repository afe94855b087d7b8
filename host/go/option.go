package auditbox

import (
	"context"
	"encoding/json"
	"reflect"
	"unicode/utf8"

	"github.com/auditbox/auditbox/host/go/internal/setting"
	"github.com/auditbox/auditbox/host/go/internal/value"
)

// Option says something about an auditor that is to be made. What is not said is as the component has it by default:
// records go to the standard output. The other options win over [WithConfig], in whatever order they are given.
type Option func(*setting.Settings)

// WithConfig takes a configuration as the schema `config.schema.json` has it: JSON text (a string, []byte or
// [json.RawMessage]), or a value such as a map.
func WithConfig(config any) Option { return func(s *setting.Settings) { s.Config = config } }

// WithStdout says whether records go to the standard output.
func WithStdout(on bool) Option { return func(s *setting.Settings) { s.Stdout = &on } }

// WithFile appends records to this file, one a line. The file's other settings are those of the configuration.
func WithFile(path string) Option { return func(s *setting.Settings) { s.File = &path } }

// WithSink hands records to an object of your own, too. The name is the one in receipts and in the configuration, which
// may say more about the sink under `sinks`: 1 to 64 letters, digits, `-`, `_` and `.`.
func WithSink(name string, sink Sink) Option {
	named := setting.Sink{Name: name}
	if !isNil(sink) {
		named.Emit = func(ctx context.Context, record string) error { return sink.Emit(ctx, Record{record}) }
	}
	return func(s *setting.Settings) { s.Sinks = append(s.Sinks, named) }
}

// WithComponent runs this component and not the one that the module carries: the bytes of an `auditbox.wasm` of the same
// interface version.
func WithComponent(wasm []byte) Option { return func(s *setting.Settings) { s.Component = wasm } }

func isNil(sink Sink) bool {
	switch v := reflect.ValueOf(sink); v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Chan, reflect.Slice:
		return v.IsNil()
	default:
		return false
	}
}

// checkSettings finds what no component can: what JSON has no words for.
func checkSettings(settings *setting.Settings) error {
	if settings.File != nil && !utf8.ValidString(*settings.File) {
		return &Error{Kind: ErrInvalidConfig, Path: "/file", Message: "the path is not UTF-8: choose another one"}
	}
	given := map[string]bool{}
	for _, sink := range settings.Sinks {
		message := ""
		switch {
		case sink.Emit == nil:
			message = "the sink is nil: give a value with the method `Emit(context.Context, auditbox.Record) error`"
		case given[sink.Name]:
			message = "two sinks have this name: give each its own"
		default:
			given[sink.Name] = true
			continue
		}
		return &Error{Kind: ErrInvalidConfig, Path: "/sinks/" + value.Step(sink.Name), Message: message}
	}
	return nil
}

// configText is the configuration's text with what was said beside it. What of it is no object is left to the guest, which
// says what is wrong with it.
func configText(settings *setting.Settings) ([]byte, error) {
	text, err := configGiven(settings.Config)
	if err != nil || settings.Stdout == nil && settings.File == nil && len(settings.Sinks) == 0 {
		return text, err
	}
	config := membersOf(text)
	if config == nil {
		return text, nil
	}
	if settings.Stdout != nil {
		config["stdout"] = raw(*settings.Stdout)
	}
	if settings.File != nil {
		path := raw(*settings.File)
		if file := membersOf(config["file"]); file != nil {
			file["path"] = path
			path = raw(file)
		}
		config["file"] = path
	}
	sinks := membersOf(config["sinks"])
	if config["sinks"] == nil {
		sinks = map[string]json.RawMessage{}
	}
	if sinks != nil && len(settings.Sinks) > 0 {
		for _, sink := range settings.Sinks {
			if sinks[sink.Name] == nil {
				sinks[sink.Name] = json.RawMessage("{}")
			}
		}
		config["sinks"] = raw(sinks)
	}
	return raw(config), nil
}

func configGiven(config any) ([]byte, error) {
	switch config := config.(type) {
	case nil:
		return []byte("{}"), nil
	case string:
		return []byte(config), nil
	case []byte:
		return config, nil
	case json.RawMessage:
		return config, nil
	default:
		return value.Append(nil, config)
	}
}

// membersOf are the members of an object, their texts as they are; nil of anything else.
func membersOf(text []byte) (members map[string]json.RawMessage) {
	if json.Unmarshal(text, &members) != nil {
		return nil
	}
	return members
}

// raw is the text of what can always be said: bools, texts, and members.
func raw(v any) json.RawMessage {
	text, _ := value.Append(nil, v)
	return text
}
