package inventory_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"bothways/aws/audit"
	"bothways/aws/audit/athena"
	"bothways/aws/audit/athena/athenatest"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
)

// version is what both sides have of one, as Athena is asked for it.
type version struct {
	n                   [2]int
	latest, marker      [2]bool
	size, ms            [2]int64
	etag, class         [2]string
	differs, keyDiffers bool
	key, id             string
}

// versions reads both buckets with the SDK and judges them as the statements
// say, in other words than theirs.
func (l *lab) versions() []*version {
	l.Helper()
	byID := map[[2]string]*version{}
	var all []*version
	for i, side := range pair.Sides() {
		add := func(key, id string, latest, marker bool, ms, size int64, etag, class string) {
			v := byID[[2]string{key, id}]
			if v == nil {
				v = &version{key: key, id: id}
				byID[[2]string{key, id}] = v
				all = append(all, v)
			}
			v.n[i]++
			v.latest[i], v.marker[i], v.size[i], v.ms[i], v.etag[i], v.class[i] = latest, marker, size, ms, etag, class
		}
		pages := s3.NewListObjectVersionsPaginator(l.s3(side), &s3.ListObjectVersionsInput{Bucket: aws.String(testPair.Side(side).Bucket)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(l.Context())
			l.do(page, err)
			for _, v := range page.Versions {
				add(*v.Key, *v.VersionId, *v.IsLatest, false, v.LastModified.UnixMilli(), *v.Size, strings.Trim(*v.ETag, `"`), string(v.StorageClass))
			}
			for _, m := range page.DeleteMarkers {
				add(*m.Key, *m.VersionId, *m.IsLatest, true, m.LastModified.UnixMilli(), 0, "", "")
			}
		}
	}
	keys := map[string]bool{}
	for _, v := range all {
		apart := v.ms[0] - v.ms[1]
		v.differs = v.n != [2]int{1, 1} || v.latest[0] != v.latest[1] || v.marker[0] != v.marker[1] || v.size[0] != v.size[1] ||
			v.etag[0] != v.etag[1] || v.id == "null" && max(apart, -apart) > 1000
		keys[v.key] = keys[v.key] || v.differs
	}
	for _, v := range all {
		v.keyDiffers = keys[v.key]
	}
	return all
}

// evaluate answers the statements.
func (l *lab) evaluate(cutOff int64) func(string) ([][]*string, error) {
	bit := func(b bool) string {
		if b {
			return "1"
		}
		return "0"
	}
	return func(statement string) ([][]*string, error) {
		switch {
		case strings.Contains(statement, "all keys that differ"):
			var rows [][]string
			for _, v := range l.versions() {
				if !v.keyDiffers {
					continue
				}
				row := []string{v.key, v.id, fmt.Sprint(v.n[0]), fmt.Sprint(v.n[1])}
				for _, field := range []func(i int) string{
					func(i int) string { return bit(v.latest[i]) }, func(i int) string { return bit(v.marker[i]) },
					func(i int) string { return fmt.Sprint(v.size[i]) }, func(i int) string { return fmt.Sprint(v.ms[i]) },
					func(i int) string { return v.etag[i] }, func(i int) string { return v.class[i] },
				} {
					for i := range 2 {
						if v.n[i] == 0 {
							row = append(row, athenatest.Null)
							continue
						}
						row = append(row, field(i))
					}
				}
				rows = append(rows, row)
			}
			return sortedRows(rows), nil
		case strings.Contains(statement, "do not differ"):
			var n [11]int64
			keys := map[string]bool{}
			for _, v := range l.versions() {
				if v.keyDiffers {
					continue
				}
				keys[v.key] = true
				for i := range 2 {
					if v.marker[i] {
						n[3+i]++
					} else {
						n[1+i]++
						n[5+i] += v.size[i]
					}
				}
				at := 7
				if max(v.ms[0], v.ms[1]) > cutOff {
					at = 9
				}
				n[at]++
				n[at+1] += v.size[0]
			}
			n[0] = int64(len(keys))
			var row []string
			for _, field := range n {
				row = append(row, fmt.Sprint(field))
			}
			return athenatest.Rows(make([]string, 11), row), nil
		case strings.HasPrefix(statement, "CREATE EXTERNAL TABLE"), strings.HasPrefix(statement, "DROP TABLE"):
			return athenatest.Rows(nil), nil
		}
		return nil, errors.New("SYNTAX_ERROR")
	}
}

func sortedRows(rows [][]string) [][]*string {
	// One key's rows follow each other, as ORDER BY has them.
	byKey := map[string][][]string{}
	var order []string
	for _, r := range rows {
		if byKey[r[0]] == nil {
			order = append(order, r[0])
		}
		byKey[r[0]] = append(byKey[r[0]], r)
	}
	var sorted [][]string
	for _, key := range order {
		sorted = append(sorted, byKey[key]...)
	}
	return athenatest.Rows(make([]string, 16), sorted...)
}

func TestAthenasAnswerHasTheRowsOfTheListings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.plant()
		found := l.found()
		direct, directly := l.rows(audit.Config{CutOff: found.CutOff()})
		ran := l.evaluate(found.CutOff().UnixMilli())
		slices := 1
		if engine := os.Getenv("BOTHWAYS_SQL_ENGINE"); engine != "" {
			ran, slices = l.engine(engine, found), 4
		}
		s := athenatest.New(ran)
		s.Page = 1000
		comparison := athena.Comparison{
			Queries: &athena.Queries{Client: s.InProcess(), Workgroup: "w", RunID: "run"}, Lists: found, Slices: slices,
		}
		rows, tally := l.rows(audit.Config{CutOff: found.CutOff(), Source: comparison.Source})
		if diff := cmp.Diff(direct, rows); diff != "" {
			t.Errorf("direct (-) and Athena (+):\n%s", diff)
		}
		if diff := cmp.Diff(asText(t, directly), asText(t, tally)); diff != "" {
			t.Errorf("the counts, direct (-) and Athena (+):\n%s", diff)
		}
		var first []string
		for _, in := range s.Started {
			first = append(first, strings.Fields(in["QueryString"].(string))[0])
		}
		if got := strings.Join(first, " "); got != "CREATE CREATE"+strings.Repeat(" -- --", slices)+" DROP DROP" {
			t.Errorf("the statements begin with %s", got)
		}
	})
}

