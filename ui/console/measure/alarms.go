package measure

import (
	"fmt"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// alarmKind is what is amiss.
type alarmKind int

// What can be amiss, the gravest first.
const (
	brokenOff alarmKind = iota
	gaveUp
	failed
	stalled
	lockedOut
	looped
	otherContent
)

// word says briefly what is amiss, for a window's title.
func (k alarmKind) word() string {
	switch k {
	case brokenOff:
		return "broken off"
	case gaveUp, failed:
		return "lost"
	case stalled:
		return "nothing arrives"
	case lockedOut:
		return "needs credentials"
	case looped:
		return "loop"
	case otherContent:
		return "other content"
	}
	return "amiss"
}

// alarm is something that somebody has to see wherever they look.
type alarm struct {
	what alarmKind
	of   string // the direction or the side that it is of
	text string
}

// alarms are what is amiss now, the gravest first. What a run lost stays lost; a
// stall lasts until something arrives.
func (m *measurement) alarms(now time.Time) (all []alarm) {
	add := func(what alarmKind, of, text string) { all = append(all, alarm{what, of, text}) }
	if m.err != nil && !interrupted(m.err) && len(m.record.Samples) > 0 {
		add(brokenOff, "", "broken off: "+describe(m.err))
	}
	for _, d := range pair.Directions() {
		t, within := m.counted[d], ""
		if m.cfg.Limit > 0 {
			within = " within " + wording.Duration(m.cfg.Limit)
		}
		if t.gaveUp > 0 {
			add(gaveUp, d.Arrow(), fmt.Sprintf("%s: %d of %d did not arrive%s", d.Arrow(), t.gaveUp, t.ended(), within))
		}
		if t.failed > 0 {
			add(failed, d.Arrow(), fmt.Sprintf("%s: %d of %d failed", d.Arrow(), t.failed, t.ended()))
		}
	}
	for _, d := range pair.Directions() {
		if e := m.stalls[d]; e.Stalled {
			add(stalled, d.Arrow(), m.stalledText(e, now))
		}
	}
	for _, side := range []pair.SideName{pair.A, pair.B} {
		if m.locked[side] {
			add(lockedOut, string(side), "Side "+string(side)+" does not take these credentials any more: no probe starts until they are renewed")
		}
	}
	if n := len(m.loopsBad); n > 0 {
		add(looped, "", widget.Count(n, "object did not stay where it was sent", "objects did not stay where they were sent")+": "+m.loopsBad[0].Detail)
	}
	if n := m.contents[probe.OtherContent]; n > 0 {
		add(otherContent, "", widget.Count(n, "object has", "objects have")+" other content on the other side")
	}
	return all
}

// note takes news of what is amiss, or no longer.
func (m *measurement) note(e pair.Event) {
	switch e := e.(type) {
	case probe.StallEvent:
		if e.Direction == pair.AtoB || e.Direction == pair.BtoA {
			m.stalls[e.Direction] = e
		}
	case probe.NoticeEvent:
		switch e.Access {
		case probe.AccessLost:
			m.locked[e.Side] = true
		case probe.AccessRegained:
			delete(m.locked, e.Side)
		}
	}
}

// rings says whether something is amiss that was not the last time that this was
// asked.
func (m *measurement) rings(now time.Time) bool {
	heard, is := m.heard, map[alarmHeard]bool{}
	rings := false
	for _, a := range m.alarms(now) {
		k := alarmHeard{a.what, a.of}
		is[k] = true
		rings = rings || !heard[k]
	}
	m.heard = is
	return rings
}

// alarmHeard is an alarm whatever its numbers.
type alarmHeard struct {
	what alarmKind
	of   string
}

// stalledText says for how long nothing has arrived: the stall's banner.
func (m *measurement) stalledText(e probe.StallEvent, now time.Time) string {
	quiet := probe.Duration(e.QuietMS)
	if m.ended.IsZero() {
		quiet += max(0, now.Sub(e.At))
		waiting := m.tallies()[e.Direction].flying
		return fmt.Sprintf("%s: nothing has arrived for %s, %s", e.Direction.Arrow(), wording.Duration(quiet.Round(time.Second)), widget.Count(waiting, "probe waits", "probes wait"))
	}
	return fmt.Sprintf("%s: nothing arrived in the last %s", e.Direction.Arrow(), wording.Duration(quiet.Round(time.Second)))
}
