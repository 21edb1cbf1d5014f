package iam

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/refusal"
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
		case t.Key == "" || len(t.Key) > 128 || len(t.Value) > 256:
			return nil, errValidation("1 validation error detected: Value '" + t.Key + "' at 'tags.1.member.key' failed to " +
				"satisfy constraint: Member must have length between 1 and 128")
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

func findTag(tags []tag, key string) int {
	return slices.IndexFunc(tags, func(t tag) bool { return strings.EqualFold(t.Key, key) })
}

func tagRole(_ *Directory, q *query, r *role) error {
	var err error
	r.tags, err = mergeTags(r.tags, q.tags())
	return err
}

func untagRole(_ *Directory, q *query, r *role) error {
	for _, key := range q.list("TagKeys") {
		if at := findTag(r.tags, key); at >= 0 {
			r.tags = slices.Delete(r.tags, at, at+1)
		}
	}
	return nil
}

func listRoleTags(_ *Directory, q *query, r *role) (any, error) {
	values := make(map[string]string, len(r.tags))
	for _, t := range r.tags {
		values[t.Key] = t.Value
	}
	tags, more, err := page(q, slices.Sorted(maps.Keys(values)), func(key string) tag { return tag{key, values[key]} })
	return struct {
		Tags members[tag]
		paging
	}{tags, more}, err
}
