package cloudwatch

import (
	"strings"
	"time"
)

// evaluates is how far back alarms are evaluated that nobody asked for.
const evaluates = 24 * time.Hour

// minute is one as it passes in the sandbox.
func (a *API) minute() time.Duration { return max(a.scaled(time.Minute), time.Millisecond) }

func (a *API) scaled(d time.Duration) time.Duration {
	if a.Scale == 0 {
		return d
	}
	return time.Duration(float64(d) / a.Scale)
}

// evaluate brings an alarm up to now, as if it had been evaluated each minute
// since. The lock is held.
func (a *API) evaluate(of *Alarm, all metrics) {
	minute, now := a.minute(), time.Now()
	from := of.Evaluated
	if oldest := now.Add(-a.scaled(evaluates)); from.Before(oldest) {
		from = oldest
	}
	m := all.find(of.metric())
	period := max(a.scaled(of.Period), minute)
	changed := false
	for at := from.Truncate(minute).Add(minute); !at.After(now); at = at.Add(minute) {
		of.Evaluated = at
		state, reason := of.judge(func(back int) (float64, bool) {
			end := at.Add(-time.Duration(back) * period)
			return m.over(span{end.Add(-period), end, period}, of.Statistic)
		}, at)
		if state != "" && of.enter(state, reason, at) {
			changed = true
		}
	}
	if changed {
		a.log.Append(entryAlarm, of)
	}
}

// over returns a statistic of the points within a span, if there are any.
func (m metric) over(s span, statistic string) (float64, bool) {
	var all bin
	for _, p := range m.points {
		if p.At.Before(s.from) || !p.At.Before(s.to) {
			continue
		}
		v := m.value(p)
		if all.count == 0 {
			all.min, all.max = v, v
		}
		all.count, all.sum, all.min, all.max = all.count+1, all.sum+v, min(all.min, v), max(all.max, v)
	}
	if all.count == 0 {
		return 0, false
	}
	return statistics[statistic](all), true
}

// metric is what the alarm is about, as requests name it.
func (a *Alarm) metric() fields {
	dimensions := make(list, len(a.Dimensions))
	for i, d := range a.Dimensions {
		dimensions[i] = fields{"Name": d[0], "Value": d[1]}
	}
	return fields{"Namespace": a.Namespace, "MetricName": a.Metric, "Dimensions": dimensions}
}

// InAlarm says whether an alarm of an account is in the state ALARM now, and
// whether there is one of that ARN.
func (a *API) InAlarm(account, region, arn string) (rings, found bool) {
	all := a.metrics(account, region)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, of := range a.alarms {
		if of.Account == account && of.Region == region && of.ARN() == arn {
			a.evaluate(of, all)
			return of.State == stateAlarm, true
		}
	}
	return false, false
}

// alarmName is the name in the ARN of an alarm.
func alarmName(arn string) string {
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) != 7 || parts[2] != "cloudwatch" || parts[5] != "alarm" {
		return ""
	}
	return parts[6]
}
