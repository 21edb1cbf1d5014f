package athena

import (
	"fmt"
	"strings"
	"time"

	"bothways/aws/audit/compare"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
)

// Table is what stands for the list of a side.
type Table struct {
	// Name is that of the table, with its database where it is not the query's.
	Name string
	// Partition is the dt of the list in a table that has several; "": the table
	// has this list alone.
	Partition string
	Format    inventory.Format
	// Class says that the table has the storage class.
	Class bool
}

// Statements are the questions to Athena: they ask for each key in whose
// versions the sides differ, all of its versions, and the counts of all others.
// What these differences are, the same code tells that compares listings.
type Statements struct {
	A, B   Table
	Prefix string
	Rules  compare.Rules
	// Slices is how many queries share the keys between them, by their hash, a
	// power of two: each takes a share of the memory, and reads all again.
	Slices int
}

// side are the rows of a side's table, in one form whatever its format.
func (s Statements) side(side pair.SideName, slice int) string {
	t := s.A
	if side == pair.B {
		t = s.B
	}
	key, latest, marker := "key", "is_latest", "is_delete_marker"
	size, modified := "size", "last_modified_date"
	if t.Format == inventory.CSV {
		// Lists in CSV have encoded keys, and their tables text alone.
		// A table that somebody made may have types nevertheless.
		key, latest, marker = "url_decode(key)", "CAST(is_latest AS VARCHAR) = 'true'", "CAST(is_delete_marker AS VARCHAR) = 'true'"
		size, modified = "TRY_CAST(CAST(size AS VARCHAR) AS BIGINT)", "from_iso8601_timestamp(last_modified_date)"
	}
	class := "''"
	if t.Class {
		class = "COALESCE(storage_class, '')"
	}
	where := "TRUE"
	if t.Partition != "" {
		where = "dt = " + quoted(t.Partition)
	}
	outer := "TRUE"
	if s.Prefix != "" {
		outer = fmt.Sprintf("starts_with(k, %s)", quoted(s.Prefix))
	}
	if s.Slices > 1 {
		outer += fmt.Sprintf(" AND bitwise_and(from_big_endian_64(xxhash64(to_utf8(k))), %d) = %d", s.Slices-1, slice)
	}
	return fmt.Sprintf(`    SELECT '%s' AS side, k, v, latest, marker,
      CASE WHEN marker THEN 0 ELSE COALESCE(size, 0) END AS size, modified,
      CASE WHEN marker THEN '' ELSE COALESCE(etag, '') END AS etag,
      CASE WHEN marker THEN '' ELSE class END AS class
    FROM (
      SELECT %s AS k, COALESCE(NULLIF(version_id, ''), 'null') AS v, %s AS latest, %s AS marker, %s AS size,
        CAST(to_unixtime(%s) * 1000 AS BIGINT) AS modified, e_tag AS etag, %s AS class
      FROM %s WHERE %s
    ) AS listed
    WHERE %s`, side, key, latest, marker, size, modified, class, t.Name, where, outer)
}

// versions are the versions of both sides beside each other, with d saying
// whether they differ. Grouping reads once and spills, where a full outer join
// would hold one side.
func (s Statements) versions(slice int) string {
	sides := []string{s.side(pair.A, slice), s.side(pair.B, slice)}
	of := func(side pair.SideName, what string) string {
		return fmt.Sprintf("MAX(CASE WHEN side = '%s' THEN %s END)", side, what)
	}
	columns := make([]string, 0, 12)
	for _, c := range []struct{ name, what string }{
		{"l", "CASE WHEN latest THEN 1 ELSE 0 END"},
		{"m", "CASE WHEN marker THEN 1 ELSE 0 END"},
		{"s", "size"},
		{"t", "modified"},
		{"e", "etag"},
		{"c", "class"},
	} {
		columns = append(columns, of(pair.A, c.what)+" AS "+c.name+"a", of(pair.B, c.what)+" AS "+c.name+"b")
	}
	return fmt.Sprintf(`both_sides AS (
%s
    UNION ALL
%s
), versions AS (
  SELECT k, v, COUNT_IF(side = 'A') AS na, COUNT_IF(side = 'B') AS nb,
    %s
  FROM both_sides GROUP BY k, v
), judged AS (
  SELECT *, CASE WHEN na <> 1 OR nb <> 1 OR la <> lb OR ma <> mb OR sa <> sb OR ea <> eb
    OR (v = 'null' AND ABS(ta - tb) > 1000) THEN 1 ELSE 0 END AS d
  FROM versions
)`, sides[0], sides[1], strings.Join(columns, ",\n    "))
}

