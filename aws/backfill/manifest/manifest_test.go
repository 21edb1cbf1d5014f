package manifest_test

import (
	"bytes"
	"encoding/csv"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bothways/aws/backfill/manifest"
)

func TestALineReadsTheSameForEveryDecoder(t *testing.T) {
	for key, want := range map[string]string{
		"plain/key.txt":        "plain/key.txt",
		"a b+c,d\"e\nf":        "a%20b%2Bc%2Cd%22e%0Af",
		"ü/日":                  "%C3%BC/%E6%97%A5",
		"100%":                 "100%25",
		"\x01":                 "%01",
		"-_.~":                 "-_.~",
		"=cmd()":               "%3Dcmd%28%29",
		"../../etc":            "../../etc",
		strings.Repeat("k", 9): "kkkkkkkkk",
	} {
		got := string(manifest.Line{Bucket: "b", Key: key, VersionID: "null"}.Append(nil))
		if got != "b,"+want+",null\n" {
			t.Errorf("%q is written as %q", key, got)
		}
		for name, decode := range map[string]func(string) (string, error){"as a path": url.PathUnescape, "as a query": url.QueryUnescape} {
			if back, err := decode(want); err != nil || back != key {
				t.Errorf("%q reads %s as %q, %v", want, name, back, err)
			}
		}
	}
}

func FuzzAManifestReadsAsItWasWritten(f *testing.F) {
	f.Add("bucket", "key", "null")
	f.Add("b", "a,b \"c\"\r\n", "v1")
	f.Fuzz(func(t *testing.T, bucket, key, version string) {
		if strings.ContainsAny(bucket+version, ",\"\r\n") || bucket == "" || key == "" {
			return
		}
		want := manifest.Line{Bucket: bucket, Key: key, VersionID: version}
		var got []manifest.Line
		err := manifest.Read(bytes.NewReader(want.Append(nil)), func(l manifest.Line) error {
			got = append(got, l)
			return nil
		})
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%q reads as %q, %v", want, got, err)
		}
	})
}

func FuzzResultsNeverPanic(f *testing.F) {
	f.Add("b,k,v,failed,200,DstKmsKeyInvalidState,\"no, \"\"key\"\"\"\r\n")
	f.Add("b,k,v,failed,DstKmsKeyInvalidState,200,words\n")
	f.Fuzz(func(t *testing.T, text string) {
		_ = manifest.Tasks(strings.NewReader(text), func(task manifest.Task) error {
			if task.Key == "" {
				t.Error("a task without a key")
			}
			return nil
		})
		_, _ = manifest.ReadReport(strings.NewReader(text))
	})
}

func TestResultsAreReadInEitherOrderOfTheirColumns(t *testing.T) {
	want := manifest.Task{Line: manifest.Line{Bucket: "b", Key: "a b", VersionID: "v"}, Status: "failed", Code: "DstObjectHardDeleted", HTTP: 409, Message: "gone, for good"}
	for _, columns := range [][]string{{"DstObjectHardDeleted", "409"}, {"409", "DstObjectHardDeleted"}} {
		var text bytes.Buffer
		lines := csv.NewWriter(&text)
		_ = lines.Write([]string{"b", "a%20b", "v", "failed", columns[0], columns[1], "gone, for good"})
		lines.Flush()
		var got []manifest.Task
		if err := manifest.Tasks(&text, func(task manifest.Task) error {
			got = append(got, task)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]manifest.Task{want}, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAReportOfAnotherFormatIsRefused(t *testing.T) {
	if _, err := manifest.ReadReport(strings.NewReader(`{"Format":"Report_CSV_20990101"}`)); err == nil || !strings.Contains(err.Error(), "Report_CSV_20990101") {
		t.Errorf("got %v", err)
	}
	if _, err := manifest.ReadReport(strings.NewReader(`<Error>`)); err == nil {
		t.Error("what is no JSON is taken")
	}
	got, err := manifest.ReadReport(strings.NewReader(`{"Format":"Report_CSV_20180820","Results":[{"TaskExecutionStatus":"failed","Bucket":"b","MD5Checksum":"00","Key":"k"}]}`))
	if err != nil || len(got.Results) != 1 || got.Results[0].Key != "k" {
		t.Errorf("got %+v, %v", got, err)
	}
}
