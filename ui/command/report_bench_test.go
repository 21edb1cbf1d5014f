package command_test

import (
	"io"
	"path/filepath"
	"testing"
	"time"

	"bothways/aws/journal"
	"bothways/probe/report"
	"bothways/ui/runs/runstest"
)

// BenchmarkReport writes the journal of a run of a million samples, and reports of
// it with the built program. It says of each format how long that takes, how much
// of it processors work, and the most memory that is resident.
//
//	go test -run '^$' -bench Report -benchtime 1x -timeout 30m ./ui/command
func BenchmarkReport(b *testing.B) {
	const samples = 1_000_000
	u := newUser(b)
	path := filepath.Join(u.home, "long"+journal.Extension)
	runstest.LongRun(b, path, samples)
	for _, format := range report.Formats() {
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				c := u.command(b.Context(), "report", "--format", string(format), path)
				out, err := c.StdoutPipe()
				if err != nil {
					b.Fatal(err)
				}
				begun := time.Now()
				if err := c.Start(); err != nil {
					b.Fatal(err)
				}
				written := make(chan int64)
				go func() {
					n, _ := io.Copy(io.Discard, out)
					written <- n
				}()
				most, bytes := int64(0), int64(-1)
				for looks := time.NewTicker(20 * time.Millisecond); bytes < 0; {
					select {
					case <-looks.C:
						most = max(most, peak(c.Process.Pid)) // of a mark that only rises
					case bytes = <-written:
						looks.Stop()
					}
				}
				if err := c.Wait(); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(time.Since(begun).Seconds(), "s")
				b.ReportMetric((c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(), "cpu-s")
				b.ReportMetric(float64(most)/(1<<20), "MiB-resident")
				b.ReportMetric(float64(bytes)/(1<<20), "MiB-written")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
