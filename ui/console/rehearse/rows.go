package rehearse

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// row is one thing that a drill is asked for: either switched or typed.
type row struct {
	name  string
	value func(record.Scope) string
	means func(record.Scope) string
	// change goes to the next value; nil where it is typed.
	change func(*record.Scope)
	// text and take are the value as it is typed; take refuses what can't be.
	text func(record.Scope) string
	take func(*record.Scope, string) error
	// of are the kinds that ask for it; none is all.
	of []record.Kind
}

// rows are what a drill of the chosen kind asks for.
func rows(s record.Scope) []row {
	return slices.DeleteFunc(allRows(), func(r row) bool { return len(r.of) > 0 && !slices.Contains(r.of, s.Kind) })
}

func allRows() []row {
	faults := []record.Kind{record.Cut, record.Pause}
	return []row{
		{
			name: "kind", value: func(s record.Scope) string { return plain(s.Kind) }, means: func(s record.Scope) string { return kindMeans(s.Kind) },
			change: func(s *record.Scope) { s.Kind = after(record.Kinds(), s.Kind) },
		},
		{
			name: "lost side", of: faults, value: func(s record.Scope) string { return string(s.Lost) },
			means: func(s record.Scope) string {
				return s.Pair.Side(s.Lost).Region + " is taken to be lost; " + string(s.Survivor()) + " goes on"
			},
			change: func(s *record.Scope) { s.Lost = s.Survivor() },
		},
		{
			name: "outage", of: []record.Kind{record.Cut}, value: func(s record.Scope) string { return plain(s.Outage) }, means: func(s record.Scope) string { return outageMeans(s.Outage) },
			change: func(s *record.Scope) {
				s.Outage = after([]record.Outage{record.Refused, record.BlackHole, record.Slow}, s.Outage)
			},
		},
		timed("time box", "the longest that it may last; then it is undone", []record.Kind{record.Cut, record.Pause, record.Alarm}, func(s *record.Scope) *time.Duration { return &s.Box }, ""),
		timed("hold", "how long it is held", faults, func(s *record.Scope) *time.Duration { return &s.Hold }, "until served"),
		timed("RPO target", "the most that may be lost, in time", faults, func(s *record.Scope) *time.Duration { return &s.Targets.RPO }, none),
		timed("RTO target", "the longest until the other side serves", faults, func(s *record.Scope) *time.Duration { return &s.Targets.RTO }, none),
		{
			name: "conflicts", of: []record.Kind{record.Pause}, value: func(s record.Scope) string { return strconv.Itoa(s.Conflicts) },
			means: says("keys of its own that both sides change: which one is served afterwards?"),
			text:  func(s record.Scope) string { return strconv.Itoa(s.Conflicts) },
			take: func(s *record.Scope, text string) error {
				n, err := strconv.Atoi(strings.TrimSpace(text))
				if err != nil || n < 0 {
					return fmt.Errorf("%q is not a number of keys such as 6, or 0 for none", text)
				}
				s.Conflicts = n
				return nil
			},
		},
		named("operator", "who carries it out, for the report", func(s *record.Scope) *string { return &s.People.Operator }),
		named("decides", "who decides to fail over, for the report", func(s *record.Scope) *string { return &s.People.Decision }),
		named("title", "of the report", func(s *record.Scope) *string { return &s.Title }),
		{
			name: "unhealthy", value: func(s record.Scope) string { return widget.Choice(s.Anyway, "anyway", "no drill") },
			means: says("what to do where the pair is not healthy"), change: func(s *record.Scope) { s.Anyway = !s.Anyway },
		},
	}
}

// none is the value of what is not asked for.
const none = "none"

func says(text string) func(record.Scope) string { return func(record.Scope) string { return text } }

// after is the next of some values, in a ring.
func after[T comparable](all []T, of T) T { return all[(slices.Index(all, of)+1)%len(all)] }

// timed is a time that is typed; zero is called what it means.
func timed(name, means string, kinds []record.Kind, of func(*record.Scope) *time.Duration, zero string) row {
	return row{
		name: name, of: kinds, means: says(means),
		value: func(s record.Scope) string {
			if d := *of(&s); d != 0 || zero == "" {
				return wording.Duration(d)
			}
			return zero
		},
		text: func(s record.Scope) string {
			if d := *of(&s); d != 0 {
				return short(d)
			}
			return ""
		},
		take: func(s *record.Scope, text string) error {
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

// short is a time as it is typed: 15m, not 15m0s.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// named is a text for the report.
func named(name, means string, of func(*record.Scope) *string) row {
	return row{
		name: name, means: says(means),
		value: func(s record.Scope) string {
			if text := *of(&s); text != "" {
				return text
			}
			return "-"
		},
		text: func(s record.Scope) string { return *of(&s) },
		take: func(s *record.Scope, text string) error {
			*of(s) = strings.TrimSpace(text)
			return nil
		},
	}
}

// usual is the drill that is proposed: a cut of side A, as the command's.
func usual(p pair.Pair) record.Scope {
	return record.Scope{
		Kind: record.Cut, Pair: p, Lost: pair.A, Outage: record.Refused, Prefix: p.Options.Prefix, Box: record.UsualBox,
		Every: time.Second, Least: record.UsualLeast, Drain: time.Hour, Conflicts: usualConflicts,
	}
}

// usualConflicts is two of each kind.
const usualConflicts = 6
