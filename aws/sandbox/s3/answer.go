package s3

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"strconv"
	"time"
)

// document answers 200 with an XML document made of a struct.
func (c *call) document(answer any) error { return c.documentWith(http.StatusOK, answer) }

func (c *call) documentWith(status int, answer any) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(answer); err != nil {
		return err
	}
	return c.send(status, "application/xml", b.Bytes())
}

// bytes answers 200 with a small body.
func (c *call) bytes(contentType string, body []byte) error {
	return c.send(http.StatusOK, contentType, body)
}

func (c *call) send(status int, contentType string, body []byte) error {
	c.w.Header().Set("Content-Type", contentType)
	c.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body)
	return nil
}

// empty answers with a status alone.
func (c *call) empty(status int) error {
	if status != http.StatusNoContent {
		c.w.Header().Set("Content-Length", "0")
	}
	c.w.WriteHeader(status)
	return nil
}

// set sets a header of the answer unless the value is empty.
func (c *call) set(name, value string) {
	if value != "" {
		c.w.Header().Set(name, value)
	}
}

// stamp writes an instant as S3's XML does, to the millisecond.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// httpDate writes an instant as HTTP headers do, to the second.
func httpDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

func quoted(etag string) string { return `"` + etag + `"` }
