package s3

import (
	"strings"
	"testing"
)

// A row of the table can't be half done: it has a name of its own, which
// faults accept, and asks for a permission or says that it does so itself.
func TestEveryOperationIsWhole(t *testing.T) {
	asksItself := map[string]bool{"DeleteObjects": true}
	rows := map[string]string{}
	for row, o := range operations {
		switch other := rows[o.Name]; {
		case o.Name == "":
			t.Errorf("%s has no name", row)
		case other != "":
			t.Errorf("%s and %s are both called %s", row, other, o.Name)
		case !HasOperation(strings.ToLower(o.Name)):
			t.Errorf("faults do not know %s", o.Name)
		case o.Serve != nil && (o.Action == "") != asksItself[o.Name]:
			t.Errorf("%s: the permission %q", o.Name, o.Action)
		case o.MakesBucket != (o.Name == "CreateBucket"):
			t.Errorf("%s: makes a bucket: %v", o.Name, o.MakesBucket)
		}
		rows[o.Name] = row
	}
}
