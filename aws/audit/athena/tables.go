// Package athena has Amazon Athena compare the inventories of both sides, for
// those whose lists are too large for one computer. Its answer is each key that
// differs, with all of its versions; what is the matter with them is told by the
// code that compares listings too.
package athena

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"bothways/aws/audit/inventory"
)

// TableOf is the table that Create makes for a list. Its name depends on the
// list alone.
func TableOf(list inventory.List) Table {
	sum := sha256.Sum256([]byte(list.Links() + list.Partition()))
	return Table{Name: "bothways_" + hex.EncodeToString(sum[:8]), Format: list.Format, Class: hasClass(list)}
}

// ExistingTable is a table over the inventory that somebody has made as AWS's
// guide says, partitioned by dt.
func ExistingTable(name string, list inventory.List) Table {
	return Table{Name: name, Partition: list.Partition(), Format: list.Format, Class: hasClass(list)}
}

// hasClass: of lists in Parquet the manifest's columns are not kept, and what is
// not compared may be missing.
func hasClass(list inventory.List) bool { return slices.Contains(list.Columns, "StorageClass") }

// parquetColumns are the columns of lists in Parquet that are needed (S3 User Guide, Querying Amazon S3 Inventory with Amazon
// Athena). Other columns need not be in a table.
const parquetColumns = `  bucket string,
  key string,
  version_id string,
  is_latest boolean,
  is_delete_marker boolean,
  size bigint,
  last_modified_date timestamp,
  e_tag string`

// names are the columns of lists in CSV by their names in tables.
var names = map[string]string{
	"VersionId": "version_id", "IsLatest": "is_latest", "IsDeleteMarker": "is_delete_marker", "LastModifiedDate": "last_modified_date",
	"ETag": "e_tag", "StorageClass": "storage_class",
}

// Create is the statement that makes a table of one list, over the links that
// S3 puts beside it. It copies nothing.
func Create(name string, list inventory.List) string {
	columns, serde := parquetColumns, "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
	if list.Format == inventory.CSV {
		serde = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
		all := make([]string, 0, len(list.Columns))
		for _, c := range list.Columns { // CSV has no names: all columns, in their order
			known, found := names[c]
			if !found {
				known = strings.ToLower(c)
			}
			all = append(all, "  "+known+" string")
		}
		columns = strings.Join(all, ",\n")
	}
	return fmt.Sprintf(`CREATE EXTERNAL TABLE IF NOT EXISTS %s (
%s
)
ROW FORMAT SERDE '%s'
STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat'
LOCATION '%sdt=%s/'`, name, columns, serde, strings.ReplaceAll(list.Links(), "'", "''"), list.Partition())
}

// Drop removes the table, and nothing that it stands on.
func Drop(name string) string { return "DROP TABLE IF EXISTS " + name }
