package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bothways/aws/journal"
	"bothways/aws/pair"
)

var one = pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "one-a"}, B: pair.Side{Region: "us-east-1", Bucket: "one-b"}}

const (
	opened  = `{"event":"run","schema":1,"run_id":"R","version":"v","command":"apply","access":"profile work","started_at":"2026-11-22T10:15:00Z"}` + "\n"
	planned = `{"event":"apply","pair":{"a":{"region":"eu-west-1","bucket":"one-a"},"b":{"region":"us-east-1","bucket":"one-b"},"options":{}},"accounts":{"A":"1","B":"1"},"purpose":"set up"}` + "\n"
)

func step(id, status string) string {
	return `{"event":"step","id":"` + id + `","status":"` + status + `","detail":"","elapsed_ms":0}` + "\n"
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTheNewestRunOfAPairTellsHowItEnded(t *testing.T) {
	whole := opened + planned + step("bucket-a", "pending") + step("bucket-a", "running") + step("bucket-a", "done")
	cut := opened + planned + step("bucket-a", "pending") + step("rule-a-to-b", "pending") + step("bucket-a", "running") + step("rule-a-to-b", "running") + step("bucket-a", "done")
	for name, c := range map[string]struct {
		files    map[string]string
		found    bool
		ended    bool
		torn     bool
		inFlight []string
	}{
		"none":                        {nil, false, false, false, nil},
		"it ended":                    {map[string]string{"1": whole}, true, true, false, nil},
		"it was cut":                  {map[string]string{"1": cut}, true, false, false, []string{"rule-a-to-b"}},
		"its last line is torn":       {map[string]string{"1": cut + `{"event":"step","id":"rule-a-to-b","sta`}, true, false, true, []string{"rule-a-to-b"}},
		"a later one ended":           {map[string]string{"1": cut, "2": whole}, true, true, false, nil},
		"two in one second":           {map[string]string{"20261122-101500-aaaa": strings.Replace(whole, "10:15:00Z", "10:15:00.9Z", 1), "20261122-101500-bbbb": strings.Replace(cut, "10:15:00Z", "10:15:00.1Z", 1)}, true, true, false, nil},
		"before its first step":       {map[string]string{"1": opened + planned + step("bucket-a", "pending")}, true, false, false, nil},
		"of another pair":             {map[string]string{"1": strings.ReplaceAll(cut, "one-b", "two-b")}, false, false, false, nil},
		"of another pair and damaged": {map[string]string{"1": cut, "2": strings.ReplaceAll(opened+planned, "one-b", "two-b") + "\x00\n"}, true, false, false, []string{"rule-a-to-b"}},
		"of a private sandbox":        {map[string]string{"1": strings.Replace(cut, "profile work", "sandbox", 1)}, false, false, false, nil},
		"dead before its first line":  {map[string]string{"1": cut, "2": "", "3": `{"event":"ru`}, true, false, false, []string{"rule-a-to-b"}},
		"a probe's, of any size":      {map[string]string{"1": strings.Replace(opened, `"apply"`, `"probe"`, 1) + "not read"}, false, false, false, nil},
		"without a plan that changed": {map[string]string{"1": cut, "2": opened}, true, false, false, []string{"rule-a-to-b"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := journal.Last(folder(t, c.files), one)
			if err != nil || (got != nil) != c.found {
				t.Fatalf("found %v, %v", got, err)
			}
			if got != nil && (got.Ended() != c.ended || got.Torn != c.torn || !slices.Equal(got.InFlight(), c.inFlight)) {
				t.Errorf("ended %t, torn %t, in flight %v", got.Ended(), got.Torn, got.InFlight())
			}
			if got != nil && (got.Accounts[pair.A] != "1" || got.Command != "apply") {
				t.Errorf("it is read as %+v", got)
			}
		})
	}
}

func TestAnEarlierRunKnowsWhereItsStepsWere(t *testing.T) {
	text := opened + planned + `{"event":"step","id":"bucket-b","side":"B","status":"done"}` + "\n" + `{"event":"step","id":"rule-b-to-a","direction":"BtoA","status":"failed"}` + "\n"
	got, err := journal.Last(folder(t, map[string]string{"1": text}), one)
	if err != nil || got.Places["bucket-b"].Side != pair.B || *got.Places["rule-b-to-a"].Direction != pair.BtoA {
		t.Errorf("they were at %+v, %v", got.Places, err)
	}
}

func TestAJournalThatCannotBeUnderstoodIsNamed(t *testing.T) {
	for name, text := range map[string]string{
		"a damaged line":    opened + planned + "\x00\x00\x00\n" + step("bucket-a", "done"),
		"a future schema":   strings.Replace(opened, `"schema":1`, `"schema":99`, 1) + planned,
		"not one of ours":   "hello\n" + planned,
		"a damaged opening": opened[:40] + "\n" + planned,
		"a plan of no pair": opened + strings.Replace(planned, `{"region":"eu-west-1","bucket":"one-a"}`, "7", 1) + planned,
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, map[string]string{"20261122-101500-abcd": text})
			_, err := journal.Last(dir, one)
			broken, ok := errors.AsType[*journal.BrokenError](err)
			if name == "a damaged line" && !strings.Contains(err.Error(), "line 3 is damaged") {
				t.Errorf("it does not say which line: %v", err)
			}
			if !ok || broken.Path != filepath.Join(dir, "20261122-101500-abcd.ndjson") || !strings.Contains(err.Error(), broken.Path) {
				t.Errorf("it says %v", err)
			}
		})
	}
}

func TestAFolderThatIsNotThereHasNoEarlierRuns(t *testing.T) {
	for _, dir := range []string{"", filepath.Join(t.TempDir(), "none")} {
		if got, err := journal.Last(dir, one); got != nil || err != nil {
			t.Errorf("in %q: %v, %v", dir, got, err)
		}
	}
}

func FuzzAJournalOfAnyBytesIsReadOrRefused(f *testing.F) {
	f.Add([]byte(opened + planned + step("bucket-a", "running")))
	f.Add([]byte(opened + planned + `{"event":"step"`))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		path := filepath.Join(dir, "1.ndjson")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := journal.Last(dir, one)
		if _, broken := errors.AsType[*journal.BrokenError](err); err != nil && !broken || err != nil && got != nil {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	})
}
