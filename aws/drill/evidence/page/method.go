package page

import _ "embed" // the two pages

// Method says how each number is got, and what is not known.
//
//go:embed method.md
var Method string

// Articles says which field of the report answers which article of which rule.
//
//go:embed articles.md
var Articles string
