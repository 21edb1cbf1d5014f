package cloudwatch

import (
	"bytes"
	"net/url"
	"reflect"
	"testing"
	"time"
)

// written turns what was read into what can be written.
func written(v any) any {
	switch v := v.(type) {
	case list:
		all := list{}
		for _, element := range v {
			all = append(all, written(element))
		}
		return all
	case fields:
		all := object{}
		for name, inner := range v {
			all = append(all, field{name, written(inner)})
		}
		return all
	}
	return v
}

func FuzzParseCBOR(f *testing.F) {
	f.Add(appendCBOR(nil, object{{"a", list{"b", 1.5, true, time.UnixMilli(1500)}}, {"c", object{}}}))
	f.Add([]byte("\xbf\x61a\x9f\x01\x20\xf6\xff\xff"))
	f.Add([]byte("\x7f\x61a\x61b\xff"))
	f.Add([]byte("\xc1\x1a\x65\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		v, err := parseCBOR(doc)
		if err != nil || v == nil || bytes.Contains(doc, []byte{0xf6}) || bytes.Contains(doc, []byte{0xf7}) {
			return // nothing is written for null
		}
		if _, err := parseCBOR(appendCBOR(nil, written(v))); err != nil {
			t.Fatalf("%v was read, %v when it was written", v, err)
		}
	})
}

func FuzzNested(f *testing.F) {
	f.Add("Dimensions.member.1.Name=a&Dimensions.member.2.Name=b&Action=x")
	f.Add("a.b=1&a=2&member.1=x&.=y&a.member.x.member.1=z")
	f.Fuzz(func(_ *testing.T, text string) {
		if form, err := url.ParseQuery(text); err == nil {
			nested(form)
		}
	})
}

func TestFormsBecomeListsInTheirOrder(t *testing.T) {
	form, err := url.ParseQuery("D.member.2.N=b&D.member.10.N=c&D.member.1.N=a&X=y")
	if err != nil {
		t.Fatal(err)
	}
	want := fields{"X": "y", "D": list{fields{"N": "a"}, fields{"N": "b"}, fields{"N": "c"}}}
	if got := nested(form); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
