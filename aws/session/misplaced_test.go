package session_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"bothways/aws/pair"
	"bothways/aws/session"
)

func TestAnAuditSaysWhereABucketIsThatIsNotWhereItsSideSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.setUp(w.process())
		for says, edit := range map[string]func(*pair.Pair){
			"Are the regions of the two sides swapped?": func(p *pair.Pair) { p.A.Region, p.B.Region = p.B.Region, p.A.Region },
			"not in us-east-1":                          func(p *pair.Pair) { p.A.Region = "us-east-1" },
			"is eu-west-1 or":                           func(p *pair.Pair) { p.A.Region = "eu-west-9" },
			"there is no bucket":                        func(p *pair.Pair) { p.B.Bucket += "-no" },
		} {
			p := testPair
			edit(&p)
			_, err := w.process().Audit(t.Context(), w.access, p, session.AuditOptions{}, func(pair.Event) {})
			if _, is := errors.AsType[*session.MisplacedError](err); !is || !strings.Contains(err.Error(), says) {
				t.Errorf("got %v, want %q", err, says)
			}
			if _, err := w.process().Estimate(t.Context(), w.access, p, 0); err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("an estimate says %v, want %q", err, says)
			}
		}
	})
}
