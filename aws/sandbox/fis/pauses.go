package fis

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/replicate"
)

// CommonPauses are those to show people: a tail of half a simulated minute and a
// drain that can be watched. The tail that AWS's words allow is an hour long:
// ParseTail("existing:for=1h").
func CommonPauses() Pauses {
	return Pauses{Tail: replicate.Tail{For: 30 * time.Second, Share: 1}, Drain: 20}
}

// TailWords says how a tail is written.
const TailWords = "none, existing:for=30s,share=1 or all:for=30s,share=1"

// ParseTail reads a tail: "none", or "existing" for what was there when the pause
// began, "all" for what is written then, too, with for and share after a colon.
func ParseTail(text string) (replicate.Tail, error) {
	t := replicate.Tail{For: 30 * time.Second, Share: 1}
	kind, rest, more := strings.Cut(text, ":")
	switch kind {
	case "none":
		if more {
			return t, errors.New("none takes no numbers")
		}
		return replicate.Tail{}, nil
	case "existing":
	case "all":
		t.New = true
	default:
		return t, fmt.Errorf("%q is no tail of a pause: it is %s", text, TailWords)
	}
	for part := range strings.SplitSeq(rest, ",") {
		if !more {
			break
		}
		name, value, _ := strings.Cut(part, "=")
		var err error
		switch name {
		case "for":
			if t.For, err = time.ParseDuration(value); err == nil && (t.For < 0 || t.For > time.Hour) {
				err = errors.New("it lasts up to 1h")
			}
		case "share":
			if t.Share, err = strconv.ParseFloat(value, 64); err == nil && !(t.Share >= 0 && t.Share <= 1) {
				err = errors.New("a share is from 0 to 1")
			}
		default:
			err = errors.New("there are for and share")
		}
		if err != nil {
			return t, fmt.Errorf("%q in %q: %w", part, text, err)
		}
	}
	return t, nil
}

// TailText writes a tail as ParseTail reads it.
func TailText(t replicate.Tail) string {
	if t.For == 0 || t.Share == 0 {
		return "none"
	}
	kind := "existing"
	if t.New {
		kind = "all"
	}
	lasts := t.For.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(lasts, zero) {
			lasts = strings.TrimSuffix(lasts, zero[1:])
		}
	}
	return kind + ":for=" + lasts + ",share=" + strconv.FormatFloat(t.Share, 'g', -1, 64)
}

// ShowsWords says how it is written what S3 says during a pause.
const ShowsWords = "unchanged, disabled-rules, no-status or disabled-rules,no-status"

// ParseShows reads what S3 says during a pause.
func ParseShows(text string) (s replicate.Shows, err error) {
	if text == "unchanged" {
		return s, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		switch part {
		case "disabled-rules":
			s.DisabledRules = true
		case "no-status":
			s.NoStatus = true
		default:
			return replicate.Shows{}, fmt.Errorf("%q is nothing that S3 could say during a pause: it is %s", text, ShowsWords)
		}
	}
	return s, nil
}

// ShowsText writes it as ParseShows reads it.
func ShowsText(s replicate.Shows) string {
	var parts []string
	if s.DisabledRules {
		parts = append(parts, "disabled-rules")
	}
	if s.NoStatus {
		parts = append(parts, "no-status")
	}
	if len(parts) == 0 {
		return "unchanged"
	}
	return strings.Join(parts, ",")
}
