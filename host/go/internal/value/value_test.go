package value

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"math/big"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"
)

type (
	color   int
	level   string
	celsius float32
	inner   struct {
		Kept   string `json:"kept"`
		Hidden int    `json:"shadowed"`
	}
	outer struct {
		inner
		*Pointed
		Shadowed int      `json:"shadowed"`
		Plain    bool     // its own name
		Renamed  any      `json:"other name,omitempty"`
		Left     string   `json:"-"`
		Zero     color    `json:"zero,omitzero"`
		Empty    []int    `json:"empty,omitempty"`
		Quoted   int64    `json:"quoted,string"`
		Text     string   `json:"text,string"`
		NotEmpty struct{} `json:"not_empty,omitempty"`
		unseen   int
	}
	Pointed struct{ Far string }
	// twice and again are ambiguous in both.
	twice struct{ Same, First int }
	again struct{ Same, Second int }
	both  struct {
		twice
		again
	}
	tagged struct {
		twice
		Tagged int `json:"Same"`
	}
	tree struct {
		Name string  `json:"name"`
		Kids []*tree `json:"kids,omitempty"`
	}
	self struct {
		*self
		X int
	}
	counting struct{ calls int }
	asText   struct{ text string }
	asJSON   struct{ text string }
	failed   struct{ Code int }
	moment   struct {
		At time.Time `json:"at,omitzero"`
	}
)

func (a asText) MarshalText() ([]byte, error) { return []byte(a.text), nil }

// On a pointer, and yet it is asked on values that have no address.
func (a *asJSON) MarshalJSON() ([]byte, error) { return []byte(a.text), nil }

func (f failed) Error() string { return "failed with \"token\"" }

func TestWhatGoHasBecomesJSON(t *testing.T) {
	number := 7
	pointer := &number
	address, _ := url.Parse("https://mika:fake@db.example/tea")
	for _, test := range []struct {
		value any
		want  string
	}{
		{nil, `null`},
		{true, `true`},
		{"é\"\\\n\r\t\x00\x1f\x7f<>&\u2028", `"é\"\\\n\r\t\u0000\u001f` + "\x7f<>&\u2028" + `"`},
		{"eight bytes \" and a half", `"eight bytes \" and a half"`},
		{"lone \xed\xa0\x80 and \xff", "\"lone \ufffd\ufffd\ufffd and \ufffd\""},
		{level("warn"), `"warn"`},

		{int8(-128), `-128`},
		{uint64(math.MaxUint64), `18446744073709551615`},
		{int64(math.MinInt64), `-9223372036854775808`},
		{color(3), `3`},
		{json.Number("12345678901234567890.12345678901234567890"), `12345678901234567890.12345678901234567890`},
		{json.Number(""), `0`},
		{new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil), `1` + strings.Repeat("0", 30)},
		{*big.NewInt(-7), `-7`},
		{big.NewFloat(1.5), `1.5`},
		{new(big.Float).SetInf(true), `"-Infinity"`},

		{0.1, `0.1`},
		{0.0, `0`},
		{math.Copysign(0, -1), `-0`},
		{1e20, `100000000000000000000`},
		{1e21, `1e+21`},
		{1e-7, `1e-7`},
		{math.MaxFloat64, `1.7976931348623157e+308`},
		{celsius(0.1), `0.1`},
		{math.NaN(), `"NaN"`},
		{[]float64{math.Inf(1), math.Inf(-1)}, `["Infinity","-Infinity"]`},
		{complexless{1}, `{"Real":1}`},

		{time.Date(2026, 11, 22, 9, 30, 0, 123000000, time.FixedZone("", 3600)), `"2026-11-22T09:30:00.123+01:00"`},
		{90 * time.Second, `90`},
		{-1500 * time.Millisecond, `-1.5`},
		{time.Nanosecond, `0.000000001`},
		{time.Duration(math.MinInt64), `-9223372036.854775808`},
		{moment{}, `{}`},

		{[]byte("password=fake"), `"password=fake"`},
		{[4]byte{'t', 'e', 'x', 't'}, `"text"`},
		{[]byte{0xff, 0xfe, 0}, `"[binary, 3 bytes]"`},
		{[]byte(nil), `null`},
		{json.RawMessage("{ \"a\" :\n1.0}"), `{"a":1.0}`},
		{json.RawMessage(nil), `null`},

		{map[string]any{"b": 1, "a": []any{nil, "x"}, "": map[string]any{}}, `{"":{},"a":[null,"x"],"b":1}`},
		{map[int]string{10: "x", 9: "y"}, `{"10":"x","9":"y"}`},
		{map[any]any{true: 1, 2.5: 2, "k": 3, level("l"): 4, nil: 5, asText{"t"}: 6}, `{"2.5":2,"k":3,"l":4,"null":5,"t":6,"true":1}`},
		{map[any]int{1: 1, "1": 2}, `{"1":1,"1":2}`},
		{map[color]struct{}{3: {}, 10: {}}, `[10,3]`},
		{map[string]struct{}{"b": {}, "a": {}}, `["a","b"]`},
		{map[string]int(nil), `null`},
		{[]string(nil), `null`},
		{[2]bool{true, false}, `[true,false]`},
		{&pointer, `7`},
		{(*int)(nil), `null`},

		{outer{Shadowed: 2, inner: inner{"k", 1}, Quoted: 5, Text: "t", unseen: 1}, `{"kept":"k","shadowed":2,"Plain":false,"quoted":"5","text":"\"t\"","not_empty":{}}`},
		{&outer{Pointed: &Pointed{"f"}, Renamed: 0, Zero: 1, Empty: []int{0}}, `{"kept":"","Far":"f","shadowed":0,"Plain":false,"other name":0,"zero":1,"empty":[0],"quoted":"0","text":"\"\"","not_empty":{}}`},
		{struct {
			Nil  any `json:",omitempty"`
			None any `json:",omitempty"`
			Some any `json:",omitempty"`
		}{map[string]int(nil), (*int)(nil), map[string]int{}}, `{"Some":{}}`},
		{both{twice{1, 2}, again{3, 4}}, `{"First":2,"Second":4}`},
		{self{&self{nil, 1}, 2}, `{"X":2}`},
		{tagged{twice{1, 2}, 3}, `{"First":2,"Same":3}`},
		{tree{"a", []*tree{{"b", nil}, nil}}, `{"name":"a","kids":[{"name":"b"},null]}`},

		{asText{"\"text\""}, `"\"text\""`},
		{[]any{asJSON{`{"a": 1}`}, &asJSON{"[ ]"}}, `[{"a":1},[]]`},
		{net.IPv4(127, 0, 0, 1), `"127.0.0.1"`},
		{address, `"https://mika:fake@db.example/tea"`},
		{*address, `"https://mika:fake@db.example/tea"`},
		{failed{1}, `"value.failed: failed with \"token\""`},
		{&fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, `"fs.PathError: open x: file does not exist"`},
		{struct{ Err error }{errors.New("why")}, `{"Err":"errors.errorString: why"}`},
	} {
		got, err := Append([]byte("before "), test.value)
		if err != nil || string(got) != "before "+test.want {
			t.Errorf("%T: %s, not %s (%v)", test.value, got, test.want, err)
		}
		// The walk that looks for cycles says the same.
		careful := writer{careful: true}
		if wrong := careful.any(test.value); wrong != nil || string(careful.text) != test.want {
			t.Errorf("%T: carefully %s, not %s", test.value, careful.text, test.want)
		}
	}
}

