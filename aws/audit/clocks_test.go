package audit_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// By a clock that goes wrong everything is too young to be missed, or nothing is:
// an audit does not begin by one, and says what the clocks show.
func TestClocksThatDifferAreNoCutOff(t *testing.T) {
	for name, c := range map[string]struct {
		a, b time.Duration
		says string // "": the audit goes on
	}{
		"one far behind":           {0, -400 * 24 * time.Hour, "400 d apart"},
		"one an hour ahead":        {time.Hour, 0, "1 h apart"},
		"both a day behind":        {-24 * time.Hour, -24 * time.Hour, "This computer's"},
		"both a minute ahead":      {time.Minute, time.Minute, ""},
		"seconds apart":            {20 * time.Second, -20 * time.Second, ""},
		"both ten minutes ahead":   {10 * time.Minute, 10 * time.Minute, ""},
		"six minutes between them": {3 * time.Minute, -3 * time.Minute, "Those of the sides"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newShelves()
				s.ahead = map[string]time.Duration{testPair.A.Bucket: c.a, testPair.B.Bucket: c.b}
				s.put(pair.A, version("k", "v", "x", true))
				var l log
				result, err := audit.Run(t.Context(), audit.Config{World: s.world(), Rows: filepath.Join(t.TempDir(), "rows")}, l.emit)
				if _, is := errors.AsType[*audit.ClocksError](err); is != (c.says != "") || is && !strings.Contains(err.Error(), c.says) {
					t.Fatalf("got %v", err)
				}
				if young := result.Tally.Verdicts[difference.Young].Versions; young != 0 {
					t.Errorf("%d are taken for too young", young)
				}
			})
		})
	}
}
