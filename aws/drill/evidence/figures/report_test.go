package figures_test

import (
	"bytes"
	"os"
	"testing"

	"bothways/aws/drill/evidence/evidencetest"
	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/evidence/trail"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// reported is the report of a drill that never was.
func reported(t *testing.T, w evidencetest.Wish) (figures.Report, evidencetest.Truth) {
	t.Helper()
	events, truth := evidencetest.Make(w)
	var lines bytes.Buffer
	for _, e := range events {
		line, err := pair.EncodeEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	read, err := trail.Read(&lines)
	if err != nil {
		t.Fatal(err)
	}
	return figures.Of(read, "test"), truth
}

// A journal that ends anywhere gives a report of what is there, which says what is
// missing and claims nothing else.
func TestAJournalThatEndsEarlySaysWhatIsMissing(t *testing.T) {
	for _, kind := range []record.Kind{record.Cut, record.Pause} {
		for end := 1.0; end < 400_000; end += 7_001 {
			r, _ := reported(t, evidencetest.Wish{Seed: 3, Kind: kind, CrashMS: end})
			if r.Verdict.Recorded == "" && (len(r.Journal.Missing) == 0 || r.Verdict.Reckoned != string(record.Errored)) {
				t.Fatalf("at %v: missing %v, verdict %q", end, r.Journal.Missing, r.Verdict.Reckoned)
			}
			if r.Results.RTO.HighMS != nil && !r.Results.RTO.Whole || r.Restoration.Equal && r.Results.Fault.EndsMS == nil {
				t.Fatalf("at %v: %+v", end, r.Results.RTO)
			}
			if r.Verdict.Recorded == "" && r.Results.Fault.EndsMS == nil && r.Verdict.Unisolated {
				t.Fatalf("at %v it says that isolation was not reached within the time box, which it did not live to see: %v", end, r.Verdict.WhyNow)
			}
		}
	}
}

func TestDamagedAndTornLinesAreCountedAndLeftOut(t *testing.T) {
	events, _ := evidencetest.Make(evidencetest.Wish{Seed: 1, Kind: record.Pause})
	path := evidencetest.WriteJournal(t, events)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	lines[20] = []byte("\x00\x00\x00\n")
	lines[30] = []byte(`{"event":"drill_state","state":7}` + "\n")
	broken := append(bytes.Join(lines, nil), `{"event":"drill_no`...)
	var copied bytes.Buffer
	if err := trail.Copy(&copied, bytes.NewReader(broken), false); err != nil {
		t.Fatal(err)
	}
	for name, journal := range map[string][]byte{"the journal": broken, "its copy": copied.Bytes()} {
		read, err := trail.Read(bytes.NewReader(journal))
		if err != nil {
			t.Fatal(name, err)
		}
		if !read.Torn || len(read.Damaged) != 2 || read.Damaged[0] != 21 || read.Damaged[1] != 31 {
			t.Errorf("%s: torn %v, damaged %v", name, read.Torn, read.Damaged)
		}
	}
}