type complexless struct{ Real float64 }

type (
	panics    struct{}
	fails     struct{ secret string }
	babbles   struct{}
	smuggles  struct{}
	ownKey    struct{ A int }
	pointerTo *pointerTo
)

func (panics) MarshalJSON() ([]byte, error)   { panic("and says hunter2") }
func (f fails) MarshalText() ([]byte, error)  { return nil, errors.New(f.secret) }
func (babbles) MarshalJSON() ([]byte, error)  { return []byte("hunter2"), nil }
func (smuggles) MarshalJSON() ([]byte, error) { return []byte(`1,"action":"call_denied"`), nil }

func (c *counting) MarshalText() ([]byte, error) {
	c.calls++
	return nil, nil
}

func TestAMethodIsCalledOnTheValueItselfWhereThatHasAnAddress(t *testing.T) {
	var counted counting
	if _, err := Append(nil, []any{&counted, counted, []*counting{&counted}}); err != nil || counted.calls != 2 {
		t.Error(counted, err)
	}
}

func TestWhatCannotBeSaidIsRefusedWithItsPathAndARemedy(t *testing.T) {
	cyclic := map[string]any{}
	cyclic["a/b"] = []any{map[string]any{"~": cyclic}}
	loop := &tree{Name: "loop"}
	loop.Kids = []*tree{loop}
	var around pointerTo
	around = &around
	for _, test := range []struct {
		value         any
		path, message string
	}{
		{func() {}, "", "a value of type `func()` cannot be said in JSON: leave it out, or give what it stands for"},
		{map[string]any{"a": []any{1, make(chan int)}}, "/a/1", "`chan int`"},
		{struct {
			Z complex128 `json:"z"`
		}{1}, "/z", "`complex128`"},
		{cyclic, "/a~1b/0/~0", "it contains itself: give it without the way back"},
		{loop, "/kids/0", "it contains itself"},
		{around, "", "it contains itself"},
		{map[ownKey]int{{1}: 1}, "", "a key of type `value.ownKey` is no scalar"},
		{[]any{map[any]any{make(chan int): 1}}, "/0", "`chan int`"},
		{map[string]any{"x": panics{}}, "/x", "the method `MarshalJSON` of `value.panics` panicked"},
		{map[string]any{"x": &fails{"hunter2"}}, "/x", "the method `MarshalText` of `value.fails` failed with a `*errors.errorString`"},
		{babbles{}, "", "what `value.babbles` says of itself is not JSON"},
		{[]any{smuggles{}}, "/0", "is not JSON"},
		{[]any{json.RawMessage("")}, "/0", "is not JSON"},
		{[]any{json.Number("1 2")}, "/0", "no number"},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "", "`time.Time` failed"},
	} {
		text, err := Append(nil, test.value)
		var problem *Problem
		if !errors.As(err, &problem) || problem.Path != test.path || !strings.Contains(problem.Message, test.message) {
			t.Errorf("%T: %s %v, not %s %s", test.value, text, err, test.path, test.message)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Error(err)
		}
	}
}

