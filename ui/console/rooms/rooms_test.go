package rooms

import (
	"testing"

	"bothways/ui/console"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

// A place without a face would end the console where it is gone to.
func TestEveryPlaceHasAFaceAndEveryFaceAPlace(t *testing.T) {
	a := console.New(t.Context(), console.Config{Engines: consoletest.Inert()}, All)
	faces := All(a)
	for _, s := range host.Stations() {
		if faces[s.Place] == nil {
			t.Errorf("nothing is drawn at %q", s.Place)
		}
		delete(faces, s.Place)
	}
	for place := range faces {
		t.Errorf("%q is not in the table of the places", place)
	}
}
