package inventory

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// csv reads rows of packed CSV.
func (r *reader) csv(content io.Reader, take func(*Row) error) error {
	plain, err := gzip.NewReader(content)
	if err != nil {
		return err
	}
	return csvRows(plain, r.list.Columns, take)
}

// csvRows reads rows of CSV whose columns are named in the schema of the list.
// Keys are URL-encoded, and the ID of a null version is empty (S3 User Guide,
// Amazon S3 Inventory list).
func csvRows(text io.Reader, columns []string, take func(*Row) error) error {
	at := func(name string) int { return slices.Index(columns, name) }
	key, id, latest, marker := at("Key"), at("VersionId"), at("IsLatest"), at("IsDeleteMarker")
	size, modified, etag, class, status := at("Size"), at("LastModifiedDate"), at("ETag"), at("StorageClass"), at("ReplicationStatus")
	rows := csv.NewReader(text)
	rows.ReuseRecord, rows.FieldsPerRecord = true, len(columns)
	for number := int64(1); ; number++ {
		record, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if broken, wrong := errors.AsType[*csv.ParseError](err); wrong {
			return &rowError{number, broken.Err.Error()}
		}
		if err != nil {
			return err
		}
		var row Row
		if row.Key, err = url.QueryUnescape(record[key]); err != nil {
			return &rowError{number, "its key is not URL-encoded: " + strconv.Quote(record[key])}
		}
		// Copied, for the record's bytes are those of the next one too.
		row.VersionID = strings.Clone(versionID(record[id]))
		row.Latest, row.Marker = record[latest] == "true", record[marker] == "true"
		if row.Modified, err = time.Parse(time.RFC3339, record[modified]); err != nil {
			return &rowError{number, "its time is " + strconv.Quote(record[modified])}
		}
		if !row.Marker {
			if row.Size, err = strconv.ParseInt(record[size], 10, 64); err != nil {
				return &rowError{number, "its size is " + strconv.Quote(record[size])}
			}
			row.ETag = strings.Clone(strings.Trim(record[etag], `"`))
			if class >= 0 {
				row.Class = strings.Clone(record[class])
			}
		}
		if status >= 0 {
			row.Status = strings.Clone(record[status])
		}
		if err := take(&row); err != nil {
			return err
		}
	}
}
