package s3

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// A row of the table can't be half done: it has a name of its own, which
// faults accept, and asks for a permission or says that it does so itself.
func TestEveryOperationIsWhole(t *testing.T) {
	asksItself := map[string]bool{"PostObject": true, "DeleteObjects": true}
	rows := map[string]string{}
	for row, o := range operations {
		switch other := rows[o.name]; {
		case o.name == "":
			t.Errorf("%s has no name", row)
		case other != "":
			t.Errorf("%s and %s are both called %s", row, other, o.name)
		case !HasOperation(strings.ToLower(o.name)):
			t.Errorf("faults do not know %s", o.name)
		case o.serve != nil && (o.action == "") != asksItself[o.name]:
			t.Errorf("%s: the permission %q", o.name, o.action)
		case o.makesBucket != (o.name == "CreateBucket"):
			t.Errorf("%s: makes a bucket: %v", o.name, o.makesBucket)
		}
		rows[o.name] = row
	}
}

func TestASettingIsReadAndPutUnderItsName(t *testing.T) {
	for sub, s := range settings {
		for method, verb := range map[string]string{"GET": "Get", "PUT": "Put"} {
			if got := Operation(httptest.NewRequest(method, "/b?"+sub, nil)); got != verb+s.name || s.name == "" {
				t.Errorf("%s ?%s is %q", method, sub, got)
			}
		}
		if s.putAction != "" && s.check == nil || s.getAction == "" {
			t.Errorf("?%s can be put without a check, or read without a permission", sub)
		}
	}
}
