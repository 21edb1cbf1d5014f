package survey

import "testing"

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
