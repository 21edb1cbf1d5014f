package forms

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/objects"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// postObject takes in a file that a browser sends in a form (S3 API Reference,
// POST Object).
func postObject(c *request.Call) error {
	if !c.Anonymous() {
		// The form signs itself.
		return request.InvalidArgument("Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query "+
			"string parameter or the Authorization header should be specified", "Authorization", c.R.Header.Get("Authorization"))
	}
	f, err := readForm(c.R.Header.Get("Content-Type"), c.Caller.Body)
	if err != nil {
		return err
	}
	if c.Key = f.fields["key"]; len(c.Key) > request.MaxKey {
		return request.KeyTooLong(c.Key)
	}
	p := &formPolicy{most: -1}
	if f.fields["policy"] != "" {
		if err := signIn(c, f); err != nil {
			return err
		}
		if p, err = parseFormPolicy(f.fields["policy"]); err != nil {
			return err
		}
		if err := p.check(f.fields, c.BucketName, time.Now()); err != nil {
			return err
		}
	}
	v, err := putFile(c, f, p)
	if err != nil {
		return err
	}
	return posted(c, f, v)
}

// signIn makes the signer of the form's policy the caller.
func signIn(c *request.Call, f *form) error {
	verify := sigv4.VerifyPolicyVersion2
	switch {
	case f.fields["x-amz-algorithm"] != "" || f.fields["x-amz-credential"] != "" || f.fields["x-amz-signature"] != "":
		verify = c.Backend.Verifier.VerifyPolicy
	case f.fields["awsaccesskeyid"] == "" && f.fields["signature"] == "":
		return request.AccessDenied("")
	case !sigv4.Version2Served(c.Bucket.Region):
		return sigv4.ErrMechanism()
	default:
		c.Caller.Version2 = true
	}
	result, err := verify(f.field, c.Backend.Directory.Key, time.Now())
	if err != nil {
		return err
	}
	_, identity, found := c.Backend.Directory.Lookup(result.AccessKeyID)
	if !found { // removed this very moment
		return request.AccessDenied("")
	}
	c.Caller.Identity = identity
	if !c.Caller.Version2 {
		c.Caller.Region = result.Region
	}
	return c.CheckRegion()
}

// putFile stores the file of a form.
func putFile(c *request.Call, f *form, p *formPolicy) (*store.Version, error) {
	if err := allowForm(c, f, p.most); err != nil {
		return nil, err
	}
	draft, err := objects.Draft(c)
	if err != nil {
		return nil, err
	}
	if text := f.fields["tagging"]; text != "" {
		root, err := xmltree.Parse([]byte(text))
		if err != nil || root.Name != "Tagging" || root.Child("TagSet") == nil {
			return nil, request.MalformedXML()
		}
		if draft.Tags, err = request.ReadTagNodes(root.Child("TagSet"), 10); err != nil {
			return nil, err
		}
	}
	if err := objects.CheckLockDigest(c, draft); err != nil {
		return nil, err
	}
	got, err := checksum.Receive(c, "CRC64NVME", false)
	if err != nil {
		return nil, err
	}
	if size := got.Body.Size(); size < p.least {
		got.Body.Release()
		return nil, refusal.New(http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
			refusal.With("ProposedSize", strconv.FormatInt(size, 10)), refusal.With("MinSizeAllowed", strconv.FormatInt(p.least, 10)))
	}
	draft.Body, draft.Size, draft.Checksum = got.Body, got.Body.Size(), got.Checksum
	draft.ETag = checksum.Hex(objects.ETagBytes(got.MD5, draft.Encryption))
	return objects.Commit(c, draft)
}

// allowForm turns the call into the PUT that the form stands for, with a body
// that ends where the policy's limit is passed, and asks whether it may be.
func allowForm(c *request.Call, f *form, most int64) error {
	origin := c.R.Header.Get("Origin")
	c.R = c.R.Clone(c.R.Context())
	c.R.Header, c.R.ContentLength = f.header(), -1
	if origin != "" {
		c.R.Header.Set("Origin", origin)
	}
	put, err := sigv4.Anonymous(c.R)
	if err != nil {
		return err
	}
	if most < 0 || most > objects.MaxPut {
		most = objects.MaxPut
	}
	file := &limited{Reader: f.file, most: most}
	c.Caller.Body, c.Caller.Length = put.Body(file), -1
	return c.Allowed("s3:PutObject", c.Bucket.ObjectARN(c.Key), nil)
}

// limited ends with EntityTooLarge once more than most bytes were read.
type limited struct {
	io.Reader
	read, most int64
}

func (l *limited) Read(b []byte) (int, error) {
	n, err := l.Reader.Read(b)
	if l.read += int64(n); l.read > l.most {
		return n, refusal.New(http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
			refusal.With("ProposedSize", strconv.FormatInt(l.read, 10)), refusal.With("MaxSizeAllowed", strconv.FormatInt(l.most, 10)))
	}
	return n, err
}

// posted answers as the form asks to be answered.
func posted(c *request.Call, f *form, v *store.Version) error {
	objects.SetNewVersionID(c, v)
	objects.SetEncryption(c, v)
	objects.SetExpiration(c, v)
	checksum.Set(c.W.Header(), v.Checksum)
	location := "https://" + c.BucketName + ".s3." + c.Bucket.Region + ".amazonaws.com/" + url.PathEscape(c.Key)
	c.W.Header().Set("Etag", request.Quoted(v.ETag))
	c.W.Header().Set("Location", location)
	to := f.fields["success_action_redirect"]
	if to == "" {
		to = f.fields["redirect"]
	}
	if target, err := url.Parse(to); to != "" && err == nil && target.IsAbs() {
		told := "bucket=" + url.QueryEscape(c.BucketName) + "&key=" + url.QueryEscape(c.Key) + "&etag=" + url.QueryEscape(request.Quoted(v.ETag))
		if target.RawQuery != "" {
			told = target.RawQuery + "&" + told
		}
		target.RawQuery = told
		c.W.Header().Set("Location", target.String())
		return c.Empty(http.StatusSeeOther)
	}
	switch f.fields["success_action_status"] {
	case "200":
		return c.Empty(http.StatusOK)
	case "201":
		return c.DocumentWith(http.StatusCreated, struct {
			XMLName  xml.Name `xml:"PostResponse"`
			Location string   `xml:"Location"`
			Bucket   string   `xml:"Bucket"`
			Key      string   `xml:"Key"`
			ETag     string   `xml:"ETag"`
		}{Location: location, Bucket: c.BucketName, Key: c.Key, ETag: request.Quoted(v.ETag)})
	}
	return c.Empty(http.StatusNoContent)
}
