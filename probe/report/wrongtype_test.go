package report

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"bothways/probe"
)

// wrongValues are of every kind that JSON has.
func wrongValues() []string {
	return []string{"7", "-7", "1e999", `"words"`, "true", "null", "[7]", `["words"]`, "{}", `{"a":{"b":7}}`, `"2026-13-45T00:00:00Z"`}
}

// Whatever member of whatever line is of another kind, its line alone is lost, and
// named; only who was asked for what can't be missed.
func TestALineWithAMemberOfAnyOtherKindCostsThatLineAlone(t *testing.T) {
	lines := strings.SplitAfter(strings.TrimSuffix(journalText(t), "\n"), "\n")
	seen := map[string]bool{} // one line of each event is enough
	for number, text := range lines {
		var members map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &members); err != nil {
			t.Fatal(err)
		}
		event := string(members["event"])
		if seen[event] {
			continue
		}
		seen[event] = true
		for _, member := range slices.Sorted(maps.Keys(members)) {
			for _, wrong := range wrongValues() {
				changed := maps.Clone(members)
				changed[member] = json.RawMessage(wrong)
				bad, err := json.Marshal(changed)
				if wrong == "1e999" {
					bad, err = []byte(strings.Replace(text, string(members[member]), wrong, 1)), nil
				}
				if err != nil {
					t.Fatal(err)
				}
				all := slices.Clone(lines)
				all[number] = strings.TrimSuffix(string(bad), "\n") + "\n"
				if event != `"probe"` {
					costsItsLineAlone(t, event+" with "+member+" "+wrong, strings.Join(all, ""), number+1)
				} else if _, err := Read(strings.NewReader(strings.Join(all, ""))); err != nil && !strings.Contains(err.Error(), "line 2") {
					t.Errorf("a header with %s %s: %v", member, wrong, err)
				}
			}
		}
	}
}

func costsItsLineAlone(t *testing.T, what, text string, number int) {
	t.Helper()
	whole := 72
	for name, read := range map[string]func(io.Reader) (*Run, error){"near": Read, "far": ReadFar} {
		run, err := read(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s, %s: the whole run is lost: %v", what, name, err)
			continue
		}
		if n := run.N(); n < whole-1 || len(run.Damaged) > 0 && !slices.Equal(run.Damaged, []int{number}) {
			t.Errorf("%s, %s: %d samples, damaged %v, want %d at most to be lost", what, name, n, run.Damaged, number)
		}
		if len(run.Damaged) > 0 && run.ending().Complete() {
			t.Errorf("%s, %s: a run that lacks a line counts as whole", what, name)
		}
		if err := run.Close(); err != nil {
			t.Error(err)
		}
	}
}

// No run writes a line of many megabytes, and none has to be held to go on behind it.
func TestALineWithoutEndIsPassedOverAndNamed(t *testing.T) {
	endless := `{"event":"sample","detail":"` + strings.Repeat("x", 17<<20)
	sample := func(key string) string { return line(t, probe.Sample{Key: key, Outcome: probe.Replicated}) }
	for name, text := range map[string]string{
		"in the middle": line(t, header()) + sample("one") + endless + "\"}\n" + sample("two"),
		"at the end":    line(t, header()) + sample("one") + endless,
	} {
		run := read(t, text)
		if want := strings.Count(text, `"key":`); len(run.Samples) != want || !slices.Equal(run.Damaged, []int{3}) {
			t.Errorf("%s: %d samples of %d, damaged %v", name, len(run.Samples), want, run.Damaged)
		}
	}
}
