// Package cloudwatch is the sandbox's CloudWatch, as far as the metrics of S3
// replication go, and alarms on one of them: without expressions, composites and
// anybody who is told (Amazon CloudWatch API Reference).
package cloudwatch

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/state"
)

func invalid(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidParameterValue", message)
}

// API serves the metrics of an engine's rules, and the alarms on them. It is safe
// for concurrent use.
type API struct {
	Engine   *replicate.Engine
	Accounts *iam.Accounts
	// Scale divides the periods of alarms; 0 means 1.
	Scale float64

	mu     sync.Mutex
	alarms []*Alarm // brought up to date when somebody asks for them
	log    *state.Log
}

// calls are the operations that are here.
var calls = map[string]func(metrics, fields) (object, error){
	"ListMetrics": listMetrics, "GetMetricData": getMetricData, "GetMetricStatistics": getMetricStatistics,
}

// Operations names the operations that there are.
func Operations() []string {
	return slices.AppendSeq(slices.Collect(maps.Keys(calls)), maps.Keys(alarmCalls))
}

// Serve answers one request of a caller whose signature for a region holds.
// Where it returns an error, nothing has been written.
func (a *API) Serve(w http.ResponseWriter, r *http.Request, caller iam.Principal, region string) error {
	name, p, input, err := read(r)
	if err != nil {
		return refusal.New(http.StatusBadRequest, "SerializationException", err.Error())
	}
	if call, found := alarmCalls[name]; found {
		output, err := a.ofAlarms(call, "cloudwatch:"+name, input, caller, region)
		if err == nil {
			p.write(w, name, output)
		}
		return err
	}
	call, found := calls[name]
	if !found {
		return refusal.New(http.StatusBadRequest, "InvalidAction", "Could not find operation "+name+" for version 2010-08-01")
	}
	decision := a.Accounts.Authorize(caller, "cloudwatch:"+name, "*", map[string]string{"aws:RequestedRegion": region})
	if !decision.Allow {
		return refusal.New(http.StatusForbidden, "AccessDenied", decision.Reason)
	}
	output, err := call(a.metrics(caller.AccountID, region), input)
	if err != nil {
		return err
	}
	p.write(w, name, output)
	return nil
}

// ofAlarms does a call about alarms.
func (a *API) ofAlarms(call func(*alarmCall) (object, error), action string, in fields, caller iam.Principal, region string) (object, error) {
	all := a.metrics(caller.AccountID, region)
	a.mu.Lock()
	defer a.mu.Unlock()
	return call(&alarmCall{API: a, account: caller.AccountID, region: region, all: all, in: in, may: func(resources ...string) error {
		for _, resource := range resources {
			decision := a.Accounts.Authorize(caller, action, resource, map[string]string{"aws:RequestedRegion": region})
			if !decision.Allow {
				return refusal.New(http.StatusForbidden, "AccessDenied", decision.Reason)
			}
		}
		return nil
	}})
}

// namespace is that of the metrics of S3.
const namespace = "AWS/S3"

// metric is one series with its name.
type metric struct {
	name, unit string
	dimensions [3][2]string
	points     []replicate.Point
	value      func(replicate.Point) float64
}

type metrics []metric

// metrics returns what a region has for an account: that of the destination
// has what is pending, that of the source what failed (S3 User Guide, S3
// Replication metrics in CloudWatch).
func (a *API) metrics(account, region string) metrics {
	var all metrics
	for _, s := range a.Engine.Series() {
		if s.Account != account {
			continue
		}
		dimensions := [3][2]string{{"SourceBucket", s.Source}, {"DestinationBucket", s.Destination}, {"RuleId", s.Rule}}
		if s.DestinationRegion == region {
			all = append(all,
				metric{"ReplicationLatency", "Seconds", dimensions, s.Points, func(p replicate.Point) float64 { return p.Latency.Seconds() }},
				metric{"BytesPendingReplication", "Bytes", dimensions, s.Points, func(p replicate.Point) float64 { return float64(p.Bytes) }},
				metric{"OperationsPendingReplication", "Count", dimensions, s.Points, func(p replicate.Point) float64 { return float64(p.Operations) }})
		}
		if s.SourceRegion == region {
			all = append(all, metric{"OperationsFailedReplication", "Count", dimensions, whileReplicating(s.Points), func(p replicate.Point) float64 { return float64(p.Failed) }})
		}
	}
	slices.SortFunc(all, func(a, b metric) int {
		return cmp.Or(cmp.Compare(a.name, b.name), slices.CompareFunc(a.dimensions[:], b.dimensions[:], func(x, y [2]string) int { return cmp.Compare(x[1], y[1]) }))
	})
	return all
}

// whileReplicating leaves the minutes in which something was replicated: only then
// OperationsFailedReplication is published (S3 User Guide, S3 Replication metrics
// in CloudWatch).
func whileReplicating(points []replicate.Point) (busy []replicate.Point) {
	for _, p := range points {
		if p.Operations > 0 || p.Failed > 0 {
			busy = append(busy, p)
		}
	}
	return busy
}

func (m metric) object() object {
	dimensions := make(list, len(m.dimensions))
	for i, d := range m.dimensions {
		dimensions[i] = object{{"Name", d[0]}, {"Value", d[1]}}
	}
	return object{{"Namespace", namespace}, {"MetricName", m.name}, {"Dimensions", dimensions}}
}

// fits says whether the metric has the dimensions; a dimension without a value
// fits any.
func (m metric) fits(wanted list) bool {
	for _, w := range wanted {
		d, _ := w.(fields)
		if !slices.ContainsFunc(m.dimensions[:], func(have [2]string) bool {
			return have[0] == text(d["Name"]) && (d["Value"] == nil || have[1] == text(d["Value"]))
		}) {
			return false
		}
	}
	return true
}

