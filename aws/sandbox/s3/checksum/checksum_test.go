package checksum

import (
	"encoding/xml"
	"testing"

	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
)

func TestEveryChecksumHasAnElement(t *testing.T) {
	for _, name := range sigv4.Algorithms {
		want := "<Elements><Checksum" + name + ">x</Checksum" + name + "></Elements>"
		if got, err := xml.Marshal(ElementsOf(store.Checksum{Algorithm: name, Value: "x"})); err != nil || string(got) != want {
			t.Errorf("%s is told as %s, %v: Elements lacks a field of that name", name, got, err)
		}
	}
	if got, err := xml.Marshal(ElementsOf(store.Checksum{})); err != nil || string(got) != "<Elements></Elements>" {
		t.Errorf("none is told as %s, %v", got, err)
	}
}
