package cloudwatch

import (
	"encoding/json"
	"slices"

	"bothways/aws/sandbox/state"
)

// The kinds of entries that alarms keep in a log.
const (
	entryAlarm     = "alarm"
	entryAlarmGone = "alarm-gone"
)

// Dump writes down all alarms. Nothing may change meanwhile. Metrics are not
// kept: after a restart an alarm has none of before.
func (a *API) Dump(write func(kind string, value any)) {
	for _, of := range a.alarms {
		write(entryAlarm, of)
	}
}

// Replay takes in an entry of a log and reports whether it is one of alarms.
func (a *API) Replay(kind string, value json.RawMessage) (mine bool, err error) {
	switch kind {
	case entryAlarm:
		err = state.Take(value, func(record Alarm) error {
			a.drop(record.Account, record.Region, record.Name)
			a.alarms = append(a.alarms, &record)
			return nil
		})
	case entryAlarmGone:
		err = state.Take(value, func(gone [3]string) error {
			a.drop(gone[0], gone[1], gone[2])
			return nil
		})
	default:
		return false, nil
	}
	return true, err
}

// Persist has all changes from now on written to a log, which has what is there
// already.
func (a *API) Persist(l *state.Log) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.log = l
}

// named returns an alarm, nil if there is none.
func (a *API) named(account, region, name string) *Alarm {
	for _, of := range a.alarms {
		if of.Account == account && of.Region == region && of.Name == name {
			return of
		}
	}
	return nil
}

func (a *API) drop(account, region, name string) {
	a.alarms = slices.DeleteFunc(a.alarms, func(of *Alarm) bool {
		return of.Account == account && of.Region == region && of.Name == name
	})
}
