package audit_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/audit"
	"bothways/aws/pair"
)

// layouts are ways in which keys lie in a bucket.
var layouts = map[string]func() []string{
	"a crowded corner": func() (keys []string) {
		for i := range 300 {
			keys = append(keys, fmt.Sprintf("data/%05d", i))
		}
		for i := range 9_000 {
			keys = append(keys, fmt.Sprintf("logs/2026/%07d", i))
		}
		return keys
	},
	"many small prefixes": func() (keys []string) {
		for i := range 9_000 {
			keys = append(keys, fmt.Sprintf("%c%d/%d", 'a'+i%26, i%977, i))
		}
		return keys
	},
	"dates": func() (keys []string) {
		day := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range 9_000 {
			keys = append(keys, day.AddDate(0, 0, i/4).Format("2006/01/02/")+fmt.Sprint(i%4))
		}
		return keys
	},
	"random hex": func() (keys []string) {
		r := rand.New(rand.NewPCG(3, 3))
		for range 9_000 {
			keys = append(keys, fmt.Sprintf("%016x", r.Uint64()))
		}
		return keys
	},
	"UUIDs of tenants": func() (keys []string) {
		r := rand.New(rand.NewPCG(4, 4))
		for i := range 9_000 {
			keys = append(keys, fmt.Sprintf("tenant-%02d/%08x-%04x-%04x", r.IntN(3)*r.IntN(8), r.Uint32(), r.IntN(1<<16), i))
		}
		return keys
	},
}

// How far an audit is must be told by what is listed, not by how much of the key
// space lies behind it, however keys crowd in it.
func TestProgressIsNeverFarAheadAndNeverGoesBack(t *testing.T) {
	for name, keys := range layouts {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { progresses(t, keys()) })
		})
	}
}

func progresses(t *testing.T, keys []string) {
	s := newShelves()
	s.most = 50
	for _, side := range pair.Sides() {
		all := make([]kept, 0, len(keys))
		for _, key := range keys {
			all = append(all, version(key, "v", "c", true))
		}
		s.put(side, all...)
	}
	s.before = func(*http.Request) (int, string) {
		time.Sleep(200 * time.Millisecond)
		return 0, ""
	}
	all := float64(2 * len(keys))
	shown, last, ahead := 0, -1.0, 0.0
	_, err := audit.Run(t.Context(), audit.Config{World: s.world(), Workers: 8}, func(e pair.Event) {
		p, is := e.(audit.Progress)
		if !is {
			return
		}
		if p.Done < last {
			t.Errorf("%.2f after %.2f", p.Done, last)
		}
		if last = p.Done; p.Phase != audit.Listing {
			return
		}
		truly := float64(p.Tally.VersionsA+p.Tally.VersionsB) / all
		if ahead = max(ahead, p.Done-truly); p.Done > truly+0.1 {
			t.Errorf("%.0f %% are told, %.0f %% are listed", 100*p.Done, 100*truly)
		}
		if p.Done >= 0 {
			shown++
		}
		if left := p.Left; left >= 0 && truly < 0.9 && p.PerSecond > 0 && left.Seconds() < 0.7*all*(1-truly)/p.PerSecond {
			t.Errorf("%v left are told at %.0f %% and %.0f a second", left, 100*truly, p.PerSecond)
		}
	})
	if err != nil || shown < 5 || last != 1 {
		t.Errorf("%v; %d times a share was told, %.2f last", err, shown, last)
	}
	t.Logf("told %d times, at most %.0f points ahead", shown, 100*ahead)
}
