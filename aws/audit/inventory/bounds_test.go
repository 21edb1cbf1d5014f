package inventory

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

const goodRow = `"b","a+key/%C3%BC%2B","v1","true","false","5","2026-03-01T12:00:00.000Z","e","STANDARD","COMPLETED"` + "\n"

// endless repeats a text, and counts what was read of it.
type endless struct {
	text string
	had  int64
	told func(had int64)
}

// Read implements io.Reader.
func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		n += copy(p[n:], e.text[(e.had+int64(n))%int64(len(e.text)):])
	}
	e.had += int64(n)
	if e.told != nil {
		e.told(e.had)
	}
	return n, nil
}

func TestARowThatDoesNotEndIsRefusedBeforeItIsKept(t *testing.T) {
	for name, text := range map[string]string{"a field": "x", "a quote that nobody closes": "x\n", "empty lines": "\n", "fields": `"a",`} {
		from := &endless{text: text}
		begin := goodRow
		if strings.HasPrefix(name, "a ") {
			begin += `"b","`
		}
		err := csvRows(io.MultiReader(strings.NewReader(begin), from), "b", testColumns, func(*Row) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "row 2: it does not end within 262,144 bytes") || from.had > 1<<20 {
			t.Errorf("%s: after %d bytes: %v", name, from.had, err)
		}
	}
}

