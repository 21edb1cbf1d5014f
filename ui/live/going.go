package live

import (
	"fmt"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/backfill"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/probe"
	"bothways/probe/wording"
)

// going is what goes on, from what the engines told of it.
type going struct {
	what string
	// done of total; total 0: it has no end that is known. A listing knows its share
	// alone.
	done, total int64
	listed      float64 // from 0 to 1; below 0: another measure
	left        time.Duration
	flying      map[string]bool // probes that are under way
	steps       map[string]bool // whether they have ended
	awaited     func() (name string, since time.Time, waits bool)
}

// share is how much of it is done, from 0 to 1, or negative.
func (g *going) share() float64 {
	switch {
	case g.what == "":
		return -1
	case g.listed >= 0:
		return min(g.listed, 1)
	case g.total > 0:
		return min(float64(g.done)/float64(g.total), 1)
	}
	return -1
}

// words are what is drawn beside the bar, or "".
func (g *going) words() string {
	words := g.what
	if words != "" && g.left > 0 {
		words += ", about " + wording.Duration(g.left) + " left"
	}
	if g.awaited == nil {
		return words
	}
	name, since, waits := g.awaited()
	if waited := time.Since(since); waits && (words == "" || waited > 2*time.Second) {
		if words != "" {
			words += "; "
		}
		words += "waiting for " + name
		if waited >= time.Second {
			words += ", " + waited.Round(time.Second).String()
		}
	}
	return words
}

// Wait draws what is waited for, until Done. It does where nothing else goes on.
func (s *Screen) Wait(what string) {
	if s != nil {
		s.change(func(g *going) { *g = going{what: what, listed: -1, awaited: g.awaited} })
	}
}

// Share draws how much of something is done.
func (s *Screen) Share(what string, done, total int64) {
	if s != nil {
		s.change(func(g *going) { g.what, g.done, g.total, g.listed = what, done, total, -1 })
	}
}

// Done ends what goes on.
func (s *Screen) Done() { s.Wait("") }

// Awaiting lets the screen name the request that has waited longest.
func (s *Screen) Awaiting(oldest func() (name string, since time.Time, waits bool)) {
	if s != nil {
		s.change(func(g *going) { g.awaited = oldest })
	}
}

func (s *Screen) change(change func(*going)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.going.words() != ""
	change(&s.going)
	if !was {
		s.since = time.Now()
	}
}

// Event moves the bar.
func (s *Screen) Event(e pair.Event) {
	if s != nil {
		s.change(func(g *going) { g.hear(e) })
	}
}

func (g *going) hear(e pair.Event) {
	switch e := e.(type) {
	case step.Event:
		g.step(e)
	case probe.RunEvent:
		*g = going{awaited: g.awaited, listed: -1, total: int64(e.Planned()), flying: map[string]bool{}}
		g.probes()
	case probe.PostedEvent:
		g.flies(e.Key, true)
	case probe.Sample:
		g.done++
		g.flies(e.Key, false)
	case audit.Progress:
		g.what, g.listed, g.left, g.total = "comparing, "+string(e.Phase), -1, 0, 0
		if e.Phase == audit.Listing {
			g.listed, g.left = e.Done, max(e.Left, 0)
		}
		if wrong := e.Tally.Of(difference.Wrong).Versions; wrong > 0 {
			g.what += fmt.Sprintf(", %d wrong", wrong)
		}
	case audit.Started:
		g.what, g.listed = "comparing", -1
	case audit.Result, backfill.Result, record.Result:
		*g = going{awaited: g.awaited, listed: -1}
	case backfill.Progress:
		g.what, g.listed, g.done, g.total, g.left = e.Direction.Arrow()+" job "+e.State, -1, e.Done+e.Failed, e.Total, max(e.Left, 0)
	case record.Change:
		g.listed, g.total = -1, 0
		if g.what = "drill"; !e.Reached && drilling[e.State] != "" { // else the next is about to be entered
			g.what += ": " + drilling[e.State]
		}
	}
}

// drilling is what goes on until a drill reaches a state.
var drilling = map[record.State]string{
	record.Draft: "checking the pair", record.Checked: "checking the pair", record.Baseline: "measuring the steady state", record.Armed: "waiting for the agreement",
	record.Isolating: "making the fault", record.Isolated: "waiting until isolated", record.FailedOver: "failing over", record.Frozen: "counting what is lost",
	record.Restoring: "undoing the fault", record.Draining: "waiting for what was held", record.Converged: "comparing both sides",
	record.FailedBack: "measuring the steady state again", record.Cleaned: "cleaning up",
}

// step counts the steps that have ended, of those that were announced.
func (g *going) step(e step.Event) {
	if g.steps == nil {
		g.steps = map[string]bool{}
	}
	g.steps[e.ID] = e.Status.Final()
	g.total, g.done, g.listed = int64(len(g.steps)), 0, -1
	running := ""
	for id, ended := range g.steps {
		if ended {
			g.done++
		} else if e.Status == step.Running {
			running = e.ID
		} else if running == "" {
			running = id
		}
	}
	g.what = fmt.Sprintf("%d of %d steps", g.done, g.total)
	if g.done == g.total {
		g.what, g.steps = "", nil
	} else if running != "" && e.Status == step.Running {
		g.what += "  " + running
	}
}

func (g *going) flies(key string, up bool) {
	if g.flying == nil {
		return
	}
	if up {
		g.flying[key] = true
	} else {
		delete(g.flying, key)
	}
	g.probes()
}

func (g *going) probes() {
	g.what = fmt.Sprintf("%d samples", g.done)
	if g.total > 0 {
		g.what = fmt.Sprintf("%d of %d samples", g.done, g.total)
	}
	if n := len(g.flying); n > 0 {
		g.what += fmt.Sprintf(", %d in flight", n)
	}
}
