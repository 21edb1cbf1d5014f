package replicate

import (
	"sync"
	"time"
)

// kept is how many minutes metrics can be read.
const kept = 24 * 60

// Point holds the metrics of one minute (S3 User Guide, S3 Replication metrics
// in CloudWatch).
type Point struct {
	At         time.Time     // the beginning of the minute, which is one as time passes in the sandbox
	Operations int           // most that were pending
	Bytes      int64         // most that were pending
	Latency    time.Duration // longest that the destination was behind
	Failed     int           // operations
}

// Series are the metrics of a rule that has them enabled.
type Series struct {
	Account                               string // of the source
	Source, Destination                   string // buckets
	SourceRegion, DestinationRegion, Rule string
	Points                                []Point
}

// route is what a series is of.
type route struct{ source, destination, rule string }

// meters hold the series of all rules.
type meters struct {
	mu     sync.Mutex
	routes map[route]*meter
}

type meter struct {
	Series
	minute     time.Duration
	until      time.Time    // how far Points reach
	queue      []*operation // those pending, the oldest first, with some that are done
	operations int
	bytes      int64
}

// operation is one that is pending.
type operation struct {
	meter *meter
	since time.Time
	size  int64
	done  bool
}

// begin notes that a task is pending, if its rule has metrics.
func (m *meters) begin(t *task, region string) {
	if t.rule == nil || !t.rule.Destination.Metrics {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	at := m.of(t, region, now)
	t.pending = &operation{meter: at, since: now, size: t.size}
	at.queue = append(at.queue, t.pending)
	at.operations++
	at.bytes += t.size
	at.advance(now)
}

// of returns the meter of a task's rule. The lock is held.
func (m *meters) of(t *task, region string, now time.Time) *meter {
	of := route{t.from.Name, t.to, t.rule.ID}
	at := m.routes[of]
	if at == nil {
		if m.routes == nil {
			m.routes = map[route]*meter{}
		}
		at = &meter{minute: max(t.engine.scaled(time.Minute), time.Millisecond), until: now, Series: Series{
			Account: t.from.Owner, Source: of.source, Destination: of.destination, Rule: of.rule,
			SourceRegion: t.from.Region, DestinationRegion: region,
		}}
		m.routes[of] = at
	}
	return at
}

// failed notes the failure of a task that was never counted as pending.
func (m *meters) failed(t *task, region string) {
	if t.rule == nil || !t.rule.Destination.Metrics {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	at := m.of(t, region, now)
	at.advance(now)
	at.Points[len(at.Points)-1].Failed++
}

// end notes that a task is not pending any more.
func (m *meters) end(t *task, failed bool) {
	if t.pending == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	o, at, now := t.pending, t.pending.meter, time.Now()
	t.pending = nil
	at.advance(now)
	if failed {
		at.Points[len(at.Points)-1].Failed++
	}
	o.done = true
	at.operations--
	at.bytes -= o.size
	for len(at.queue) > 0 && at.queue[0].done {
		at.queue[0] = nil
		at.queue = at.queue[1:]
	}
}

// advance brings the points up to an instant, with what has been pending since
// they were last brought up to date.
func (m *meter) advance(now time.Time) {
	from := m.until
	if oldest := now.Add(-kept * m.minute); from.Before(oldest) {
		from, m.Points = oldest, nil
	}
	for minute := from.Truncate(m.minute); !minute.After(now); minute = minute.Add(m.minute) {
		if n := len(m.Points); n == 0 || m.Points[n-1].At.Before(minute) {
			m.Points = append(m.Points, Point{At: minute})
		}
		p := &m.Points[len(m.Points)-1]
		p.Operations, p.Bytes = max(p.Operations, m.operations), max(p.Bytes, m.bytes)
		if len(m.queue) > 0 {
			end := minute.Add(m.minute)
			if end.After(now) {
				end = now
			}
			p.Latency = max(p.Latency, end.Sub(m.queue[0].since))
		}
	}
	for len(m.Points) > 0 && m.Points[0].At.Before(now.Add(-kept*m.minute)) {
		m.Points = m.Points[1:]
	}
	m.until = now
}

// Series returns the metrics of all rules that have them, up to now.
func (e *Engine) Series() []Series {
	m := &e.meters
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]Series, 0, len(m.routes))
	now := time.Now()
	for _, at := range m.routes {
		at.advance(now)
		s := at.Series
		s.Points = append([]Point(nil), at.Points...)
		all = append(all, s)
	}
	return all
}
