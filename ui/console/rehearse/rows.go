package rehearse

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// asked is what a drill is asked for.
type asked struct {
	record.Scope
	more  bool // what is rarely asked for is shown, too
	merge bool // a policy of the drill's own on a role that others made is agreed to
}

// row is one thing that a drill is asked for: either switched or typed.
type row struct {
	name  string
	value func(asked) string
	means func(asked) string
	// change goes to the next value; nil where it is typed.
	change func(*asked)
	// text and take are the value as it is typed; take refuses what can't be.
	text func(asked) string
	take func(*asked, string) error
	// of are the kinds that ask for it; none is all.
	of []record.Kind
	// rare are folded until somebody asks for more.
	rare bool
}

// rows are what a drill of the chosen kind asks for.
func rows(s asked) []row {
	return slices.DeleteFunc(append(allRows(), rareRows()...), func(r row) bool {
		return len(r.of) > 0 && !slices.Contains(r.of, s.Kind) || r.rare && !s.more
	})
}

func allRows() []row {
	faults, ringing := []record.Kind{record.Cut, record.Pause}, []record.Kind{record.Alarm}
	return []row{
		{
			name: "kind", value: func(s asked) string { return plain(s.Kind) }, means: func(s asked) string { return kindMeans(s.Kind) },
			change: func(s *asked) { s.Kind = after(record.Kinds(), s.Kind) },
		},
		{
			name: "lost side", of: faults, value: func(s asked) string { return string(s.Lost) },
			means: func(s asked) string {
				return s.Pair.Side(s.Lost).Region + " is taken to be lost; " + string(s.Survivor()) + " goes on"
			},
			change: func(s *asked) { s.Lost = s.Survivor() },
		},
		{
			name: "outage", of: []record.Kind{record.Cut}, value: func(s asked) string { return plain(s.Outage) }, means: func(s asked) string { return outageMeans(s.Outage) },
			change: func(s *asked) {
				s.Outage = after([]record.Outage{record.Refused, record.BlackHole, record.Slow}, s.Outage)
			},
		},
		timed("time box", "the longest that it may last; then it is undone", []record.Kind{record.Cut, record.Pause, record.Alarm}, func(s *asked) *time.Duration { return &s.Box }, ""),
		timed("hold", "how long it is held", faults, func(s *asked) *time.Duration { return &s.Hold }, "until served"),
		timed("RPO target", "the most that may be lost, in time", append([]record.Kind{record.Readiness}, faults...), func(s *asked) *time.Duration { return &s.Targets.RPO }, none),
		timed("RTO target", "the longest until the other side serves", faults, func(s *asked) *time.Duration { return &s.Targets.RTO }, none),
		counted("conflicts", "keys of its own that both sides change: which one is served afterwards?", 0, func(s *asked) *int { return &s.Conflicts }).only([]record.Kind{record.Pause}),
		{
			name: "directions", of: ringing, value: func(s asked) string { return ways(s.Ways) }, means: says("in which an object is made to fail"),
			change: func(s *asked) {
				s.Ways = map[string][]pair.Direction{"both": {pair.AtoB}, pair.AtoB.Arrow(): {pair.BtoA}}[ways(s.Ways)]
			},
		},
		{
			name: "rings", of: ringing, value: func(s asked) string { return widget.Choice(s.ByHand, "a key", "CloudWatch") },
			means: func(s asked) string {
				return widget.Choice(s.ByHand, "you press enter when it reaches you", "its alarms are asked whether they ring")
			},
			change: func(s *asked) { s.ByHand, s.Alarms = !s.ByHand, nil },
		},
		{
			name: "alarms", of: ringing, value: func(s asked) string { return cmp.Or(strings.Join(s.Alarms, ", "), "those found") },
			means: says("names of those that are to ring, apart by commas"), text: func(s asked) string { return strings.Join(s.Alarms, ", ") },
			take: func(s *asked, text string) error {
				s.Alarms = nil
				for name := range strings.SplitSeq(text, ",") {
					if name = strings.TrimSpace(name); name != "" {
						s.Alarms, s.ByHand = append(s.Alarms, name), false
					}
				}
				return nil
			},
		},
		{
			name: "others' role", of: ringing, value: func(s asked) string { return widget.Choice(s.merge, "agreed", "no drill") },
			means: says("a policy of the drill's on it, taken off again"), change: func(s *asked) { s.merge = !s.merge },
		},
		named("operator", "who carries it out, for the report", func(s *asked) *string { return &s.People.Operator }),
		named("decides", "who decides to fail over, for the report", func(s *asked) *string { return &s.People.Decision }).only(faults),
		named("title", "of the report", func(s *asked) *string { return &s.Title }),
		{
			name: "unhealthy", value: func(s asked) string { return widget.Choice(s.Anyway, "anyway", "no drill") },
			means: says("what to do where the pair is not healthy"), change: func(s *asked) { s.Anyway = !s.Anyway },
		},
	}
}

// ways are the directions of a drill of an alarm; none is both.
func ways(of []pair.Direction) string {
	if len(of) == 1 {
		return of[0].Arrow()
	}
	return "both"
}

// none is the value of what is not asked for.
const none = "none"

func says(text string) func(asked) string { return func(asked) string { return text } }

// after is the next of some values, in a ring.
func after[T comparable](all []T, of T) T { return all[(slices.Index(all, of)+1)%len(all)] }

// timed is a time that is typed; zero is called what it means.
func timed(name, means string, kinds []record.Kind, of func(*asked) *time.Duration, zero string) row {
	return row{
		name: name, of: kinds, means: says(means),
		value: func(s asked) string {
			if d := *of(&s); d != 0 || zero == "" {
				return wording.Duration(d)
			}
			return zero
		},
		text: func(s asked) string {
			if d := *of(&s); d != 0 {
				return wording.Typed(d)
			}
			return ""
		},
		take: func(s *asked, text string) error {
			text = strings.TrimSpace(text)
			if (text == "" || text == "0" || text == none) && zero != "" {
				*of(s) = 0
				return nil
			}
			d, err := time.ParseDuration(text)
			if err != nil || d <= 0 {
				return fmt.Errorf("%q is not a time such as 15m or 90s", text)
			}
			*of(s) = d
			return nil
		},
	}
}

// named is a text for the report.
func named(name, means string, of func(*asked) *string) row {
	return row{
		name: name, means: says(means),
		value: func(s asked) string {
			if text := *of(&s); text != "" {
				return text
			}
			return "-"
		},
		text: func(s asked) string { return *of(&s) },
		take: func(s *asked, text string) error {
			*of(s) = strings.TrimSpace(text)
			return nil
		},
	}
}

// only asks for a row in drills of some kinds alone.
func (r row) only(kinds []record.Kind) row {
	r.of = kinds
	return r
}

// usual is the drill that is proposed: a cut of side A, as the command's, unless the
// file of settings says otherwise.
func usual(p pair.Pair, said *record.Scope) asked {
	scope := record.Scope{
		Kind: record.Cut, Lost: pair.A, Outage: record.Refused, Box: record.UsualBox,
		Every: time.Second, Least: record.UsualLeast, Drain: time.Hour, Conflicts: usualConflicts,
	}
	if said != nil {
		scope = *said
	}
	scope.Pair, scope.Prefix = p, p.Options.Prefix
	return asked{Scope: scope}
}

// usualConflicts is two of each kind.
const usualConflicts = 6
