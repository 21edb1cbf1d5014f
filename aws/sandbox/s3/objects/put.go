package objects

import (
	"net/http"

	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

func putObject(c *request.Call) error {
	draft, err := Draft(c)
	if err != nil {
		return err
	}
	if err := CheckLength(c); err != nil {
		return err
	}
	if c.Query.Has("partNumber") {
		return request.InvalidArgument("This operation does not accept partNumber without uploadId", "partNumber", c.Query.Get("partNumber"))
	}
	if err := checkLockDigest(c, draft); err != nil {
		return err
	}
	if _, err := takeIn(c, draft, anySize); err != nil {
		return err
	}
	return c.Empty(http.StatusOK)
}

// anySize is what takeIn holds the size of a body to where its length was
// checked beforehand.
func anySize(int64) error { return nil }

// takeIn reads the body of a draft, makes the draft the newest version, and
// tells of it in the headers of the answer. fits may refuse the size in bytes.
func takeIn(c *request.Call, draft *store.Version, fits func(size int64) error) (*store.Version, error) {
	got, err := checksum.Receive(c, "CRC64NVME", false)
	if err != nil {
		return nil, err
	}
	if err := fits(got.Body.Size()); err != nil {
		got.Body.Release()
		return nil, err
	}
	draft.Body, draft.Size, draft.Checksum = got.Body, got.Body.Size(), got.Checksum
	draft.ETag = checksum.Hex(ETagBytes(got.MD5, draft.Encryption))
	v, err := Commit(c, draft)
	if err != nil {
		return nil, err
	}
	SetNewVersionID(c, v)
	SetEncryption(c, v)
	SetExpiration(c, v)
	checksum.Set(c.W.Header(), v.Checksum)
	c.W.Header().Set("Etag", request.Quoted(v.ETag))
	return v, nil
}

// Commit makes the draft the newest version, and has it replicated and told of.
func Commit(c *request.Call, draft *store.Version) (*store.Version, error) {
	v, err := c.Bucket.Commit(draft, CheckWrite(c), c.Backend.Engine.Decider(c.Bucket))
	if err != nil {
		return nil, err
	}
	c.Backend.Engine.Committed(c.Bucket, v)
	annotated(c, v)
	c.Created(v)
	return v, nil
}

// CheckWrite returns the check of a write against its If-Match and If-None-Match
// headers (S3 User Guide, How to prevent object overwrites with conditional
// writes).
func CheckWrite(c *request.Call) func(newest *store.Version) error {
	return func(newest *store.Version) error { return checkWrite(c, newest) }
}

func checkWrite(c *request.Call, newest *store.Version) error {
	match, noneMatch := c.R.Header.Get("If-Match"), c.R.Header.Get("If-None-Match")
	exists := newest != nil && !newest.Marker
	switch {
	case noneMatch != "" && match != "":
		return request.Explained(request.NotImplemented("If-Match,If-None-Match"), "Multiple conditional request headers present in the request")
	case noneMatch != "" && noneMatch != "*":
		return request.Explained(request.NotImplemented("If-None-Match"), "We don't accept the provided value of If-None-Match header for this API")
	case match == "*":
		return request.Explained(request.NotImplemented("If-Match"), "We don't accept the provided value of If-Match header for this API")
	case noneMatch == "*" && exists:
		return request.PreconditionFailed("If-None-Match")
	case match != "" && !exists:
		return request.NoSuchKey(c.Key)
	case match != "" && !request.Matches(match, newest.ETag):
		return request.PreconditionFailed("If-Match")
	}
	return nil
}
