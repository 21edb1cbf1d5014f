// Package runstest makes journals of runs that nobody has the time to measure.
package runstest

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
)

// start is when the runs began.
var start = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// LongRun writes the journal of a run that took so many samples, with all
// events that a probe of AWS yields, and returns its size in bytes.
func LongRun(tb testing.TB, path string, samples int) int64 {
	tb.Helper()
	file, err := os.Create(path) //nolint:gosec // of the test that asks
	if err != nil {
		tb.Fatal(err)
	}
	out := bufio.NewWriterSize(file, 1<<20)
	record := func(e pair.Event) {
		line, err := pair.EncodeEvent(e)
		if err != nil {
			tb.Fatal(err)
		}
		_, _ = out.Write(append(line, '\n'))
	}
	record(journal.Opening{Schema: journal.Schema, RunID: "long", Version: "1.2", Command: "probe", Access: "sandbox", StartedAt: start})
	sizes := probe.DefaultSizes()
	record(probe.RunEvent{
		RunID: "long", Sizes: sizes, ForMS: time.Duration(samples).Milliseconds(), EveryMS: 10_000, StartedAt: start,
		Pair: pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "left"}, B: pair.Side{Region: "us-east-1", Bucket: "right"}},
	})
	random := rand.New(rand.NewPCG(1, 2))
	for i := range samples {
		d, size := pair.Direction(i%2), sizes[i/2%len(sizes)]
		key := fmt.Sprintf("bothways/probe/20261122-100000-abcd/%04x/%06d-ABCDEFGH", i%65536, i)
		version, since := "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo", float64(i)*833.123456
		at := start.Add(time.Duration(since * 1e6))
		took := []float64{4000, 9300}[d] * math.Exp(0.5*random.NormFloat64())
		low, high := took-83.123456, took+83.123456
		record(probe.StartedEvent{Key: key, Direction: d, SizeBytes: size, Round: 1 + i/12, PlannedAt: at, At: at, SinceStartMS: since})
		record(probe.PostedEvent{Key: key, Direction: d, SizeBytes: size, VersionID: version, PostedAt: at, SinceStartMS: since, UploadMS: 42.5})
		record(probe.Sample{
			Direction: d, SizeBytes: size, Key: key, VersionID: version, Round: 1 + i/12, PlannedAt: at, PostedAt: at, SinceStartMS: since,
			DurationMS: took, BracketMS: [2]float64{low, high}, CommitBracketMS: [2]float64{low, high + 40.5}, CorrectedMS: took + 15.5,
			HEADs: 14, UploadMS: 42.5, LateMS: 0.25, Outcome: probe.Replicated,
		})
		record(probe.CompletedEvent{Key: key, Direction: d, SizeBytes: size, SinceStartMS: since, Completion: probe.Completion{
			DurationMS: took + 500, BracketMS: [2]float64{took, took + 1000}, HEADs: 5, Outcome: probe.Replicated,
		}})
		record(probe.LoopEvent{
			Key: key, Direction: d, Origin: "COMPLETED", Replica: "REPLICA", OriginVersions: 1, ReplicaVersions: 1, OK: true,
			Content: probe.SameContent, Checksum: "CRC64NVME",
		})
		record(probe.CleanedEvent{Key: key, OK: true})
	}
	record(cost.Usage{})
	if err := out.Flush(); err != nil {
		tb.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		tb.Fatal(err)
	}
	if err := file.Close(); err != nil {
		tb.Fatal(err)
	}
	return info.Size()
}
