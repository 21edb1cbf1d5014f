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

	"bothways/probe/wording"
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
	if why := list.mismatch(d, time.Now()); why != "" {
		return List{}, &DamagedError{d.Bucket, folder + "manifest.json", why}
	}
	// What the manifest says of its files goes before the configuration, which may
	// have been changed since.
	format, status := list.Format, d.Status && list.Status
	list.Offer, list.Stamp = d.Offer, d.stamp
	list.Format, list.Status = format, status
	if list.At.IsZero() {
		list.At = d.at
	}
	return list, nil
}

// What clocks may be apart, and a list from the folder that is named by its time.
const (
	skew       = 15 * time.Minute
	folderSkew = 24 * time.Hour
)

// mismatch says how a manifest does not fit where it was found, "" where it does.
func (l List) mismatch(d delivered, now time.Time) string {
	at := l.At
	if at.IsZero() {
		at = d.at
	}
	switch {
	case l.Bucket != "" && l.Bucket != d.Bucket:
		return fmt.Sprintf("is of lists in the bucket %q", l.Bucket)
	case at.After(now.Add(skew)):
		return fmt.Sprintf("is dated %s, which is %s ahead of this computer's clock", at.UTC().Format(time.RFC3339), wording.Duration(at.Sub(now)))
	case at.Sub(d.at).Abs() > folderSkew:
		return fmt.Sprintf("is dated %s, and its folder %s", at.UTC().Format(time.RFC3339), d.stamp)
	}
	return ""
}

// parseManifest reads a manifest.json (S3 User Guide, Locating your inventory
// list).
func parseManifest(text []byte) (List, error) {
	var m struct {
		SourceBucket, DestinationBucket, CreationTimestamp, FileFormat, FileSchema string
		Files                                                                      []struct {
			Key         string
			Size        int64
			MD5checksum string
		}
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return List{}, err
	}
	list := List{Source: m.SourceBucket}
	list.Bucket = m.DestinationBucket[strings.LastIndex(m.DestinationBucket, ":")+1:]
	if m.CreationTimestamp != "" {
		ms, err := strconv.ParseInt(m.CreationTimestamp, 10, 64)
		if list.At = time.UnixMilli(ms).UTC(); err != nil || ms <= 0 || list.At.Year() > 9999 {
			return List{}, fmt.Errorf("its creationTimestamp is %s", quoted(m.CreationTimestamp))
		}
	}
	list.Format = Format(m.FileFormat)
	var ending string
	switch list.Format {
	case CSV:
		for name := range strings.SplitSeq(m.FileSchema, ",") {
			list.Columns = append(list.Columns, strings.TrimSpace(name))
		}
		if err := checkColumns(list.Columns); err != nil {
			return List{}, err
		}
		ending, list.Status = ".csv.gz", slices.Contains(list.Columns, "ReplicationStatus")
	case Parquet:
		ending, list.Status = ".parquet", m.FileSchema == "" || strings.Contains(m.FileSchema, "replication_status")
	default:
		return List{}, fmt.Errorf("its lists are in %s, which is not read here: CSV and Parquet are", quoted(m.FileFormat))
	}
	named := map[string]bool{}
	for _, f := range m.Files {
		switch {
		case f.Size < 0:
			return List{}, fmt.Errorf("a file has %d bytes", f.Size)
		case !strings.HasSuffix(f.Key, ending):
			return List{}, fmt.Errorf("its format is %s, and the file %s does not end in %s", list.Format, quoted(f.Key), ending)
		case named[f.Key]:
			return List{}, fmt.Errorf("it names the file %s twice", quoted(f.Key))
		}
		named[f.Key] = true
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
