package trail_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/evidence/trail"
)

func copied(t *testing.T, journal string, mask bool) string {
	t.Helper()
	var out bytes.Buffer
	if err := trail.Copy(&out, strings.NewReader(journal), mask); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestACopyKeepsEachLineAndNamesTheOneBefore(t *testing.T) {
	got := copied(t, `{"event":"drill_note","text":"account 111122223333","version":"111122223333"}`+"\n{ }\n\nno json\n", true)
	lines := strings.Split(got, "\n")
	if len(lines) != 6 || !strings.HasPrefix(lines[0], `{"event":"drill_note","text":"account ************","version":"111122223333","previous_sha256":"000`) ||
		!strings.HasPrefix(lines[1], `{ "previous_sha256":"`) || !strings.Contains(lines[2], `"blank":true`) || !strings.Contains(lines[3], `"line":4`) ||
		!strings.HasPrefix(lines[4], `{"event":"journal_end","lines":4,`) {
		t.Errorf("got:\n%s", got)
	}
	if err := trail.Check(strings.NewReader(got)); err != nil {
		t.Error(err)
	}
	if err := trail.Copy(&bytes.Buffer{}, strings.NewReader(got), false); err == nil {
		t.Error("a copy is copied")
	}
}

// Whatever lies in a journal, its copy is a chain of JSON that says the same, and a
// line that is taken out of it shows.
func FuzzAnyJournalIsCopiedAndReported(f *testing.F) {
	f.Add("{\"event\":\"drill\",\"drill\":\"d\",\"kind\":\"cut\"}\n{\"event\":\"sample\",\"key\":\"k\",\"bracket_ms\":[1,1e300]}\n{\"event\":\"drill_instant\",\"what\":\"cut\",\"since_start_ms\":5}\n")
	f.Add("{\"event\":\"drill_state\",\"state\":\"converged\",\"reached\":true,\"since_start_ms\":1}\n{\"event\":\"drill_conf")
	f.Add("{\"a\":\"\\\"111122223333:\",\"b\":[\"x\",{\"c\":\"AKIAABCDEFGHIJKLMNOP\"}]}\n\x00\x00\n")
	f.Fuzz(func(t *testing.T, journal string) {
		if strings.Contains(journal, "previous_sha256") {
			t.Skip("a copy already")
		}
		for _, mask := range []bool{false, true} {
			got := copied(t, journal, mask)
			if err := trail.Check(strings.NewReader(got)); err != nil {
				t.Fatal(err)
			}
			lines := strings.SplitAfter(got, "\n")
			for _, line := range lines[:len(lines)-1] {
				if !json.Valid([]byte(line)) {
					t.Fatalf("%q is no JSON", line)
				}
			}
			if err := trail.Check(strings.NewReader(strings.Join(lines[1:], ""))); err == nil && len(lines) > 2 {
				t.Fatal("the first line is missing and nothing is said")
			}
			if read, err := trail.Read(strings.NewReader(got)); err == nil {
				figures.Of(read, "fuzz")
			}
		}
	})
}
