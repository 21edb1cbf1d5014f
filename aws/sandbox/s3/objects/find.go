package objects

import (
	"errors"
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// find returns the version that the request is about, without a reference to
// its body, or what S3 says instead.
func find(c *request.Call) (*store.Version, error) {
	return lookUp(c, c.Bucket.Find)
}

// findKept is find for what is kept beside an object, such as its tags: there
// S3 says of a delete marker that it has none, be it named by its version or
// not.
func findKept(c *request.Call) (*store.Version, error) {
	if v, err := c.Bucket.Find(c.Key, ""); err == nil && v.Marker && !c.Query.Has("versionId") {
		setVersionID(c, v)
		return nil, noneOfMarker(c, v)
	}
	return find(c)
}

func noneOfMarker(c *request.Call, marker *store.Version) *refusal.Error {
	return refusal.New(http.StatusMethodNotAllowed, "MethodNotAllowed",
		"The specified method is not allowed against this resource.",
		refusal.With("Method", c.R.Method), refusal.With("ResourceType", "DeleteMarker")).
		Header("X-Amz-Delete-Marker", "true").Header("Allow", "DELETE").Header("Last-Modified", request.HTTPDate(marker.Modified))
}

func lookUp(c *request.Call, get func(key, id string) (*store.Version, error)) (*store.Version, error) {
	id := c.Query.Get("versionId")
	if c.Query.Has("versionId") {
		if id == "" {
			return nil, request.InvalidArgument("Version id cannot be the empty string", "versionId", id)
		}
		if !IsVersionID(id) {
			return nil, request.InvalidArgument("Invalid version id specified", "versionId", id)
		}
	}
	if c.Bucket.Misses() {
		return nil, c.Absent(request.NoSuchKey(c.Key))
	}
	v, err := get(c.Key, id)
	switch {
	case errors.Is(err, store.ErrNoSuchKey):
		return nil, c.Absent(request.NoSuchKey(c.Key))
	case errors.Is(err, store.ErrNoSuchVersion):
		return nil, c.Absent(request.NoSuchVersion(c.Key, id))
	case err != nil:
		return nil, err
	case v.Marker && id == "":
		setVersionID(c, v)
		return nil, c.Absent(request.NoSuchKey(c.Key).Header("X-Amz-Delete-Marker", "true"))
	case v.Marker:
		setVersionID(c, v)
		return nil, noneOfMarker(c, v)
	}
	return v, nil
}

// IsVersionID says whether id has the form of a version id.
func IsVersionID(id string) bool {
	if id == store.NullID {
		return true
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"
	return len(id) == 32 && strings.Trim(id, alphabet) == ""
}

// SetNewVersionID sends the version id of what was written, unless it is the
// null version.
func SetNewVersionID(c *request.Call, v *store.Version) {
	if !v.IsNull() {
		c.W.Header().Set("X-Amz-Version-Id", v.ID)
	}
}

// setVersionID sends the version id, which buckets that were never versioned
// don't do.
func setVersionID(c *request.Call, v *store.Version) {
	if c.Bucket.Versioning() != store.NeverSet {
		c.W.Header().Set("X-Amz-Version-Id", v.ID)
	}
}
