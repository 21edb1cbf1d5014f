package request

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"strconv"
	"time"

	"bothways/aws/sandbox/xmltree"
)

// Document answers 200 with an XML document made of a struct.
func (c *Call) Document(answer any) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(answer); err != nil {
		return err
	}
	return c.Bytes("application/xml", b.Bytes())
}

// Bytes answers 200 with a small body.
func (c *Call) Bytes(contentType string, body []byte) error {
	return c.Send(http.StatusOK, contentType, body)
}

// Send answers with a small body.
func (c *Call) Send(status int, contentType string, body []byte) error {
	c.W.Header().Set("Content-Type", contentType)
	c.W.Header().Set("Content-Length", strconv.Itoa(len(body)))
	c.W.WriteHeader(status)
	_, _ = c.W.Write(body)
	return nil
}

// Tree answers 200 with a document.
func (c *Call) Tree(root *xmltree.Node) error { return c.Bytes("application/xml", root.Document()) }

// Empty answers with a status alone.
func (c *Call) Empty(status int) error {
	if status != http.StatusNoContent {
		c.W.Header().Set("Content-Length", "0")
	}
	c.W.WriteHeader(status)
	return nil
}

// Set sets a header of the answer unless the value is empty.
func (c *Call) Set(name, value string) {
	if value != "" {
		c.W.Header().Set(name, value)
	}
}

// Stamp writes when something came to be as S3's XML does: in the form of
// milliseconds, but to the second, as headers have it.
func Stamp(t time.Time) string { return Instant(t.Truncate(time.Second)) }

// Instant writes an instant that a client has set, to the millisecond.
func Instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// HTTPDate writes an instant as HTTP headers do, to the second.
func HTTPDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// Quoted puts an ETag into the quotation marks that headers and documents have.
func Quoted(etag string) string { return `"` + etag + `"` }
