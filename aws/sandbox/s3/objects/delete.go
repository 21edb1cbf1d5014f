package objects

import (
	"encoding/xml"
	"errors"
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// deletion is what a DELETE did.
type deletion struct {
	versionID string // of the version that went, or of the marker that came
	marker    bool
}

// known says whether a version is there, or may have been at some time. Ids that
// an earlier sandbox made are not marked as those of today.
func known(c *request.Call, key, id string) bool {
	if store.Issued(id) {
		return true
	}
	_, err := c.Bucket.Find(key, id)
	return err == nil
}

func deleteObject(c *request.Call) error {
	id, byVersion := c.Query.Get("versionId"), c.Query.Has("versionId")
	if byVersion && !known(c, c.Key, id) {
		return request.InvalidArgument("Invalid version id specified", "versionId", id)
	}
	for _, name := range []string{"X-Amz-If-Match-Last-Modified-Time", "X-Amz-If-Match-Size"} {
		if c.R.Header.Get(name) != "" {
			return request.NotImplemented(name) // of directory buckets
		}
	}
	check := func(newest *store.Version) error {
		if match := c.R.Header.Get("If-Match"); match != "" {
			switch {
			case newest == nil:
				return request.NoSuchKey(c.Key)
			case newest.Marker || !request.Matches(match, newest.ETag):
				return request.PreconditionFailed("If-Match")
			}
		}
		return nil
	}
	d, err := erase(c, c.Key, id, check)
	if err != nil {
		return err
	}
	c.Set("X-Amz-Version-Id", d.versionID)
	if d.marker {
		c.Set("X-Amz-Delete-Marker", "true")
	}
	return c.Empty(http.StatusNoContent)
}

// erase deletes a version for good, or without an id puts a delete marker.
// That a version is not there any more is no error (S3 API Reference,
// DeleteObject).
func erase(c *request.Call, key, id string, check func(*store.Version) error) (deletion, error) {
	if id != "" {
		bypass := bypassesGovernance(c, key)
		v, err := c.Bucket.DeleteVersion(key, id, func(v *store.Version) error {
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
		c.Removed(key, id, false)
		return deletion{versionID: id, marker: v.Marker}, nil
	}
	there := false
	marker, err := c.Bucket.Delete(key, func(newest *store.Version) error {
		there = newest != nil
		if check != nil {
			return check(newest)
		}
		return nil
	}, c.Backend.Engine.Decider(c.Bucket))
	if err != nil {
		return deletion{}, err
	}
	if marker == nil { // the bucket keeps no versions
		if there {
			c.Removed(key, "", false)
		}
		return deletion{}, nil
	}
	c.Removed(key, marker.ID, true)
	c.Backend.Engine.Committed(c.Bucket, marker)
	return deletion{versionID: marker.ID, marker: true}, nil
}

type deletedEntry struct {
	Key             request.Text `xml:"Key"`
	VersionID       string       `xml:"VersionId,omitempty"`
	DeleteMarker    bool         `xml:"DeleteMarker,omitempty"`
	MarkerVersionID string       `xml:"DeleteMarkerVersionId,omitempty"`
}

type errorEntry struct {
	Key       request.Text `xml:"Key"`
	VersionID string       `xml:"VersionId,omitempty"`
	Code      string       `xml:"Code"`
	Message   request.Text `xml:"Message"`
}

// deleteObjects deletes up to 1,000 keys or versions and reports on each.
func deleteObjects(c *request.Call) error {
	if c.R.Header.Get("Content-Md5") == "" && !checksum.Declared(c) {
		return request.InvalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
	}
	root, err := c.ReadXML("Delete", request.MalformedXML())
	if err != nil {
		return err
	}
	objects := root.All("Object")
	if !root.Only([]string{"Object"}, "Quiet") || len(objects) == 0 || len(objects) > 1000 {
		return request.MalformedXML()
	}
	for _, o := range objects {
		if o.Child("Key") == nil || o.Child("Key").Text == "" {
			return request.MalformedXML()
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
		d, err := eraseOne(c, key, id, o.Value("ETag"))
		if err != nil {
			f := request.RefusalOf(err, c)
			answer.Errors = append(answer.Errors, errorEntry{request.Text(key), id, f.Code, request.Text(f.Message)})
			continue
		}
		if quiet {
			continue
		}
		entry := deletedEntry{Key: request.Text(key), VersionID: id, DeleteMarker: d.marker}
		if d.marker {
			entry.MarkerVersionID = d.versionID
		}
		answer.Deleted = append(answer.Deleted, entry)
	}
	return c.Document(answer)
}

func eraseOne(c *request.Call, key, id, etag string) (deletion, error) {
	action := "s3:DeleteObject"
	if id != "" {
		action = "s3:DeleteObjectVersion"
	}
	if err := c.Allowed(action, c.Bucket.ObjectARN(key), nil); err != nil {
		return deletion{}, err
	}
	if id != "" && !known(c, key, id) {
		return deletion{}, refusal.New(http.StatusNotFound, "NoSuchVersion", "The specified version does not exist.")
	}
	return erase(c, key, id, func(v *store.Version) error {
		if etag != "" && (v == nil || v.Marker || !request.Matches(etag, v.ETag)) {
			return request.PreconditionFailed("If-Match")
		}
		return nil
	})
}
