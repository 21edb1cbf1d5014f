package inventory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
)

// columns are where a file of Parquet has what is needed.
type columns struct {
	bucket, key, id, latest, marker, size, modified, etag, class, status int
}

func columnsOf(schema *parquet.Schema) (columns, error) {
	at := map[string]int{}
	for i, path := range schema.Columns() {
		at[path[len(path)-1]] = i
	}
	var c columns
	for _, f := range []struct {
		name   string
		into   *int
		needed bool
	}{
		{"bucket", &c.bucket, true},
		{"key", &c.key, true},
		{"version_id", &c.id, true},
		{"is_latest", &c.latest, true},
		{"is_delete_marker", &c.marker, true},
		{"size", &c.size, true},
		{"last_modified_date", &c.modified, true},
		{"e_tag", &c.etag, true},
		{"storage_class", &c.class, false},
		{"replication_status", &c.status, false},
	} {
		i, found := at[f.name]
		if !found && f.needed {
			return c, &rowError{0, "there is no column " + f.name}
		}
		if *f.into = i; !found {
			*f.into = -1
		}
	}
	return c, nil
}

// parquetRows reads the rows of a source's file of Parquet. Its keys are as they
// are. The file is held to bounds before the library reads it.
func parquetRows(ctx context.Context, file io.ReaderAt, size int64, source string, take func(*Row) error) (err error) {
	taking := false
	defer func() {
		// The library panics at some files that are damaged.
		if r := recover(); r != nil {
			if taking {
				panic(r)
			}
			err = &rowError{0, fmt.Sprint("it is no Parquet that can be read: ", r)}
		}
		if ctx.Err() != nil && !taking {
			err = ctx.Err()
		}
	}()
	file = cancelledAt{ctx, file}
	if err := checkParquet(ctx, file, size); err != nil {
		return err
	}
	opened, err := parquet.OpenFile(file, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return &rowError{0, err.Error()}
	}
	at, err := columnsOf(opened.Schema())
	if err != nil {
		return err
	}
	number, buffer := int64(0), make([]parquet.Row, 256)
	for _, group := range opened.RowGroups() {
		rows := group.Rows()
		for empty := 0; ; {
			if err := ctx.Err(); err != nil {
				return errors.Join(err, rows.Close())
			}
			n, err := rows.ReadRows(buffer)
			for _, values := range buffer[:n] {
				number++
				row, bucket, wrong := at.row(values)
				if wrong == nil {
					if why := row.wrong(bucket, source); why != "" {
						wrong = errors.New(why)
					}
				}
				if wrong != nil {
					return errors.Join(&rowError{number, wrong.Error()}, rows.Close())
				}
				taking = true
				if err := take(row); err != nil {
					taking = false
					return errors.Join(err, rows.Close())
				}
				taking = false
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if empty++; n > 0 {
				empty = 0
			}
			if err == nil && empty > mostEmpty {
				err = io.ErrNoProgress
			}
			if err != nil {
				return errors.Join(&rowError{number + 1, err.Error()}, rows.Close())
			}
		}
		if err := rows.Close(); err != nil {
			return err
		}
	}
	if number != opened.NumRows() {
		return &rowError{0, fmt.Sprintf("it has %d rows and says that it has %d", number, opened.NumRows())}
	}
	return nil
}

// mostEmpty is how often in a row the library may read nothing.
const mostEmpty = 100

func (c columns) row(values parquet.Row) (r *Row, bucket string, err error) {
	row := &Row{}
	for _, v := range values {
		if v.IsNull() {
			continue
		}
		var err error
		switch v.Column() {
		case c.bucket:
			bucket, err = text(v)
		case c.key:
			row.Key, err = text(v)
		case c.id:
			row.VersionID, err = text(v)
		case c.latest:
			row.Latest, err = truth(v)
		case c.marker:
			row.Marker, err = truth(v)
		case c.size:
			row.Size, err = number(v)
		case c.modified:
			row.Modified, err = instant(v)
		case c.etag:
			row.ETag, err = text(v)
			row.ETag = strings.Trim(row.ETag, `"`)
		case c.class:
			row.Class, err = text(v)
		case c.status:
			row.Status, err = text(v)
		}
		if err != nil {
			return nil, "", err
		}
	}
	row.VersionID = versionID(row.VersionID)
	if row.Marker {
		row.Size, row.ETag, row.Class = 0, "", ""
	}
	return row, bucket, nil
}

func text(v parquet.Value) (string, error) {
	if v.Kind() != parquet.ByteArray && v.Kind() != parquet.FixedLenByteArray {
		return "", fmt.Errorf("a column of text has %s", v.Kind())
	}
	return string(v.ByteArray()), nil
}

func truth(v parquet.Value) (bool, error) {
	if v.Kind() != parquet.Boolean {
		return false, fmt.Errorf("a column of truths has %s", v.Kind())
	}
	return v.Boolean(), nil
}

func number(v parquet.Value) (int64, error) {
	if v.Kind() != parquet.Int64 {
		return 0, fmt.Errorf("a column of numbers has %s", v.Kind())
	}
	return v.Int64(), nil
}

// instant is a time in milliseconds, as the schema of lists has it.
func instant(v parquet.Value) (time.Time, error) {
	ms, err := number(v)
	return time.UnixMilli(ms).UTC(), err
}
