package report

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// strangeJournal is one of so many samples in which second end points and loop
// checks come late, early, twice or never, and lines are damaged.
func strangeJournal(t *testing.T, samples int) string {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(samples), 3))
	type placed struct {
		at   float64
		text string
	}
	var lines []placed
	add := func(at float64, e pair.Event) { lines = append(lines, placed{at, line(t, e)}) }
	add(-1, header())
	for i := range samples {
		at, key := float64(i), fmt.Sprintf("bothways/probe/%06d", i)
		d, size := pair.Direction(r.IntN(2)), header().Sizes[r.IntN(3)]
		posted := start.Add(time.Duration(i) * time.Second)
		ms := 3000 + 4000*r.ExpFloat64()
		s := probe.Sample{
			Direction: d, SizeBytes: size, Key: key, VersionID: fmt.Sprint("v", i), Round: 1 + i/6, PlannedAt: posted, PostedAt: posted,
			SinceStartMS: 1000 * at, DurationMS: ms, BracketMS: [2]float64{ms - 90, ms + 90}, CommitBracketMS: [2]float64{ms - 90, ms + 100},
			CorrectedMS: ms + 5, HEADs: r.IntN(30), UploadMS: 80 * r.Float64(), LateMS: 400 * r.Float64(), Outcome: probe.Replicated,
		}
		s.Late = s.LateMS > 250
		switch r.IntN(30) {
		case 0:
			s.Outcome, s.Detail, s.BracketMS[1], s.CorrectedMS = probe.GaveUp, "account 111122223333 said <no>", s.BracketMS[0], s.BracketMS[0]
			s.DurationMS = s.BracketMS[0]
		case 1:
			s.Outcome, s.Detail = probe.Failed, fmt.Sprintf("AKIAABCDEFGHIJKLMNOP was refused %d times\u202e", r.IntN(40))
		case 2:
			s.SinceStartMS, s.Unconfirmed = 0, true
		case 3:
			s.LeftCensored, s.BracketMS[0], s.CommitBracketMS[0] = true, 0, 0
		}
		add(at-.5, probe.StartedEvent{Key: key, Direction: d, SizeBytes: size, Round: s.Round, PlannedAt: posted, At: posted})
		add(at, s)
		later := []float64{.1, .2, 300 * r.Float64(), float64(samples)}[r.IntN(4)]
		if r.IntN(8) > 0 {
			add(at+later, probe.CompletedEvent{Key: key, Direction: d, SizeBytes: size, Completion: probe.Completion{
				DurationMS: ms + 400, BracketMS: [2]float64{ms, ms + 800}, HEADs: 3, Outcome: probe.Replicated,
			}})
		}
		loop := probe.LoopEvent{Key: key, Direction: d, Origin: "COMPLETED", Replica: "REPLICA", OriginVersions: 1, ReplicaVersions: 1, OK: r.IntN(9) > 0, Content: probe.SameContent}
		switch r.IntN(8) {
		case 0:
		case 1:
			add(at-3, loop)
		case 2:
			add(at+later, loop)
			add(at+later+.05, loop) // a second time
		default:
			add(at+later, loop)
		}
		switch r.IntN(20) {
		case 0:
			add(at+1000*r.Float64(), s) // a second time
		case 1:
			lines = append(lines, placed{at, "{\"event\":\"sample\",\n"})
		}
	}
	add(float64(3*samples), probe.LoopEvent{Key: "of nothing", Content: "new"})
	slices.SortStableFunc(lines, func(a, b placed) int {
		if a.at < b.at {
			return -1
		}
		return 1
	})
	var out strings.Builder
	for _, l := range lines {
		out.WriteString(l.text)
	}
	return out.String()
}

// far reads a journal as runs of any length are.
func farRun(t *testing.T, text string) *Run {
	t.Helper()
	run, err := ReadFar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run.Close(); err != nil {
			t.Error(err)
		}
	})
	return run
}

