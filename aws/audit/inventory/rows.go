package inventory

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/md5" //nolint:gosec // as manifests have it
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/audit/difference"
)

// Row is one version or delete marker of a list.
type Row struct {
	Key string
	difference.Entry
	// Status is the replication status, "" for none or where the list has no
	// such column.
	Status string
}

// reader reads the rows of a list's files.
type reader struct {
	list   List
	client *s3.Client
	folder string    // for files that have to be read back and forth
	read   func(int) // is told of bytes as they come; may be nil
}

// file calls take for each row of a file. It ends with the first error.
func (r *reader) file(ctx context.Context, f File, take func(*Row) error) error {
	from := open(ctx, r.client, r.list.Bucket, f.Key)
	from.read = r.read
	defer from.Close()
	sum := md5.New() //nolint:gosec // as manifests have it
	sized := &sizedReader{from: cancelled{ctx, from}, size: f.Size}
	content := io.TeeReader(sized, sum)
	err := r.content(ctx, content, take)
	if err == nil {
		_, err = io.Copy(io.Discard, content) // what nobody had to read counts for the sum
	}
	if err == nil {
		err = sized.short()
	}
	if err != nil {
		if other, is := errors.AsType[*sizeError](err); is {
			return &DamagedError{r.list.Bucket, f.Key, other.why}
		}
		if damage(err) {
			return &DamagedError{r.list.Bucket, f.Key, "can't be read: " + err.Error()}
		}
		return fmt.Errorf("read %s in %s: %w", f.Key, r.list.Bucket, err)
	}
	if f.MD5 != "" && !strings.EqualFold(f.MD5, hex.EncodeToString(sum.Sum(nil))) {
		return &DamagedError{r.list.Bucket, f.Key, "does not have the checksum that the manifest gives"}
	}
	return nil
}

// content reads rows by the format of the list.
func (r *reader) content(ctx context.Context, content io.Reader, take func(*Row) error) error {
	switch r.list.Format {
	case CSV:
		return r.csv(ctx, content, take)
	case Parquet:
		return r.parquet(ctx, content, take)
	case ORC:
	}
	return &rowError{0, fmt.Sprintf("its format is %q", r.list.Format)}
}

// damage says that an error is the file's own.
func damage(err error) bool {
	_, row := errors.AsType[*rowError](err)
	_, packed := errors.AsType[flate.CorruptInputError](err)
	return row || packed || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF)
}

// rowError says what is wrong with a row; 0: with all of them.
type rowError struct {
	number int64
	why    string
}

func (e *rowError) Error() string {
	if e.number == 0 {
		return e.why
	}
	return fmt.Sprintf("row %d: %s", e.number, e.why)
}

// parquet reads a file that is first kept, since its directory stands at its
// end.
func (r *reader) parquet(ctx context.Context, content io.Reader, take func(*Row) error) (err error) {
	kept, err := os.CreateTemp(r.folder, "list-*.parquet")
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, kept.Close(), os.Remove(kept.Name()))
	}()
	size, err := io.Copy(kept, content)
	if err != nil {
		return err
	}
	return parquetRows(ctx, kept, size, r.list.Source, take)
}

// null is what S3's lists call the version that they leave empty here.
const null = "null"

func versionID(id string) string {
	if id == "" {
		return null
	}
	return id
}
