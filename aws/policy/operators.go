package policy

import (
	"cmp"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// comparisons compare a wanted value with one that is sent, by operator (IAM
// User Guide, "IAM JSON policy elements: Condition operators"). A negated
// operator compares as the one that it negates.
var comparisons = func() map[string]func(wanted pattern, sent string) bool {
	exactly := func(same func(wanted, sent string) bool) func(pattern, string) bool {
		return func(wanted pattern, sent string) bool { return same(wanted.literal(), sent) }
	}
	equal := func(w, s string) bool { return w == s }
	all := map[string]func(pattern, string) bool{
		"StringEquals":           exactly(equal),
		"StringEqualsIgnoreCase": exactly(strings.EqualFold),
		"StringLike":             pattern.matches,
		"ArnEquals":              pattern.matchesARN,
		"ArnLike":                pattern.matchesARN,
		"Bool":                   exactly(strings.EqualFold),
		"BinaryEquals":           exactly(sameBytes),
		"IpAddress":              exactly(within),
	}
	for name, holds := range map[string]func(order int) bool{
		"Equals":            func(order int) bool { return order == 0 },
		"LessThan":          func(order int) bool { return order < 0 },
		"LessThanEquals":    func(order int) bool { return order <= 0 },
		"GreaterThan":       func(order int) bool { return order > 0 },
		"GreaterThanEquals": func(order int) bool { return order >= 0 },
	} {
		all["Numeric"+name] = exactly(func(w, s string) bool {
			limit, errLimit := strconv.ParseFloat(w, 64)
			sent, errSent := strconv.ParseFloat(s, 64)
			return errLimit == nil && errSent == nil && holds(cmp.Compare(sent, limit))
		})
		all["Date"+name] = exactly(func(w, s string) bool {
			limit, read := instant(w)
			sent, told := instant(s)
			return read && told && holds(sent.Compare(limit))
		})
	}
	for negated, plain := range map[string]string{
		"StringNotEquals": "StringEquals", "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase", "StringNotLike": "StringLike",
		"ArnNotEquals": "ArnEquals", "ArnNotLike": "ArnLike", "NotIpAddress": "IpAddress",
		"NumericNotEquals": "NumericEquals", "DateNotEquals": "DateEquals",
	} {
		all[negated] = all[plain]
	}
	return all
}()

func sameBytes(wanted, sent string) bool {
	w, errW := base64.StdEncoding.DecodeString(wanted)
	s, errS := base64.StdEncoding.DecodeString(sent)
	return errW == nil && errS == nil && string(w) == string(s)
}

func within(wanted, sent string) bool {
	address, err := netip.ParseAddr(sent)
	if err != nil {
		return false
	}
	if network, err := netip.ParsePrefix(wanted); err == nil {
		return network.Contains(address.Unmap())
	}
	one, err := netip.ParseAddr(wanted)
	return err == nil && one.Unmap() == address.Unmap()
}

// instant reads the forms of ISO 8601 that policies take, and seconds since
// 1970.
func instant(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0), err == nil
}
