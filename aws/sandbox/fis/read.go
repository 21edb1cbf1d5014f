package fis

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"bothways/aws/sandbox/tagtext"
)

// read decodes the body of a request. What is wrong with it is the client's
// mistake, and so is a value of another type.
func (c *call) read(into any) error {
	if len(c.body) == 0 {
		return nil // what must be there is found to be missing
	}
	if trimmed := bytes.TrimSpace(c.body); len(trimmed) == 0 || trimmed[0] != '{' {
		return invalid("The request is no JSON object")
	}
	d := json.NewDecoder(bytes.NewReader(c.body))
	if err := d.Decode(into); err != nil {
		return invalid("The request can't be read: " + err.Error())
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return invalid("The request can't be read: there is more after its end")
	}
	return nil
}

// document is a request as it is compared with another of the same token.
func document(request any) string {
	doc, _ := json.Marshal(request) // it was read from JSON
	return string(doc)
}

// checkTags holds tags to what AWS allows.
func checkTags(tags map[string]string) error {
	if len(tags) > mostTags {
		return invalid("There can be at most " + strconv.Itoa(mostTags) + " tags")
	}
	for key, value := range tags {
		switch {
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("The tag key " + strconv.Quote(key) + " begins with aws:, which is reserved")
		case !tagtext.Key(key):
			return invalid("The tag key " + strconv.Quote(key) + " is not valid")
		case !tagtext.Value(value):
			return invalid("The tag value " + strconv.Quote(value) + " is not valid")
		}
	}
	return nil
}

// page reads maxResults and nextToken, and returns which of n there are on the
// page that they ask for, and what leads to the next one.
func (c *call) page(n int) (from, to int, next string, err error) {
	size := 100
	if text := c.query.Get("maxResults"); c.query.Has("maxResults") {
		if size, err = strconv.Atoi(text); err != nil || size < 1 || size > 100 {
			return 0, 0, "", invalid("maxResults is from 1 to 100, not " + strconv.Quote(text))
		}
	}
	if text := c.query.Get("nextToken"); c.query.Has("nextToken") {
		at, found := strings.CutPrefix(text, "from-")
		if from, err = strconv.Atoi(at); !found || err != nil || from < 0 {
			return 0, 0, "", invalid("nextToken is none that was given out: " + strconv.Quote(text))
		}
	}
	from = min(from, n)
	to = min(from+size, n)
	if to < n {
		next = "from-" + strconv.Itoa(to)
	}
	return from, to, next, nil
}