func TestAValueIsAsDeepAsTheGuestAcceptsAndNoDeeper(t *testing.T) {
	nested := func(depth int) (v any) {
		for range depth {
			v = []any{v}
		}
		return v
	}
	if _, err := Append(nil, nested(maxDepth)); err != nil {
		t.Error(err)
	}
	list := &tree{}
	for range 100_000 {
		list = &tree{Kids: []*tree{list}}
	}
	var pointer any = 1
	for range 100_000 {
		inside := pointer
		pointer = &inside
	}
	raw := json.RawMessage(strings.Repeat(`{"a":["]"`, 100_000))
	for _, deep := range []any{nested(maxDepth + 1), nested(100_000), list, pointer, []any{raw}} {
		_, err := Append(nil, deep)
		var problem *Problem
		if !errors.As(err, &problem) || *problem != (Problem{"", "expected at most 128 lists and objects inside each other"}) {
			t.Errorf("%T: %v", deep, err)
		}
	}
}

func TestTextIsParsedWithAllItsDigits(t *testing.T) {
	got, err := Parse(" {\"a\":[1e400,-0.10,null,true,false],\"b\":\"\\ud83d\\ude00\\ud800\\u00e9\\/ \xff\",\"b\":{}} ")
	if err != nil {
		t.Fatal(err)
	}
	list := got.(map[string]any)["a"].([]any)
	if list[0] != json.Number("1e400") || list[1] != json.Number("-0.10") || len(list) != 5 {
		t.Error(list)
	}
	if text, err := Parse(`"\ud83d\ude00\ud800\u00e9\/` + "\xff\""); text != "😀\ufffdé/\ufffd" {
		t.Errorf("%q %v", text, err)
	}
	for _, text := range []string{"", " ", "{", "[1,]", "{\"a\":1,}", "{,}", "[,1]", "{\"a\"}", "{1:2}", "01", "-", "1.", "1e", "+1", "nul", "truefalse",
		"\"", "\"\\", "\"\\u12\"", "\"\\u+123\"", "\"\\x\"", "\"\n\"", "1 2", "[1 2]", "{\"a\":1 \"b\":2}", "[[[", strings.Repeat("[", 100_000)} {
		if got, err := Parse(text); err != ErrNotJSON || got != nil {
			t.Errorf("%.20q is parsed as %v", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-2.5e+3,"\u00e9\ud83d\ude00\n"],"b":{}}`, `[true,false,null,""]`, `[1,]`, "\"\xff\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Parse(text)
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		var want any
		wrong := decoder.Decode(&want)
		if wrong == nil && decoder.More() {
			wrong = errors.New("more")
		}
		if err != nil && wrong == nil && !isDeep([]byte(text)) && json.Valid([]byte(text)) {
			t.Fatalf("%q is not parsed", text)
		}
		if err != nil {
			return
		}
		if wrong != nil {
			t.Fatalf("%q is parsed, and %v", text, wrong)
		}
		first, _ := json.Marshal(got)
		second, _ := json.Marshal(want)
		if string(first) != string(second) {
			t.Fatalf("%s, not %s", first, second)
		}
	})
}

func FuzzAppend(f *testing.F) {
	f.Add("text \" and \\ and é and \xff", int64(-7), 1e21)
	f.Fuzz(func(t *testing.T, text string, integer int64, float float64) {
		written, err := Append(nil, map[string]any{text: []any{integer, text}, "float": float})
		if err != nil || !json.Valid(written) {
			t.Fatalf("%s %v", written, err)
		}
		var read struct{ Float any }
		if err := json.Unmarshal(written, &read); err != nil {
			t.Fatal(err)
		}
		if text != "float" && text != "Float" && !strings.EqualFold(text, "float") {
			if finite, ok := read.Float.(float64); ok && finite != float {
				t.Fatalf("%v becomes %v", float, finite)
			}
		}
		one, err := Append(nil, text)
		var back string
		if err != nil || json.Unmarshal(one, &back) != nil || back != string([]rune(text)) {
			t.Fatalf("%q becomes %s", text, one)
		}
	})
}