// find returns the metric that a request names, with all of its dimensions, or
// one without points.
func (m metrics) find(of fields) metric {
	for _, known := range m {
		if text(of["Namespace"]) == namespace && text(of["MetricName"]) == known.name &&
			len(of.list("Dimensions")) == len(known.dimensions) && known.fits(of.list("Dimensions")) {
			return known
		}
	}
	return metric{}
}

// listMetrics lists the metrics. They fit on one page, which has
// room for 500.
func listMetrics(all metrics, in fields) (object, error) {
	found := list{}
	for _, m := range all {
		name, space := text(in["MetricName"]), text(in["Namespace"])
		if (space == "" || space == namespace) && (name == "" || name == m.name) && m.fits(in.list("Dimensions")) && len(found) < 500 {
			found = append(found, m.object())
		}
	}
	return object{{"Metrics", found}}, nil
}

// span is the time that a request asks for.
type span struct {
	from, to time.Time
	period   time.Duration
}

func readSpan(in fields, period any) (span, error) {
	from, ok := instant(in["StartTime"])
	to, alsoOK := instant(in["EndTime"])
	seconds, whole := number(period)
	switch {
	case !ok || !alsoOK:
		return span{}, refusal.New(http.StatusBadRequest, "MissingParameter",
			"The parameters StartTime and EndTime are required.")
	case !from.Before(to):
		return span{}, invalid("The parameter StartTime must be less than the parameter EndTime.")
	case !whole || seconds < 60 || int(seconds)%60 != 0:
		return span{}, invalid("The parameter Period must be a multiple of 60.")
	}
	return span{from, to, time.Duration(seconds) * time.Second}, nil
}

// bin is what falls into one period.
type bin struct {
	at                   time.Time
	count, sum, min, max float64
}

// bins sorts the points of a metric into periods, the oldest first.
func (m metric) bins(s span) []bin {
	var all []bin
	for _, p := range m.points {
		if p.At.Before(s.from.Truncate(time.Minute)) || !p.At.Before(s.to) {
			continue
		}
		at, v := p.At.Truncate(s.period), m.value(p)
		if n := len(all); n == 0 || !all[n-1].at.Equal(at) {
			all = append(all, bin{at: at, min: v, max: v})
		}
		b := &all[len(all)-1]
		b.count, b.sum, b.min, b.max = b.count+1, b.sum+v, min(b.min, v), max(b.max, v)
	}
	return all
}

// statistics are those that can be asked for.
var statistics = map[string]func(bin) float64{
	"SampleCount": func(b bin) float64 { return b.count },
	"Average":     func(b bin) float64 { return b.sum / b.count },
	"Sum":         func(b bin) float64 { return b.sum },
	"Minimum":     func(b bin) float64 { return b.min },
	"Maximum":     func(b bin) float64 { return b.max },
}

func getMetricStatistics(all metrics, in fields) (object, error) {
	when, err := readSpan(in, in["Period"])
	if err != nil {
		return nil, err
	}
	names := in.list("Statistics")
	if len(names) == 0 {
		return nil, refusal.New(http.StatusBadRequest, "MissingParameter",
			"At least one of the parameters Statistics and ExtendedStatistics must be specified.")
	}
	if when.to.Sub(when.from)/when.period > 1440 {
		return nil, refusal.New(http.StatusBadRequest, "InvalidParameterCombination",
			"You have requested more than 1,440 datapoints, which is the limit. You may reduce the datapoints requested by increasing Period, or decreasing the time range.")
	}
	m := all.find(in)
	points := list{}
	for _, b := range m.bins(when) {
		point := object{{"Timestamp", b.at}}
		for _, name := range names {
			value, found := statistics[text(name)]
			if !found {
				return nil, invalid("The value " + text(name) + " for parameter Statistics is not supported.")
			}
			point = append(point, field{text(name), value(b)})
		}
		points = append(points, append(point, field{"Unit", m.unit}))
	}
	return object{{"Label", text(in["MetricName"])}, {"Datapoints", points}}, nil
}

func getMetricData(all metrics, in fields) (object, error) {
	results := list{}
	for _, q := range in.list("MetricDataQueries") {
		wanted, _ := q.(fields)
		stat := wanted.fields("MetricStat")
		if stat == nil {
			return nil, refusal.New(http.StatusBadRequest, "ValidationError",
				"The sandbox's CloudWatch has no expressions: each query wants a MetricStat.")
		}
		when, err := readSpan(in, stat["Period"])
		if err != nil {
			return nil, err
		}
		value, found := statistics[text(stat["Stat"])]
		if !found {
			return nil, refusal.New(http.StatusBadRequest, "ValidationError",
				"The value "+text(stat["Stat"])+" for parameter MetricDataQueries.member.1.MetricStat.Stat is not supported.")
		}
		m := all.find(stat.fields("Metric"))
		bins := m.bins(when)
		if text(in["ScanBy"]) != "TimestampAscending" {
			slices.Reverse(bins)
		}
		times, values := list{}, list{}
		for _, b := range bins {
			times, values = append(times, b.at), append(values, value(b))
		}
		label := text(wanted["Label"])
		if label == "" {
			label = text(stat.fields("Metric")["MetricName"])
		}
		results = append(results, object{
			{"Id", text(wanted["Id"])}, {"Label", label}, {"Timestamps", times}, {"Values", values}, {"StatusCode", "Complete"},
		})
	}
	if len(results) == 0 {
		return nil, refusal.New(http.StatusBadRequest, "MissingParameter",
			"The parameter MetricDataQueries is required.")
	}
	return object{{"MetricDataResults", results}, {"Messages", list{}}}, nil
}
