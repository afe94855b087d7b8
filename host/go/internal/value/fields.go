package value

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// field is a struct's field that becomes a member, found where encoding/json finds it.
type field struct {
	name string
	// key is the name as JSON text, and the colon behind it.
	key []byte
	// index leads to it through embedded structs.
	index []int
	// named is whether its tag gave the name.
	named     bool
	omitEmpty bool
	omitZero  func(reflect.Value) bool
	quoted    bool
	write     write
}

// fields writes the members of a struct.
func (w *writer) fields(fields []field, v reflect.Value) *trouble {
	if wrong := w.enter(); wrong != nil {
		return wrong
	}
	w.text = append(w.text, '{')
	written := 0
	for n := range fields {
		field := &fields[n]
		v, found := follow(v, field.index)
		if !found || field.omitEmpty && isEmpty(v) || field.omitZero != nil && field.omitZero(v) {
			continue
		}
		w.comma(written)
		w.text = append(w.text, field.key...)
		start := len(w.text)
		if wrong := field.write(w, v); wrong != nil {
			return wrong.at(field.name)
		}
		if first := w.text[start]; field.quoted && first != 'n' && (first != '"' || v.Kind() == reflect.String) {
			w.text = appendText(w.text[:start], string(w.text[start:]))
		}
		written++
	}
	w.text = append(w.text, '}')
	w.depth--
	return nil
}

// follow finds no field behind an embedded pointer to nothing.
func follow(v reflect.Value, index []int) (reflect.Value, bool) {
	for n, at := range index {
		if n > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(at)
	}
	return v, true
}

// isEmpty is what the option `omitempty` asks, as encoding/json has it.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	case reflect.Interface:
		// Unlike there, also with a map or a pointer in it that is nil: it would be null.
		return v.IsNil() || isNil(v.Elem())
	default:
		return v.IsZero()
	}
}

func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.Pointer:
		return v.IsNil()
	default:
		return false
	}
}

// fieldsOf are the fields of a struct in their order.
func fieldsOf(t reflect.Type) []field {
	all := collect(t, nil, nil)
	byName := map[string][]field{}
	for _, field := range all {
		byName[field.name] = append(byName[field.name], field)
	}
	fields := make([]field, 0, len(all))
	for _, field := range all {
		if first, found := dominant(byName[field.name]); found && slices.Equal(first.index, field.index) {
			fields = append(fields, field)
		}
	}
	return fields
}

// dominant is the one of several fields of a name that counts: the least deep one; of those the one that a tag gave the
// name. When there are still several, none is.
func dominant(fields []field) (field, bool) {
	rank := func(a, b field) int {
		if a.named == b.named || len(a.index) != len(b.index) {
			return cmp.Compare(len(a.index), len(b.index))
		}
		if a.named {
			return -1
		}
		return 1
	}
	sorted := slices.SortedStableFunc(slices.Values(fields), rank)
	return sorted[0], len(sorted) == 1 || rank(sorted[0], sorted[1]) < 0
}

// collect goes through the embedded structs, which outer holds those that lead here of.
func collect(t reflect.Type, index []int, outer []reflect.Type) (fields []field) {
	if slices.Contains(outer, t) {
		return nil
	}
	outer = append(slices.Clone(outer), t)
	for n := range t.NumField() {
		at := t.Field(n)
		tag := at.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		embedded := at.Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		promotes := at.Anonymous && embedded.Kind() == reflect.Struct && name == ""
		if tag == "-" || !at.IsExported() && !promotes {
			continue
		}
		index := append(slices.Clone(index), n)
		if promotes {
			fields = append(fields, collect(embedded, index, outer)...)
			continue
		}
		field := field{name: cmp.Or(name, at.Name), index: index, named: name != "", write: writeOf(at.Type)}
		field.key = append(appendText(nil, field.name), ':')
		for option := range strings.SplitSeq(options, ",") {
			switch option {
			case "omitempty":
				field.omitEmpty = true
			case "omitzero":
				field.omitZero = zeroOf(at.Type)
			case "string":
				field.quoted = isQuotable(at.Type)
			}
		}
		fields = append(fields, field)
	}
	return fields
}

// isQuotable: the option `string` is for scalars and pointers to them.
func isQuotable(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if says(t) {
		return false
	}
	switch t.Kind() {
	case reflect.Bool, reflect.Float32, reflect.Float64, reflect.String,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return true
	default:
		return false
	}
}

// zeroOf is what the option `omitzero` asks: the value itself, where it can tell.
func zeroOf(t reflect.Type) func(reflect.Value) bool {
	type zeroer interface{ IsZero() bool }
	if !reflect.PointerTo(t).Implements(reflect.TypeFor[zeroer]()) {
		return reflect.Value.IsZero
	}
	return func(v reflect.Value) bool {
		if (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil() {
			return true
		}
		return addressable(v).Interface().(zeroer).IsZero()
	}
}
