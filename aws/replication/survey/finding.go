package survey

import (
	"fmt"
	"slices"
	"strings"

	"bothways/aws/pair"
)

// Severity ranks a finding.
type Severity string

// The severities.
const (
	Blocker Severity = "blocker" // the plan cannot run
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is something the survey saw that the reviewer should know.
type Finding struct {
	Severity Severity
	Side     pair.SideName
	Title    string // what is there
	Meaning  string // what it means, and what will be done or must be done
	// Consent says that a blocker is lifted by agreeing to something, and to
	// what: the console asks for it, the commands take it as a flag.
	Consent pair.Consent
}

// Rank sorts severities: the gravest is 0.
func Rank(s Severity) int { return slices.Index([]Severity{Blocker, Warning, Note}, s) }

// Shorter names the first few of many.
func Shorter(names []string) string {
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + fmt.Sprintf(" and %d more", len(names)-3)
	}
	return strings.Join(names, ", ")
}
