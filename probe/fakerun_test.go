package probe

import (
	"context"
	"sync"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe/polling"
)

func testConfig() Config {
	return Config{
		RunID: "test-run", Pair: testPair(), Sizes: []int64{0, 128 << 10, 1 << 20},
		Rounds: 3, Every: 10 * time.Second, Limit: 5 * time.Minute, Pace: polling.Normal, Seed: 7,
	}
}

// probeWorld runs a configuration against a world and returns its events.
func probeWorld(ctx context.Context, t *testing.T, w *world, cfg Config) (*log, error) {
	t.Helper()
	runner, err := New(cfg, w.clients())
	if err != nil {
		t.Fatal(err)
	}
	var events log
	err = runner.Run(ctx, events.emit)
	return &events, err
}

// mustContainTruth checks a replicated sample against the world's instants.
func mustContainTruth(t *testing.T, w *world, s Sample) {
	t.Helper()
	committed, visible := w.truth(s.Key)
	low := s.PostedAt.Add(time.Duration(s.BracketMS[0] * 1e6))
	high := s.PostedAt.Add(time.Duration(s.BracketMS[1]*1e6) + time.Nanosecond)
	if !s.LeftCensored && !low.Before(visible) || high.Before(visible) {
		t.Errorf("bracket %v of %s misses the true instant %v after the acknowledgement", s.BracketMS, s.Key, visible.Sub(s.PostedAt))
	}
	took := float64(visible.Sub(committed)) / 1e6
	if !s.LeftCensored && s.CommitBracketMS[0] >= took || s.CommitBracketMS[1] < took {
		t.Errorf("commit bracket %v of %s misses the true duration %v ms", s.CommitBracketMS, s.Key, took)
	}
	if s.DurationMS < s.BracketMS[0] || s.DurationMS > s.BracketMS[1] {
		t.Errorf("duration %v lies outside of its bracket %v", s.DurationMS, s.BracketMS)
	}
}

// log collects a run's events and fails nothing by itself.
type log struct {
	mu     sync.Mutex
	events []pair.Event
	at     []time.Time
}

func (l *log) emit(event pair.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, event)
	l.at = append(l.at, time.Now())
}

func eventsOf[E pair.Event](l *log) []E {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []E
	for _, event := range l.events {
		if e, ok := event.(E); ok {
			found = append(found, e)
		}
	}
	return found
}
