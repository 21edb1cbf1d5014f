package wellformed_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"bothways/aws/account/wellformed"
)

func TestWhatNoServiceSaysIsRefused(t *testing.T) {
	for name, one := range map[string]struct{ text, root, want string }{
		"another kind":          {`<?xml version="1.0"?><Foo></Foo>`, "Tagging", "begins with <Foo>, and not with <Tagging>"},
		"another, self-closing": {`<Foo/>`, "Tagging", "begins with <Foo>"},
		"a page":                {`<!DOCTYPE html><html><body>`, "Tagging", "begins with <html>"},
		"no XML":                {`{"a":1}`, "Tagging", "is no XML"},
		"nothing":               {"", "Tagging", "is empty"},
		"a comment alone":       {"<!-- <Tagging> -->", "Tagging", "is empty"},
		"deep":                  {strings.Repeat("<a>", 5_000_000), "", "more than 100 others"},
		"deep in its kind":      {"<Tagging>" + strings.Repeat("<a b='/>'>", 101), "Tagging", "more than 100 others"},
		"a long text":           {"<Tagging>" + strings.Repeat("x", 1<<20), "Tagging", "more than 512 KiB"},
		"a long tag":            {"<Tagging><" + strings.Repeat("x", 1<<20), "", "more than 512 KiB"},
		"a long comment":        {"<Tagging><!--" + strings.Repeat("x", 1<<20), "", "more than 512 KiB"},
		"a long attribute":      {"<Tagging a='" + strings.Repeat(">", 1<<20), "", "more than 512 KiB"},
	} {
		for way, from := range map[string]io.Reader{"whole": strings.NewReader(one.text), "in small parts": iotest.HalfReader(strings.NewReader(one.text))} {
			_, err := io.ReadAll(wellformed.NewReader(from, one.root))
			if told, is := errors.AsType[*wellformed.Error](err); !is || !strings.Contains(told.Why, one.want) {
				t.Errorf("%s, %s: got %v, want %s", name, way, err, one.want)
			}
		}
	}
}

func TestWhatServicesSayPasses(t *testing.T) {
	for name, one := range map[string]struct{ text, root string }{
		"its kind":             {"\ufeff <?xml version=\"1.0\"?>\n<!-- <x> --><Tagging xmlns=\"u\"><TagSet/></Tagging>", "Tagging"},
		"in a namespace":       {"<s3:Tagging\txmlns:s3='u'/>", "Tagging"},
		"an error with 200":    {"<Error><Code>InternalError</Code></Error>", "Tagging"},
		"words of their own":   {"<Tagging><![CDATA[" + strings.Repeat("<a>", 200) + "]]></Tagging>", "Tagging"},
		"many beside another":  {"<Tagging>" + strings.Repeat("<a><b/></a>", 50_000) + "</Tagging>", "Tagging"},
		"a policy":             {`{"Version":"2012-10-17"}` + strings.Repeat(" ", 1<<20), ""},
		"nothing, of no kind":  {"", ""},
		"quotes with brackets": {"<Tagging a='<' b=\"/>\">" + strings.Repeat("<a c='>'></a>", 200) + "</Tagging>", "Tagging"},
	} {
		for way, from := range map[string]io.Reader{"whole": strings.NewReader(one.text), "byte by byte": iotest.OneByteReader(strings.NewReader(one.text))} {
			got, err := io.ReadAll(wellformed.NewReader(from, one.root))
			if err != nil || string(got) != one.text {
				t.Errorf("%s, %s: %v, %d bytes of %d", name, way, err, len(got), len(one.text))
			}
		}
	}
}

// FuzzWhatADecoderReadsPasses holds the reader to the decoder: XML that this reads
// passes unless it is deep or long, and its root is seen.
func FuzzWhatADecoderReadsPasses(f *testing.F) {
	for _, text := range []string{"<a/>", "<a b='c'>d<!-- e --><![CDATA[f]]></a>", "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><n:a xmlns:n='u'></n:a>"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		decoder, depth, most, root := xml.NewDecoder(bytes.NewReader(text)), 0, 0, ""
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			switch token := token.(type) {
			case xml.StartElement:
				if depth++; root == "" {
					root = token.Name.Local
				}
				most = max(most, depth)
			case xml.EndElement:
				depth--
			case xml.Directive: // may hold other markup, which answers of AWS never have
				return
			}
		}
		if root == "" || most > 90 || len(text) > 100_000 || !strings.HasPrefix(strings.TrimLeft(string(text), " \t\r\n"), "<") || len(root) > 100 {
			return
		}
		if got, err := io.ReadAll(wellformed.NewReader(bytes.NewReader(text), root)); err != nil || !bytes.Equal(got, text) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
