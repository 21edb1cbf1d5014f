package request

import (
	"strings"
	"time"

	"bothways/aws/sandbox/notify"
	"bothways/aws/sandbox/store"
)

// Created has the bucket notify of a version that the request made.
func (c *Call) Created(v *store.Version) {
	kind := "Put"
	switch {
	case c.Caller.Form != nil:
		kind = "Post"
	case c.Query.Has("uploadId"):
		kind = "CompleteMultipartUpload"
	case c.R.Header.Get("X-Amz-Copy-Source") != "":
		kind = "Copy"
	}
	c.notify(notify.Event{Name: "s3:ObjectCreated:" + kind, Key: v.Key, VersionID: v.ID, ETag: v.ETag, Size: v.Size, At: time.Now()})
}

// Removed has the bucket notify of a version that the request deleted for good,
// or of the delete marker that it put.
func (c *Call) Removed(key, id string, marker bool) {
	kind := "Delete"
	if marker {
		kind = "DeleteMarkerCreated"
	}
	c.notify(notify.Event{Name: "s3:ObjectRemoved:" + kind, Key: key, VersionID: id, Size: -1, At: time.Now()})
}

func (c *Call) notify(e notify.Event) {
	if c.Backend.Notices == nil {
		return
	}
	e.Bucket = c.Bucket
	if c.Bucket.Versioning() == store.NeverSet {
		e.VersionID = ""
	}
	h := c.W.Header()
	e.Cause = &notify.Cause{
		PrincipalID: c.Caller.Identity.UserID, SourceIP: c.sourceIP(),
		RequestID: strings.Join(h["X-Amz-Request-Id"], ""), HostID: strings.Join(h["X-Amz-Id-2"], ""),
	}
	c.Backend.Notices.Tell(e)
}
