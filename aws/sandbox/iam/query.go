package iam

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
)

// query is one call of the Query protocol on its way through a handler. Handlers run with the directory's lock held.
type query struct {
	form      url.Values
	principal Principal
	request   *http.Request
}

// newQuery reads the parameters; a body that is not a form leaves those of the URL.
func newQuery(r *http.Request, p Principal) *query {
	form := r.URL.Query()
	if err := r.ParseForm(); err == nil {
		form = r.Form
	}
	return &query{form: form, principal: p, request: r}
}

func (q *query) get(name string) string { return q.form.Get(name) }

// list collects "<name>.member.1", "<name>.member.2", … of which the first may be empty.
func (q *query) list(name string) []string {
	var values []string
	for i := 1; ; i++ {
		key := name + ".member." + strconv.Itoa(i)
		if !q.form.Has(key) {
			return values
		}
		values = append(values, q.form.Get(key))
	}
}

// tags collects Tags.member.N.Key and .Value.
func (q *query) tags() []tag {
	var tags []tag
	for i := 1; ; i++ {
		prefix := "Tags.member." + strconv.Itoa(i) + "."
		if !q.form.Has(prefix + "Key") {
			return tags
		}
		tags = append(tags, tag{q.form.Get(prefix + "Key"), q.form.Get(prefix + "Value")})
	}
}

// tag is one tag as it appears in answers.
type tag struct {
	Key   string
	Value string
}

// members is how the Query protocol writes a list.
type members[T any] struct {
	Member []T `xml:"member"`
}

func errValidation(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "ValidationError", message)
}

// require returns the value of a parameter that must be there.
func (q *query) require(name string) (string, error) {
	if value := q.get(name); value != "" {
		return value, nil
	}
	return "", errValidation("1 validation error detected: Value null at '" + lowerFirst(name) +
		"' failed to satisfy constraint: Member must not be null")
}

// name returns an entity name: characters of [\w+=,.@-], at most limit of them.
func (q *query) name(parameter string, limit int) (string, error) {
	value, err := q.require(parameter)
	if err != nil {
		return "", err
	}
	if len(value) > limit {
		return "", errValidation("1 validation error detected: Value '" + value + "' at '" + lowerFirst(parameter) +
			"' failed to satisfy constraint: Member must have length less than or equal to " + strconv.Itoa(limit))
	}
	if !nameForm(value) {
		return "", errValidation("The specified value for " + lowerFirst(parameter) +
			" is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-")
	}
	return value, nil
}

func nameForm(name string) bool {
	for _, r := range name {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune("+=,.@_-", r):
		default:
			return false
		}
	}
	return name != ""
}

// path returns the Path parameter, "/" if it is absent.
func (q *query) path() (string, error) {
	value := q.get("Path")
	if value == "" {
		return "/", nil
	}
	bad := len(value) > 512 || !strings.HasPrefix(value, "/") || !strings.HasSuffix(value, "/")
	for _, r := range value {
		bad = bad || r < 0x21 || r > 0x7e
	}
	if bad {
		return "", errValidation("The specified value for path is invalid. It must begin and end with / and contain only " +
			"alphanumeric characters and/or / characters.")
	}
	return value, nil
}

// number returns an integer parameter within bounds, or the fallback if it is absent.
func (q *query) number(name string, fallback, least, most int) (int, error) {
	text := q.get(name)
	if text == "" {
		return fallback, nil
	}
	value, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return 0, errValidation("1 validation error detected: Value '" + text + "' at '" + lowerFirst(name) +
			"' failed to satisfy constraint: Member must be a number")
	case value < least:
		return 0, errValidation("1 validation error detected: Value '" + text + "' at '" + lowerFirst(name) +
			"' failed to satisfy constraint: Member must have value greater than or equal to " + strconv.Itoa(least))
	case value > most:
		return 0, errValidation("1 validation error detected: Value '" + text + "' at '" + lowerFirst(name) +
			"' failed to satisfy constraint: Member must have value less than or equal to " + strconv.Itoa(most))
	}
	return value, nil
}

// context returns the condition keys that every call has.
func (q *query) context() policy.Context {
	ctx := policy.Context{}
	ctx.Set("aws:RequestedRegion", "us-east-1")
	ctx.Set("aws:SecureTransport", strconv.FormatBool(q.request.TLS != nil))
	if host, _, found := strings.Cut(q.request.RemoteAddr, ":"); found {
		ctx.Set("aws:SourceIp", host)
	}
	if agent := q.request.UserAgent(); agent != "" {
		ctx.Set("aws:UserAgent", agent)
	}
	return ctx
}

func lowerFirst(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// page shows those of a sorted list of names that come after Marker, at most MaxItems of them.
func page[T any](q *query, names []string, show func(name string) T) (shown members[T], more paging, err error) {
	limit, err := q.number("MaxItems", 100, 1, 1000)
	if err != nil {
		return shown, more, err
	}
	if marker := q.get("Marker"); marker != "" {
		for len(names) > 0 && names[0] <= marker {
			names = names[1:]
		}
	}
	if len(names) > limit {
		names, more = names[:limit], paging{IsTruncated: true, Marker: names[limit-1]}
	}
	for _, name := range names {
		shown.Member = append(shown.Member, show(name))
	}
	return shown, more, nil
}

// paging stands at the end of every list.
type paging struct {
	IsTruncated bool
	Marker      string `xml:",omitempty"`
}
