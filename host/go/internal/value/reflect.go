package value

import (
	"encoding"
	"encoding/json"
	"math/big"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"time"
)

// write writes a value of one type.
type write func(*writer, reflect.Value) *trouble

// writes are the types that were seen so far.
var writes sync.Map // of reflect.Type to write

// value writes a value by its type.
func (w *writer) value(v reflect.Value) *trouble {
	if !v.IsValid() {
		w.null()
		return nil
	}
	return writeOf(v.Type())(w, v)
}

func writeOf(t reflect.Type) write {
	if known, found := writes.Load(t); found {
		return known.(write)
	}
	chosen, _ := writes.LoadOrStore(t, choose(t))
	return chosen.(write)
}

// known are types that say of themselves something else than what is wanted, or nothing.
var known = map[reflect.Type]write{
	reflect.TypeFor[time.Duration](): func(w *writer, v reflect.Value) *trouble {
		w.text = appendDuration(w.text, time.Duration(v.Int()))
		return nil
	},
	reflect.TypeFor[json.Number](): func(w *writer, v reflect.Value) *trouble { return w.number(v.String()) },
	reflect.TypeFor[json.RawMessage](): func(w *writer, v reflect.Value) *trouble {
		if v.IsNil() {
			w.null()
			return nil
		}
		return w.compact(v.Type(), v.Bytes())
	},
	reflect.TypeFor[url.URL](): func(w *writer, v reflect.Value) *trouble {
		address := v.Interface().(url.URL)
		w.text = appendText(w.text, address.String())
		return nil
	},
	reflect.TypeFor[big.Float](): func(w *writer, v reflect.Value) *trouble {
		number := addressable(v).Interface().(*big.Float)
		if number.IsInf() {
			w.text = appendText(w.text, map[bool]string{false: "Infinity", true: "-Infinity"}[number.Signbit()])
			return nil
		}
		w.text = number.Append(w.text, 'g', -1)
		return nil
	},
}

var (
	marshalerType     = reflect.TypeFor[json.Marshaler]()
	textMarshalerType = reflect.TypeFor[encoding.TextMarshaler]()
	errorType         = reflect.TypeFor[error]()
)

// choose finds out how values of a type are written.
func choose(t reflect.Type) write {
	if write, found := known[t]; found {
		return write
	}
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		return writePointer
	}
	switch pointer := reflect.PointerTo(t); {
	case pointer.Implements(marshalerType):
		return writeMarshaler
	case pointer.Implements(textMarshalerType):
		return writeTextMarshaler
	case pointer.Implements(errorType):
		return writeError
	}
	switch t.Kind() {
	case reflect.Bool:
		return func(w *writer, v reflect.Value) *trouble {
			w.text = strconv.AppendBool(w.text, v.Bool())
			return nil
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(w *writer, v reflect.Value) *trouble {
			w.text = strconv.AppendInt(w.text, v.Int(), 10)
			return nil
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return func(w *writer, v reflect.Value) *trouble {
			w.text = strconv.AppendUint(w.text, v.Uint(), 10)
			return nil
		}
	case reflect.Float32, reflect.Float64:
		return func(w *writer, v reflect.Value) *trouble {
			w.text = appendFloat(w.text, v.Float(), t.Bits())
			return nil
		}
	case reflect.String:
		return func(w *writer, v reflect.Value) *trouble {
			w.text = appendText(w.text, v.String())
			return nil
		}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 && !says(t.Elem()) {
			return writeBytes
		}
		return writeList
	case reflect.Map:
		if t.Elem() == reflect.TypeFor[struct{}]() {
			return writeSet
		}
		return writeMap
	case reflect.Struct:
		fields := sync.OnceValue(func() []field { return fieldsOf(t) })
		return func(w *writer, v reflect.Value) *trouble { return w.fields(fields(), v) }
	default:
		return func(*writer, reflect.Value) *trouble {
			return refuse("a value of type `%s` cannot be said in JSON: leave it out, or give what it stands for", t)
		}
	}
}

// says is whether values of a type say themselves what they are in JSON.
func says(t reflect.Type) bool {
	pointer := reflect.PointerTo(t)
	return pointer.Implements(marshalerType) || pointer.Implements(textMarshalerType)
}

// addressable is a pointer to the value or to a copy of it: methods of both receivers work on that.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v.Addr()
	}
	pointer := reflect.New(v.Type())
	pointer.Elem().Set(v)
	return pointer
}

// writePointer writes what a pointer or an interface leads to.
func writePointer(w *writer, v reflect.Value) *trouble {
	if v.IsNil() {
		w.null()
		return nil
	}
	if w.pointers == maxPointers {
		return tooDeep
	}
	leave, wrong := w.into(v)
	if wrong != nil {
		return wrong
	}
	w.pointers++
	if wrong := w.value(v.Elem()); wrong != nil {
		return wrong
	}
	w.pointers--
	w.inside = w.inside[:leave]
	return nil
}

func writeBytes(w *writer, v reflect.Value) *trouble {
	if v.Kind() == reflect.Slice && v.IsNil() {
		w.null()
		return nil
	}
	if v.Kind() == reflect.Array {
		v = addressable(v).Elem()
	}
	w.text = appendBytes(w.text, v.Bytes())
	return nil
}

func writeList(w *writer, v reflect.Value) *trouble {
	if v.Kind() == reflect.Slice && v.IsNil() {
		w.null()
		return nil
	}
	leave, wrong := w.into(v)
	if wrong != nil {
		return wrong
	}
	if wrong := w.enter(); wrong != nil {
		return wrong
	}
	w.text = append(w.text, '[')
	write := writeOf(v.Type().Elem())
	for n := range v.Len() {
		w.comma(n)
		if wrong := write(w, v.Index(n)); wrong != nil {
			return wrong.at(strconv.Itoa(n))
		}
	}
	w.text = append(w.text, ']')
	w.depth--
	w.inside = w.inside[:leave]
	return nil
}

// place is a pointer, a map or a slice that the walk is inside of.
type place struct {
	at     uintptr
	length int
	kind   reflect.Type
}

// into goes, on a careful walk, into a value that others may lead to, and answers with what is inside without it.
func (w *writer) into(v reflect.Value) (leave int, wrong *trouble) {
	leave = len(w.inside)
	if !w.careful {
		return leave, nil
	}
	here := place{kind: v.Type()}
	switch v.Kind() {
	case reflect.Slice:
		here.at, here.length = v.Pointer(), v.Len()
	case reflect.Map, reflect.Pointer:
		here.at = v.Pointer()
	default:
		return leave, nil
	}
	if slices.Contains(w.inside, here) {
		return leave, refuse("it contains itself: give it without the way back")
	}
	w.inside = append(w.inside, here)
	return leave, nil
}
