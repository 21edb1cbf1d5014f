package account

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"

	"bothways/aws/apierror"
)

// longTexts are what secret keys, with 40 characters, and session tokens look
// like. A program may print anything, so that whatever looks so is taken out.
var longTexts = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[A-Za-z0-9/+=_-]{40,}`) })

// leastSecret is the shortest of a program's own words that is taken out: what
// is shorter stands in too many others.
const leastSecret = 4

// redactOwn takes out of what a program said what can be a secret: what looks
// like one, the words that it was given, and what AWS_ variables of secrets hold.
func redactOwn(text, command string, environment []string) string {
	var own []string
	words := shellWords(command)
	if words == nil { // quotes that don't close
		words = strings.Fields(command)
	}
	for _, word := range words[min(1, len(words)):] {
		if flag, value, given := strings.Cut(word, "="); given && (strings.HasPrefix(flag, "-") || strings.ToUpper(flag) == flag) {
			word = value
		}
		own = append(own, word)
	}
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "AWS_") && secret(name) {
			own = append(own, value)
		}
	}
	// The longest first: one may stand in another.
	slices.SortFunc(own, func(x, y string) int { return cmp.Compare(len(y), len(x)) })
	for _, word := range own {
		if len(word) >= leastSecret && !strings.HasPrefix(word, "-") {
			text = strings.ReplaceAll(text, word, "[redacted]")
		}
	}
	return longTexts().ReplaceAllString(apierror.Redact(text), "[redacted]")
}

// secretWords are in the names of variables that hold what nobody else may have.
var secretWords = []string{"KEY", "SECRET", "TOKEN", "PASS", "CREDENTIAL"}

// secret says whether a variable of AWS's holds a key, a secret or a token. All
// others are settings, and help to understand what a program says; so does the
// name of a file that holds a token.
func secret(name string) bool {
	holds := func(word string) bool { return strings.Contains(name, word) }
	return !strings.HasSuffix(name, "_FILE") && slices.ContainsFunc(secretWords, holds)
}
