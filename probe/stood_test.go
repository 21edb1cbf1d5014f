package probe

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A busy computer lets the program stand still for a while, in which nobody
// looks: what was read before and after that is true, so the sample stays. An
// upload whose end was read after it may have ended before it, so that what
// followed took as much longer.
func TestAComputerThatStoodStillLosesNoSample(t *testing.T) {
	const still = 2400 * time.Millisecond
	for name, c := range map[string]struct {
		upload, polling time.Duration // how long nobody looked
		high            float64
	}{
		"while polling":               {200 * time.Millisecond, still, 2000 + 2400},
		"at the end of the upload":    {still, 200 * time.Millisecond, 2000 + 200 + 2400},
		"twice":                       {still, still, 2000 + 2400 + 2400},
		"not at all":                  {200 * time.Millisecond, 200 * time.Millisecond, 2000 + 200},
		"for longer than dates blur":  {200 * time.Millisecond, 10 * time.Minute, 2000 + 600_000},
		"for less than is looked for": {200 * time.Millisecond, time.Second, 2000 + 1000},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var events log
				r := &run{began: time.Now(), clock: newSleepClock(wallClock), listener: events.emit, noticed: map[string]bool{}}
				p := &probing{run: r, key: "k", started: time.Now(), outcome: Replicated}
				r.clock.begin("k", p.started)
				pass := func(d time.Duration) time.Time {
					<-time.After(d)
					r.clock.look()
					return time.Now()
				}
				p.upload.committing = pass(200 * time.Millisecond)
				p.upload.posted = pass(c.upload)
				for range 10 {
					p.lastMiss = pass(200 * time.Millisecond)
				}
				p.hitAt = pass(c.polling)
				s := p.sample()
				if s.Outcome != Replicated || s.BracketMS != [2]float64{2000, c.high} || s.BracketMS[1] > s.CommitBracketMS[1] {
					t.Errorf("%s (%s), bracket %v, from the commit %v", s.Outcome, s.Detail, s.BracketMS, s.CommitBracketMS)
				}
				r.ended("k")
				pauses := 0
				for _, d := range []time.Duration{c.upload, c.polling} {
					if d >= still {
						pauses++
					}
				}
				notices := eventsOf[NoticeEvent](&events)
				if len(notices) != pauses || len(eventsOf[SleptEvent](&events)) > 0 {
					t.Fatalf("it says %+v of %d pauses", notices, pauses)
				}
				for _, n := range notices {
					if !strings.HasPrefix(n.Text, "This computer stood still for ") || !strings.Contains(n.Text, "; 1 bracket is wider for it") {
						t.Errorf("it says %q", n.Text)
					}
				}
			})
		})
	}
}

// A store that holds a HEAD for some time and then says that nothing is there
// tells nothing of how long its answers take.
func TestAMissThatWasHeldDoesNotPassForAUsualAnswer(t *testing.T) {
	const rtt = 20 * time.Millisecond
	side := &answering{}
	for range 40 {
		side.missed(8*time.Second, rtt)
	}
	if usual := side.usual(rtt); usual != rtt {
		t.Errorf("answers usually take %v, want a round trip", usual)
	}
	for range 40 { // slow by themselves
		side.missed(300*time.Millisecond, rtt)
	}
	side.missed(1400*time.Millisecond, rtt)
	if usual := side.usual(rtt); usual != 300*time.Millisecond {
		t.Errorf("answers usually take %v, want 0.3 s", usual)
	}
}
