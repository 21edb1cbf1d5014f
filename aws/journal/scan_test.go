package journal_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"bothways/aws/journal"
)

// scanned is what a Scan gives, with a reader that checks all it takes.
func scanned(text string, damage journal.OnDamage) (events []string, out journal.LeftOut, err error) {
	out, err = journal.Scan(iotest.HalfReader(strings.NewReader(text)), damage, func(event string, line []byte) error {
		if err := journal.Check(line); err != nil {
			return err
		}
		events = append(events, event)
		return nil
	})
	return events, out, err
}

func TestALineThatIsDamagedStopsTheReaderOrIsLeftOutAsTheReaderSays(t *testing.T) {
	for name, bad := range map[string]string{
		"cut":        `{"event":"sample","dir`,
		"not JSON":   "hello",
		"not object": "[1]",
		"null":       "null",
		"zeros":      "\x00\x00\x00",
		"two in one": `{"event":"lost"{"event":"lost too"}`,
		"long":       `{"event":"lost","text":"` + strings.Repeat("x", 200_000),
	} {
		text := `{"event":"one"}` + "\n\n" + bad + "\n" + `{"event":"two"}` + "\n" + bad + "\n"
		events, out, err := scanned(text, journal.LeaveOut)
		if err != nil || !slices.Equal(events, []string{"one", "two"}) || !slices.Equal(out.Damaged, []int{3, 5}) || out.Torn {
			t.Errorf("%s is left out: %q, %+v, %v", name, events, out, err)
		}
		events, _, err = scanned(text, journal.Stop)
		if err == nil || !strings.HasPrefix(err.Error(), "line 3 is damaged: ") || !slices.Equal(events, []string{"one"}) {
			t.Errorf("%s stops: %q, %v", name, events, err)
		}
	}
}

func TestALineThatNobodyHoldsInMemoryIsDamaged(t *testing.T) {
	endless := `{"event":"lost","text":"` + strings.Repeat("x", 17<<20) + `"}`
	for _, damage := range []journal.OnDamage{journal.LeaveOut, journal.Stop} {
		var events []string
		out, err := journal.Scan(strings.NewReader(`{"event":"one"}`+"\n"+endless+"\n"+`{"event":"two"}`+"\n"), damage, func(event string, _ []byte) error {
			events = append(events, event)
			return nil
		})
		switch {
		case damage == journal.LeaveOut && (err != nil || !slices.Equal(out.Damaged, []int{2}) || !slices.Equal(events, []string{"one", "two"})):
			t.Errorf("left out: %q, %+v, %v", events, out, err)
		case damage == journal.Stop && (err == nil || !strings.HasPrefix(err.Error(), "line 2 is damaged: ") || len(events) != 1):
			t.Errorf("stopped: %q, %v", events, err)
		}
	}
}

func TestATornLastLineIsKnownAndAWholeOneWithoutItsEndCounts(t *testing.T) {
	const last = `{"event":"last","n":1}`
	for _, damage := range []journal.OnDamage{journal.Stop, journal.LeaveOut} {
		for cut := 1; cut < len(last); cut++ {
			if events, out, err := scanned(`{"event":"one"}`+"\n"+last[:cut], damage); err != nil || !out.Torn || len(events) != 1 || out.Damaged != nil {
				t.Fatalf("cut after %d bytes: %q, %+v, %v", cut, events, out, err)
			}
		}
		if events, out, err := scanned(last, damage); err != nil || out.Torn || len(events) != 1 {
			t.Errorf("only the line end is missing: %q, %+v, %v", events, out, err)
		}
	}
}

func TestALineThatItsReaderRefusesIsNamedWhateverBecomesOfDamage(t *testing.T) {
	refused := errors.New("no such direction")
	for _, damage := range []journal.OnDamage{journal.Stop, journal.LeaveOut} {
		_, err := journal.Scan(strings.NewReader("{}\n\n{\"n\":1}\n{}\n"), damage, func(_ string, line []byte) error {
			if len(line) > 2 {
				return refused
			}
			return nil
		})
		if !errors.Is(err, refused) || err.Error() != "line 3: no such direction" {
			t.Errorf("%v", err)
		}
	}
	broken := iotest.TimeoutReader(strings.NewReader(strings.Repeat("{}\n", 100_000)))
	if _, err := journal.Scan(broken, journal.LeaveOut, func(string, []byte) error { return nil }); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("a disk that fails gives %v", err)
	}
}

func TestAReaderThatHasEnoughReadsNoFurther(t *testing.T) {
	for _, damage := range []journal.OnDamage{journal.Stop, journal.LeaveOut} {
		taken := 0
		out, err := journal.Scan(strings.NewReader("{}\n{}\nbad\n"), damage, func(string, []byte) error {
			if taken++; taken == 2 {
				return fmt.Errorf("found: %w", journal.ErrEnough)
			}
			return nil
		})
		if err != nil || taken != 2 || out.Torn || out.Damaged != nil {
			t.Errorf("%d taken, %+v, %v", taken, out, err)
		}
	}
}

func TestDamagedLinesAreNamedInWords(t *testing.T) {
	for want, lines := range map[string][]int{
		"": nil,
		"line 3 of the journal is damaged and left out: what it said is missing here":                            {3},
		"lines 1, 2, 3, 4, 5 and 2 more of the journal are damaged and left out: what they said is missing here": {1, 2, 3, 4, 5, 6, 7},
	} {
		if got := journal.DamageText(lines); got != want {
			t.Errorf("%d is %q", lines, got)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add(`{"event":"one"}` + "\n" + `{"event":"two"}`)
	f.Add(`{"event":"one"` + "\n" + `{"event":"t`)
	f.Add(`{"\u0065vent":"o\u006ee"}` + "\n\n[]\n\x00")
	f.Fuzz(func(t *testing.T, text string) {
		all, left, err := scanned(text, journal.LeaveOut)
		if err != nil {
			t.Fatalf("%q: %v", text, err) // nothing is refused, and no line is too long
		}
		first, out, err := scanned(text, journal.Stop)
		if (err != nil) != (len(left.Damaged) > 0) {
			t.Errorf("%q: lines %d are damaged, and it stops for %v", text, left.Damaged, err)
		}
		if err == nil && (!slices.Equal(first, all) || out.Torn != left.Torn) || err != nil && !slices.Equal(first, all[:len(first)]) {
			t.Errorf("%q: it stops after %q of %q, torn %t and %t", text, first, all, out.Torn, left.Torn)
		}
	})
}
