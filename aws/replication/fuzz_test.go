package replication

import (
	"bytes"
	"encoding/json"
	"testing"
)

// The statements of others must go back as the bytes that they came as.
func FuzzBucketPolicy(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":[{"Sid":"a", "Effect" : "Deny"},{"Sid":"<b>"}]}`)
	f.Add(`{"Statement":{"Sid":"alone"},"Id":"x"}`)
	f.Add(`{"Statement":[]}`)
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := parseBucketPolicy(text)
		if err != nil || len(parts.Statement) == 0 {
			return
		}
		whole := parts.text()
		if !json.Valid([]byte(whole)) {
			t.Fatalf("%q is put together as %q", text, whole)
		}
		for _, statement := range parts.Statement {
			if !bytes.Contains([]byte(whole), statement) || !bytes.Contains([]byte(text), statement) {
				t.Errorf("the statement %q of %q is lost in %q", statement, text, whole)
			}
		}
		again, err := parseBucketPolicy(whole)
		if err != nil || again.text() != whole {
			t.Errorf("%q is read back as %q, %v", whole, again.text(), err)
		}
	})
}

func FuzzUnknownElements(f *testing.F) {
	f.Add([]byte(`<ReplicationConfiguration xmlns="x"><Role>r</Role><Rule><Filter><And><Tag><Key>k</Key></Tag></And></Filter></Rule></ReplicationConfiguration>`))
	f.Add([]byte(`<ReplicationConfiguration><Rule><New/></Rule></ReplicationConfiguration>`))
	f.Fuzz(func(t *testing.T, document []byte) {
		unknown, err := unknownElements(document)
		if err != nil && unknown != nil {
			t.Errorf("%q gives %q and %v", document, unknown, err)
		}
	})
}