// However a run is kept, its reports are the same byte for byte.
func TestReportsOfARunInFilesAreThoseOfOneInMemory(t *testing.T) {
	for name, text := range map[string]string{
		"a whole run": journalText(t), "none": line(t, header()),
		"a short strange one": strangeJournal(t, 50), "a long strange one": strangeJournal(t, 3*mostRecent),
	} {
		near, far := read(t, text), farRun(t, text)
		options := charted("chart\n", "Sandbox: simulated distances")
		for _, format := range Formats() {
			if a, b := written(t, near, format, options), written(t, far, format, options); a != b {
				at := 0
				for a[:min(at, len(a))] == b[:min(at, len(b))] && at < min(len(a), len(b)) {
					at += 100
				}
				t.Errorf("%s as %s differs near %d of %d and %d bytes:\n%.300s\n%.300s", name, format, at, len(a), len(b), a[max(0, at-200):], b[max(0, at-200):])
			}
			if a, b := written(t, near.MaskAccounts(), format, options), written(t, far.MaskAccounts(), format, options); a != b {
				t.Errorf("%s without account IDs as %s differs", name, format)
			}
		}
		if near.N() != far.N() || !near.Began().Equal(far.Began()) || near.Looks() != far.Looks() || near.Complete() != far.Complete() {
			t.Errorf("%s: %d and %d samples, began %v and %v", name, near.N(), far.N(), near.Began(), far.Began())
		}
		if !slices.Equal(near.Damaged, far.Damaged) || len(near.Unfinished) != len(far.Unfinished) {
			t.Errorf("%s: damaged %v and %v, unfinished %d and %d", name, near.Damaged, far.Damaged, len(near.Unfinished), len(far.Unfinished))
		}
	}
}

// filled sets everything in a value that can be set, each to a value of its own.
func filled(v reflect.Value, next *int) {
	*next++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *next))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*next))
	case reflect.Float64:
		v.SetFloat(float64(*next) + .1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(start.Add(time.Duration(*next) * time.Hour)))
			return
		}
		for i := range v.NumField() {
			filled(v.Field(i), next)
		}
	case reflect.Array:
		for i := range v.Len() {
			filled(v.Index(i), next)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(v.Elem(), next)
	default:
		panic("a sample has a " + v.Kind().String() + ": say here how it is filled, and see that far keeps it")
	}
}

// A new member of a sample or a loop check has to come back from the files, and to
// be masked.
func TestFilesKeepAndMaskEveryMemberOfASample(t *testing.T) {
	var whole checked
	next := 0
	filled(reflect.ValueOf(&whole).Elem(), &next)
	rows, err := newRoll()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.to.Close()
	if err := rows.add(whole); err != nil {
		t.Fatal(err)
	}
	if err := rows.end(); err != nil {
		t.Fatal(err)
	}
	if err := eachOf(rows, func(back *checked) bool {
		if !reflect.DeepEqual(*back, whole) {
			t.Errorf("%+v comes back as %+v", whole, *back)
		}
		return true
	}); err != nil {
		t.Error(err)
	}
	masked := func(text string) string { return strings.ReplaceAll(text, "text", "masked") }
	if a, b := rewritten(whole.Sample, masked), rewrittenSample(whole.Sample, masked); !reflect.DeepEqual(a, b) {
		t.Errorf("masked it is %+v, want %+v", b, a)
	}
	if a, b := rewritten(*whole.Loop, masked), rewrittenLoop(*whole.Loop, masked); a != b {
		t.Errorf("masked it is %+v, want %+v", b, a)
	}
}

func TestKeysAreKnownAndMarked(t *testing.T) {
	keys := newKeySet()
	for i := range 50_000 {
		hash := keys.hash(fmt.Sprint(i))
		if keys.find(hash) != nil {
			t.Fatalf("%d is known before it was said", i)
		}
		keys.put(hash)
		if i%3 == 0 {
			keys.put(hash | marked)
		}
	}
	for i := range 50_000 {
		found := keys.find(keys.hash(fmt.Sprint(i)))
		if found == nil || (*found&marked != 0) != (i%3 == 0) {
			t.Fatalf("%d is not known any more, or its mark is wrong", i)
		}
	}
}

func TestAFolderThatTakesNoFilesIsNamedOnce(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	t.Setenv("TMPDIR", nowhere)
	t.Setenv("TMP", nowhere) // Windows
	if _, err := ReadFar(strings.NewReader(journalText(t))); err == nil || strings.Count(err.Error(), nowhere) != 1 {
		t.Errorf("%v", err)
	}
}

func TestTheBeginningOfARunTakesNoCountOfItsSamples(t *testing.T) {
	run := read(t, journalText(t))
	want := run.tally().began
	if allocated := testing.AllocsPerRun(3, func() { _ = run.Began() }); allocated > 0 || !run.Began().Equal(want) {
		t.Errorf("%v, want %v; allocations: %v", run.Began(), want, allocated)
	}
	run.Headers, run.Samples[9].SinceStartMS = nil, 0
	run.Samples[9].PostedAt = run.Samples[0].PostedAt.Add(-time.Hour)
	if got := run.Began(); !got.Equal(run.Samples[9].PostedAt) || !got.Equal(run.tally().began) {
		t.Errorf("without a header, a sample that was posted before the first: %v", got)
	}
}
