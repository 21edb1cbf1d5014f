package console

import (
	"fmt"
	"strings"
	"time"

	"bothways/ui/console/host"
)

// cue is a stop of a demo: at a place, with what is said there, until the keys that
// lead on are pressed.
type cue struct {
	place host.Place
	words string
	keys  []string
	// share of the whole length at which it ends, where there is one.
	share float64
	// measured: a measurement goes on, and may be left before its end.
	measured bool
}

// cues are a demo's, from the first screen to the results.
func cues(length time.Duration) []cue {
	return []cue{
		{host.Where, "Two buckets replicate to each other. All is simulated, by an AWS inside this program.", []string{"enter"}, .05, false},
		{host.SideA, "Side A is a bucket in a region.", []string{"enter"}, .09, false},
		{host.SideA, "It may be there already; here it is a new one.", []string{"enter"}, .13, false},
		{host.SideB, "Side B lies far away. The distance between the two is simulated, too.", []string{"enter"}, .17, false},
		{host.SideB, "Both sides are origin and copy: there is no source and no destination.", []string{"enter"}, .21, false},
		{host.Options, "What replicates is said once, for both directions.", []string{"enter"}, .27, false},
		{host.Plan, "The plan, before anything runs: versioning, two roles, two rules, and an object each way as proof.", []string{"y"}, .40, false},
		{host.Apply, "What does not depend on each other runs side by side. Only an object that arrives proves a direction.", []string{"enter"}, .52, false},
		{host.Probe, "Now the times: files of three sizes, in both directions.", start(length), .58, false},
		{host.Probe, "Each mark is a file written on one side and read on the other. What is in flight grows older.", []string{"enter"}, .88, true},
		{host.Results, "Every median comes with its interval. What gave up is counted. x takes everything down again.", nil, 1, true},
	}
}

// every is the time between two rounds of a demo's measurement.
const every = 2 * time.Second

// start fills in the form of a measurement that fits a demo, and starts it.
func start(length time.Duration) (keys []string) {
	rounds := 12
	if length > 0 {
		rounds = min(max(int(length/5/every), 4), 60)
	}
	for _, text := range []string{"128KiB,1MiB,4MiB", fmt.Sprint(rounds), every.String()} {
		keys = append(append(append(keys, "space", "ctrl+u"), strings.Split(text, "")...), "enter", "down")
	}
	return append(keys, "enter")
}
