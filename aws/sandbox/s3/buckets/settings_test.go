package buckets

import (
	"testing"
)

// A new sub-resource can't be half done.
func TestASettingIsReadAndPutUnderItsName(t *testing.T) {
	all := Operations()
	for sub, s := range settings {
		for method, verb := range map[string]string{"GET": "Get", "PUT": "Put"} {
			if got := all[method+" bucket "+sub].Name; got != verb+s.name || s.name == "" {
				t.Errorf("%s ?%s is %q", method, sub, got)
			}
		}
		if s.putAction != "" && s.check == nil || s.getAction == "" {
			t.Errorf("?%s can be put without a check, or read without a permission", sub)
		}
	}
}
