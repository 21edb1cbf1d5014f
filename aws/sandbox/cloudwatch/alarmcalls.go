package cloudwatch

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
)

// alarmCall is a call about alarms. The lock is held.
type alarmCall struct {
	*API
	account, region string
	all             metrics
	in              fields
	may             func(resources ...string) error
}

// alarmCalls are the operations about alarms.
var alarmCalls = map[string]func(*alarmCall) (object, error){
	"PutMetricAlarm": putMetricAlarm, "DescribeAlarms": describeAlarms, "DescribeAlarmHistory": describeAlarmHistory,
	"SetAlarmState": setAlarmState, "DeleteAlarms": deleteAlarms, "ListTagsForResource": listTagsForResource,
}

func wrong(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "ValidationError", message)
}

func noAlarm(name string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "ResourceNotFound", "Unknown alarm: "+name)
}

func (c *alarmCall) arn(name string) string {
	return "arn:aws:cloudwatch:" + c.region + ":" + c.account + ":alarm:" + name
}

// whole reads a whole number that is at least least, or takes what holds where
// there is none.
func whole(in fields, name string, least, otherwise int) (int, error) {
	if in[name] == nil && otherwise >= least {
		return otherwise, nil
	}
	v, ok := number(in[name])
	if !ok || v != float64(int(v)) || int(v) < least || v > 1e9 {
		return 0, wrong("The value " + text(in[name]) + " for parameter " + name + " is invalid: it is a whole number from " + strconv.Itoa(least) + " on.")
	}
	return int(v), nil
}

// read reads what an alarm shall be (Amazon CloudWatch API Reference,
// PutMetricAlarm).
func (c *alarmCall) read() (*Alarm, error) {
	in := c.in
	a := &Alarm{
		Account: c.account, Region: c.region, Name: text(in["AlarmName"]), Description: text(in["AlarmDescription"]),
		Namespace: text(in["Namespace"]), Metric: text(in["MetricName"]), Statistic: text(in["Statistic"]),
		Operator: text(in["ComparisonOperator"]), Missing: text(in["TreatMissingData"]),
		ActionsEnabled: in["ActionsEnabled"] != false && text(in["ActionsEnabled"]) != "false", Actions: map[string][]string{}, Tags: map[string]string{},
	}
	if a.Missing == "" {
		a.Missing = "missing"
	}
	_, knownOperator := operators[a.Operator]
	_, knownStatistic := statistics[a.Statistic]
	threshold, isNumber := number(in["Threshold"])
	switch {
	case a.Name == "" || len(a.Name) > 255:
		return nil, wrong("The parameter AlarmName must have 1 to 255 characters.")
	case in["Metrics"] != nil || in["ExtendedStatistic"] != nil || in["EvaluationCriteria"] != nil:
		return nil, wrong("The sandbox's alarms are on one metric and one of its statistics: give MetricName, Namespace and Statistic.")
	case a.Metric == "" || a.Namespace == "":
		return nil, refusal.New(http.StatusBadRequest, "MissingParameter", "The parameters MetricName and Namespace are required.")
	case !knownStatistic:
		return nil, wrong("The value " + a.Statistic + " for parameter Statistic is not supported.")
	case !knownOperator:
		return nil, wrong("The value " + a.Operator + " for parameter ComparisonOperator is not supported.")
	case !slices.Contains(treatments, a.Missing):
		return nil, wrong("The value " + a.Missing + " for parameter TreatMissingData is not supported.")
	case !isNumber:
		return nil, refusal.New(http.StatusBadRequest, "MissingParameter", "The parameter Threshold is required.")
	}
	a.Threshold = threshold
	seconds, err := whole(in, "Period", 60, 0)
	if err == nil && seconds%60 != 0 {
		err = wrong("The parameter Period must be a multiple of 60.")
	}
	if err == nil {
		a.Periods, err = whole(in, "EvaluationPeriods", 1, 0)
	}
	if err == nil {
		a.Datapoints, err = whole(in, "DatapointsToAlarm", 1, a.Periods)
	}
	a.Period = time.Duration(seconds) * time.Second
	switch {
	case err != nil:
		return nil, err
	case a.Datapoints > a.Periods:
		return nil, wrong("The parameter DatapointsToAlarm must be at most EvaluationPeriods.")
	case a.Periods > int(24*time.Hour/a.Period):
		return nil, wrong("Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).")
	}
	for _, d := range in.list("Dimensions") {
		of, _ := d.(fields)
		a.Dimensions = append(a.Dimensions, [2]string{text(of["Name"]), text(of["Value"])})
	}
	for _, t := range in.list("Tags") {
		of, _ := t.(fields)
		a.Tags[text(of["Key"])] = text(of["Value"])
	}
	for _, kind := range actionKinds {
		for _, action := range in.list(kind) {
			a.Actions[kind] = append(a.Actions[kind], text(action))
		}
	}
	return a, nil
}

