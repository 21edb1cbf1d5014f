package httplog

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"bothways/aws/apierror"
)

const redacted = "[redacted]"

// shown are the parameters of queries whose values are told: what is asked for, and
// where a list goes on. Of all others only the name is, as signed addresses have
// their signature and a session's token there.
var shown = []string{
	"list-type", "prefix", "delimiter", "max-keys", "key-marker", "version-id-marker", "start-after", "marker", "encoding-type",
	"versionId", "partNumber", "uploads", "id", "x-id", "bucket-region", "max-buckets",
}

// query is an address's query with only those values that are no secrets.
func query(values url.Values) string {
	parts := make([]string, 0, len(values))
	for name, all := range values {
		if slices.Contains(shown, name) && strings.Join(all, "") != "" {
			name += "=" + strings.Join(all, ",")
		}
		parts = append(parts, name)
	}
	slices.Sort(parts)
	return strings.Join(parts, "&")
}

// bodies says whether what a service says of an error is told. Requests for
// credentials carry tokens and passwords in their bodies, which a gateway may echo.
func bodies(service, operation string) bool {
	switch service {
	case "S3", "S3 Control", "IAM", "KMS", "fis", "CloudWatch", "Athena", "Account":
		return true
	}
	return service == "STS" && operation == "GetCallerIdentity"
}

// secretsOf are what a request carries and nobody else may read: wherever its
// answer has one of them it is taken out. The longest come first, as one may stand
// in another.
func secretsOf(request *http.Request) []string {
	var all []string
	add := func(values ...string) {
		for _, value := range values {
			if len(value) >= 4 { // what is shorter stands in too many other words
				all = append(all, value)
			}
		}
	}
	for name, values := range request.Header {
		if secretHeader(name) {
			add(values...)
		}
	}
	given := request.Header.Get("Authorization")
	for _, part := range strings.FieldsFunc(given, func(r rune) bool { return r == ',' || r == ' ' }) {
		what, value, _ := strings.Cut(part, "=")
		switch what {
		case "Signature":
			add(value)
		case "Credential":
			id, _, _ := strings.Cut(value, "/")
			add(id)
		}
	}
	if _, token, is := strings.Cut(given, " "); is && !strings.HasPrefix(given, "AWS4-") {
		add(token)
	}
	for name, values := range request.URL.Query() {
		if strings.HasPrefix(strings.ToLower(name), "x-amz-") || secretHeader(name) {
			add(values...)
		}
	}
	if user := request.URL.User; user != nil {
		password, _ := user.Password()
		add(password, user.String(), base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)))
	}
	for _, secret := range slices.Clone(all) { // as it is written in XML, JSON and addresses
		quoted, err := json.Marshal(secret)
		if err == nil {
			add(string(quoted[1 : len(quoted)-1]))
		}
		add(url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret), strings.ReplaceAll(secret, "/", `\/`),
			strings.ReplaceAll(secret, "+", "&#43;"), strings.ReplaceAll(secret, "=", "&#61;"))
	}
	slices.SortFunc(all, func(x, y string) int { return cmp.Or(cmp.Compare(len(y), len(x)), strings.Compare(x, y)) })
	return slices.Compact(all)
}

// secretHeader says whether a header carries what proves who somebody is.
func secretHeader(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "authorization") || strings.Contains(name, "token") || strings.Contains(name, "secret") ||
		strings.Contains(name, "customer-key") || name == "cookie"
}

// longTexts are what secret keys, with 40 characters, and session tokens look like:
// they have letters of both cases and digits. Names of roles and keys have
// hyphens, and stay.
var longTexts = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9/+=]{40,}`) })

// signed are the parts of an error's body by which S3 says what it would have
// signed: all headers of the request, and the signature.
var signed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)<(AWSAccessKeyId|StringToSign|StringToSignBytes|SignatureProvided|CanonicalRequest|CanonicalRequestBytes)>.*?(</|$)`)
})

// clean takes out of a text what this request carried and what looks like a secret.
func (e *exchange) clean(text string) string {
	text = e.without(signed().ReplaceAllString(text, "<${1}>"+redacted+"${2}"))
	return longTexts().ReplaceAllStringFunc(text, func(found string) string {
		if strings.ContainsAny(found, "0123456789") && strings.ToLower(found) != found && strings.ToUpper(found) != found {
			return redacted
		}
		return found
	})
}

// without takes out of a text what this request carried, and what has the shape of
// a credential.
func (e *exchange) without(text string) string {
	for _, secret := range e.secrets {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	return apierror.Redact(text)
}

// path is the address's path. That of a container's credentials is as good as a
// password.
func (e *exchange) path(request *http.Request) string {
	if strings.HasPrefix(e.service, "endpoint-credentials") {
		return redacted
	}
	return e.without(request.URL.EscapedPath())
}
