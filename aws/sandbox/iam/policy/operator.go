package policy

import (
	"encoding/base64"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// operator compares one value of the request with one value of the policy.
type operator struct {
	compare func(value string, wanted *template, ctx Context) bool
	// negated operators hold when no value of the policy matches, and when the key is absent.
	negated bool
}

// operators are the condition operators (IAM User Guide, "IAM JSON policy elements: Condition operators") without Null,
// which looks at the key and not at its value.
var operators = map[string]operator{
	"StringEquals":              {compare: literally(equal)},
	"StringNotEquals":           {compare: literally(equal), negated: true},
	"StringEqualsIgnoreCase":    {compare: literally(strings.EqualFold)},
	"StringNotEqualsIgnoreCase": {compare: literally(strings.EqualFold), negated: true},
	"StringLike":                {compare: like},
	"StringNotLike":             {compare: like, negated: true},
	"ArnEquals":                 {compare: arnLike},
	"ArnNotEquals":              {compare: arnLike, negated: true},
	"ArnLike":                   {compare: arnLike},
	"ArnNotLike":                {compare: arnLike, negated: true},
	"Bool":                      {compare: literally(strings.EqualFold)},
	"BinaryEquals":              {compare: literally(equalBinary)},
	"IpAddress":                 {compare: literally(inNetwork)},
	"NotIpAddress":              {compare: literally(inNetwork), negated: true},

	"NumericEquals":            {compare: numeric(func(order int) bool { return order == 0 })},
	"NumericNotEquals":         {compare: numeric(func(order int) bool { return order == 0 }), negated: true},
	"NumericLessThan":          {compare: numeric(func(order int) bool { return order < 0 })},
	"NumericLessThanEquals":    {compare: numeric(func(order int) bool { return order <= 0 })},
	"NumericGreaterThan":       {compare: numeric(func(order int) bool { return order > 0 })},
	"NumericGreaterThanEquals": {compare: numeric(func(order int) bool { return order >= 0 })},

	"DateEquals":            {compare: date(func(order int) bool { return order == 0 })},
	"DateNotEquals":         {compare: date(func(order int) bool { return order == 0 }), negated: true},
	"DateLessThan":          {compare: date(func(order int) bool { return order < 0 })},
	"DateLessThanEquals":    {compare: date(func(order int) bool { return order <= 0 })},
	"DateGreaterThan":       {compare: date(func(order int) bool { return order > 0 })},
	"DateGreaterThanEquals": {compare: date(func(order int) bool { return order >= 0 })},
}

// literally compares with the text of a policy as it stands, without wildcards.
func literally(holds func(value, text string) bool) func(string, *template, Context) bool {
	return func(value string, wanted *template, ctx Context) bool {
		text, ok := wanted.literal(ctx)
		return ok && holds(value, text)
	}
}

func equal(value, text string) bool { return value == text }

func like(value string, wanted *template, ctx Context) bool { return wanted.match(value, ctx) }

// arnLike compares the six parts of two ARNs one by one, so that a wildcard does not reach past a colon. AWS treats
// ArnEquals and ArnLike alike.
func arnLike(value string, wanted *template, ctx Context) bool {
	pattern, ok := wanted.expand(ctx)
	if !ok {
		return false
	}
	wantedParts := splitARN(pattern)
	parts := splitARN([]rune(value))
	if len(parts) != len(wantedParts) {
		return false
	}
	for i := range parts {
		if !glob(wantedParts[i], parts[i]) {
			return false
		}
	}
	return true
}

// splitARN cuts at the first five colons; the resource part may hold more of them.
func splitARN(arn []rune) [][]rune {
	var parts [][]rune
	for len(parts) < 5 {
		end := slices.Index(arn, ':')
		if end < 0 {
			break
		}
		parts = append(parts, arn[:end])
		arn = arn[end+1:]
	}
	return append(parts, arn)
}

func equalBinary(value, text string) bool {
	a, errA := base64.StdEncoding.DecodeString(text)
	b, errB := base64.StdEncoding.DecodeString(value)
	return errA == nil && errB == nil && string(a) == string(b)
}

func inNetwork(value, text string) bool {
	address, err := netip.ParseAddr(value)
	if err != nil {
		return false
	}
	if network, err := netip.ParsePrefix(text); err == nil {
		return network.Contains(address.Unmap())
	}
	single, err := netip.ParseAddr(text)
	return err == nil && single.Unmap() == address.Unmap()
}

func numeric(holds func(order int) bool) func(string, *template, Context) bool {
	return literally(func(value, text string) bool {
		got, errGot := strconv.ParseFloat(value, 64)
		limit, errLimit := strconv.ParseFloat(text, 64)
		if errGot != nil || errLimit != nil {
			return false
		}
		switch {
		case got < limit:
			return holds(-1)
		case got > limit:
			return holds(1)
		}
		return got == limit && holds(0)
	})
}

func date(holds func(order int) bool) func(string, *template, Context) bool {
	return literally(func(value, text string) bool {
		got, okGot := parseDate(value)
		limit, okLimit := parseDate(text)
		return okGot && okLimit && holds(got.Compare(limit))
	})
}

// parseDate reads the W3C forms of ISO 8601 and epoch seconds.
func parseDate(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0), err == nil
}
