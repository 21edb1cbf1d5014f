package fault

import (
	"strings"
	"testing"
)

// Who names a kind that there is not is told all that there are.
func TestEveryKindIsNamedToWhoAsksForAnother(t *testing.T) {
	err := (&Fault{Kind: "none"}).Check(Vocabulary{})
	if err == nil {
		t.Fatal("it is taken")
	}
	said := strings.NewReplacer(",", " ", ":", " ").Replace(err.Error()) + " "
	for kind := range fields {
		if !strings.Contains(said, " "+string(kind)+" ") {
			t.Errorf("%q does not name %s", err, kind)
		}
	}
}
