// Package metrics shows a probe run to Prometheus and others that read
// OpenMetrics.
package metrics

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/watch"
)

// contentType is that of OpenMetrics 1.0.0.
const contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

// Handler answers GET /metrics with the run as it stands.
func Handler(run *watch.Watch, version string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_ = Write(w, run.Snapshot(time.Now()), version) // the reader is gone then
	})
	return mux
}

// Write writes a snapshot as OpenMetrics text 1.0.0.
func Write(w io.Writer, s watch.Snapshot, version string) error {
	var x exposition
	x.family("bothways_build_info", "gauge", "", "The program; always 1.")
	x.sample("bothways_build_info", labels{{"version", version}}, 1)
	x.counters(s)
	x.durations(s)
	x.directions(s)
	x.means(s)
	x.within(s)
	x.family("bothways_round_trip_seconds", "gauge", "seconds", "Smallest round trip to a side's region, measured before the run.")
	for _, name := range pair.Sides() {
		if rtt, known := s.RTT[name]; known {
			x.sample("bothways_round_trip_seconds", labels{{"side", string(name)}}, rtt.Seconds())
		}
	}
	x.text.WriteString("# EOF\n")
	_, err := io.WriteString(w, x.text.String())
	return err
}

// counters writes what only grows.
func (x *exposition) counters(s watch.Snapshot) {
	x.family("bothways_probes", "counter", "", "Probes that ended, by how.")
	for _, c := range s.Cells {
		for _, outcome := range []probe.Outcome{probe.Replicated, probe.GaveUp, probe.Failed, probe.Interrupted, probe.Suspended} {
			x.sample("bothways_probes_total", append(cell(c.Cell), label{"outcome", string(outcome)}), float64(c.Outcomes[outcome]))
		}
	}
	x.family("bothways_polls", "counter", "", "HEADs of replicas, all of them.")
	for _, c := range s.Cells {
		x.sample("bothways_polls_total", cell(c.Cell), float64(c.HEADs))
	}
	x.family("bothways_polls_unknown", "counter", "", "HEADs of replicas that proved nothing: neither there nor not there.")
	for _, c := range s.Cells {
		x.sample("bothways_polls_unknown_total", cell(c.Cell), float64(c.Unknowns))
	}
	x.family("bothways_stalls", "counter", "", "Times in which nothing arrived for unusually long while probes waited.")
	x.each(s, "bothways_stalls_total", func(d watch.DirectionSnapshot) float64 { return float64(d.Stalls) })
}

// durations writes the histograms. A probe that was given up counts in none of
// the buckets but the last.
func (x *exposition) durations(s watch.Snapshot) {
	const name = "bothways_replication_duration_seconds"
	x.family(name, "histogram", "seconds", "From the acknowledgement of the upload to the replica being readable; probes that were given up are in the last bucket alone.")
	for _, c := range s.Cells {
		for i, bound := range c.Bounds {
			x.sample(name+"_bucket", append(cell(c.Cell), label{"le", number(bound)}), float64(c.Counts[i]))
		}
		x.sample(name+"_bucket", append(cell(c.Cell), label{"le", "+Inf"}), float64(c.Count))
		x.sample(name+"_sum", cell(c.Cell), c.Sum)
		x.sample(name+"_count", cell(c.Cell), float64(c.Count))
	}
}

// directions writes what rises and falls.
func (x *exposition) directions(s watch.Snapshot) {
	x.family("bothways_in_flight", "gauge", "", "Probes that were written and have not arrived yet.")
	x.each(s, "bothways_in_flight", func(d watch.DirectionSnapshot) float64 { return float64(d.InFlight) })
	x.family("bothways_oldest_age_seconds", "gauge", "seconds", "Age of the oldest probe in flight; 0 without any.")
	x.each(s, "bothways_oldest_age_seconds", func(d watch.DirectionSnapshot) float64 { return d.Oldest.Seconds() })
	x.family("bothways_stalled", "gauge", "", "1 while nothing arrives for unusually long.")
	x.each(s, "bothways_stalled", func(d watch.DirectionSnapshot) float64 { return map[bool]float64{true: 1}[d.Stalled] })
	x.family("bothways_quantile_seconds", "gauge", "seconds",
		"Quantiles of the replication time by Kaplan and Meier, those in flight as longer than until their last polls that missed; a lower bound where bound is over, an upper bound where it is at_most. Missing while there are too few samples. Without 95 % intervals and without p99: the summaries at the run's end have both.")
	for _, d := range s.Directions {
		for _, q := range []struct {
			at string
			is stats.Quantile
		}{{"0.5", d.Summary.Median}, {"0.9", d.Summary.P90}, {"0.95", d.Summary.P95}} {
			bounds := [...]string{stats.Known: "exact", stats.Beyond: "over", stats.AtMost: "at_most"}
			if q.is.State != stats.NotEnough {
				x.sample("bothways_quantile_seconds", labels{direction(d.Direction), {"quantile", q.at}, {"bound", bounds[q.is.State]}}, q.is.Value.Seconds())
			}
		}
	}
}

