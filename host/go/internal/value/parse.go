package value

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ErrNotJSON says that a text is not JSON, or deeper than what the guest writes.
var ErrNotJSON = errors.New("not JSON")

// Parse turns JSON text into map[string]any, []any, string, bool, nil, and [json.Number], which keeps all digits. Of
// keys that come twice the last one counts. It is here because encoding/json takes longer than the guest does.
func Parse(text string) (any, error) {
	p := parser{rest: text}
	v := p.value(0)
	p.blanks()
	if p.failed || p.rest != "" {
		return nil, ErrNotJSON
	}
	return v, nil
}

// parser takes values from the front of a text. After a failure there is nothing left to take.
type parser struct {
	rest   string
	failed bool
	// unescaped is where strings with escapes are put together.
	unescaped []byte
}

func (p *parser) fail() { p.rest, p.failed = "", true }

func (p *parser) blanks() {
	for p.rest != "" && (p.rest[0] == ' ' || p.rest[0] == '\n' || p.rest[0] == '\r' || p.rest[0] == '\t') {
		p.rest = p.rest[1:]
	}
}

// next is the next byte that is no blank; 0 at the end, which is no part of JSON.
func (p *parser) next() byte {
	p.blanks()
	if p.rest == "" {
		return 0
	}
	return p.rest[0]
}

// take passes over a byte, if it is the next one.
func (p *parser) take(b byte) bool {
	if p.next() != b {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *parser) value(depth int) any {
	switch p.next() {
	case '"':
		return p.text()
	case '{':
		return p.object(depth + 1)
	case '[':
		return p.list(depth + 1)
	case 't':
		return p.word("true", true)
	case 'f':
		return p.word("false", false)
	case 'n':
		return p.word("null", nil)
	default:
		return p.number()
	}
}

func (p *parser) word(word string, v any) any {
	rest, found := strings.CutPrefix(p.rest, word)
	p.rest = rest
	if !found {
		p.fail()
	}
	return v
}

func (p *parser) object(depth int) any {
	object := map[string]any{}
	p.take('{')
	for more := !p.take('}'); more; more = !p.take('}') {
		if len(object) > 0 && !p.take(',') || p.next() != '"' || depth > maxDepth {
			p.fail()
			return nil
		}
		key := p.text()
		if !p.take(':') {
			p.fail()
			return nil
		}
		object[key] = p.value(depth)
	}
	return object
}

func (p *parser) list(depth int) any {
	list := []any{}
	p.take('[')
	for more := !p.take(']'); more; more = !p.take(']') {
		if len(list) > 0 && !p.take(',') || depth > maxDepth || p.failed {
			p.fail()
			return nil
		}
		list = append(list, p.value(depth))
	}
	return list
}

func (p *parser) number() any {
	end := numberPrefix(p.rest)
	if end == 0 {
		p.fail()
		return nil
	}
	number := json.Number(p.rest[:end])
	p.rest = p.rest[end:]
	return number
}

// numberPrefix is how long the number is that a text begins with (RFC 8259, section 6): 0 when there is none.
func numberPrefix(s string) int {
	at := 0
	digits := func() bool {
		first := at
		for at < len(s) && '0' <= s[at] && s[at] <= '9' {
			at++
		}
		return at > first
	}
	is := func(either, or byte) bool { return at < len(s) && (s[at] == either || s[at] == or) }
	if is('-', '-') {
		at++
	}
	if is('0', '0') {
		at++
	} else if !digits() {
		return 0
	}
	if is('.', '.') {
		at++
		if !digits() {
			return 0
		}
	}
	if is('e', 'E') {
		at++
		if is('+', '-') {
			at++
		}
		if !digits() {
			return 0
		}
	}
	return at
}

// text takes a string. What is not UTF-8 becomes U+FFFD.
func (p *parser) text() string {
	s := p.rest[1:]
	plain := plainPrefix(s)
	if plain < len(s) && s[plain] == '"' {
		p.rest = s[plain+1:]
		return s[:plain]
	}
	to := p.unescaped[:0]
	for {
		to = append(to, s[:plain]...)
		s = s[plain:]
		switch {
		case s == "" || s[0] < ' ':
			p.fail()
			return ""
		case s[0] == '"':
			p.rest, p.unescaped = s[1:], to
			return string(to)
		case s[0] == '\\':
			r, size := escaped(s)
			if size == 0 {
				p.fail()
				return ""
			}
			to = utf8.AppendRune(to, r)
			s = s[size:]
		default:
			r, size := utf8.DecodeRuneInString(s)
			to = utf8.AppendRune(to, r)
			s = s[size:]
		}
		plain = plainPrefix(s)
	}
}

// escaped is the character that an escape stands for, and how long the escape is: 0 when it is none.
func escaped(s string) (r rune, size int) {
	if len(s) < 2 {
		return 0, 0
	}
	if at := strings.IndexByte(`"\/bfnrt`, s[1]); at >= 0 {
		return rune("\"\\/\b\f\n\r\t"[at]), 2
	}
	first, ok := unit(s)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(first) {
		if second, ok := unit(s[6:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, 12
			}
		}
	}
	// A lone surrogate is appended as U+FFFD.
	return first, 6
}

// unit reads the 16 bits of a `\u` escape.
func unit(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	number, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(number), err == nil
}
