package audit_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/audit"
	"bothways/aws/pair"
)

// Keys crowd in one corner of the key space: how far an audit is must be told by
// what is listed, not by how much of the key space lies behind it.
func TestProgressIsNeverFarAheadAndNeverGoesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelves()
		s.most = 50
		few, many := 300, 12_000
		for _, side := range pair.Sides() {
			var all []kept
			for i := range few {
				all = append(all, version(fmt.Sprintf("data/%05d", i), "v", "c", true))
			}
			for i := range many {
				all = append(all, version(fmt.Sprintf("logs/2026/%07d", i), "v", "c", true))
			}
			s.put(side, all...)
		}
		s.before = func(*http.Request) (int, string) {
			time.Sleep(200 * time.Millisecond)
			return 0, ""
		}
		all := float64(2 * (few + many))
		shown, last := 0, -1.0
		_, err := audit.Run(t.Context(), audit.Config{World: s.world(), Workers: 8}, func(e pair.Event) {
			p, is := e.(audit.Progress)
			if !is || p.Phase != audit.Listing {
				return
			}
			truly := float64(p.Tally.VersionsA+p.Tally.VersionsB) / all
			if p.Done > truly+0.1 {
				t.Errorf("%.0f %% are told, %.0f %% are listed", 100*p.Done, 100*truly)
			}
			if p.Done < last {
				t.Errorf("%.2f after %.2f", p.Done, last)
			}
			if last = p.Done; p.Done >= 0 {
				shown++
			}
			if left := p.Left; left >= 0 && truly < 0.9 && p.PerSecond > 0 && left.Seconds() < 0.7*all*(1-truly)/p.PerSecond {
				t.Errorf("%v left are told at %.0f %% and %.0f a second", left, 100*truly, p.PerSecond)
			}
		})
		if err != nil || shown < 5 {
			t.Errorf("%v; %d times a share was told", err, shown)
		}
	})
}
