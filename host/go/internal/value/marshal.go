package value

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
)

// Methods of the user's own. What they return is checked, what they throw is caught, and of their errors only the type
// is named: the text may hold anything.

func writeMarshaler(w *writer, v reflect.Value) *trouble {
	var text []byte
	wrong := w.ask(v, "MarshalJSON", func(pointer any) (err error) {
		text, err = pointer.(json.Marshaler).MarshalJSON()
		return err
	})
	if wrong != nil {
		return wrong
	}
	return w.compact(v.Type(), text)
}

func writeTextMarshaler(w *writer, v reflect.Value) *trouble {
	var text []byte
	wrong := w.ask(v, "MarshalText", func(pointer any) (err error) {
		text, err = pointer.(encoding.TextMarshaler).MarshalText()
		return err
	})
	if wrong == nil {
		w.text = appendBytes(w.text, text)
	}
	return wrong
}

// writeError: the guest redacts the message.
func writeError(w *writer, v reflect.Value) *trouble {
	var text string
	wrong := w.ask(v, "Error", func(pointer any) error {
		text = pointer.(error).Error()
		return nil
	})
	if wrong == nil {
		w.text = appendText(w.text, fmt.Sprintf("%s: %s", v.Type(), text))
	}
	return wrong
}

// ask calls a method.
func (w *writer) ask(v reflect.Value, method string, call func(pointer any) error) (wrong *trouble) {
	const remedy = "mend it, or give what the value stands for"
	defer func() {
		if recover() != nil {
			wrong = refuse("the method `%s` of `%s` panicked: %s", method, v.Type(), remedy)
		}
	}()
	if err := call(addressable(v).Interface()); err != nil {
		return refuse("the method `%s` of `%s` failed with a `%T`: %s", method, v.Type(), err, remedy)
	}
	return nil
}

// compact writes JSON text that comes from elsewhere, without line breaks.
func (w *writer) compact(t reflect.Type, text []byte) *trouble {
	buffer := bytes.NewBuffer(w.text)
	if err := json.Compact(buffer, text); err != nil {
		if isDeep(text) {
			return tooDeep
		}
		return refuse("what `%s` says of itself is not JSON: mend it, or give what the value stands for", t)
	}
	w.text = buffer.Bytes()
	return nil
}

// isDeep tells text that encoding/json finds too deep from what is not JSON.
func isDeep(text []byte) bool {
	depth, inside, escaped := 0, false, false
	for _, b := range text {
		switch {
		case escaped:
			escaped = false
		case inside:
			inside, escaped = b != '"', b == '\\'
		case b == '"':
			inside = true
		case b == '[' || b == '{':
			depth++
		case b == ']' || b == '}':
			depth--
		}
		if depth > maxDepth {
			return true
		}
	}
	return false
}
