package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bothways/aws/sandbox/fault"
	"bothways/aws/sandbox/wire"
)

// A new service can't be half done: faults know it by name, and it refuses in
// a protocol of its own.
func TestAServiceIsKnownEverywhere(t *testing.T) {
	for _, s := range services {
		f := fault.Fault{Kind: fault.SlowDown, Service: s.name}
		if err := f.Check(vocabulary); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		if wire.IsXML(s.name) != (s.name == "s3") {
			t.Errorf("%s refuses as S3 does", s.name)
		}
		r := httptest.NewRequest(http.MethodPost, "/listRegions", strings.NewReader("Action=None"))
		if s.operation(r) == "" && s.name != "s3" {
			t.Errorf("%s finds no operation", s.name)
		}
		if s.hasOperation("NoSuchOperation") || s.serve == nil {
			t.Errorf("%s is not whole", s.name)
		}
	}
}