// actionKinds are the fields that say whom an alarm tells. Nobody is told: the
// sandbox has no topics.
var actionKinds = []string{"OKActions", "AlarmActions", "InsufficientDataActions"}

// putMetricAlarm makes an alarm, or changes one, whose state stays then.
func putMetricAlarm(c *alarmCall) (object, error) {
	if err := c.may(c.arn(text(c.in["AlarmName"]))); err != nil {
		return nil, err
	}
	a, err := c.read()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	a.Configured = now
	if old := c.named(a.Account, a.Region, a.Name); old != nil {
		c.evaluate(old, c.all)
		a.State, a.Reason, a.Updated, a.Transitioned, a.Evaluated, a.History, a.Tags = old.State, old.Reason, old.Updated, old.Transitioned, old.Evaluated, old.History, old.Tags
		a.note(now, "ConfigurationUpdate", `Alarm "`+a.Name+`" updated`, "{}")
		*old = *a
		a = old
	} else {
		a.State, a.Reason, a.Updated, a.Transitioned, a.Evaluated = stateInsufficient, "Unchecked: Initial alarm creation", now, now, now
		a.note(now, "ConfigurationUpdate", `Alarm "`+a.Name+`" created`, "{}")
		c.alarms = append(c.alarms, a)
	}
	c.log.Append(entryAlarm, a)
	return object{}, nil
}

