//go:build unix

package rooms

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/probe/watch"
	"bothways/ui/console"
	"bothways/ui/console/host"
)

// counted is a terminal that only counts what is written to it.
type counted struct{ bytes atomic.Int64 }

func (c *counted) Write(p []byte) (int, error) {
	c.bytes.Add(int64(len(p)))
	return len(p), nil
}

// twelve is a measurement with a past of 60 samples a direction and twelve
// probes in flight that don't end.
type twelve struct {
	flying chan struct{}
	watch  *watch.Watch
}

func (twelve) SetPaused(bool)        {}
func (p twelve) Watch() *watch.Watch { return p.watch }

func (p twelve) Run(ctx context.Context, face pair.Emit) error {
	p.watch.Follow(func(string) time.Time { return time.Now().Add(-time.Second) })
	emit := func(e pair.Event) {
		p.watch.Take(e)
		face(e)
	}
	now := time.Now()
	for n := range 132 {
		d, size := pair.Direction(n%2), int64(128<<10)<<(n/2%6)
		key := fmt.Sprint(n)
		emit(probe.StartedEvent{Key: key, Direction: d, SizeBytes: size, Round: 1 + n/12, PlannedAt: now, At: now})
		emit(probe.PostedEvent{Key: key, Direction: d, SizeBytes: size, VersionID: "v", PostedAt: now, UploadMS: 40})
		if n < 120 {
			took := float64(2000 + 531*n%17000)
			emit(probe.Sample{Direction: d, SizeBytes: size, Key: key, PostedAt: now, DurationMS: took, BracketMS: [2]float64{took - 90, took + 90}, HEADs: 14, Outcome: probe.Replicated})
		}
	}
	close(p.flying)
	<-ctx.Done()
	return ctx.Err()
}

// BenchmarkLiveCharting prints what drawing twelve growing ages four times a
// second costs, without the requests of a measurement: processor time of the
// whole program, and bytes for the terminal, at 120x40 for ten seconds.
//
//	go test -run '^$' -bench LiveCharting -benchtime 1x ./ui/console/rooms
func BenchmarkLiveCharting(b *testing.B) {
	for b.Loop() {
		flying := make(chan struct{})
		do := console.RealEngines(nil)
		do.Probe = func(context.Context, account.Access, session.Measurement) (host.Prober, error) {
			return twelve{flying, watch.New()}, nil
		}
		ctx, cancel := context.WithCancel(context.Background())
		var screen counted
		input, keys := io.Pipe()
		a := console.New(ctx, console.Config{Engines: &do, Environ: []string{"TERM=xterm-256color"}}, All)
		a.Access, a.Open = account.Access{Sandbox: true}, true
		a.GoTo(host.Probe)
		program := tea.NewProgram(a, tea.WithContext(ctx), tea.WithFPS(host.FramesPerSecond), tea.WithInput(input), tea.WithOutput(&screen),
			tea.WithWindowSize(120, 40), tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithoutSignals())
		ended := make(chan struct{})
		go func() { defer close(ended); _, _ = program.Run() }()
		if _, err := keys.Write([]byte("\r")); err != nil {
			b.Fatal(err)
		}
		<-flying
		<-time.After(time.Second) // the burst of the past is drawn
		const watch = 10 * time.Second
		cpu, bytes := processorTime(b), screen.bytes.Load()
		<-time.After(watch)
		b.ReportMetric(100*(processorTime(b)-cpu).Seconds()/watch.Seconds(), "%cpu")
		b.ReportMetric(float64(screen.bytes.Load()-bytes)/watch.Seconds(), "B/s")
		b.ReportMetric(0, "ns/op")
		cancel()
		<-ended
	}
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