// engine has an engine of SQL, a program that reads two files, execute the
// statements over the lists as S3 wrote them.
func (l *lab) engine(program string, found inventory.Lists) func(string) ([][]*string, error) {
	l.Helper()
	dir := l.TempDir()
	var setUp strings.Builder
	for _, side := range pair.Sides() {
		list := found.Of(side)
		var files []string
		for i, f := range list.Files {
			out, err := l.s3(side).GetObject(l.Context(), &s3.GetObjectInput{Bucket: &list.Bucket, Key: &f.Key})
			l.do(out, err)
			plain, err := gzip.NewReader(out.Body)
			l.do(plain, err)
			text, err := io.ReadAll(plain)
			l.do(text, err)
			path := filepath.Join(dir, fmt.Sprintf("%s-%d.csv", side, i))
			l.do(0, os.WriteFile(path, text, 0o600))
			files = append(files, "'"+path+"'")
		}
		names := map[string]string{
			"VersionId": "version_id", "IsLatest": "is_latest", "IsDeleteMarker": "is_delete_marker", "LastModifiedDate": "last_modified_date",
			"ETag": "e_tag", "StorageClass": "storage_class",
		}
		var columns []string
		for _, c := range list.Columns {
			if names[c] == "" {
				names[c] = strings.ToLower(c)
			}
			columns = append(columns, "'"+names[c]+"'")
		}
		fmt.Fprintf(&setUp, "CREATE VIEW %s AS SELECT * FROM read_csv([%s], header=false, all_varchar=true, names=[%s], quote='\"', escape='\"');\n",
			athena.TableOf(list).Name, strings.Join(files, ","), strings.Join(columns, ","))
	}
	tables, asked := filepath.Join(dir, "tables.sql"), filepath.Join(dir, "asked.sql")
	l.do(0, os.WriteFile(tables, []byte(setUp.String()), 0o600))
	return func(statement string) ([][]*string, error) {
		if strings.HasPrefix(statement, "CREATE EXTERNAL TABLE") || strings.HasPrefix(statement, "DROP TABLE") {
			return athenatest.Rows(nil), nil // the engine has views for them
		}
		if err := os.WriteFile(asked, []byte(statement), 0o600); err != nil {
			return nil, err
		}
		var said bytes.Buffer
		command := exec.CommandContext(l.Context(), program, tables, asked)
		command.Stderr = &said
		out, err := command.Output()
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, said.String())
		}
		var rows [][]*string
		return rows, json.Unmarshal(out, &rows)
	}
}
