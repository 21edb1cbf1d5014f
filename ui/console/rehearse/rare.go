package rehearse

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"bothways/aws/drill/record"
	"bothways/ui/console/widget"
)

// rareRows are what a drill goes without as a rule, below what unfolds them.
func rareRows() []row {
	faults := []record.Kind{record.Cut, record.Pause}
	all := []row{
		timed("every", "time from one canary of a direction to the next", faults, func(s *asked) *time.Duration { return &s.Every }, ""),
		counted("canaries", "that have to arrive each way for a steady state", 1, func(s *asked) *int { return &s.Least }).only(faults),
		timed("drain", "the longest that what was held may take to arrive", faults, func(s *asked) *time.Duration { return &s.Drain }, ""),
		named("targets by", "who set the targets, for the report", func(s *asked) *string { return &s.Targets.By }).only(append([]record.Kind{record.Readiness}, faults...)),
		named("observer", "who looks on and takes notes, for the report", func(s *asked) *string { return &s.People.Observer }),
		named("scenario", "what is rehearsed, in words, for the report", func(s *asked) *string { return &s.Scenario }),
		named("reference", "to a risk or an impact analysis, for the report", func(s *asked) *string { return &s.Reference }),
	}
	for i := range all {
		all[i].rare = true
	}
	fold := row{
		name: "more", value: func(s asked) string { return widget.Choice(s.more, "shown", "folded") },
		means: func(s asked) string {
			var names []string
			s.more = true
			for _, r := range rows(s) {
				if r.rare {
					names = append(names, r.name)
				}
			}
			return strings.Join(names, ", ")
		},
		change: func(s *asked) { s.more = !s.more },
	}
	return append([]row{fold}, all...)
}

// counted is a number that is typed.
func counted(name, means string, least int, of func(*asked) *int) row {
	return row{
		name: name, means: says(means),
		value: func(s asked) string { return strconv.Itoa(*of(&s)) },
		text:  func(s asked) string { return strconv.Itoa(*of(&s)) },
		take: func(s *asked, text string) error {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil || n < least {
				return fmt.Errorf("%q is not a number such as 6, %d or more", text, least)
			}
			*of(s) = n
			return nil
		},
	}
}
