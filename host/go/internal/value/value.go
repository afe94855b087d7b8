// Package value turns Go values into JSON text and back. It is not encoding/json: bytes become text, so that redaction
// sees what is in them; numbers that JSON does not have are texts; and what cannot be said is refused with its place.
// Struct tags, [json.Marshaler] and [encoding.TextMarshaler] mean what they mean there.
package value

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

const (
	// maxDepth is how many lists and objects may be inside each other: as many as the guest accepts.
	maxDepth = 128
	// maxPointers is how many pointers may be inside each other: more only when they lead around.
	maxPointers = 1000
)

// Problem says what cannot be said in JSON, and where. It holds names of types and keys, and nothing else of a value.
type Problem struct {
	// Path is the JSON Pointer (RFC 6901) to it, of the caller's own keys; empty for the value as a whole.
	Path string
	// Message says what is wrong and what to do about it.
	Message string
}

func (p *Problem) Error() string { return fmt.Sprintf("`%s`: %s", p.Path, p.Message) }

// Append appends the JSON text of a value, on one line. It fails with a [Problem].
func Append(to []byte, v any) ([]byte, error) {
	w := writer{text: to}
	wrong := w.any(v)
	if wrong == tooDeep {
		// Once more with care, to tell what goes around from what is only deep.
		w = writer{text: to, careful: true}
		wrong = w.any(v)
	}
	if wrong != nil {
		return to, wrong.problem()
	}
	return w.text, nil
}

// trouble is a problem on its way up: the walk adds a step of the path at each level, and so costs nothing while all is
// well.
type trouble struct {
	message string
	// steps of the path, the last one first.
	steps []string
}

// tooDeep has no path: it is the value as a whole.
var tooDeep = &trouble{message: fmt.Sprintf("expected at most %d lists and objects inside each other", maxDepth)}

func refuse(format string, arguments ...any) *trouble {
	return &trouble{message: fmt.Sprintf(format, arguments...)}
}

func (t *trouble) at(step string) *trouble {
	if t != tooDeep {
		t.steps = append(t.steps, step)
	}
	return t
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// Step is a key as a step of a JSON Pointer.
func Step(key string) string { return pointerEscapes.Replace(key) }

func (t *trouble) problem() *Problem {
	var path strings.Builder
	for _, step := range slices.Backward(t.steps) {
		path.WriteByte('/')
		path.WriteString(Step(step))
	}
	return &Problem{Path: path.String(), Message: t.message}
}

// writer is one walk over a value.
type writer struct {
	text []byte
	// depth counts lists and objects that the walk is inside of, pointers the pointers.
	depth, pointers int
	// keys is a stack of the keys of the maps that the walk is inside of.
	keys []string
	// careful walks remember what they are inside of.
	careful bool
	inside  []place
}

// any writes what most values are made of without a look into their types.
func (w *writer) any(v any) *trouble {
	if w.careful {
		return w.value(reflect.ValueOf(v))
	}
	switch v := v.(type) {
	case nil:
		w.null()
	case bool:
		w.text = strconv.AppendBool(w.text, v)
	case string:
		w.text = appendText(w.text, v)
	case int:
		w.text = strconv.AppendInt(w.text, int64(v), 10)
	case int64:
		w.text = strconv.AppendInt(w.text, v, 10)
	case float64:
		w.text = appendFloat(w.text, v, 64)
	case json.Number:
		return w.number(string(v))
	case map[string]any:
		return w.object(v)
	case []any:
		return w.list(v)
	default:
		return w.value(reflect.ValueOf(v))
	}
	return nil
}

func (w *writer) object(object map[string]any) *trouble {
	if object == nil {
		w.null()
		return nil
	}
	if wrong := w.enter(); wrong != nil {
		return wrong
	}
	first := len(w.keys)
	for key := range object {
		w.keys = append(w.keys, key)
	}
	// Sorted, so that a value has one text.
	keys := w.keys[first:]
	slices.Sort(keys)
	w.text = append(w.text, '{')
	for n, key := range keys {
		w.key(n, key)
		if wrong := w.any(object[key]); wrong != nil {
			return wrong.at(key)
		}
	}
	w.text = append(w.text, '}')
	w.keys = w.keys[:first]
	w.depth--
	return nil
}

func (w *writer) list(list []any) *trouble {
	if list == nil {
		w.null()
		return nil
	}
	if wrong := w.enter(); wrong != nil {
		return wrong
	}
	w.text = append(w.text, '[')
	for n, element := range list {
		w.comma(n)
		if wrong := w.any(element); wrong != nil {
			return wrong.at(strconv.Itoa(n))
		}
	}
	w.text = append(w.text, ']')
	w.depth--
	return nil
}

// enter goes into a list or an object.
func (w *writer) enter() *trouble {
	if w.depth == maxDepth {
		return tooDeep
	}
	w.depth++
	return nil
}

func (w *writer) null() { w.text = append(w.text, "null"...) }

func (w *writer) comma(n int) {
	if n > 0 {
		w.text = append(w.text, ',')
	}
}

func (w *writer) key(n int, key string) {
	w.comma(n)
	w.text = append(appendText(w.text, key), ':')
}

// number writes a number that comes as text: as encoding/json has it, no text is 0.
func (w *writer) number(text string) *trouble {
	text = cmp.Or(text, "0")
	if numberPrefix(text) != len(text) {
		return refuse("this `json.Number` is no number: give the number, or its text as a string")
	}
	w.text = append(w.text, text...)
	return nil
}
