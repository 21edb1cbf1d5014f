// Package tagtext says which texts can be keys and values of tags.
package tagtext

import (
	"regexp"
	"sync"
	"unicode/utf8"
)

// characters are those that S3 and IAM allow (S3 User Guide, "Object
// tagging"; IAM API reference, Tag).
var characters = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`) })

// Key says whether a text can be a key: 1 to 128 characters of the alphabet.
func Key(text string) bool { return text != "" && within(text, 128) }

// Value says whether a text can be a value: at most 256 characters of it.
func Value(text string) bool { return within(text, 256) }

func within(text string, most int) bool {
	return utf8.RuneCountInString(text) <= most && characters().MatchString(text)
}
