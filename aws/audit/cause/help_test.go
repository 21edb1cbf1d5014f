package cause_test

import "net/url"

// decoded is a policy document as IAM gives it, without its URL encoding.
func decoded(document string) string {
	text, err := url.QueryUnescape(document)
	if err != nil {
		return document
	}
	return text
}
