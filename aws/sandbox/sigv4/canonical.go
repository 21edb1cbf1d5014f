package sigv4

import (
	"cmp"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// canonicalRequest builds the text whose hash is signed (IAM User Guide, "Create a canonical request"). The host, the
// content length and the transfer encoding are taken from the fields into which net/http moves them.
func canonicalRequest(r *http.Request, query url.Values, c *claim, payloadHash string) string {
	var b strings.Builder
	b.Grow(512)
	b.WriteString(r.Method + "\n" + canonicalPath(r.URL.EscapedPath(), isS3(c.service)) + "\n")
	writeQuery(&b, query, c.presigned)
	b.WriteByte('\n')
	for _, name := range c.signedHeaders {
		b.WriteString(name)
		b.WriteByte(':')
		writeHeaderValue(&b, r, name)
		b.WriteByte('\n')
	}
	b.WriteString("\n" + strings.Join(c.signedHeaders, ";") + "\n" + payloadHash)
	return b.String()
}

// canonicalPath writes the path as S3 signs it, each byte encoded once and nothing normalised, or as every other
// service signs it, normalised by RFC 3986 and each segment encoded a second time.
func canonicalPath(escaped string, s3 bool) string {
	if escaped == "" {
		return "/"
	}
	once := encodePath(escaped)
	if s3 {
		return once
	}
	clean := path.Clean(once)
	if strings.HasSuffix(once, "/") && clean != "/" {
		clean += "/"
	}
	var b strings.Builder
	for i := range len(clean) {
		encodeByte(&b, clean[i], true)
	}
	return b.String()
}

// encodePath brings an escaped path to the one spelling that AWS signs: unreserved bytes and separators plain, all
// others as upper-case percent escapes. A slash that arrived escaped is a byte of the key and stays escaped.
func encodePath(escaped string) string {
	var b strings.Builder
	b.Grow(len(escaped))
	for i := 0; i < len(escaped); i++ {
		if escaped[i] == '%' && i+2 < len(escaped) {
			if value, err := strconv.ParseUint(escaped[i+1:i+3], 16, 8); err == nil {
				encodeByte(&b, byte(value), false)
				i += 2
				continue
			}
		}
		encodeByte(&b, escaped[i], true)
	}
	return b.String()
}

const upperHex = "0123456789ABCDEF"

func encodeByte(b *strings.Builder, c byte, keepSlash bool) {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
		c == '-', c == '_', c == '.', c == '~', keepSlash && c == '/':
		b.WriteByte(c)
	default:
		b.WriteByte('%')
		b.WriteByte(upperHex[c>>4])
		b.WriteByte(upperHex[c&15])
	}
}

// encode writes a name or a value of the query string, as url.QueryEscape does but for the space.
func encode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// writeQuery writes the parameters sorted by their encoded names and then by their encoded values. The signature
// itself is left out when it is one of them.
func writeQuery(b *strings.Builder, query url.Values, presigned bool) {
	pairs := make([][2]string, 0, len(query))
	for name, values := range query {
		if presigned && name == "X-Amz-Signature" {
			continue
		}
		for _, value := range values {
			pairs = append(pairs, [2]string{encode(name), encode(value)})
		}
	}
	slices.SortFunc(pairs, func(x, y [2]string) int {
		return cmp.Or(strings.Compare(x[0], y[0]), strings.Compare(x[1], y[1]))
	})
	for i, pair := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(pair[0] + "=" + pair[1])
	}
}

func writeHeaderValue(b *strings.Builder, r *http.Request, name string) {
	for i, value := range headerValues(r, name) {
		if i > 0 {
			b.WriteByte(',')
		}
		writeTrimmed(b, value)
	}
}

// headerValues looks past the headers that net/http keeps in fields of the request instead.
func headerValues(r *http.Request, name string) []string {
	switch name {
	case "host":
		if r.Host == "" {
			return []string{r.URL.Host}
		}
		return []string{r.Host}
	case "content-length":
		if values := r.Header["Content-Length"]; len(values) > 0 {
			return values
		}
		return []string{strconv.FormatInt(r.ContentLength, 10)}
	case "transfer-encoding":
		return r.TransferEncoding
	}
	return r.Header.Values(name)
}

// writeTrimmed drops outer white space and folds runs of spaces within into one.
func writeTrimmed(b *strings.Builder, value string) {
	space := false
	for i, word := range strings.Split(strings.Trim(value, " \t"), " ") {
		if word == "" {
			space = true
			continue
		}
		if i > 0 || space {
			b.WriteByte(' ')
		}
		space = false
		b.WriteString(word)
	}
}
