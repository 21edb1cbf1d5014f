package drill

import (
	"math"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/fis/types"

	"bothways/aws/drill/alarm"
	"bothways/aws/drill/pause"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
)

// meter counts what a drill takes as it goes.
type meter struct {
	mu          sync.Mutex
	own         *cost.Tally // of what it writes beside its canaries
	canaries    *cost.Usage // nil before their end
	experiments map[string]record.Experiment
}

// hear takes an event of the drill.
func (m *meter) hear(e pair.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch e := e.(type) {
	case cost.Usage:
		m.canaries = &e
	case record.Experiment:
		if m.experiments == nil {
			m.experiments = map[string]record.Experiment{}
		}
		m.experiments[e.ID] = e
	}
}

// asked counts a request of the drill's own about an object.
func (m *meter) asked(side pair.SideName, operation string, bytes int) {
	m.mu.Lock()
	if m.own == nil {
		m.own = cost.NewTally()
	}
	m.mu.Unlock()
	m.own.Request(side, operation, int64(bytes))
}

// unpriced is what a drill takes that it does not count.
func unpriced() []string {
	return []string{"requests of the checks and of the audits, which bothways audit --estimate tells of"}
}

// Estimate says what a drill may cost at most, at list prices, with canaries that are
// polled as in a measurement.
func Estimate(scope record.Scope, of probe.Config) record.Cost {
	c := record.Cost{Estimated: true, Unpriced: unpriced()}
	if scope.Kind.Streams() {
		cfg := measurement(scope, of)
		cfg.For = steadyMost + scope.Box + 2*scope.Drain + steadyMost
		all := cfg.Estimate()
		c.PricesAsOf = all.PricesAsOf
		c.Items = append(c.Items, record.CostItem{What: "canaries, for as long as the drill may last", N: float64(all.PUTs + all.HEADs + all.LISTs), Unit: "requests", Dollars: all.DollarsAtMost})
	}
	if scope.Kind == record.Alarm {
		all := cost.NewTally()
		for _, d := range scope.Failing() {
			for range int(math.Ceil(scope.Box.Minutes())) * alarm.MostFailures {
				all.Request(d.From(), "PutObject", 0)
			}
			for range int(scope.Box / looks) {
				all.Request(d.From(), "HeadObject", 0)
			}
		}
		u := all.Usage(scope.Pair)
		c.PricesAsOf, c.Unpriced = u.PricesAsOf, append(c.Unpriced, "questions to CloudWatch")
		c.Items = append(c.Items, record.CostItem{What: "objects that are made to fail", N: float64(u.Total()), Unit: "requests", Dollars: u.Dollars})
	}
	if scope.Kind == record.Pause {
		for _, d := range pair.Directions() {
			region, minutes := scope.Pair.From(d).Region, math.Ceil(scope.Box.Minutes())
			c.Items = append(c.Items, record.CostItem{What: "experiment of AWS FIS in " + region, N: minutes, Unit: actionMinutes, Dollars: minutes * pause.MinutePrice(region)})
		}
	}
	return sum(c)
}

// counted says what it cost, as far as that is counted.
func (r *run) counted() record.Cost {
	m := &r.meter
	m.mu.Lock()
	defer m.mu.Unlock()
	c := record.Cost{Unpriced: unpriced()}
	if u := m.canaries; u != nil {
		c.PricesAsOf = u.PricesAsOf
		c.Items = append(c.Items, record.CostItem{What: "canaries", N: float64(u.Total()), Unit: "requests", Dollars: u.Dollars})
	}
	if m.own != nil {
		u := m.own.Usage(r.Scope.Pair)
		c.PricesAsOf = u.PricesAsOf
		c.Items = append(c.Items, record.CostItem{What: "other objects of the drill", N: float64(u.Total()), Unit: "requests", Dollars: u.Dollars})
	}
	for _, d := range pair.Directions() {
		region, minutes := r.Scope.Pair.From(d).Region, 0.0
		for _, e := range m.experiments {
			if e.Direction == d {
				minutes += billed(e, r.Scope.Box)
			}
		}
		if minutes > 0 {
			c.Items = append(c.Items, record.CostItem{What: "experiment of AWS FIS in " + region, N: minutes, Unit: actionMinutes, Dollars: minutes * pause.MinutePrice(region)})
		}
	}
	return sum(c)
}

// billed are the minutes of an experiment as it was last read: AWS bills from an
// action's start to its stop, rounded to a minute. One that only finds its targets
// completes before the shortest pause could, and one that failed did nothing.
func billed(e record.Experiment, box time.Duration) float64 {
	lasted := e.EndedAt.Sub(e.StartedAt)
	switch {
	case e.State == string(types.ExperimentStatusRunning): // it ended by itself, which nobody read
		lasted = box
	case e.State == string(types.ExperimentStatusStopped):
	case e.State == string(types.ExperimentStatusCompleted) && lasted >= record.LeastBox:
	default:
		return 0
	}
	return max(math.Ceil(lasted.Minutes()), 1)
}

// sum adds up what has a price.
func sum(c record.Cost) record.Cost {
	fis := false
	for _, i := range c.Items {
		c.Dollars += i.Dollars
		fis = fis || i.Unit == actionMinutes
	}
	if fis {
		c.PricesAsOf = strings.TrimPrefix(c.PricesAsOf+"; of FIS "+pause.PricesAsOf, "; ")
	}
	return c
}

// actionMinutes is what AWS FIS bills by.
const actionMinutes = "action-minutes"
