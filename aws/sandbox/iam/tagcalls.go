package iam

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/tagtext"
)

func errInput(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidInput", message)
}

// mergeTags adds or overwrites tags; keys are compared without regard to case (IAM User Guide, "Tags for AWS Identity
// and Access Management resources").
func mergeTags(have, add []tag) ([]tag, error) {
	merged := slices.Clone(have)
	for i, t := range add {
		switch {
		case t.Key == "" || utf8.RuneCountInString(t.Key) > 128:
			return nil, invalidTag(i, "key", t.Key, "Member must have length between 1 and 128")
		case utf8.RuneCountInString(t.Value) > 256:
			return nil, invalidTag(i, "value", t.Value, "Member must have length less than or equal to 256")
		case !tagtext.Key(t.Key):
			return nil, invalidTag(i, "key", t.Key, `Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+`)
		case !tagtext.Value(t.Value):
			return nil, invalidTag(i, "value", t.Value, `Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]*`)
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return nil, errInput("Tag keys starting with 'aws:' are reserved for system use")
		case findTag(add[:i], t.Key) >= 0:
			return nil, errInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		if at := findTag(merged, t.Key); at >= 0 {
			merged[at] = t
			continue
		}
		merged = append(merged, t)
	}
	if len(merged) > maxTags {
		return nil, errLimit("TagsPerRole", maxTags)
	}
	return merged, nil
}

func invalidTag(i int, part, text, constraint string) *refusal.Error {
	return errValidation(fmt.Sprintf("1 validation error detected: Value '%s' at 'tags.%d.member.%s' failed to satisfy constraint: %s", text, i+1, part, constraint))
}

func findTag(tags []tag, key string) int {
	return slices.IndexFunc(tags, func(t tag) bool { return strings.EqualFold(t.Key, key) })
}

func tagEntity(_ *Directory, q *query, e *entity) error { return retag(q, &e.tags) }

func untagEntity(_ *Directory, q *query, e *entity) error {
	untag(q, &e.tags)
	return nil
}

func listEntityTags(_ *Directory, q *query, e *entity) (any, error) { return listTags(q, e.tags) }

func tagPolicy(_ *Directory, q *query, p *managedPolicy) (any, error) { return nil, retag(q, &p.tags) }

func untagPolicy(_ *Directory, q *query, p *managedPolicy) (any, error) {
	untag(q, &p.tags)
	return nil, nil
}

func listPolicyTags(_ *Directory, q *query, p *managedPolicy) (any, error) {
	return listTags(q, p.tags)
}

// retag adds the tags of a call to those that there are.
func retag(q *query, tags *[]tag) error {
	merged, err := mergeTags(*tags, q.tags())
	if err == nil {
		*tags = merged
	}
	return err
}

// untag takes away the tags that a call names.
func untag(q *query, tags *[]tag) {
	for _, key := range q.list("TagKeys") {
		if at := findTag(*tags, key); at >= 0 {
			*tags = slices.Delete(*tags, at, at+1)
		}
	}
}

func listTags(q *query, have []tag) (any, error) {
	values := make(map[string]string, len(have))
	for _, t := range have {
		values[t.Key] = t.Value
	}
	tags, more, err := page(q, slices.Sorted(maps.Keys(values)), func(key string) tag { return tag{key, values[key]} })
	return struct {
		Tags members[tag]
		paging
	}{tags, more}, err
}
