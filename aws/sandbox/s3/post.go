package s3

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// postObject takes in a file that a browser sends in a form (S3 API Reference,
// POST Object).
func (c *call) postObject() error {
	if !c.anonymous() {
		// The form signs itself.
		return invalidArgument("Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query "+
			"string parameter or the Authorization header should be specified", "Authorization", c.r.Header.Get("Authorization"))
	}
	f, err := readForm(c.r.Header.Get("Content-Type"), c.caller.Body)
	if err != nil {
		return err
	}
	if c.key = f.fields["key"]; len(c.key) > maxKey {
		return keyTooLong(c.key)
	}
	p := &formPolicy{most: -1}
	if f.fields["policy"] != "" {
		if err := c.signIn(f); err != nil {
			return err
		}
		if p, err = parseFormPolicy(f.fields["policy"]); err != nil {
			return err
		}
		if err := p.check(f.fields, c.bucketName, time.Now()); err != nil {
			return err
		}
	}
	v, err := c.putFile(f, p)
	if err != nil {
		return err
	}
	return c.posted(f, v)
}

// signIn makes the signer of the form's policy the caller.
func (c *call) signIn(f *form) error {
	verify := sigv4.VerifyPolicyVersion2
	switch {
	case f.fields["x-amz-algorithm"] != "" || f.fields["x-amz-credential"] != "" || f.fields["x-amz-signature"] != "":
		verify = c.api.verifier.VerifyPolicy
	case f.fields["awsaccesskeyid"] == "" && f.fields["signature"] == "":
		return accessDenied("")
	case !sigv4.Version2Served(c.bucket.Region):
		return sigv4.ErrMechanism()
	default:
		c.caller.Version2 = true
	}
	result, err := verify(f.field, c.api.Directory.Key, time.Now())
	if err != nil {
		return err
	}
	_, identity, found := c.api.Directory.Lookup(result.AccessKeyID)
	if !found { // removed this very moment
		return accessDenied("")
	}
	c.caller.Identity = identity
	if !c.caller.Version2 {
		c.caller.Region = result.Region
	}
	return c.checkRegion()
}

// putFile stores the file of a form.
func (c *call) putFile(f *form, p *formPolicy) (*store.Version, error) {
	if err := c.allowForm(f, p.most); err != nil {
		return nil, err
	}
	draft, err := c.draft()
	if err != nil {
		return nil, err
	}
	if text := f.fields["tagging"]; text != "" {
		root, err := xmltree.Parse([]byte(text))
		if err != nil || root.Name != "Tagging" || root.Child("TagSet") == nil {
			return nil, malformedXML()
		}
		if draft.Tags, err = readTagNodes(root.Child("TagSet"), 10); err != nil {
			return nil, err
		}
	}
	if err := c.checkLockDigest(draft); err != nil {
		return nil, err
	}
	got, err := c.receive("CRC64NVME", false)
	if err != nil {
		return nil, err
	}
	if size := got.body.Size(); size < p.least {
		got.body.Release()
		return nil, refusal.New(http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
			refusal.With("ProposedSize", strconv.FormatInt(size, 10)), refusal.With("MinSizeAllowed", strconv.FormatInt(p.least, 10)))
	}
	draft.Body, draft.Size, draft.Checksum = got.body, got.body.Size(), got.checksum
	draft.ETag = hexOf(etagBytes(got.md5, draft.Encryption))
	return c.commit(draft)
}

// allowForm turns the call into the PUT that the form stands for, with a body
// that ends where the policy's limit is passed, and asks whether it may be.
func (c *call) allowForm(f *form, most int64) error {
	origin := c.r.Header.Get("Origin")
	c.r = c.r.Clone(c.r.Context())
	c.r.Header, c.r.ContentLength = f.header(), -1
	if origin != "" {
		c.r.Header.Set("Origin", origin)
	}
	put, err := sigv4.Anonymous(c.r)
	if err != nil {
		return err
	}
	if most < 0 || most > maxPut {
		most = maxPut
	}
	file := &limited{Reader: f.file, most: most}
	c.caller.Body, c.caller.Length = put.Body(file), -1
	return c.allowed("s3:PutObject", c.bucket.ObjectARN(c.key), nil)
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
func (c *call) posted(f *form, v *store.Version) error {
	c.setNewVersionID(v)
	c.setEncryption(v)
	c.setExpiration(v)
	setChecksum(c.w.Header(), v.Checksum)
	location := "https://" + c.bucketName + ".s3." + c.bucket.Region + ".amazonaws.com/" + url.PathEscape(c.key)
	c.w.Header().Set("Etag", quoted(v.ETag))
	c.w.Header().Set("Location", location)
	to := f.fields["success_action_redirect"]
	if to == "" {
		to = f.fields["redirect"]
	}
	if target, err := url.Parse(to); to != "" && err == nil && target.IsAbs() {
		told := "bucket=" + url.QueryEscape(c.bucketName) + "&key=" + url.QueryEscape(c.key) + "&etag=" + url.QueryEscape(quoted(v.ETag))
		if target.RawQuery != "" {
			told = target.RawQuery + "&" + told
		}
		target.RawQuery = told
		c.w.Header().Set("Location", target.String())
		return c.empty(http.StatusSeeOther)
	}
	switch f.fields["success_action_status"] {
	case "200":
		return c.empty(http.StatusOK)
	case "201":
		return c.documentWith(http.StatusCreated, struct {
			XMLName  xml.Name `xml:"PostResponse"`
			Location string   `xml:"Location"`
			Bucket   string   `xml:"Bucket"`
			Key      string   `xml:"Key"`
			ETag     string   `xml:"ETag"`
		}{Location: location, Bucket: c.bucketName, Key: c.key, ETag: quoted(v.ETag)})
	}
	return c.empty(http.StatusNoContent)
}