// ours are the alarms of the caller's account in the region, by name, up to date.
func (c *alarmCall) ours() []*Alarm {
	var all []*Alarm
	for _, a := range c.alarms {
		if a.Account == c.account && a.Region == c.region {
			c.evaluate(a, c.all)
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b *Alarm) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// page reads MaxRecords and NextToken for n records.
func (c *alarmCall) page(n int) (from, to int, next object, err error) {
	size, err := whole(c.in, "MaxRecords", 1, 100)
	if err != nil || size > 100 {
		return 0, 0, nil, wrong("The parameter MaxRecords is from 1 to 100.")
	}
	if token := text(c.in["NextToken"]); token != "" {
		if from, err = strconv.Atoi(token); err != nil || from < 0 {
			return 0, 0, nil, refusal.New(http.StatusBadRequest, "InvalidNextToken", "The next token specified is invalid.")
		}
	}
	from = min(from, n)
	if to = min(from+size, n); to < n {
		next = object{{"NextToken", strconv.Itoa(to)}}
	}
	return from, to, next, nil
}

func describeAlarms(c *alarmCall) (object, error) {
	if err := c.may(c.arn("*")); err != nil {
		return nil, err
	}
	names, prefix, inState := c.in.list("AlarmNames"), text(c.in["AlarmNamePrefix"]), text(c.in["StateValue"])
	found := list{}
	for _, a := range c.ours() {
		if len(names) > 0 && !slices.ContainsFunc(names, func(n any) bool { return text(n) == a.Name }) ||
			!strings.HasPrefix(a.Name, prefix) || inState != "" && inState != a.State {
			continue
		}
		found = append(found, a.object())
	}
	from, to, next, err := c.page(len(found))
	return append(object{{"CompositeAlarms", list{}}, {"MetricAlarms", found[from:to]}}, next...), err
}

func (a *Alarm) object() object {
	dimensions := make(list, len(a.Dimensions))
	for i, d := range a.Dimensions {
		dimensions[i] = object{{"Name", d[0]}, {"Value", d[1]}}
	}
	o := object{
		{"AlarmName", a.Name},
		{"AlarmArn", a.ARN()},
		{"AlarmDescription", a.Description},
		{"AlarmConfigurationUpdatedTimestamp", a.Configured},
		{"ActionsEnabled", a.ActionsEnabled},
	}
	for _, kind := range actionKinds {
		whom := make(list, len(a.Actions[kind]))
		for i, action := range a.Actions[kind] {
			whom[i] = action
		}
		o = append(o, field{kind, whom})
	}
	return append(o, object{
		{"StateValue", a.State},
		{"StateReason", a.Reason},
		{"StateUpdatedTimestamp", a.Updated},
		{"StateTransitionedTimestamp", a.Transitioned},
		{"MetricName", a.Metric},
		{"Namespace", a.Namespace},
		{"Statistic", a.Statistic},
		{"Dimensions", dimensions},
		{"Period", int(a.Period / time.Second)},
		{"EvaluationPeriods", a.Periods},
		{"DatapointsToAlarm", a.Datapoints},
		{"Threshold", a.Threshold},
		{"ComparisonOperator", a.Operator},
		{"TreatMissingData", a.Missing},
	}...)
}

func describeAlarmHistory(c *alarmCall) (object, error) {
	name, kind := text(c.in["AlarmName"]), text(c.in["HistoryItemType"])
	of := name
	if of == "" {
		of = "*"
	}
	if err := c.may(c.arn(of)); err != nil {
		return nil, err
	}
	since, hasSince := instant(c.in["StartDate"])
	until, hasUntil := instant(c.in["EndDate"])
	type entry struct {
		alarm string
		Event
	}
	var found []entry
	for _, a := range c.ours() {
		for _, e := range a.History {
			if (name == "" || name == a.Name) && (kind == "" || kind == e.Type) && (!hasSince || !e.At.Before(since)) && (!hasUntil || !e.At.After(until)) {
				found = append(found, entry{a.Name, e})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b entry) int { return a.At.Compare(b.At) })
	if text(c.in["ScanBy"]) != "TimestampAscending" {
		slices.Reverse(found)
	}
	from, to, next, err := c.page(len(found))
	items := list{}
	for _, e := range found[from:to] {
		items = append(items, object{
			{"AlarmName", e.alarm}, {"AlarmType", "MetricAlarm"}, {"Timestamp", e.At}, {"HistoryItemType", e.Type}, {"HistorySummary", e.Summary}, {"HistoryData", e.Data},
		})
	}
	return append(object{{"AlarmHistoryItems", items}}, next...), err
}

// setAlarmState changes a state until the next evaluation.
func setAlarmState(c *alarmCall) (object, error) {
	name, state := text(c.in["AlarmName"]), text(c.in["StateValue"])
	if err := c.may(c.arn(name)); err != nil {
		return nil, err
	}
	a := c.named(c.account, c.region, name)
	switch {
	case a == nil:
		return nil, noAlarm(name)
	case state != stateOK && state != stateAlarm && state != stateInsufficient:
		return nil, wrong("The value " + state + " for parameter StateValue is not supported.")
	case text(c.in["StateReason"]) == "":
		return nil, refusal.New(http.StatusBadRequest, "MissingParameter", "The parameter StateReason is required.")
	}
	c.evaluate(a, c.all)
	a.enter(state, text(c.in["StateReason"]), time.Now())
	c.log.Append(entryAlarm, a)
	return object{}, nil
}

// deleteAlarms removes alarms: all, or none if one of several is not there.
func deleteAlarms(c *alarmCall) (object, error) {
	names := c.in.list("AlarmNames")
	resources := make([]string, len(names))
	for i, name := range names {
		resources[i] = c.arn(text(name))
	}
	if len(names) == 0 {
		resources = []string{c.arn("*")}
	}
	if err := c.may(resources...); err != nil {
		return nil, err
	}
	if len(names) == 0 || len(names) > 100 {
		return nil, wrong("The parameter AlarmNames must have 1 to 100 names.")
	}
	for _, name := range names {
		if c.named(c.account, c.region, text(name)) == nil {
			return nil, noAlarm(text(name))
		}
	}
	for _, name := range names {
		c.drop(c.account, c.region, text(name))
		c.log.Append(entryAlarmGone, [3]string{c.account, c.region, text(name)})
	}
	return object{}, nil
}

func listTagsForResource(c *alarmCall) (object, error) {
	arn := text(c.in["ResourceARN"])
	if err := c.may(arn); err != nil {
		return nil, err
	}
	a := c.named(c.account, c.region, alarmName(arn))
	if a == nil || a.ARN() != arn {
		return nil, refusal.New(http.StatusNotFound, "ResourceNotFoundException", "Resource not found: "+arn)
	}
	tags := list{}
	for key, value := range a.Tags {
		tags = append(tags, object{{"Key", key}, {"Value", value}})
	}
	return object{{"Tags", tags}}, nil
}
