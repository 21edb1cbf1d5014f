package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

// Fact is one thing to know about how a run was measured.
type Fact struct {
	Name, Text string
	// Warning: it stood in the way of the measurement, or is left to be done.
	Warning bool
}

// Facts say what was measured, when, how and from where. Their texts hold what
// came from outside as it came.
func Facts(run *Run, origin Origin) []Fact {
	var all []Fact
	t := run.tally()
	add := func(warning bool, name, format string, values ...any) {
		all = append(all, Fact{name, fmt.Sprintf(format, values...), warning})
	}
	say := func(name, format string, values ...any) { add(false, name, format, values...) }
	warn := func(name, format string, values ...any) { add(true, name, format, values...) }
	for i, h := range run.Headers {
		if i == 0 {
			for _, name := range pair.Sides() {
				say("Side "+string(name), "%s", h.Pair.Side(name))
			}
		}
		say("Run "+h.RunID, "started %s: %s", h.StartedAt.UTC().Format(time.RFC3339), scheduleText(h))
		say("Sizes", "%s", sizesText(h.Sizes))
	}
	if pooled := pooledText(run); pooled != "" {
		warn("Pooled", "%s", pooled)
	}
	samples := wording.Count(t.samples, "sample")
	if n := len(run.Unfinished); n > 0 {
		samples += fmt.Sprintf("; %s began and left no result", wording.Count(n, "probe"))
	}
	if run.Torn {
		samples += "; the journal's last line was cut short and is left out"
	}
	say("Samples", "%s", samples)
	if damage := journal.DamageText(run.Damaged); damage != "" {
		warn("Damaged", "%s", damage)
	}
	if early := run.ending().early(); early != "" {
		warn("Ended early", "%s", early)
	}
	for _, r := range run.RTTs {
		say("Round trip to side "+string(r.Side), "%s from where it was measured, the shortest of %d", wording.Milliseconds(r.MinMS), r.N)
	}
	if b := run.Bias; b != nil {
		slower := pair.AtoB
		if b.DifferenceMS < 0 {
			slower = pair.BtoA
		}
		say("Direction bias", "%s reads %s shorter than from commit to visible and %s %s, half a round trip to the side that is written to; that makes %s seem %s slower than it is, held against the other. The corrected times in the samples are free of it",
			pair.AtoB.Arrow(), wording.Milliseconds(b.AtoBMS), pair.BtoA.Arrow(), wording.Milliseconds(b.BtoAMS),
			slower.Arrow(), wording.Milliseconds(math.Abs(b.DifferenceMS)))
	}
	if polls, throttled := pollsText(t); polls != "" {
		add(throttled, "Polls", "%s", polls)
	}
	if off := meansOff(run); off != "" {
		say("Brackets", "%s", off)
	}
	if late := lateText(run, t); late != "" {
		say("Late starts", "%s", late)
	}
	for _, d := range pair.Directions() {
		if n, longest := stalls(run.Stalls, d); n > 0 {
			warn("Stalls "+d.Arrow(), "%s: nothing arrived while probes waited, for %s at the longest", wording.Count(n, "stall"), wording.Duration(longest))
		}
	}
	for _, e := range run.Sleeps {
		warn("Suspended", "%s", SleptText(e))
	}
	if n := t.held; n > 0 {
		warn("Held answers", "%s took far longer than a round trip, as of a store that keeps a HEAD waiting until the object is whole. "+
			"Such a time is quoted as at most the answer's end, the directions are compared by these ends, and a link to file size is judged without them", wording.Count(n, "answer"))
	}
	say("Left out of the times", "%s", leftOut(run, t))
	if n := t.unconfirmed; n > 0 {
		warn("Not confirmed", "%s could be read on the other side, but its store does not mark them as replicas", wording.Count(n, "arrival"))
	}
	for _, n := range run.Notices {
		if n.Level == probe.Warning {
			warn("Warning", "%s", n.Text)
		} else {
			say("Note", "%s", n.Text)
		}
	}
	if len(run.Left) > 0 {
		warn("Left behind", "%s may still lie in the buckets; bothways clean removes them", probe.LeftText(run.Left))
	}
	if u := run.Usage; u != nil {
		say("Requests", "%s", usageText(*u))
	}
	if origin.Version != "" {
		say("Version", "bothways %s", origin.Version)
	}
	if origin.Access != "" {
		say("Reached by", "%s", origin.Access)
	}
	return all
}

