package value

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
)

// member is a key of a map as text, and what is behind it.
type member struct {
	key  string
	kind reflect.Kind
	v    reflect.Value
}

func writeMap(w *writer, v reflect.Value) *trouble {
	if v.IsNil() {
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
	members := make([]member, 0, v.Len())
	for key, value := range v.Seq2() {
		text, kind, wrong := keyText(key)
		if wrong != nil {
			return wrong
		}
		members = append(members, member{text, kind, value})
	}
	slices.SortFunc(members, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.kind, b.kind))
	})
	w.text = append(w.text, '{')
	for n, member := range members {
		w.key(n, member.key)
		if wrong := w.value(member.v); wrong != nil {
			return wrong.at(member.key)
		}
	}
	w.text = append(w.text, '}')
	w.depth--
	w.inside = w.inside[:leave]
	return nil
}

// writeSet writes the keys of a map to nothing: a list, sorted by the elements' texts.
func writeSet(w *writer, v reflect.Value) *trouble {
	if v.IsNil() {
		w.null()
		return nil
	}
	if wrong := w.enter(); wrong != nil {
		return wrong
	}
	texts := make([]string, 0, v.Len())
	before := len(w.text)
	for key := range v.Seq() {
		if wrong := w.value(key); wrong != nil {
			return wrong
		}
		texts = append(texts, string(w.text[before:]))
		w.text = w.text[:before]
	}
	slices.Sort(texts)
	w.text = append(w.text, '[')
	for n, text := range texts {
		w.comma(n)
		w.text = append(w.text, text...)
	}
	w.text = append(w.text, ']')
	w.depth--
	return nil
}

// keyText is what a map's key is as the name of a member: the text of a scalar.
func keyText(key reflect.Value) (string, reflect.Kind, *trouble) {
	for key.Kind() == reflect.Interface && !key.IsNil() {
		key = key.Elem()
	}
	if key.Kind() == reflect.String && !says(key.Type()) {
		return key.String(), reflect.String, nil
	}
	w := writer{}
	if wrong := w.value(key); wrong != nil {
		return "", 0, wrong
	}
	switch first := w.text[0]; first {
	case '{', '[':
		return "", 0, refuse("a key of type `%s` is no scalar: give a text, a number or a bool", key.Type())
	case '"':
		var text string
		if err := json.Unmarshal(w.text, &text); err != nil {
			return "", 0, refuse("a key of type `%s` is no text", key.Type())
		}
		return text, key.Kind(), nil
	default:
		return string(w.text), key.Kind(), nil
	}
}
