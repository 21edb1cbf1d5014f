package backfill_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"mvdan.cc/sh/v3/syntax"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// A line is typed as it stands: it is whole, a shell takes it, and nothing in it is
// left to be filled in or said behind it, which not every shell takes for a comment.
func TestThePlansLinesCanBeTypedAsTheyStand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		const archived = "it's archived"
		l.put(pair.A, archived, "old")
		l.put(pair.A, "-dash", "a key as an option")
		l.put(pair.B, "b", "of B")
		l.setUp()
		l.settle()
		asked := l.asked()
		asked.Copies = true
		rows := asked.Rows
		asked.Rows = func(yield func(difference.Difference, error) bool) {
			for d, err := range rows {
				if d.Key == archived {
					d.Remedy = difference.Restore
				}
				if !yield(d, err) {
					return
				}
			}
		}
		p := l.prepare(asked)
		var lines []string
		for _, st := range p.Steps {
			if st.CLI != "" {
				lines = append(lines, st.CLI)
			}
		}
		restores := ""
		for _, f := range p.Findings {
			if at := strings.Index(f.Meaning, "aws s3api"); at >= 0 {
				restores = f.Meaning[at:]
			}
		}
		if want := "--key 'it'\\''s archived' --version-id "; !strings.Contains(restores, want) || !strings.HasSuffix(restores, " --restore-request Days=7") || !strings.Contains(restores, "--bucket "+*l.bucket(pair.A)) {
			t.Errorf("the line that restores is %q", restores)
		}
		if lines = append(lines, restores); len(lines) < 12 {
			t.Errorf("there are only %d lines", len(lines))
		}
		for _, line := range lines {
			file, err := syntax.NewParser(syntax.KeepComments(true)).Parse(strings.NewReader(line), "")
			if err != nil {
				t.Errorf("%v: %s", err, line)
				continue
			}
			syntax.Walk(file, func(n syntax.Node) bool {
				if comment, is := n.(*syntax.Comment); is {
					t.Errorf("something is said behind a line: %q", comment.Text)
				}
				return true
			})
			for _, left := range []string{"…", "ETAG\"", " TOKEN", "--key -"} {
				if strings.Contains(line, left) {
					t.Errorf("%q is left to be filled in, or taken for an option: %s", left, line)
				}
			}
		}
	})
}