func scheduleText(h probe.RunEvent) string {
	length := "until stopped"
	switch {
	case h.Rounds > 0:
		length = wording.Count(h.Rounds, "round")
	case h.ForMS > 0:
		length = "for " + wording.Milliseconds(float64(h.ForMS))
	}
	text := fmt.Sprintf("%s, one every %s with its probes in a random order (seed %d), given up after %s, pace %s",
		length, wording.Milliseconds(float64(h.EveryMS)), h.Seed, wording.Milliseconds(float64(h.LimitMS)), h.Pace)
	if h.MaxRate > 0 {
		text += fmt.Sprintf(", at most %s a second at any moment", wording.Count(h.MaxRate, "request"))
	}
	return text
}

func sizesText(sizes []int64) string {
	texts := make([]string, len(sizes))
	for i, size := range sizes {
		texts[i] = wording.Size(size)
	}
	return strings.Join(texts, ", ")
}

// leftOut counts the probes that have no time.
func leftOut(run *Run, t *tally) string {
	var parts []string
	for _, of := range []struct {
		n    int
		what string
	}{
		{t.failed, "failed"},
		{t.suspended, "suspended"},
		{t.unseen, "interrupted before it was looked for"},
		{len(run.Unfinished), "without a result"},
	} {
		if of.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", of.n, of.what))
		}
	}
	if len(parts) == 0 {
		return "no probe"
	}
	return strings.Join(parts, ", ")
}

// pollsText counts the polls, and says whether S3 asked for fewer.
func pollsText(t *tally) (text string, slowed bool) {
	if t.heads == 0 {
		return "", false
	}
	text = fmt.Sprintf("%s, of which %d proved nothing and only widened their brackets", wording.Count(t.heads, "HEAD request"), t.unknowns)
	if t.throttled > 0 {
		text += fmt.Sprintf(" (%d because S3 asked for fewer)", t.throttled)
	}
	return text, t.throttled > 0
}

// stalls counts each stall once, however often it was told.
func stalls(events []probe.StallEvent, d pair.Direction) (n int, longest time.Duration) {
	open := false
	for _, e := range events {
		if e.Direction != d {
			continue
		}
		if e.Stalled && !open {
			n++
		}
		open = e.Stalled
		longest = max(longest, probe.Duration(e.QuietMS))
	}
	return n, longest
}

// SleptText says when time was lost, and how much.
func SleptText(e probe.SleptEvent) string {
	after := wording.Milliseconds(e.SinceStartMS)
	if probe.Duration(e.LostMS) < time.Second {
		return fmt.Sprintf("this program stood still for %s, until %s after the start; what was in flight has no time", wording.Milliseconds(e.UnseenMS), after)
	}
	return fmt.Sprintf("this computer slept for %s, or its clock was set, %s after the start; what was in flight has no time", wording.Milliseconds(e.LostMS), after)
}

func usageText(u cost.Usage) string {
	parts := make([]string, 0, len(u.Requests))
	for _, operation := range slices.Sorted(maps.Keys(u.Requests)) {
		parts = append(parts, operation+" "+strconv.FormatInt(u.Requests[operation], 10))
	}
	text := fmt.Sprintf("%s; %d in all", strings.Join(parts, ", "), u.Total())
	if mean := u.PerSecond(); mean > 0 {
		text += fmt.Sprintf(", %s a second on average over %s", wording.Rate(mean), wording.Milliseconds(u.ElapsedMS))
	}
	text += fmt.Sprintf("; %s sent from A and %s from B", wording.Size(u.BytesAtoB), wording.Size(u.BytesBtoA))
	price := fmt.Sprintf("; at AWS's list prices of %s %.4f USD", u.PricesAsOf, u.Dollars)
	if !u.Priced {
		price += " and the transfer, whose price is not known here"
	}
	return text + price
}

