package batch

import (
	"bytes"
	"compress/gzip"
	"crypto/md5" //nolint:gosec // the checksum that manifests have
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Output is where a generated manifest is written.
type Output struct {
	Bucket, Prefix string
	ExpectedOwner  string // of the bucket, "" for any
	KMSKey         string // "" encrypts with SSE-S3
}

// writeManifest writes a generated list as S3 Inventory writes its own
// (S3InventoryReport_CSV_20211130): a file of lines and a manifest of it. AWS
// does not document where in the bucket they lie; the job tells.
func (js *Jobs) writeManifest(o Order, id string, s Session, tasks []task) (*Object, *Failure) {
	out := o.Generator.Output
	failed := &Failure{Reason: "The generated manifest could not be written to the bucket " + out.Bucket + ". Please check your permissions."}
	b, found := js.Store.Bucket(out.Bucket)
	if !found || out.ExpectedOwner != "" && out.ExpectedOwner != b.Owner {
		return nil, failed
	}
	headers := map[string]string{}
	if out.KMSKey != "" {
		headers["X-Amz-Server-Side-Encryption"], headers["X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"] = "aws:kms", out.KMSKey
	}
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	lines := csv.NewWriter(zipped)
	for _, t := range tasks {
		_ = lines.Write([]string{t.bucket, escaped(t.key), t.version}) // a buffer takes all
	}
	lines.Flush()
	_ = zipped.Close()
	folder := "job-" + id
	if out.Prefix != "" {
		folder = strings.TrimSuffix(out.Prefix, "/") + "/" + folder
	}
	sum := md5.Sum(packed.Bytes()) //nolint:gosec // see the import
	name := folder + "/data/" + id + ".csv.gz"
	type file struct {
		Key  string `json:"key"`
		Size int    `json:"size"`
		MD5  string `json:"MD5checksum"`
	}
	manifest, err := json.Marshal(map[string]any{
		"sourceBucket": o.Generator.Bucket, "destinationBucket": b.ARN(), "version": "2021-11-30", "fileFormat": "CSV",
		"creationTimestamp": strconv.FormatInt(time.Now().UnixMilli(), 10), "fileSchema": "Bucket, Key, VersionId",
		"files": []file{{name, packed.Len(), hex.EncodeToString(sum[:])}},
	})
	if err != nil {
		return nil, failed
	}
	if _, done := put(s, o.Region, out.Bucket, name, "application/x-gzip", packed.Bytes(), headers); !done {
		return nil, failed
	}
	key := folder + "/manifest.json"
	etag, done := put(s, o.Region, out.Bucket, key, "application/json", manifest, headers)
	if !done {
		return nil, failed
	}
	return &Object{Bucket: out.Bucket, Key: key, ETag: strings.Trim(etag, `"`)}, nil
}
