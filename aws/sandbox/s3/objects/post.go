package objects

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/form"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// postObject takes in an object that comes in a form. Its fields stand in the
// headers of the request by now, and were held to the policy: from here on it
// is a PUT with an answer of its own.
func postObject(c *request.Call) error {
	f := c.Caller.Form
	if f == nil { // a signed request brings no form
		return form.NotMultipart()
	}
	var err error
	if c.Key, err = f.Key(); err != nil {
		return err
	}
	if !utf8.ValidString(c.Key) { // its length was looked at when the form came in
		return request.InvalidURI(c.Key)
	}
	if err := readTagging(c, f.Get("tagging")); err != nil {
		return err
	}
	if err := c.Allowed("s3:PutObject", c.Bucket.ObjectARN(c.Key), nil); err != nil {
		return err
	}
	draft, err := Draft(c)
	if err != nil {
		return err
	}
	if err := checksum.CheckPromise(c); err != nil {
		return err
	}
	v, err := takeIn(c, draft, func(size int64) error {
		if err := f.Policy.CheckSize(size); err != nil {
			return err
		}
		return checkSize(size)
	})
	if err != nil {
		return err
	}
	return answerForm(c, v)
}

// readTagging makes of the field for tags, which is a document, the header that
// a PUT has for them. A document of another kind has no tags.
func readTagging(c *request.Call, text string) error {
	if text == "" {
		return nil
	}
	root, err := xmltree.Parse([]byte(text))
	if err != nil {
		return request.MalformedXML()
	}
	set := root.Child("TagSet")
	if root.Name != "Tagging" || set == nil {
		return nil
	}
	tags, err := request.ReadTagNodes(set, 10)
	if err != nil {
		return err
	}
	pairs := make([]string, len(tags))
	for i, tag := range tags {
		pairs[i] = url.QueryEscape(tag.Key) + "=" + url.QueryEscape(tag.Value)
	}
	c.R.Header.Set("X-Amz-Tagging", strings.Join(pairs, "&"))
	return nil
}

// answerForm answers as the form asks: with a redirect, with a document, or
// with nothing.
func answerForm(c *request.Call, v *store.Version) error {
	f, etag := c.Caller.Form, request.Quoted(v.ETag)
	to := f.Get("success_action_redirect")
	if to == "" {
		to = f.Get("redirect")
	}
	if target, err := url.Parse(to); err == nil && target.Host != "" && (target.Scheme == "http" || target.Scheme == "https") {
		link := "?"
		if target.RawQuery != "" {
			link = "&"
		}
		c.W.Header().Set("Location", to+link+"bucket="+url.QueryEscape(c.BucketName)+"&key="+url.QueryEscape(c.Key)+"&etag="+url.QueryEscape(etag))
		return c.Empty(http.StatusSeeOther)
	}
	location := place(c)
	c.W.Header().Set("Location", location)
	switch f.Get("success_action_status") {
	case "200":
		return c.Empty(http.StatusOK)
	case "201":
		answer := xmltree.Of("PostResponse", xmltree.Leaf("Location", location), xmltree.Leaf("Bucket", c.BucketName),
			xmltree.Leaf("Key", c.Key), xmltree.Leaf("ETag", etag))
		return c.Send(http.StatusCreated, "application/xml", answer.Bare())
	}
	return c.Empty(http.StatusNoContent)
}

// place is where an object is, as the answers to forms tell it: with each slash
// of the key encoded.
func place(c *request.Call) string {
	scheme, path := "http://", "/"+url.PathEscape(c.Key)
	if c.R.TLS != nil {
		scheme = "https://"
	}
	if request.HostBucket(c.R) == "" {
		path = "/" + c.BucketName + path
	}
	return scheme + c.R.Host + path
}
