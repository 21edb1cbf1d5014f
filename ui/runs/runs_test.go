package runs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bothways/aws/drill/record"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/ui/runs"
)

var start = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// write makes the journal of a run.
func write(t *testing.T, dir, id, command string, events ...pair.Event) string {
	t.Helper()
	j, err := journal.Create(dir, journal.Opening{RunID: id, Command: command, Version: "1.2", Access: "sandbox", Notes: []string{"simulated"}, StartedAt: start})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if err := j.Record(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return j.Path()
}

// listed lists the runs of a folder and reads each.
func listed(tb testing.TB, dir string, now time.Time) []runs.Entry {
	tb.Helper()
	entries, err := runs.List(dir)
	if err != nil {
		tb.Fatal(err)
	}
	for i := range entries {
		entries[i].Read(now)
	}
	return entries
}

func measured(rounds int, outcome probe.Outcome) []pair.Event {
	events := []pair.Event{probe.RunEvent{
		RunID: "r", Sizes: []int64{1024}, Rounds: 2,
		Pair: pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "left"}, B: pair.Side{Region: "us-east-1", Bucket: "right"}},
	}}
	for range rounds {
		for _, d := range pair.Directions() {
			events = append(events, probe.Sample{Direction: d, SizeBytes: 1024, Outcome: outcome, DurationMS: 4000, PostedAt: start})
		}
	}
	return events
}

