package doctor

import (
	"strings"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// operatorTroubles says what these credentials could not see.
func operatorTroubles(s *survey.Survey) []Trouble {
	var all []Trouble
	for _, name := range pair.Sides() {
		if side := s.Sides[name]; len(side.Unread) > 0 {
			all = append(all, Trouble{
				Severity: survey.Note, Side: name, Cause: CauseOperator, Certainty: Certain, Missing: strings.Join(side.Unread, ", "),
				Title: "not readable with these credentials: " + strings.Join(side.Unread, ", "), Meaning: "Whether it lies in the way is unknown.",
			})
		}
	}
	return all
}
