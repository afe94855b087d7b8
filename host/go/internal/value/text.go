package value

import (
	"math"
	"math/bits"
	"strconv"
	"time"
	"unicode/utf8"
)

// appendText writes a string; what is not UTF-8 becomes U+FFFD.
func appendText(to []byte, s string) []byte {
	to = append(to, '"')
	for {
		plain := plainPrefix(s)
		to = append(to, s[:plain]...)
		if s = s[plain:]; s == "" {
			return append(to, '"')
		}
		if s[0] >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s)
			to = utf8.AppendRune(to, r)
			s = s[size:]
			continue
		}
		to = appendEscape(to, s[0])
		s = s[1:]
	}
}

// plainPrefix counts the bytes, from the first, that stand for themselves: ASCII but for control characters, quotes and
// backslashes. It looks at eight at a time.
func plainPrefix(s string) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	at := 0
	for ; at+8 <= len(s); at += 8 {
		eight := eightBytes(s[at : at+8])
		quotes, slashes := eight^(ones*'"'), eight^(ones*'\\')
		// The high bit of a byte: it is not ASCII, or what was taken from it is more than it was.
		if special := (eight | (eight - ones*' ') | (quotes - ones) | (slashes - ones)) & high; special != 0 {
			return at + bits.TrailingZeros64(special)/8
		}
	}
	for at < len(s) && s[at] >= ' ' && s[at] < utf8.RuneSelf && s[at] != '"' && s[at] != '\\' {
		at++
	}
	return at
}

// eightBytes is one load: the compiler knows the form.
func eightBytes(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func appendEscape(to []byte, b byte) []byte {
	const hex = "0123456789abcdef"
	switch b {
	case '"', '\\':
		return append(to, '\\', b)
	case '\n':
		return append(to, '\\', 'n')
	case '\r':
		return append(to, '\\', 'r')
	case '\t':
		return append(to, '\\', 't')
	default:
		return append(to, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
	}
}

// appendBytes writes bytes as the text they are: in base64 no secret would be found.
func appendBytes(to []byte, bytes []byte) []byte {
	if utf8.Valid(bytes) {
		return appendText(to, string(bytes))
	}
	to = append(to, `"[binary, `...)
	to = strconv.AppendInt(to, int64(len(bytes)), 10)
	return append(to, ` bytes]"`...)
}

// appendFloat writes the shortest number that reads back as this one, in the form of ECMAScript; infinite ones as the
// JSON mapping of protocol buffers has them.
func appendFloat(to []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(to, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(to, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(to, `"-Infinity"`...)
	}
	format := byte('f')
	if size := math.Abs(f); size != 0 {
		if bits == 64 && (size < 1e-6 || size >= 1e21) || bits == 32 && (float32(size) < 1e-6 || float32(size) >= 1e21) {
			format = 'e'
		}
	}
	to = strconv.AppendFloat(to, f, format, -1, bits)
	if end := len(to); format == 'e' && end >= 4 && to[end-4] == 'e' && to[end-3] == '-' && to[end-2] == '0' {
		// e-09 to e-9
		to = append(to[:end-2], to[end-1])
	}
	return to
}

// appendDuration writes seconds, to the last nanosecond.
func appendDuration(to []byte, d time.Duration) []byte {
	if d < 0 {
		to = append(to, '-')
	}
	whole, rest := d/time.Second, d%time.Second
	to = strconv.AppendUint(to, magnitude(whole), 10)
	if rest == 0 {
		return to
	}
	// The leading one holds the zeros behind the point.
	digits := strconv.AppendUint(nil, uint64(time.Second)+magnitude(rest), 10)
	for digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return append(append(to, '.'), digits[1:]...)
}

func magnitude(d time.Duration) uint64 {
	if d < 0 {
		return uint64(-d)
	}
	return uint64(d)
}
