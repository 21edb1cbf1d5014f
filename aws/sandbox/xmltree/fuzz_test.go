package xmltree_test

import (
	"bytes"
	"testing"

	"bothways/aws/sandbox/xmltree"
)

// What can be read can be written, and reads the same again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`<A xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><B>text</B><C/></A>`))
	f.Add([]byte(`<?xml version="1.0"?><A><B k="v">&lt;</B></A>`))
	f.Add([]byte(`<A>a<!-- comment -->b<![CDATA[c]]></A>`))
	f.Add([]byte(`<A><p:0/></A>`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		tree, err := xmltree.Parse(doc)
		if err != nil {
			return
		}
		written := tree.Document()
		again, err := xmltree.Parse(written)
		if err != nil {
			t.Fatalf("%q was written as %q: %v", doc, written, err)
		}
		if !bytes.Equal(again.Document(), written) {
			t.Errorf("%q was written as %q and then as %q", doc, written, again.Document())
		}
	})
}
