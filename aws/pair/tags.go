package pair

import (
	"fmt"
	"net/url"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tags are keys and values in the form of S3's own x-amz-tagging header,
// key=value&key=value with percent escapes, sorted by key; so they are
// comparable. The empty text is no tags.
type Tags string

// Tag is one key with its value.
type Tag struct{ Key, Value string }

// List returns the tags, sorted by key.
func (t Tags) List() []Tag {
	if t == "" {
		return nil
	}
	var all []Tag
	for _, part := range strings.Split(string(t), "&") {
		key, value, _ := strings.Cut(part, "=")
		all = append(all, Tag{unescaped(key), unescaped(value)})
	}
	return all
}

// NewTags puts tags into their one form.
func NewTags(all []Tag) Tags {
	sorted := append([]Tag(nil), all...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Key < sorted[j].Key })
	parts := make([]string, len(sorted))
	for i, tag := range sorted {
		parts[i] = url.QueryEscape(tag.Key) + "=" + url.QueryEscape(tag.Value)
	}
	return Tags(strings.Join(parts, "&"))
}

// ParseTags reads what a person types: key=value,key=value.
func ParseTags(text string) (Tags, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	var all []Tag
	for _, part := range strings.Split(text, ",") {
		key, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if !found {
			return "", fmt.Errorf("%q is not KEY=VALUE, such as team=storage", clip(part))
		}
		all = append(all, Tag{key, value})
	}
	tags := NewTags(all)
	return tags, tags.Check()
}

// String writes the tags as a person types them.
func (t Tags) String() string {
	parts := make([]string, 0, 4)
	for _, tag := range t.List() {
		parts = append(parts, tag.Key+"="+tag.Value)
	}
	return strings.Join(parts, ",")
}

// Check applies the rules of S3's tags: at most 10, keys of 1 to 128
// characters, each once and not AWS's own, values of at most 256 (S3 User
// Guide, object tagging).
func (t Tags) Check() error {
	all := t.List()
	if len(all) > 10 {
		return fmt.Errorf("%d tags: at most 10 are allowed", len(all))
	}
	for i, tag := range all {
		switch {
		case tag.Key == "":
			return fmt.Errorf("a tag has no key")
		case utf8.RuneCountInString(tag.Key) > 128:
			return fmt.Errorf("tag key %q is too long: at most 128 characters", clip(tag.Key))
		case utf8.RuneCountInString(tag.Value) > 256:
			return fmt.Errorf("the value of tag %q is too long: at most 256 characters", clip(tag.Key))
		case strings.HasPrefix(strings.ToLower(tag.Key), "aws:"):
			return fmt.Errorf("tag key %q starts with aws:, which AWS keeps for itself", clip(tag.Key))
		case strings.ContainsFunc(tag.Key+tag.Value, notOfTags):
			return fmt.Errorf("tag %s=%s holds a character that tags can't: letters, digits, spaces and + - = . _ : / @ are allowed", clip(tag.Key), clip(tag.Value))
		case i > 0 && all[i-1].Key == tag.Key:
			return fmt.Errorf("tag key %q is given twice", clip(tag.Key))
		}
	}
	return nil
}

func notOfTags(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ' ' && !strings.ContainsRune("+-=._:/@", r)
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}
