package inventory_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"bothways/aws/audit"
	"bothways/aws/audit/athena"
	"bothways/aws/audit/athena/athenatest"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
)

func TestAthenasAnswerHasTheRowsOfTheListings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.plant()
		found := l.found()
		direct, directly := l.rows(audit.Config{CutOff: found.CutOff()})
		ran := athenatest.Comparer(t.Context(), testPair, map[pair.SideName]*s3.Client{pair.A: l.s3(pair.A), pair.B: l.s3(pair.B)})
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