// reading says what the numbers mean.
var reading = []Fact{
	{Name: "Time", Text: "A time runs from the answer to the upload until the object can be read on the other side with the status REPLICA. " +
		"It is known to lie between the last poll that missed and the first that hit, its bracket; the middle of that is used. " +
		"No middle counts as later than the poll that hit was sent, and no time as longer than the limit. " +
		"\"At most\": the first poll found it already, or the answer was held until it was there, so that only the bracket's end is known; of a median or another quantile, it lies among such samples."},
	{Name: "Clock", Text: "All instants of a probe are read from one monotonic clock of the measuring computer; dates only say when it was. " +
		"Probes during which that computer slept or its clock was set are marked suspended and have no time. One that merely stood still reads the same clock on: brackets are wider for it, and true."},
	{Name: "Intervals", Text: "Medians, p90, p95 and p99 have distribution-free 95 % intervals, from one order statistic to another and to the outer ends of the brackets. " +
		"For that a median takes 6 samples, p90 29, p95 59 and p99 299; with fewer none is quoted, and it is said how many more it takes, but not where what gave up or was interrupted is among them: that tells less than an arrival. " +
		"A quantile that falls between two order statistics is their mean. " +
		"Of 100 to 20,000 arrivals, where the brackets make an interval wide, it goes only as far as all of them together allow (Turnbull 1976). " +
		"Delays that follow each other are often alike, in bursts: how much is estimated in the order of the starts, and intervals are as wide as the fewer independent samples make them that these may be worth. A dozen samples hardly show it, and bursts as long as the run do not. " +
		"Where the level of a direction changed within the run, the interval of its median, and of the ratio unless the other's changed with it, is as wide as so few levels leave it open, but no wider than from that of the lowest level to that of the highest. " +
		"Ratios are Wei and Gail's estimates of a change of scale with the interval of Gehan's test, which without give-ups are Hodges and Lehmann's and the Mann-Whitney test's, for the one look at the end of a run that ended as planned. " +
		"A run without a planned end, or one that ended before it, may have been stopped because of what it showed: its verdicts hold at every look, " +
		"by the normal mixture boundary (Robbins 1970), and nothing is said of its first 90 s. " +
		"Where more than a tenth of the times of a direction, or of a run, were there at the first poll, or the brackets are typically as long as the times (their ends a factor of 2 apart in the middle), the middles say too little: " +
		"the interval of the ratio is then made of the brackets' ends, taken for whatever widens it, with the end of a held answer for both of its own. " +
		"The directions are compared by the times corrected for the round trips, where every sample has one, and a difference is shown only if it is with the correction and without it."},
	{Name: "Mean", Text: "The mean is that of the brackets' middles. Where some gave up, were interrupted or are in flight it is the area under the Kaplan-Meier curve up to the longest time watched, so that each time counts up to there and no further: \"cut at\". " +
		"Its 95 % interval is Student's on its logarithm, wider above where the times are skewed (Hall 1992); it takes 6 arrivals. It can't know of slow ones that are too rare to have been seen. " +
		"What the first poll found or a held answer showed counts as short as it may have been for the lower end, and as long for the upper one."},
	{Name: "Target", Text: "A share within a target has the exact 95 % interval of Clopper and Pearson, of as many independent times as these are worth; it can't know of bursts of misses that were not seen. What was interrupted, given up or still in flight before the target, or whose bracket it lies in, counts as a miss for the lower end and as none for the upper one; " +
		"what S3 said it will never replicate, as a miss. Uploads that failed don't count."},
	{Name: "Level", Text: "Where a direction's times changed their level is found from their ranks in time order, with eight times at least on either side. " +
		"Of runs that ended as planned and kept one level, 5 % at most show a change, also where each delay is somewhat like the one before (correlated by .5); at .8 it is up to 18 %."},
	{Name: "File size", Text: "The link to file size is the least-squares slope of the logarithm of the time on that of the size, with a level of its own for each direction " +
		"and a 95 % interval from Student's distribution. It is judged where at most 1 % of the samples have no time, at most a tenth were there at the first poll, at most 1 % of the answers were held, and the brackets are not typically as long as the times."},
	{Name: "What counts", Text: "Probes that gave up or were interrupted count as longer than the time they were watched (Kaplan-Meier); n includes them. " +
		"Failed and suspended ones, and those that ended before they were ever looked for, have no time and are counted apart."},
}

// meansOff says how far the means that are quoted may lie off because times are
// only known by their brackets; "" without any.
func meansOff(run *Run) string {
	c := run.Statistics()
	var texts []string
	for _, d := range pair.Directions() {
		if mean := c.Direction(d).Mean; mean.Brackets > 0 { // 0 of what is not quoted
			texts = append(texts, "of "+d.Arrow()+" by up to "+wording.Duration(mean.Brackets))
		}
	}
	if texts == nil {
		return ""
	}
	return "the times being known by their brackets alone may move the mean " + strings.Join(texts, " and ") + ", either way"
}

// lateText says how many probes started late, and what the times of their
// directions are from the planned instants on; "" where none was late.
func lateText(run *Run, t *tally) string {
	if t.late == 0 {
		return ""
	}
	c := run.Statistics()
	words := func(q stats.Quantile) string { return q.Words().WithInterval("95 %: ", wording.Duration) }
	var texts []string
	for _, d := range pair.Directions() {
		s := c.Direction(d)
		if s.FromPlan != nil {
			texts = append(texts, fmt.Sprintf("%s median %s, p95 %s (from the upload's end: median %s, p95 %s)", d.Arrow(),
				words(s.FromPlan.Median), words(s.FromPlan.P95), words(s.Median), words(s.P95)))
		}
	}
	return fmt.Sprintf("%s of %d began more than %s after the planned instant. From there on, with the upload: %s",
		wording.Count(t.late, "probe"), t.samples, wording.Duration(probe.LateAfter), strings.Join(texts, "; "))
}
