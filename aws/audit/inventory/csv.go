package inventory

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// csv reads rows of packed CSV.
func (r *reader) csv(ctx context.Context, content io.Reader, take func(*Row) error) error {
	plain, err := gzip.NewReader(content)
	if err != nil {
		return err
	}
	return csvRows(cancelled{ctx, plain}, r.list.Source, r.list.Columns, take)
}

// csvColumns are those without which rows can't be compared.
var csvColumns = []string{"Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate", "ETag"}

// checkColumns says whether a schema has each of them, and none twice.
func checkColumns(columns []string) error {
	for _, name := range csvColumns {
		if !slices.Contains(columns, name) {
			return fmt.Errorf("its lists have no column %s", name)
		}
	}
	for i, name := range columns {
		if slices.Contains(columns[:i], name) {
			return fmt.Errorf("its lists have the column %q twice", name)
		}
	}
	return nil
}

// csvRows reads rows of CSV of a source whose columns are named in the schema of
// the list. Keys are URL-encoded, and the ID of a null version is empty (S3 User
// Guide, Amazon S3 Inventory list).
func csvRows(text io.Reader, source string, columns []string, take func(*Row) error) error {
	if err := checkColumns(columns); err != nil {
		return &rowError{0, err.Error()}
	}
	at := func(name string) int { return slices.Index(columns, name) }
	bucket, key, id, latest, marker := at("Bucket"), at("Key"), at("VersionId"), at("IsLatest"), at("IsDeleteMarker")
	size, modified, etag, class, status := at("Size"), at("LastModifiedDate"), at("ETag"), at("StorageClass"), at("ReplicationStatus")
	bound := &rowBound{from: text}
	rows := csv.NewReader(bound)
	rows.ReuseRecord, rows.FieldsPerRecord = true, len(columns)
	for number := int64(1); ; number++ {
		record, err := bound.next(rows)
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
			return &rowError{number, "its key is not URL-encoded: " + quoted(record[key])}
		}
		// Copied, for the record's bytes are those of the next one too.
		row.VersionID = strings.Clone(versionID(record[id]))
		var known, too bool
		row.Latest, known = isTrue(record[latest])
		if row.Marker, too = isTrue(record[marker]); !known || !too {
			return &rowError{number, "IsLatest and IsDeleteMarker are " + quoted(record[latest]) + " and " + quoted(record[marker])}
		}
		if row.Modified, err = time.Parse(time.RFC3339, record[modified]); err != nil {
			return &rowError{number, "its time is " + quoted(record[modified])}
		}
		if !row.Marker {
			if row.Size, err = strconv.ParseInt(record[size], 10, 64); err != nil {
				return &rowError{number, "its size is " + quoted(record[size])}
			}
			row.ETag = strings.Clone(strings.Trim(record[etag], `"`))
			if class >= 0 {
				row.Class = strings.Clone(record[class])
			}
		}
		if status >= 0 {
			row.Status = strings.Clone(record[status])
		}
		if why := row.wrong(record[bucket], source); why != "" {
			return &rowError{number, why}
		}
		if err := take(&row); err != nil {
			return err
		}
	}
}

// isTrue reads a truth; "" is none.
func isTrue(text string) (is, known bool) {
	return text == "true", text == "true" || text == "false" || text == ""
}

// quoted is the beginning of a text for an error.
func quoted(text string) string {
	const most = 80
	if len(text) > most {
		return strconv.Quote(text[:most]) + "…"
	}
	return strconv.Quote(text)
}
