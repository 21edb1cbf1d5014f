//go:build !race

package measure

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/aws/sandbox/delays"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/ui/console"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// active is a pair that the real engines set up in a sandbox in this process,
// whose replication takes about 4 s from A to B and 9 s back.
func active(t *testing.T, seed uint64, law delays.Law) account.Access {
	t.Helper()
	p := demoPair()
	box, err := sandbox.New(sandbox.Options{Seed: seed, Dir: t.TempDir(), Delays: law})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	id, secret := box.Credentials()
	access := account.Access{
		Sandbox: true, Endpoint: "http://sandbox.test", HTTPClient: &http.Client{Transport: box.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
	}
	real := console.RealEngines(session.New("test", t.TempDir()))
	found, err := real.Survey(t.Context(), access, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := real.Apply(t.Context(), access, found.SetUp, func(pair.Event) {}); err != nil {
		t.Fatal(err)
	}
	return access
}

// follow measures to the end and shows each event to see.
func follow(t *testing.T, access account.Access, cfg probe.Config, see func(*measurement)) *measurement {
	t.Helper()
	m := newMeasurement(cfg, time.Now())
	prober, err := session.New("test", t.TempDir()).Probe(t.Context(), access, session.Measurement{Config: cfg})
	if err != nil {
		t.Fatal(err)
	}
	m.follow(prober.Watch())
	if err := prober.Run(t.Context(), func(e pair.Event) {
		m.take(e)
		see(m)
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

// No seed may keep the demonstration waiting, as little with delays that depend on
// each other as with independent ones.
func TestTheFirstVerdictOnTheDirectionsComesWithinThreeMinutesOfBothRulesBeingActive(t *testing.T) {
	for _, law := range []delays.Law{{}, delays.MildlyBursty()} {
		for seed := range uint64(5) {
			t.Run(fmt.Sprint(law, "/", seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { verdictIn(t, active(t, seed, law), 3*time.Minute) })
			})
		}
	}
}

// verdictIn measures as the console proposes it and wants the first verdict on
// the directions in time.
func verdictIn(t *testing.T, access account.Access, limit time.Duration) {
	t.Helper()
	began := time.Now()
	setup := newProbeSetup(host.Measurement{})
	cfg, err := setup.config(demoPair())
	if err != nil {
		t.Fatal(err)
	}
	var first stats.Verdict
	var after time.Duration
	compared := false
	m := follow(t, access, cfg, func(m *measurement) {
		v := m.compared().CompareDirections(m.looks())
		if compared && !v.Enough {
			t.Errorf("after %v the comparison goes away again: %s", time.Since(began), v.Sentence)
		}
		compared = v.Enough
		if v.Shown && v.Lower < 1 {
			t.Errorf("the faster direction is called the slower one: %s", v.Sentence)
		}
		if v.Shown && !first.Shown {
			first, after = v, time.Since(began)
		}
	})
	if !strings.HasPrefix(first.Sentence, "So far ") || first.Looks != stats.SoFar {
		t.Errorf("the live verdict does not say that it is one: %s", first.Sentence)
	}
	if !first.Shown || after > limit {
		t.Fatalf("the first verdict comes after %v: %s", after, first.Sentence)
	}
	m.ended = time.Now()
	last := m.compared().CompareDirections(m.looks())
	if last.Looks != stats.Once || strings.Contains(last.Sentence, "every look") {
		t.Errorf("at the planned end: %s", last.Sentence)
	}
	if !last.Shown || last.Ratio < 1.5 || last.Ratio > 3.4 {
		t.Errorf("9.3 s to 3.9 s are 2.36: %s", last.Sentence)
	}
	t.Logf("after %v: %s At the end, %v: %s", after.Round(time.Second), first.Sentence, time.Since(began).Round(time.Second), last.Sentence)
}

func TestAMeasurementOfALengthOfTimeTakesAsManySamplesAsItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		access := active(t, 1, delays.Law{})
		setup := newProbeSetup(host.Measurement{})
		setup.texts[setupSizes], setup.texts[setupLength] = widget.NewField("1KiB,2KiB"), widget.NewField("25s")
		cfg, err := setup.config(demoPair())
		if err != nil {
			t.Fatal(err)
		}
		if cfg.For != 25*time.Second || cfg.Rounds != 0 || plannedRounds(cfg) != 3 {
			t.Errorf("for %v, %d rounds, %d planned", cfg.For, cfg.Rounds, plannedRounds(cfg))
		}
		m := follow(t, access, cfg, func(m *measurement) {
			if m.startsLeft() != (len(m.record.Samples)+len(m.flight) < 10) {
				t.Errorf("at %d samples and %d in flight: more are started: %v", len(m.record.Samples), len(m.flight), m.startsLeft())
			}
		})
		if n := len(m.record.Samples); n != 10 || m.planned() != n {
			t.Errorf("%d samples, %d planned, want 2 rounds of 4 and half of the third", n, m.planned())
		}
		if !m.record.Complete() || m.record.Bias == nil || m.record.Usage == nil || len(m.completed.Cells()) != 4 {
			t.Errorf("the record: complete %v, %+v", m.record.Complete(), m.record)
		}
	})
}