// means writes the means, which a sum and a count give only where nothing gave up
// or is in flight.
func (x *exposition) means(s watch.Snapshot) {
	x.family("bothways_mean_seconds", "gauge", "seconds",
		"Mean replication time, of times of which each counts up to bothways_mean_cut_seconds and no further, those in flight as longer than until their last polls that missed; an upper bound where bound is at_most. Missing below 6 arrivals.")
	for _, d := range s.Directions {
		bounds := [...]string{stats.Known: "exact", stats.AtMost: "at_most"}
		if mean := d.Summary.Mean; mean.State != stats.NotEnough {
			x.sample("bothways_mean_seconds", labels{direction(d.Direction), {"bound", bounds[mean.State]}}, mean.Value.Seconds())
		}
	}
	x.family("bothways_mean_cut_seconds", "gauge", "seconds", "The longest that anything was watched, where some gave up, were interrupted or are in flight; missing otherwise.")
	for _, d := range s.Directions {
		if mean := d.Summary.Mean; mean.State != stats.NotEnough && mean.Cut > 0 {
			x.sample("bothways_mean_cut_seconds", labels{direction(d.Direction)}, mean.Cut.Seconds())
		}
	}
}

// within writes how many arrived within the target; nothing without one.
func (x *exposition) within(s watch.Snapshot) {
	x.family("bothways_target_seconds", "gauge", "seconds", "What the times are held against; missing where that is nothing.")
	for _, d := range s.Directions {
		if d.Within.Target > 0 {
			x.sample("bothways_target_seconds", labels{direction(d.Direction)}, d.Within.Target.Seconds())
		}
	}
	x.family("bothways_within_target_ratio", "gauge", "",
		"Share of the objects that arrived within the target: at least the bound least, at most the bound most, as of those in flight it is not known yet.")
	for _, d := range s.Directions {
		if n := float64(d.Within.N); n > 0 {
			x.sample("bothways_within_target_ratio", labels{direction(d.Direction), {"bound", "least"}}, float64(d.Within.Met)/n)
			x.sample("bothways_within_target_ratio", labels{direction(d.Direction), {"bound", "most"}}, float64(d.Within.Met+d.Within.Unknown)/n)
		}
	}
}

type (
	label      struct{ name, value string }
	labels     []label
	exposition struct{ text strings.Builder }
)

func direction(d pair.Direction) label { return label{"direction", d.String()} }

func cell(c watch.Cell) labels {
	return labels{direction(c.Direction), {"size_bytes", strconv.FormatInt(c.SizeBytes, 10)}}
}

// family begins a metric family: all its samples must follow.
func (x *exposition) family(name, kind, unit, help string) {
	fmt.Fprintf(&x.text, "# TYPE %s %s\n", name, kind)
	if unit != "" {
		fmt.Fprintf(&x.text, "# UNIT %s %s\n", name, unit)
	}
	fmt.Fprintf(&x.text, "# HELP %s %s\n", name, escaped.Replace(help))
}

// each writes a value of each direction.
func (x *exposition) each(s watch.Snapshot, name string, value func(watch.DirectionSnapshot) float64) {
	for _, d := range s.Directions {
		x.sample(name, labels{direction(d.Direction)}, value(d))
	}
}

// sample writes one value.
func (x *exposition) sample(name string, l labels, value float64) {
	parts := make([]string, len(l))
	for i, one := range l {
		parts[i] = one.name + `="` + escaped.Replace(one.value) + `"`
	}
	fmt.Fprintf(&x.text, "%s{%s} %s\n", name, strings.Join(parts, ","), number(value))
}

var escaped = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// number writes a value so that integers keep the point that le asks for.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if strings.ContainsAny(text, ".e") {
		return text
	}
	return text + ".0"
}