// columns are those of an answer to Differences, in their order.
var columns = []string{"k", "v", "na", "nb", "la", "lb", "ma", "mb", "sa", "sb", "ta", "tb", "ea", "eb", "ca", "cb"}

// Differences asks for all versions of the keys that differ.
func (s Statements) Differences(slice int) string {
	return fmt.Sprintf(`-- The versions of all keys that differ, slice %d of %d.
WITH %s
SELECT %s
FROM (SELECT *, MAX(d) OVER (PARTITION BY k) AS kd FROM judged) AS keys
WHERE kd = 1
ORDER BY k, v
`, slice+1, s.slices(), s.versions(slice), strings.Join(columns, ", "))
}

// totals are the columns of an answer to Totals, in their order.
var totals = []string{
	"keys", "versions_a", "versions_b", "markers_a", "markers_b", "bytes_a", "bytes_b", "same", "same_bytes", "young", "young_bytes",
}

// Totals asks for the counts of the keys that do not differ.
func (s Statements) Totals(slice int) string {
	newer := "GREATEST(ta, tb)"
	since, cutOff := "TRUE", "FALSE"
	if !s.Rules.Since.IsZero() {
		since = fmt.Sprintf("%s >= %d", newer, s.Rules.Since.UnixMilli())
	}
	if !s.Rules.CutOff.IsZero() {
		cutOff = fmt.Sprintf("%s > %d", newer, s.Rules.CutOff.UnixMilli())
	}
	same, young := fmt.Sprintf("%s AND NOT %s", since, cutOff), fmt.Sprintf("%s AND %s", since, cutOff)
	sum := func(what string) string { return "COALESCE(SUM(" + what + "), 0)" }
	when := func(condition, what string) string {
		return sum("CASE WHEN " + condition + " THEN " + what + " ELSE 0 END")
	}
	values := []string{
		"COUNT(DISTINCT k)", sum("1 - ma"), sum("1 - mb"), sum("ma"), sum("mb"), sum("sa"), sum("sb"),
		when(same, "1"), when(same, "sa"), when(young, "1"), when(young, "sa"),
	}
	for i := range values {
		values[i] += " AS " + totals[i]
	}
	return fmt.Sprintf(`-- The counts of all keys that do not differ, slice %d of %d.
WITH %s
SELECT %s
FROM (SELECT *, MAX(d) OVER (PARTITION BY k) AS kd FROM judged) AS keys
WHERE kd = 0
`, slice+1, s.slices(), s.versions(slice), strings.Join(values, ",\n  "))
}

func (s Statements) slices() int { return max(1, s.Slices) }

// quoted writes a text as SQL does.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// Script is all that is asked, for those who run it themselves: the tables where
// they are to be made, and the statements.
func (s Statements) Script(lists inventory.Lists, create bool, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "-- Compares %s (A) and %s (B) by their inventories, for Amazon Athena, engine version 3.\n-- Written %s.\n", lists.A.Source, lists.B.Source, now.UTC().Format(time.RFC3339))
	for _, note := range lists.Notes(now) {
		fmt.Fprintf(&b, "-- %s\n", note)
	}
	b.WriteString("-- One statement at a time. What the differences mean is told by looking at the versions themselves (HEAD) before acting.\n\n")
	if create {
		b.WriteString(Create(s.A.Name, lists.A) + ";\n\n" + Create(s.B.Name, lists.B) + ";\n\n")
	}
	for slice := range s.slices() {
		b.WriteString(s.Differences(slice) + ";\n\n" + s.Totals(slice) + ";\n\n")
	}
	if create {
		b.WriteString(Drop(s.A.Name) + ";\n" + Drop(s.B.Name) + ";\n")
	}
	return b.String()
}
