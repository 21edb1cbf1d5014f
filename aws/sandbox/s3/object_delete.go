package s3

import (
	"encoding/xml"
	"errors"
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// deletion is what a DELETE did.
type deletion struct {
	versionID string // of the version that went, or of the marker that came
	marker    bool
}

func (c *call) deleteObject() error {
	id, byVersion := c.query.Get("versionId"), c.query.Has("versionId")
	if byVersion && !isVersionID(id) {
		return invalidArgument("Invalid version id specified", "versionId", id)
	}
	for _, name := range []string{"X-Amz-If-Match-Last-Modified-Time", "X-Amz-If-Match-Size"} {
		if c.r.Header.Get(name) != "" {
			return notImplemented(name) // of directory buckets
		}
	}
	check := func(newest *store.Version) error {
		if match := c.r.Header.Get("If-Match"); match != "" {
			switch {
			case newest == nil:
				return noSuchKey(c.key)
			case newest.Marker || !matches(match, newest.ETag):
				return preconditionFailed("If-Match")
			}
		}
		return nil
	}
	d, err := c.erase(c.key, id, check)
	if err != nil {
		return err
	}
	c.set("X-Amz-Version-Id", d.versionID)
	if d.marker {
		c.set("X-Amz-Delete-Marker", "true")
	}
	return c.empty(http.StatusNoContent)
}

// erase deletes a version for good, or without an id puts a delete marker.
// That a version is not there is no error (S3 API Reference, DeleteObject).
func (c *call) erase(key, id string, check func(*store.Version) error) (deletion, error) {
	if id != "" {
		bypass := c.bypassesGovernance(key)
		v, err := c.bucket.DeleteVersion(key, id, func(v *store.Version) error {
			if check != nil {
				if err := check(v); err != nil {
					return err
				}
			}
			return checkUnlocked(v, bypass)
		})
		if errors.Is(err, store.ErrNoSuchVersion) {
			return deletion{versionID: id}, nil
		}
		if err != nil {
			return deletion{}, err
		}
		return deletion{versionID: id, marker: v.Marker}, nil
	}
	marker, err := c.bucket.Delete(key, check, c.api.Engine.Decider(c.bucket))
	if err != nil || marker == nil {
		return deletion{}, err
	}
	c.api.Engine.Committed(c.bucket, marker)
	return deletion{versionID: marker.ID, marker: true}, nil
}

type deletedEntry struct {
	Key             string `xml:"Key"`
	VersionID       string `xml:"VersionId,omitempty"`
	DeleteMarker    bool   `xml:"DeleteMarker,omitempty"`
	MarkerVersionID string `xml:"DeleteMarkerVersionId,omitempty"`
}

type errorEntry struct {
	Key       string `xml:"Key"`
	VersionID string `xml:"VersionId,omitempty"`
	Code      string `xml:"Code"`
	Message   string `xml:"Message"`
}

// deleteObjects deletes up to 1,000 keys or versions and reports on each.
func (c *call) deleteObjects() error {
	if c.r.Header.Get("Content-Md5") == "" && !c.declaresChecksum() {
		return invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
	}
	doc, err := c.readDocument()
	if err != nil {
		return err
	}
	root, err := xmltree.Parse(doc)
	if err != nil || root.Name != "Delete" || !root.Only([]string{"Object"}, "Quiet") {
		return malformedXML()
	}
	objects := root.All("Object")
	if len(objects) == 0 || len(objects) > 1000 {
		return malformedXML()
	}
	for _, o := range objects {
		if o.Child("Key") == nil || o.Child("Key").Text == "" {
			return malformedXML()
		}
	}
	answer := struct {
		XMLName xml.Name       `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
		Deleted []deletedEntry `xml:"Deleted"`
		Errors  []errorEntry   `xml:"Error"`
	}{}
	quiet := strings.EqualFold(root.Value("Quiet"), "true")
	for _, o := range objects {
		key, id := o.Child("Key").Text, o.Value("VersionId")
		d, err := c.eraseOne(key, id, o.Value("ETag"))
		if err != nil {
			f := refusalOf(err, c)
			answer.Errors = append(answer.Errors, errorEntry{key, id, f.Code, f.Message})
			continue
		}
		if quiet {
			continue
		}
		entry := deletedEntry{Key: key, VersionID: id, DeleteMarker: d.marker}
		if d.marker {
			entry.MarkerVersionID = d.versionID
		}
		answer.Deleted = append(answer.Deleted, entry)
	}
	return c.document(answer)
}

func (c *call) eraseOne(key, id, etag string) (deletion, error) {
	action := "s3:DeleteObject"
	if id != "" {
		action = "s3:DeleteObjectVersion"
	}
	if err := c.allowed(action, c.bucket.ObjectARN(key), nil); err != nil {
		return deletion{}, err
	}
	if id != "" && !isVersionID(id) {
		return deletion{}, refusal.New(http.StatusNotFound, "NoSuchVersion", "The specified version does not exist.")
	}
	return c.erase(key, id, func(v *store.Version) error {
		if etag != "" && (v == nil || v.Marker || !matches(etag, v.ETag)) {
			return preconditionFailed("If-Match")
		}
		return nil
	})
}
