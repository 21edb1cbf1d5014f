package runs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"bothways/aws/journal"
	"bothways/ui/runs"
	"bothways/ui/runs/runstest"
)

// longRuns makes a folder with so many journals of so many samples each, all
// the same file.
func longRuns(tb testing.TB, journals, samples int) (dir string, bytes int64) {
	tb.Helper()
	dir = tb.TempDir()
	first := filepath.Join(dir, "00"+journal.Extension)
	bytes = runstest.LongRun(tb, first, samples)
	for i := 1; i < journals; i++ {
		if err := os.Link(first, filepath.Join(dir, fmt.Sprintf("%02d%s", i, journal.Extension))); err != nil {
			tb.Fatal(err)
		}
	}
	return dir, int64(journals) * bytes
}

// BenchmarkList lists 20 runs of 100,000 samples each, and says how long the
// cheap facts, the newest run and all of them take, and the most memory that the
// process needed meanwhile.
//
//	go test -run '^$' -bench List -benchtime 1x -timeout 30m ./ui/runs
func BenchmarkList(b *testing.B) {
	const journals, samples = 20, 100_000
	dir, bytes := longRuns(b, journals, samples)
	b.SetBytes(bytes)
	forgetPeak()
	b.ResetTimer()
	for b.Loop() {
		begun := time.Now()
		entries, err := runs.List(dir)
		if err != nil || len(entries) != journals || entries[0].A == "" {
			b.Fatalf("%d entries, %v", len(entries), err)
		}
		b.ReportMetric(float64(time.Since(begun).Microseconds())/1000, "ms-cheap")
		for i := range entries {
			if entries[i].Read(time.Now()); entries[i].Samples != samples || entries[i].State != runs.Complete {
				b.Fatalf("%+v", entries[i])
			}
			if i == 0 {
				b.ReportMetric(time.Since(begun).Seconds(), "s-newest")
			}
		}
		b.ReportMetric(time.Since(begun).Seconds(), "s-all")
	}
	b.ReportMetric(peak(b), "MiB-peak")
}

// forgetPeak has the kernel count the process's peak of memory anew, see its
// documentation of proc.
func forgetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200)
}

// peak is the most memory that the process had in use, in MiB; 0 where that is not
// known.
func peak(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kib float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kib); err == nil {
			return kib / 1024
		}
	}
	return 0
}
