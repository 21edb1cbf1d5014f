package athena_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"bothways/aws/audit/athena"
	"bothways/aws/audit/compare"
	"bothways/aws/audit/inventory"
)

func testLists() inventory.Lists {
	at := time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC)
	list := func(source string, format inventory.Format, columns ...string) inventory.List {
		return inventory.List{
			Offer: inventory.Offer{ID: "audit", Bucket: source + "-lists", Prefix: "under", Format: format}, Source: source,
			Stamp: "2026-03-01T01-00Z", At: at, Columns: columns,
		}
	}
	return inventory.Lists{
		A: list("one", inventory.CSV, "Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate", "ETag", "StorageClass"),
		B: list("two", inventory.Parquet),
	}
}

func TestTheScriptIsWholeByItself(t *testing.T) {
	lists := testLists()
	comparison := athena.Comparison{Lists: lists, Prefix: "it's/", Slices: 2}
	statements := comparison.Statements(compare.Rules{Since: lists.A.At.Add(-24 * time.Hour), CutOff: lists.CutOff()})
	script := statements.Script(lists, true, lists.A.At.Add(30*time.Hour))
	for _, says := range []string{
		"LOCATION 's3://one-lists/under/one/audit/hive/dt=2026-03-01-01-00/'", "OpenCSVSerde", "ParquetHiveSerDe",
		"  storage_class string", "starts_with(k, 'it''s/')", ", 1) = 0", ", 1) = 1", "slice 2 of 2", "DROP TABLE IF EXISTS bothways_",
		"48 hours late", "before acting",
	} {
		if !strings.Contains(script, says) {
			t.Errorf("%q is not in the script", says)
		}
	}
	if n := strings.Count(script, "\nWITH "); n != 4 {
		t.Errorf("%d questions", n)
	}
	if path := os.Getenv("BOTHWAYS_SQL_SCRIPT"); path != "" { // for tries/run
		if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	given := athena.Comparison{Lists: lists, A: "db.one", B: "db.two"}.Statements(compare.Rules{}).Differences(0)
	for _, says := range []string{"FROM db.one WHERE dt = '2026-03-01-01-00'", "FROM db.two WHERE dt = '2026-03-01-01-00'"} {
		if !strings.Contains(given, says) {
			t.Errorf("%q is not in %s", says, given)
		}
	}
}

// Fewer slices read less, and more take less memory.
func TestSlices(t *testing.T) {
	for versions, want := range map[int64]int{0: 1, 250_000_000: 1, 250_000_001: 2, 1_000_000_000: 4, 20_000_000_000: 128} {
		if got := athena.Slices(versions); got != want {
			t.Errorf("%d versions take %d slices, want %d", versions, got, want)
		}
	}
}
