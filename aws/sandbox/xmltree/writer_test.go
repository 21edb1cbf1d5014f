package xmltree_test

import (
	"encoding/xml"
	"testing"
	"time"

	"bothways/aws/sandbox/xmltree"
)

func TestWhatAWriterWritesIsReadBack(t *testing.T) {
	w := xmltree.NewWriter("List", 0)
	w.Some("Absent", "")
	w.Some("There", "x")
	w.Open("Entry")
	w.Leaf("Key", `a<b>&"'ü`+"\n.")
	w.Quoted("ETag", "abc-2")
	w.Number("Size", -3)
	w.Truth("Latest", true)
	w.Stamp("When", time.Date(2026, 1, 2, 3, 4, 5, 999_999_999, time.FixedZone("east", 3600)))
	w.Close("Entry")
	doc := w.Document()
	root, err := xmltree.Parse(doc)
	if err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	if root.Name != "List" || root.Child("Absent") != nil || root.Value("There") != "x" {
		t.Errorf("the root is wrong in %s", doc)
	}
	entry := root.Child("Entry")
	for name, want := range map[string]string{
		"Key": `a<b>&"'ü` + "\n.", "ETag": `"abc-2"`, "Size": "-3", "Latest": "true", "When": "2026-01-02T02:04:05.000Z",
	} {
		if got := entry.Value(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	var named struct{ XMLName xml.Name }
	if err := xml.Unmarshal(doc, &named); err != nil || named.XMLName.Space != xmltree.Namespace {
		t.Errorf("its name is %v, %v", named, err)
	}
}