func TestRowsThatS3DidNotWriteAreRefused(t *testing.T) {
	for from, to := range map[string]string{
		`"b"`: `"other"`, `a+key/%C3%BC%2B`: strings.Repeat("k", 1025), `"a+key/%C3%BC%2B"`: `""`, `"v1"`: `"` + strings.Repeat("v", 1025) + `"`, `"true"`: `"yes"`,
		`"5"`: `"-5"`, `2026`: `9999999`, `STANDARD`: strings.Repeat("S", 65), `COMPLETED`: strings.Repeat("C", 65), `"e"`: `"` + strings.Repeat("e", 1025) + `"`,
	} {
		n := 0
		err := csvRows(strings.NewReader(goodRow+strings.Replace(goodRow, from, to, 1)), "b", testColumns, func(*Row) error { n++; return nil })
		var row *rowError
		if !errors.As(err, &row) || row.number != 2 || n != 1 || len(err.Error()) > 300 {
			t.Errorf("%.20q: %d rows, %v", to, n, err)
		}
		if from == `"b"` && !strings.Contains(err.Error(), `row 2: it is of the bucket "other" and not of "b"`) {
			t.Error(err)
		}
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	from := &endless{text: goodRow}
	from.told = func(had int64) {
		if had > 1<<20 {
			cancel()
		}
	}
	err := csvRows(cancelled{ctx, from}, "b", testColumns, func(*Row) error { return nil })
	if !errors.Is(err, context.Canceled) || from.had > 3<<20 {
		t.Errorf("after %d bytes: %v", from.had, err)
	}
	file := parquetOf(t, "b", "b")
	err = parquetRows(ctx, bytes.NewReader(file), int64(len(file)), "b", func(*Row) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("of Parquet: %v", err)
	}
}

// parquetOf is a file with a row of each bucket.
func parquetOf(t testing.TB, buckets ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	w := parquet.NewGenericWriter[listed](&file, parquet.Compression(&parquet.Snappy))
	for _, bucket := range buckets {
		if _, err := w.Write([]listed{{bucket, "k", new("v1"), new(true), new(false), new(int64(5)), at.UnixMilli(), new("e"), new("STANDARD"), nil}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestParquetOfOtherBucketsAndOfOtherSizesIsRefused(t *testing.T) {
	read := func(file []byte) error {
		return parquetRows(t.Context(), bytes.NewReader(file), int64(len(file)), "b", func(*Row) error { return nil })
	}
	if err := read(parquetOf(t, "b", "other")); err == nil || !strings.Contains(err.Error(), `row 2: it is of the bucket "other"`) {
		t.Errorf("another bucket: %v", err)
	}
	claims := parquetOf(t, "b")
	binary.LittleEndian.PutUint32(claims[len(claims)-8:], 1<<31)
	if err := read(claims); err == nil || !strings.Contains(err.Error(), "its directory has 2,147,483,648 bytes") {
		t.Errorf("a large directory: %v", err)
	}
	var wide bytes.Buffer
	w := parquet.NewGenericWriter[listed](&wide, parquet.PageBufferSize(64<<20))
	rows := make([]listed, 17<<10)
	for i := range rows {
		rows[i] = listed{Bucket: "b", Key: strings.Repeat("k", mostKey)}
	}
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := read(wide.Bytes()); err == nil || !strings.Contains(err.Error(), "at most 16,777,216 are read") {
		t.Errorf("a large page: %v", err)
	}
	var zstd bytes.Buffer
	other := parquet.NewGenericWriter[listed](&zstd, parquet.Compression(&parquet.Zstd))
	if _, err := other.Write([]listed{{Bucket: "b", Key: "k"}}); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := read(zstd.Bytes()); err == nil || !strings.Contains(err.Error(), "packed as ZSTD") {
		t.Errorf("another packing: %v", err)
	}
	// A list of the directory that claims to have 2^28 elements.
	if _, err := compactLength([]byte{0x19, 0xfc, 0x80, 0x80, 0x80, 0x80, 0x01}); err == nil {
		t.Error("it takes a list for what it claims to be")
	}
}

func TestManifestsThatDoNotFitTheirPlaceAreRefused(t *testing.T) {
	now := at.Add(time.Hour)
	found := delivered{Offer: Offer{ID: "i", Bucket: "lists"}, stamp: "2026-03-01T12-00Z", at: at}
	for why, l := range map[string]List{
		"":                                 {At: at},
		"is of lists in the bucket":        {At: at, Offer: Offer{Bucket: "others"}},
		"and its folder 2026-03-01T12-00Z": {At: at.Add(-48 * time.Hour)},
		"which is 16 min ahead of this":    {At: now.Add(16 * time.Minute)},
	} {
		if got := l.mismatch(found, now); !strings.Contains(got, why) || (why == "") != (got == "") {
			t.Errorf("%q, want %q", got, why)
		}
	}
	schema := strings.Join(testColumns, ", ")
	for text, says := range map[string]string{
		`{"fileFormat":"Parquet","files":[{"key":"data/1.csv.gz","size":1}]}`:                                                  "does not end in .parquet",
		`{"fileFormat":"CSV","fileSchema":"` + schema + `","files":[{"key":"data/1.parquet","size":1}]}`:                       "does not end in .csv.gz",
		`{"fileFormat":"CSV","fileSchema":"` + schema + `, Key"}`:                                                              `the column "Key" twice`,
		`{"fileFormat":"CSV","fileSchema":"` + strings.TrimPrefix(schema, "Bucket, ") + `"}`:                                   "no column Bucket",
		`{"fileFormat":"CSV","fileSchema":"` + schema + `","files":[{"key":"1.csv.gz","size":1},{"key":"1.csv.gz","size":1}]}`: "names the file \"1.csv.gz\" twice",
		`{"fileFormat":"CSV","fileSchema":"` + schema + `","creationTimestamp":"99999999999999999"}`:                           "its creationTimestamp is",
		`{"fileFormat":"CSV","fileSchema":"` + schema + `","creationTimestamp":"soon"}`:                                        "its creationTimestamp is",
		`{"fileFormat":"` + strings.Repeat("x", 500) + `"}`:                                                                    "which is not read here",
	} {
		if _, err := parseManifest([]byte(text)); err == nil || !strings.Contains(err.Error(), says) || len(err.Error()) > 300 {
			t.Errorf("%s: %v", text, err)
		}
	}
	// A manifest without a schema, read as CSV all the same, is no panic.
	if err := csvRows(strings.NewReader(goodRow), "b", nil, func(*Row) error { return nil }); err == nil || !strings.Contains(err.Error(), "no column Bucket") {
		t.Error(err)
	}
}

func TestAFileHasTheSizeThatItsManifestGives(t *testing.T) {
	for size, says := range map[int64]string{4: "has more than the 4 bytes", 6: "has 5 bytes, and the manifest gives 6", 5: ""} {
		s := &sizedReader{from: strings.NewReader("12345"), size: size}
		_, err := io.ReadAll(s)
		if err == nil {
			err = s.short()
		}
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%d: %v", size, err)
		}
	}
}

func TestAgesAreNotZero(t *testing.T) {
	for age, says := range map[time.Duration]string{
		-10 * time.Minute: "A, less than a minute ago", 61 * time.Second: "A, 1 min 1 s ago", 10 * time.Minute: "A, 10 min ago", 26 * time.Hour: "A, 26 h ago",
	} {
		l := Lists{A: List{At: at}, B: List{At: at}}
		if got := strings.Join(l.Notes(at.Add(age)), " "); !strings.Contains(got, says) {
			t.Errorf("%v: %s", age, got)
		}
	}
}

// Whatever manifest and file say, they end in rows or in an error.
func FuzzLists(f *testing.F) {
	csv := `{"sourceBucket":"b","fileFormat":"CSV","fileSchema":"` + strings.Join(testColumns, ", ") + `","files":[{"key":"1.csv.gz","size":1}]}`
	packed := parquetOf(f, "b", "b", "b")
	f.Add([]byte(csv), []byte(goodRow+goodRow))
	f.Add([]byte(csv), []byte("\n\n\"b\",\"k\"\n"))
	f.Add([]byte(`{"sourceBucket":"b","fileFormat":"Parquet","files":[{"key":"1.parquet","size":1}]}`), packed)
	f.Add([]byte(`{"sourceBucket":"b","fileFormat":"Parquet","files":[{"key":"1.csv.gz","size":1}]}`), []byte(goodRow))
	f.Fuzz(func(t *testing.T, manifest, content []byte) {
		list, err := parseManifest(manifest)
		if err != nil {
			list = List{Source: "b", Columns: testColumns, Offer: Offer{Format: CSV}}
			if bytes.HasPrefix(content, []byte("PAR1")) {
				list.Format = Parquet
			}
		}
		_ = list.mismatch(delivered{at: at}, at)
		r := &reader{list: list, folder: t.TempDir()}
		rows := 0
		take := func(r *Row) error {
			if rows++; r.Key == "" || len(r.Key) > mostKey || r.VersionID == "" {
				t.Errorf("a row is %+v", r)
			}
			return nil
		}
		if list.Format == CSV {
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			_, _ = w.Write(content)
			_ = w.Close()
			_ = r.content(t.Context(), bytes.NewReader(content), take) // not packed
			content = packed.Bytes()
		}
		_ = r.content(t.Context(), bytes.NewReader(content), take)
	})
}
