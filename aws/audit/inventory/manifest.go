package inventory

import (
	"context"
	"crypto/md5" //nolint:gosec // as manifests have it
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// maxManifest bounds a manifest in bytes: a list of 10^10 versions has some ten
// thousand files.
const maxManifest = 64 << 20

// DamagedError says that what was read is not what S3 wrote.
type DamagedError struct{ Bucket, Key, Why string }

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s in %s %s: nothing of this list is used", e.Key, e.Bucket, e.Why)
}

// readManifest reads the manifest of a list and holds it to its checksum.
func readManifest(ctx context.Context, client *s3.Client, source string, d delivered) (List, error) {
	folder := d.base(source) + d.stamp + "/"
	sum, err := get(ctx, client, d.Bucket, folder+"manifest.checksum", 1<<10)
	if err != nil {
		return List{}, err
	}
	text, err := get(ctx, client, d.Bucket, folder+"manifest.json", maxManifest)
	if err != nil {
		return List{}, err
	}
	is := md5.Sum(text) //nolint:gosec // as manifests have it
	if want := strings.TrimSpace(string(sum)); !strings.EqualFold(want, hex.EncodeToString(is[:])) {
		return List{}, &DamagedError{d.Bucket, folder + "manifest.json", "does not have the checksum that stands beside it"}
	}
	list, err := parseManifest(text)
	switch {
	case err != nil:
		return List{}, &DamagedError{d.Bucket, folder + "manifest.json", "can't be read: " + err.Error()}
	case list.Source != source:
		return List{}, &DamagedError{d.Bucket, folder + "manifest.json", fmt.Sprintf("is of the bucket %q and not of %q", list.Source, source)}
	}
	list.Offer, list.Stamp = d.Offer, d.stamp
	if list.At.IsZero() {
		list.At = d.at
	}
	return list, nil
}

// parseManifest reads a manifest.json (S3 User Guide, Locating your inventory
// list).
func parseManifest(text []byte) (List, error) {
	var m struct {
		SourceBucket, CreationTimestamp, FileFormat, FileSchema string
		Files                                                   []struct {
			Key         string
			Size        int64
			MD5checksum string
		}
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return List{}, err
	}
	list := List{Source: m.SourceBucket}
	if ms, err := strconv.ParseInt(m.CreationTimestamp, 10, 64); err == nil && ms > 0 {
		list.At = time.UnixMilli(ms).UTC()
	}
	list.Format = Format(m.FileFormat)
	switch list.Format {
	case CSV:
		for name := range strings.SplitSeq(m.FileSchema, ",") {
			list.Columns = append(list.Columns, strings.TrimSpace(name))
		}
		for _, name := range []string{"Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate", "ETag"} {
			if !slices.Contains(list.Columns, name) {
				return List{}, fmt.Errorf("its lists have no column %s", name)
			}
		}
	case Parquet:
	default:
		return List{}, fmt.Errorf("its lists are in %q, which is not read here: CSV and Parquet are", m.FileFormat)
	}
	for _, f := range m.Files {
		if f.Size < 0 {
			return List{}, fmt.Errorf("a file has %d bytes", f.Size)
		}
		list.Files = append(list.Files, File{f.Key, f.Size, f.MD5checksum})
	}
	return list, nil
}

// get reads a small object.
func get(ctx context.Context, client *s3.Client, bucket, key string, most int64) ([]byte, error) {
	o := open(ctx, client, bucket, key)
	defer o.Close()
	text, err := io.ReadAll(io.LimitReader(o, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("it has more than %d bytes", most)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s in %s: %w", key, bucket, err)
	}
	return text, nil
}
