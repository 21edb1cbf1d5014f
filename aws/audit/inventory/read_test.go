package inventory

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"bothways/aws/audit/difference"
)

// listed is a row as the schema of S3's lists in Parquet has it (S3 User Guide,
// Locating your inventory list).
type listed struct {
	Bucket   string  `parquet:"bucket"`
	Key      string  `parquet:"key"`
	ID       *string `parquet:"version_id,optional"`
	Latest   *bool   `parquet:"is_latest,optional"`
	Marker   *bool   `parquet:"is_delete_marker,optional"`
	Size     *int64  `parquet:"size,optional"`
	Modified int64   `parquet:"last_modified_date,optional,timestamp(millisecond)"`
	ETag     *string `parquet:"e_tag,optional"`
	Class    *string `parquet:"storage_class,optional"`
	Status   *string `parquet:"replication_status,optional"`
}

var at = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// wantRows are what both formats below hold.
var wantRows = []Row{
	{"a key/ü+", difference.Entry{VersionID: "v1", Latest: true, Modified: at, ETag: "e", Size: 5, Class: "STANDARD"}, "COMPLETED"},
	{"n", difference.Entry{VersionID: "null", Modified: at, ETag: "e-2", Class: "GLACIER"}, ""},
	{"m", difference.Entry{VersionID: "v2", Latest: true, Marker: true, Modified: at}, "REPLICA"},
}

func TestRowsOfParquet(t *testing.T) {
	ms := at.UnixMilli()
	var file bytes.Buffer
	w := parquet.NewGenericWriter[listed](&file, parquet.Compression(&parquet.Snappy))
	if _, err := w.Write([]listed{
		{"b", "a key/ü+", new("v1"), new(true), new(false), new(int64(5)), ms, new("e"), new("STANDARD"), new("COMPLETED")},
		{"b", "n", nil, new(false), new(false), new(int64(0)), ms, new("e-2"), new("GLACIER"), nil},
		{"b", "m", new("v2"), new(true), new(true), nil, ms, nil, nil, new("REPLICA")},
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var rows []Row
	err := parquetRows(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), "b", func(r *Row) error { rows = append(rows, *r); return nil })
	if diff := cmp.Diff(wantRows, rows); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
	// Damage is an error and never a row too many.
	for i := 0; i < file.Len(); i += 7 {
		damaged := bytes.Clone(file.Bytes())
		damaged[i] ^= 0xff
		n := 0
		_ = parquetRows(t.Context(), bytes.NewReader(damaged), int64(len(damaged)), "b", func(*Row) error { n++; return nil })
		if n > len(wantRows) {
			t.Errorf("with byte %d changed there are %d rows", i, n)
		}
	}
	small := bytes.Buffer{}
	short := parquet.NewGenericWriter[struct {
		Key string `parquet:"key"`
	}](&small)
	if err := short.Close(); err != nil {
		t.Fatal(err)
	}
	if err := parquetRows(t.Context(), bytes.NewReader(small.Bytes()), int64(small.Len()), "b", nil); err == nil || !strings.Contains(err.Error(), "no column bucket") {
		t.Errorf("without columns: %v", err)
	}
}

var testColumns = []string{"Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate", "ETag", "StorageClass", "ReplicationStatus"}

func TestRowsOfCSV(t *testing.T) {
	var rows []Row
	err := csvRows(strings.NewReader(`"b","a+key/%C3%BC%2B","v1","true","false","5","2026-03-01T12:00:00.000Z","e","STANDARD","COMPLETED"
"b","n","","false","false","0","2026-03-01T12:00:00.000Z","e-2","GLACIER",""
"b","m","v2","true","true","","2026-03-01T12:00:00.000Z","","","REPLICA"
`), "b", testColumns, func(r *Row) error { rows = append(rows, *r); return nil })
	if diff := cmp.Diff(wantRows, rows); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
	for text, says := range map[string]string{
		`"b","k"`: "row 1: wrong number of fields",
		`"b","%zz","v","true","false","5","2026-03-01T12:00:00.000Z","e","",""`: "row 1: its key is not URL-encoded",
		`"b","k","v","true","false","x","2026-03-01T12:00:00.000Z","e","",""`:   `row 1: its size is "x"`,
		`"b","k","v","true","false","5","yesterday","e","",""`:                  `row 1: its time is "yesterday"`,
	} {
		if err := csvRows(strings.NewReader(text), "b", testColumns, func(*Row) error { return nil }); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestManifestsThatDoNotServeAreRefused(t *testing.T) {
	for text, says := range map[string]string{
		`{`: "unexpected end",
		`{"fileFormat":"ORC","fileSchema":"struct<>"}`:                "in \"ORC\", which is not read here",
		`{"fileFormat":"CSV","fileSchema":"Bucket, Key"}`:             "no column VersionId",
		`{"fileFormat":"Parquet","files":[{"key":"k","size":-1}]}`:    "a file has -1 bytes",
		`{"fileFormat":"CSV","fileSchema":"Bucket, Key","files":"x"}`: "cannot unmarshal",
	} {
		if _, err := parseManifest([]byte(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Whatever a row has comes back from the disk.
func FuzzRecord(f *testing.F) {
	f.Add("key", "id", "etag", "STANDARD", int64(5), int64(1), true, false)
	f.Fuzz(func(t *testing.T, key, id, etag, class string, size, modified int64, latest, marker bool) {
		row := Row{Key: key, Entry: difference.Entry{
			VersionID: id, Latest: latest, Marker: marker, ETag: etag, Class: class, Size: size, Modified: time.UnixMilli(modified % (1 << 50)).UTC(),
		}}
		text := appendRecord(appendRecord(nil, &row, onB), &row, 0)
		r, rest, err := readRecord(text)
		if err != nil || r.side != onB || string(r.key) != key || len(rest)*2 != len(text) {
			t.Fatalf("%+v, %v", r, err)
		}
		if e, err := r.entry(); err != nil || !reflect.DeepEqual(e, row.Entry) {
			t.Fatalf("%+v, want %+v, %v", e, row.Entry, err)
		}
		for i := range text { // and no damage is worse than an error
			if r, _, err := readRecord(text[i:]); err == nil {
				_, _ = r.entry()
			}
		}
	})
}
