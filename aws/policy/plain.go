package policy

import "strings"

// How a policy writes the characters that have a meaning in it, so that they
// stand for themselves (IAM User Guide, "IAM policy elements: Variables and
// tags": special characters).
const (
	plainStar     = "${*}"
	plainQuestion = "${?}"
	plainDollar   = "${$}"
)

// Plain is a text as part of a resource or of a condition's value, with nothing
// in it that a policy would read as a wildcard or a variable.
func Plain(text string) string {
	return strings.NewReplacer("*", plainStar, "?", plainQuestion, "$", plainDollar).Replace(text)
}

// Example is a text that a pattern covers, with something in place of each *.
func Example(pattern, something string) string {
	return strings.NewReplacer(plainStar, "*", plainQuestion, "?", plainDollar, "$", "*", something).Replace(pattern)
}

// Covers says whether a pattern of a policy without other variables covers a
// text.
func Covers(wanted, text string) bool {
	filled, there, _ := Request{}.fill(wanted, true)
	return there == Yes && filled.matches(text)
}
