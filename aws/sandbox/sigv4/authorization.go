package sigv4

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	timeFormat = "20060102T150405Z"
	dateFormat = "20060102"
	// maxPresigned is the longest life of a presigned request (Amazon S3 API Reference, X-Amz-Expires).
	maxPresigned = 7 * 24 * time.Hour
)

// claim is what a request says about its own signature, before anything of it is believed.
type claim struct {
	accessKeyID   string
	date          string
	region        string
	service       string
	signedHeaders []string
	signature     string
	token         string
	at            time.Time
	presigned     bool
	lifetime      time.Duration
}

// scope is the credential scope as it appears in the string to sign.
func (c *claim) scope() string {
	return c.date + "/" + c.region + "/" + c.service + "/" + terminator
}

// parseClaim finds the signature in the header or in the query string.
func parseClaim(r *http.Request, query url.Values) (*claim, *refusal.Error) {
	header := r.Header.Get("Authorization")
	switch {
	case query.Has("X-Amz-Algorithm") && header != "":
		return nil, errTwoMechanisms()
	case query.Has("X-Amz-Algorithm"):
		return parseQuery(query)
	case header != "":
		c, err := parseAuthorization(header)
		if err != nil {
			return nil, err
		}
		return c, c.readHeaders(r.Header)
	case query.Has("AWSAccessKeyId"):
		return nil, ErrMechanism()
	}
	return nil, errUnsigned()
}

// parseAuthorization reads "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…".
func parseAuthorization(header string) (*claim, *refusal.Error) {
	name, rest, found := strings.Cut(header, " ")
	if !found {
		return nil, errAuthorization("Authorization header is invalid -- one and only one ' ' (space) required.", header)
	}
	if name != algorithm {
		if name == "AWS" || strings.HasPrefix(name, "AWS4-") {
			return nil, ErrMechanism()
		}
		return nil, errAuthorization("Unsupported Authorization Type", header)
	}
	var credential, signedHeaders, signature string
	for part := range strings.SplitSeq(rest, ",") {
		key, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if !found {
			return nil, errMalformed("the authorization component \"" + part + "\" is malformed.")
		}
		switch key {
		case "Credential":
			credential = value
		case "SignedHeaders":
			signedHeaders = value
		case "Signature":
			signature = value
		}
	}
	for _, component := range [][2]string{{"Credential", credential}, {"SignedHeaders", signedHeaders}, {"Signature", signature}} {
		if component[1] == "" {
			return nil, errMalformed("missing " + component[0] + ".")
		}
	}
	c := &claim{signature: signature}
	if reason := c.readCredential(credential); reason != "" {
		return nil, errMalformed(reason)
	}
	if reason := c.readSignedHeaders(signedHeaders); reason != "" {
		return nil, errMalformed(reason)
	}
	return c, nil
}

// parseQuery reads the X-Amz-… parameters of a presigned request.
func parseQuery(query url.Values) (*claim, *refusal.Error) {
	if query.Get("X-Amz-Algorithm") != algorithm {
		return nil, errQueryMalformed("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")
	}
	for _, name := range []string{"X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Expires"} {
		if query.Get(name) == "" {
			return nil, errQueryMalformed("Query-string authentication version 4 requires the X-Amz-Algorithm, " +
				"X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
		}
	}
	c := &claim{
		presigned: true,
		signature: query.Get("X-Amz-Signature"),
		token:     query.Get("X-Amz-Security-Token"),
	}
	if reason := c.readCredential(query.Get("X-Amz-Credential")); reason != "" {
		return nil, errQueryMalformed("Error parsing the X-Amz-Credential parameter; " + reason)
	}
	if reason := c.readSignedHeaders(query.Get("X-Amz-SignedHeaders")); reason != "" {
		return nil, errQueryMalformed("Error parsing the X-Amz-SignedHeaders parameter; " + reason)
	}
	at, err := time.Parse(timeFormat, query.Get("X-Amz-Date"))
	if err != nil {
		return nil, errQueryMalformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
	}
	c.at = at
	if at.Format(dateFormat) != c.date {
		return nil, errQueryMalformed("Invalid credential date \"" + c.date + "\". This date is not the same as X-Amz-Date: \"" +
			at.Format(dateFormat) + "\".")
	}
	seconds, err := strconv.ParseInt(query.Get("X-Amz-Expires"), 10, 64)
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange):
		return nil, errQueryMalformed("X-Amz-Expires should be a number")
	case seconds < 0:
		return nil, errQueryMalformed("X-Amz-Expires must be non-negative")
	case seconds > int64(maxPresigned/time.Second):
		return nil, errQueryMalformed("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires " +
			"must be less than 604800 seconds")
	}
	c.lifetime = time.Duration(seconds) * time.Second
	return c, nil
}

// readCredential splits "<key id>/<date>/<region>/<service>/aws4_request" and returns what is wrong with it.
func (c *claim) readCredential(credential string) string {
	parts := strings.Split(credential, "/")
	if len(parts) < 5 {
		return "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
	}
	// An access key id may itself hold slashes, so the scope is counted from the end.
	scope := parts[len(parts)-4:]
	c.accessKeyID = strings.Join(parts[:len(parts)-4], "/")
	c.date, c.region, c.service = scope[0], scope[1], scope[2]
	switch _, err := time.Parse(dateFormat, c.date); {
	case scope[3] != terminator:
		return "incorrect terminal \"" + scope[3] + "\". This endpoint uses \"" + terminator + "\"."
	case err != nil:
		return "incorrect date format \"" + c.date + "\". This date in the credential must be in the format \"yyyyMMdd\"."
	case c.accessKeyID == "" || c.region == "" || c.service == "":
		return "a non-empty Access Key (AKID), region and service must be provided in the credential."
	}
	return ""
}

func (c *claim) readSignedHeaders(list string) string {
	if list == "" {
		return "SignedHeaders must not be empty."
	}
	for name := range strings.SplitSeq(list, ";") {
		c.signedHeaders = append(c.signedHeaders, strings.ToLower(name))
	}
	if !slices.Contains(c.signedHeaders, "host") {
		return "'Host' must be a 'SignedHeader' in the AWS Authorization."
	}
	return ""
}

// readHeaders completes a claim from the Authorization header with the time and the session token.
func (c *claim) readHeaders(header http.Header) *refusal.Error {
	c.token = header.Get("X-Amz-Security-Token")
	var err error
	if value := header.Get("X-Amz-Date"); value != "" {
		c.at, err = time.Parse(timeFormat, value)
	} else {
		c.at, err = http.ParseTime(header.Get("Date"))
	}
	if err != nil {
		return errNoDate(c.service)
	}
	if day := c.at.UTC().Format(dateFormat); day != c.date {
		return errMalformed("Invalid credential date \"" + c.date + "\". This date is not the same as X-Amz-Date: \"" + day + "\".")
	}
	return nil
}