func TestRunsAreListedNewestFirstWithWhatBecameOfThem(t *testing.T) {
	dir := t.TempDir()
	st := func(status step.Status) pair.Event {
		return step.Event{ID: "rule-a-to-b", Status: status}
	}
	write(t, dir, "01-complete", "probe", measured(2, probe.Replicated)...)
	write(t, dir, "02-stopped", "probe", measured(2, probe.Interrupted)...)
	write(t, dir, "03-crashed", "probe", measured(1, probe.Replicated)...)
	write(t, dir, "04-applied", "apply", st(step.Running), st(step.Done))
	write(t, dir, "05-failed", "apply", st(step.Running), st(step.Failed))
	write(t, dir, "06-killed", "apply", st(step.Running))
	write(t, dir, "07-refused", "probe")
	for name, text := range map[string]string{
		"08-future":  `{"event":"run","schema":99,"run_id":"f","version":"9"}` + "\n",
		"09-garbage": "\x1b[31m no journal",
		"10-broken":  `{"event":"run","schema":1,"run_id":"b","command":"probe"}` + "\n{broken\n{}\n",
		"11-empty":   "",
		"00-number":  `{"event":"run","schema":1,"run_id":"b","command":"probe"}` + "\n{\"event\":7}\n{}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name+journal.Extension), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "crash-1.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	entries := listed(t, dir, time.Now().Add(time.Hour))
	want := []struct {
		id      string
		state   runs.State
		samples int
		says    string
	}{
		{"11-empty", runs.Unreadable, 0, "first line"},
		{"10-broken", runs.Interrupted, 0, "line 2 of the journal is damaged"},
		{"09-garbage", runs.Unreadable, 0, "first line"},
		{"08-future", runs.Unreadable, 0, "schema 99"},
		{"07-refused", runs.Interrupted, 0, ""},
		{"06-killed", runs.Interrupted, 0, ""},
		{"05-failed", runs.Failed, 0, ""},
		{"04-applied", runs.Complete, 0, ""},
		{"03-crashed", runs.Interrupted, 2, "Too few"},
		{"02-stopped", runs.Interrupted, 4, "Too few"},
		{"01-complete", runs.Complete, 4, "Too few"},
		{"00-number", runs.Interrupted, 0, "line 2 of the journal is damaged"},
	}
	if len(entries) != len(want) {
		t.Fatalf("%d runs, want %d", len(entries), len(want))
	}
	for i, w := range want {
		e := entries[i]
		if e.RunID != w.id || e.State != w.state || e.Samples != w.samples || !strings.Contains(e.Error+e.Verdict+e.Damage, w.says) {
			t.Errorf("%+v, want %+v", e, w)
		}
		if w.samples > 0 && (e.A != "eu-west-1/left" || e.B != "us-east-1/right" || e.Version != "1.2" || !e.StartedAt.Equal(start)) {
			t.Errorf("%+v", e)
		}
	}
	now := listed(t, dir, time.Now())
	if now[8].State != runs.Interrupted || now[10].State != runs.Complete {
		t.Errorf("ended a moment ago: %s is %s, %s is %s", now[8].RunID, now[8].State, now[10].RunID, now[10].State)
	}
	if none, err := runs.List(filepath.Join(dir, "none")); err != nil || len(none) != 0 {
		t.Errorf("without a folder: %v, %v", none, err)
	}
}

func TestWhoeverWritesAJournalMakesItsRunARunningOne(t *testing.T) {
	dir := t.TempDir()
	j, err := journal.Create(dir, journal.Opening{RunID: "running", Command: "probe"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range measured(1, probe.Replicated) {
		if err := j.Record(e); err != nil {
			t.Fatal(err)
		}
	}
	state := func(now time.Time) runs.State { return listed(t, dir, now)[0].State }
	if got := state(time.Now().Add(time.Hour)); got != runs.Running { // between two rounds that lie far apart
		t.Errorf("while it is written: %s", got)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := state(time.Now()); got != runs.Interrupted {
		t.Errorf("a moment after it was broken off: %s", got)
	}
}

// A drill that lives is not one that was cut off, from its first second on.
func TestADrillThatGoesOnIsNotCutOff(t *testing.T) {
	dir := t.TempDir()
	j, err := journal.Create(dir, journal.Opening{RunID: "drilled", Command: "drill"})
	if err != nil {
		t.Fatal(err)
	}
	is := func(when string, state runs.State, verdict string) {
		t.Helper()
		if got := listed(t, dir, time.Now())[0]; got.State != state || got.Verdict != verdict {
			t.Errorf("%s: %s, %q", when, got.State, got.Verdict)
		}
	}
	is("at its beginning", runs.Running, "")
	for _, e := range []pair.Event{record.Scope{Drill: "d1", Kind: record.Pause}, record.Change{Drill: "d1", State: record.Armed, Reached: true}, record.Change{Drill: "d1", State: record.Isolating}} {
		if err := j.Record(e); err != nil {
			t.Fatal(err)
		}
	}
	is("armed", runs.Running, "It goes on; the last state that it reached is armed.")
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	is("cut off", runs.Interrupted, "It was cut off after it was armed: bothways drill undo takes back what is left, where that was not done since.")
}

func TestWithoutALockAJournalThatGrewAMomentAgoIsOfARunningRun(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "old", "probe", measured(1, probe.Replicated)...)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	older := strings.Replace(string(text), `,"locked":true`, "", 1)
	if older == string(text) {
		t.Fatal("the journal has no lock")
	}
	if err := os.WriteFile(path, []byte(older), 0o600); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration]runs.State{0: runs.Running, time.Hour: runs.Interrupted} {
		if got := listed(t, dir, time.Now().Add(after))[0].State; got != want {
			t.Errorf("%v after: %s, want %s", after, got, want)
		}
	}
}

func TestTheFirstLinesSayWhenWhatAndBetweenWhichSides(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "01", "probe", measured(2, probe.Replicated)...)
	entries, err := runs.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	e := entries[0]
	if e.State != runs.Unread || e.A != "eu-west-1/left" || !e.StartedAt.Equal(start) || e.Command != "probe" || e.Samples != 0 || e.Verdict != "" {
		t.Errorf("%+v", e)
	}
	read := e
	read.Read(time.Now())
	if again := listedFirst(t, dir); !again.Same(read) || again.Same(e) {
		t.Errorf("a journal that did not change is the same: %t, one that was not read: %t", again.Same(read), again.Same(e))
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = file.WriteString("{}\n"); err == nil {
		err = file.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if again := listedFirst(t, dir); again.Same(read) {
		t.Error("a journal that grew is the same")
	}
}

func listedFirst(t *testing.T, dir string) *runs.Entry {
	t.Helper()
	entries, err := runs.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	return &entries[0]
}

func TestARunIsOpenedByItsNameItsBeginningItsFileOrAsTheNewest(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "20261122-100000-aaaa", "probe", measured(2, probe.Replicated)...)
	write(t, dir, "20261122-110000-bbbb", "apply")
	for _, name := range []string{"20261122-100000-aaaa", "20261122-10", path, ""} {
		m, err := runs.Open(dir, name)
		if err != nil || m.Path != path || len(m.Samples) != 4 {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if o := m.Origin(); o.Version != "1.2" || o.Access != "sandbox" || len(o.Notes) != 1 {
			t.Errorf("%q: %+v", name, o)
		}
	}
}

func TestWhatCannotBeOpenedIsNamed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "20261122-100000-aaaa", "probe", measured(2, probe.Replicated)...)
	write(t, dir, "20261122-110000-bbbb", "apply")
	future := filepath.Join(dir, "20270101-000000-cccc"+journal.Extension)
	text := `{"event":"run","schema":99}` + "\n" + `{"event":"sample"}` + "\n"
	if err := os.WriteFile(future, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"2026112":              "2 runs start with",
		"1999":                 "no run",
		"20261122-110000-bbbb": "no samples",
		"2027":                 future,
		"":                     future, // the newest with samples is of a newer version: said, not passed over
		dir:                    "no run",
	} {
		if _, err := runs.Open(dir, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}

func TestTheListSaysOfARunWhatOpeningItSays(t *testing.T) {
	dir := t.TempDir()
	long := func(outcome probe.Outcome, stopped bool) []pair.Event {
		events := []pair.Event{probe.RunEvent{Sizes: []int64{1024}, Rounds: 12}}
		for n := range 24 {
			s := probe.Sample{
				Key: string(rune('a' + n)), Direction: pair.Direction(n % 2), SizeBytes: 1024, Outcome: probe.Replicated,
				DurationMS: float64((4000 + 100*n) * (1 + 2*(n%2))), BracketMS: [2]float64{3900, 30_000},
			}
			if n == 23 {
				s.Outcome = outcome
			}
			events = append(events, probe.StartedEvent{Key: s.Key}, s)
		}
		if stopped {
			return append(events, probe.StartedEvent{Key: "more"})
		}
		return append(events, cost.Usage{})
	}
	write(t, dir, "01", "probe", long(probe.Replicated, false)...)
	write(t, dir, "02", "probe", long(probe.Interrupted, false)...)
	write(t, dir, "03", "probe", long(probe.Replicated, true)...)
	verdicts := map[string]bool{}
	for _, e := range listed(t, dir, time.Now().Add(time.Hour)) {
		m, err := runs.Open("", e.Path)
		if err != nil {
			t.Fatal(err)
		}
		if want := m.Statistics().CompareDirections(m.Looks()).Sentence; e.Verdict != want || e.Samples != len(m.Samples) || (e.State == runs.Complete) != m.Complete() {
			t.Errorf("%s: %d samples, %s, %q; opened it says %d, complete %t, %q", e.RunID, e.Samples, e.State, e.Verdict, len(m.Samples), m.Complete(), want)
		}
		verdicts[e.Verdict] = true
	}
	if len(verdicts) < 2 {
		t.Errorf("a run that was stopped says what a whole one says: %v", verdicts)
	}
}

// A folder, and what only looks like a file, is listed with the reason, as all
// is that can't be read.
func TestWhatIsNoFileIsListedWithTheReason(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "01-complete", "probe", measured(2, probe.Replicated)...)
	if err := os.Mkdir(filepath.Join(dir, "02-folder"+journal.Extension), 0o700); err != nil {
		t.Fatal(err)
	}
	entries := listed(t, dir, time.Now())
	if len(entries) != 2 || entries[0].State != runs.Unreadable || !strings.Contains(entries[0].Error, "it is a folder") || entries[1].State != runs.Complete {
		t.Errorf("listed are %+v", entries)
	}
	m, err := runs.Open(dir, "")
	if err != nil || filepath.Base(m.Path) != "01-complete"+journal.Extension || len(m.Passed) != 1 {
		t.Errorf("the newest: %v", err)
	}
	if _, err := runs.Open(dir, "02"); err == nil || !strings.Contains(err.Error(), "it is a folder") {
		t.Errorf("opening it says %v", err)
	}
}
