package wording

import (
	"strings"
	"unicode/utf8"
)

// Cell keeps text from being run as a formula by a spreadsheet, which takes a
// field that starts with one of =+-@, or with their full-width forms, for one
// (OWASP, "CSV Injection").
func Cell(text string) string {
	text = Visible(text)
	if first, _ := utf8.DecodeRuneInString(text); text != "" && strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + text
	}
	return text
}

// Markdown keeps text from being read as Markdown or HTML.
func Markdown(text string) string {
	var out strings.Builder
	for _, r := range Visible(text) {
		if strings.ContainsRune("\\`*_[]<>#|~&$", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// MaskAccounts puts asterisks for what may be IDs of AWS accounts, which are 12
// digits.
func MaskAccounts(text string) string {
	const account = 12
	var out strings.Builder
	for len(text) > 0 {
		digits := 0
		for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
			digits++
		}
		if digits == account {
			out.WriteString(strings.Repeat("*", account))
		} else {
			out.WriteString(text[:digits])
		}
		text = text[digits:]
		rest := strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r <= '9' })
		if rest < 0 {
			rest = len(text)
		}
		out.WriteString(text[:rest])
		text = text[rest:]
	}
	return out.String()
}
