package batch

import (
	"encoding/csv"
	"strings"
	"testing"
)

// What is read from a manifest is written in reports as it was meant, and reads
// the same again.
func FuzzReadLines(f *testing.F) {
	f.Add("bucket,a%20key,v\nbucket,%C3%BC+,null\n", true)
	f.Add("bucket,\"a,b\"\r\n", false)
	f.Add("bucket,k,\n", true)
	f.Add("\ufeffbucket,k\n", false)
	f.Fuzz(func(t *testing.T, text string, versions bool) {
		tasks, failure := readLines(strings.NewReader(text), versions)
		if (failure == nil) != (len(tasks) > 0) {
			t.Fatalf("%d tasks and %v", len(tasks), failure)
		}
		for i := range tasks {
			tasks[i].ended = true
		}
		written, _ := rows(tasks)
		lines, err := csv.NewReader(strings.NewReader(string(written))).ReadAll()
		if err != nil || len(lines) != len(tasks) {
			t.Fatalf("%d tasks are %d rows, %v", len(tasks), len(lines), err)
		}
		var again strings.Builder
		w := csv.NewWriter(&again)
		for i, line := range lines {
			version := tasks[i].version
			if want := map[bool]string{true: `\N`, false: version}[tasks[i].noVersion]; line[2] != want {
				t.Errorf("the version %q is %q in the report", version, line[2])
			}
			_ = w.Write([]string{line[0], line[1], version})
		}
		w.Flush()
		back, _ := readLines(strings.NewReader(again.String()), true)
		for i := range back {
			if back[i].bucket != tasks[i].bucket || back[i].key != tasks[i].key {
				t.Errorf("%+v became %+v", tasks[i], back[i])
			}
		}
		if len(back) != len(tasks) {
			t.Errorf("%d tasks became %d", len(tasks), len(back))
		}
	})
}
