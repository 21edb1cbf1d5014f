package polling

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"
)

// benchRuns is how many series of runLength samples stand behind a line.
const benchRuns = 150

// BenchmarkPolling compares the probe's schedule with others, by simulation
// with a fixed seed, and prints a table. One iteration is the whole table.
func BenchmarkPolling(b *testing.B) {
	for b.Loop() {
		printComparison(b)
	}
}

type contender struct {
	name     string
	schedule func(rtt time.Duration) asker
}

func contenders() []contender {
	return []contender{
		{"bothways normal", learning(Normal)},
		{"bothways courteous", learning(Courteous)},
		{"bothways fine", learning(Fine)},
		{"fixed 0.5 s", fixed(500 * time.Millisecond)},
		{"fixed 1 s", fixed(time.Second)},
		{"back to back", backToBack},
		{"exponential x2 from 0.5 s", exponential(500*time.Millisecond, time.Hour, false)},
		{"SDK waiter 5 to 120 s", exponential(5*time.Second, 2*time.Minute, true)},
	}
}

const legend = `
Polling schedules compared by simulation: %d series of %d delays for each line (fewer where that takes millions of polls), seed 1.
Counted are the samples %d to %d of each series; the earlier ones warm a learning schedule up.
The other schedules learn nothing. The round trip is uneven (35 to 55 %% of it outward) and jitters.

RTT    round trip, seconds
HEADs  polls a sample, mean; most: of one sample
mean, p95  of the error of the reported value (the bracket's middle) as a share of the true delay
cover  share of samples whose bracket, from the last miss sent to the first hit received, contains the true delay
eff    bound / (HEADs x 4 x mean error in seconds): 1 is what no schedule can pass that knows the law and has no round
       trip, the bound being the square of the integral over time of sqrt(density x survival) of the delays
       (for a law that changes: of all its delays together, which a schedule that follows it can beat)
`

func printComparison(b *testing.B) {
	b.Helper()
	laws := append(listedLaws(), otherLaws()...)
	fmt.Printf(legend, benchRuns, runLength, WarmResults+1, runLength)
	turns := make(chan struct{}, runtime.GOMAXPROCS(0))
	parts := make([]string, len(laws))
	var done sync.WaitGroup
	for i, l := range laws {
		done.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			parts[i] = comparisonOf(l)
		})
	}
	done.Wait()
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(out, "\nlaw of the delays\tRTT\tschedule\tHEADs\tmost\tmean\tp95\tcover\teff")
	_, _ = fmt.Fprint(out, strings.Join(parts, ""))
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
}

func comparisonOf(l delays) string {
	var out strings.Builder
	bound := l.bound()
	for _, rtt := range roundTrips() {
		for _, c := range contenders() {
			got := simulated(l, rtt, c.schedule, benchRuns)
			fmt.Fprintf(&out, "%s\t%v\t%s\t%.1f\t%d\t%s\t%s\t%.2f %%\t%.2f\n", l.name, rtt, c.name, got.headsASample(), got.most,
				percent(got.meanError()), percent(got.errorAt(.95)), 100*got.coverage(), got.efficiency(bound))
		}
	}
	return out.String()
}

// percent keeps the table narrow where a delay shorter than the first poll
// makes a relative error absurd.
func percent(share float64) string {
	if share > 9.99 {
		return "> 999 %"
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}
