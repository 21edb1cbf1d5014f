package inventory

import (
	"crypto/md5" //nolint:gosec // as manifests have it
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/notify"
	"bothways/aws/sandbox/store"
)

// service is who writes lists.
var service = iam.Principal{Kind: policy.Service, ARN: "s3.amazonaws.com", Name: "s3.amazonaws.com"}

// delivery is one list on its way.
type delivery struct {
	*Deliverer
	configuration
	from, to *store.Bucket
	at       time.Time // when the scan began
	draw     *rand.Rand
}

// manifest is the manifest.json of a list (S3 User Guide, Locating your
// inventory list).
type manifest struct {
	SourceBucket      string `json:"sourceBucket"`
	DestinationBucket string `json:"destinationBucket"`
	Version           string `json:"version"`
	CreationTimestamp string `json:"creationTimestamp"`
	FileFormat        string `json:"fileFormat"`
	FileSchema        string `json:"fileSchema"`
	Files             []file `json:"files"`
}

type file struct {
	Key  string `json:"key"`
	Size int64  `json:"size"`
	MD5  string `json:"MD5checksum"`
}

// deliver writes a list: its files first, then what names them. What may not be
// written is not, as on AWS, where only the console says so. Lists in ORC or
// Parquet are not made here.
func (d *Deliverer) deliver(from *store.Bucket, c configuration, draw *rand.Rand) {
	to, found := d.Store.Bucket(c.destination)
	if !found || to.Region != from.Region || c.format != "CSV" {
		return
	}
	l := &delivery{d, c, from, to, time.Now().UTC(), draw}
	if files, written := l.files(); written {
		l.publish(files)
	}
}

// base is where the lists of the configuration stand.
func (l *delivery) base() string { return l.under + l.from.Name + "/" + l.id + "/" }

func (l *delivery) publish(files []file) {
	names := make([]string, len(l.fields))
	for i, f := range l.fields {
		names[i] = f.name
	}
	document, err := json.MarshalIndent(manifest{
		SourceBucket: l.from.Name, DestinationBucket: l.to.ARN(), Version: "2016-11-30",
		CreationTimestamp: strconv.FormatInt(l.at.UnixMilli(), 10),
		FileFormat:        l.format, FileSchema: strings.Join(names, ", "), Files: files,
	}, "", "  ")
	if err != nil {
		return // strings and numbers always can be written
	}
	var links strings.Builder
	for _, f := range files {
		fmt.Fprintf(&links, "s3://%s/%s\n", l.to.Name, f.Key)
	}
	sum := md5.Sum(document) //nolint:gosec // as manifests have it
	stamp := l.base() + l.at.Format("2006-01-02T15-04Z") + "/"
	// The checksum last: who waits for it finds all of the list.
	for _, o := range [][2]string{
		{l.base() + "hive/dt=" + l.at.Format("2006-01-02-15-04") + "/symlink.txt", links.String()},
		{stamp + "manifest.json", string(document)},
		{stamp + "manifest.checksum", hex.EncodeToString(sum[:])},
	} {
		if _, written := l.put(o[0], strings.NewReader(o[1])); !written {
			return
		}
	}
}

// put writes one object, if the destination's policy lets S3.
func (l *delivery) put(key string, content io.Reader) (*store.Version, bool) {
	_, document := l.to.Policy()
	allowed := l.Accounts.AuthorizeResource(service, "s3:PutObject", l.to.ObjectARN(key), map[string]string{
		"aws:SourceArn": l.from.ARN(), "aws:SourceAccount": l.from.Owner, "s3:x-amz-acl": "bucket-owner-full-control",
		"aws:SecureTransport": "true", "aws:RequestedRegion": l.to.Region, "aws:ResourceAccount": l.to.Owner,
		"s3:x-amz-server-side-encryption": l.algorithm,
	}, document, l.to.Owner).Allow
	if !allowed {
		return nil, false
	}
	sum := md5.New() //nolint:gosec // as ETags are
	body, err := l.Store.Bodies.Write(content, sum)
	if err != nil {
		return nil, false
	}
	v, err := l.to.Commit(&store.Version{
		Key: key, Body: body, Size: body.Size(), ETag: hex.EncodeToString(sum.Sum(nil)),
		Headers:    map[string]string{"Content-Type": "application/octet-stream"},
		Encryption: store.Encryption{Algorithm: l.algorithm, KMSKeyID: l.key},
	}, nil, l.Engine.Decider(l.to))
	if err != nil {
		return nil, false
	}
	l.Engine.Committed(l.to, v)
	l.Notices.Tell(notify.Event{
		Name: "s3:ObjectCreated:Put", Bucket: l.to, Key: key, VersionID: v.ID, ETag: v.ETag, Size: v.Size, At: time.Now(),
	})
	return v, true
}
