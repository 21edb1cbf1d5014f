package cloudwatch

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The states of an alarm.
const (
	stateOK           = "OK"
	stateAlarm        = "ALARM"
	stateInsufficient = "INSUFFICIENT_DATA"
)

// Alarm is an alarm on one metric, as it is kept.
type Alarm struct {
	Account, Region, Name, Description string
	Namespace, Metric, Statistic       string
	Dimensions                         [][2]string
	Period                             time.Duration // as CloudWatch counts
	Periods, Datapoints                int           // N, and M of them
	Threshold                          float64
	Operator, Missing                  string
	ActionsEnabled                     bool
	Actions                            map[string][]string // by the field that names them
	Tags                               map[string]string
	Configured                         time.Time

	State, Reason string
	Updated       time.Time // of the state
	Transitioned  time.Time // from another state
	Evaluated     time.Time // how far
	History       []Event
}

// Event is an entry of the history of an alarm.
type Event struct {
	At                  time.Time
	Type, Summary, Data string
}

// ARN is that of the alarm.
func (a *Alarm) ARN() string {
	return "arn:aws:cloudwatch:" + a.Region + ":" + a.Account + ":alarm:" + a.Name
}

// The operators that an alarm on one metric has, with how a reason words them.
var operators = map[string]struct {
	breaches func(v, threshold float64) bool
	words    string
}{
	"GreaterThanOrEqualToThreshold": {func(v, t float64) bool { return v >= t }, "greater than or equal to"},
	"GreaterThanThreshold":          {func(v, t float64) bool { return v > t }, "greater than"},
	"LessThanThreshold":             {func(v, t float64) bool { return v < t }, "less than"},
	"LessThanOrEqualToThreshold":    {func(v, t float64) bool { return v <= t }, "less than or equal to"},
}

// treatments are the ways to take missing data.
var treatments = []string{"missing", "notBreaching", "breaching", "ignore"}

// remembered is how many events an alarm has; AWS keeps 30 days of them.
const remembered = 1000

// note adds an event to the history.
func (a *Alarm) note(at time.Time, kind, summary, data string) {
	a.History = append(a.History, Event{at, kind, summary, data})
	if n := len(a.History) - remembered; n > 0 {
		a.History = slices.Delete(a.History, 0, n)
	}
}

// enter changes the state, and reports whether it was another.
func (a *Alarm) enter(state, reason string, at time.Time) bool {
	if a.State == state {
		return false
	}
	a.note(at, "StateUpdate", "Alarm updated from "+a.State+" to "+state,
		fmt.Sprintf(`{"version":"1.0","oldState":{"stateValue":%q},"newState":{"stateValue":%q,"stateReason":%q}}`, a.State, state, reason))
	a.State, a.Reason, a.Updated, a.Transitioned = state, reason, at, at
	return true
}

// moreRange is how many periods CloudWatch looks back beyond those that it
// evaluates, where data are missing. That it does is documented, how many is
// not; its examples have two (Amazon CloudWatch User Guide, Configuring how
// CloudWatch alarms treat missing data).
const moreRange = 2

// judge says in which state the data of the periods before an instant put the
// alarm, "" for none other. at returns the value of a period by how many lie
// between it and the instant.
func (a *Alarm) judge(at func(back int) (v float64, found bool), instant time.Time) (state, reason string) {
	var found []float64
	for back := range a.Periods + moreRange {
		if v, ok := at(back); ok {
			if found = append(found, v); len(found) == a.Periods {
				break
			}
		}
	}
	operator := operators[a.Operator]
	breaching := 0
	for _, v := range found {
		if operator.breaches(v, a.Threshold) {
			breaching++
		}
	}
	missing := a.Periods - len(found)
	switch {
	case missing > 0 && a.Missing == "breaching":
		breaching += missing
	case len(found) > 0, a.Missing == "notBreaching":
	case a.Missing == "ignore":
		return "", ""
	default:
		return stateInsufficient, fmt.Sprintf("Insufficient Data: %d datapoint%s unknown.", missing, plural(missing, " was", "s were"))
	}
	state = stateOK
	if breaching >= a.Datapoints {
		state = stateAlarm
	}
	return state, a.words(state, found, breaching, missing, instant)
}

// words gives the reason of a state.
func (a *Alarm) words(state string, found []float64, breaching, missing int, instant time.Time) string {
	values := make([]string, len(found))
	for i, v := range found {
		values[i] = fmt.Sprintf("%.1f (%s)", v, instant.Add(-a.Period).UTC().Format("02/01/06 15:04:05"))
	}
	not := ""
	if state == stateOK {
		not, breaching = "not ", a.Periods-breaching
	}
	said := fmt.Sprintf("Threshold Crossed: %d out of the last %d datapoints [%s] %s %s%s the threshold (%.1f) (minimum %d datapoint%s for %s -> %s transition).",
		breaching, a.Periods, strings.Join(values, ", "), plural(breaching, "was", "were"), not, operators[a.Operator].words, a.Threshold,
		a.Datapoints, plural(a.Datapoints, "", "s"), a.State, state)
	if missing > 0 {
		said += fmt.Sprintf(" %d missing datapoint%s treated as [%s].", missing, plural(missing, " was", "s were"), a.Missing)
	}
	return said
}

func plural(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}
