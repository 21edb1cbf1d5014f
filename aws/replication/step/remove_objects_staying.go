package step

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/replication/survey"
)

// staying are objects that a tear-down leaves where they are, with the reasons.
type staying struct {
	count int
	named []string // the first few, each with why
}

func (s *staying) add(key, reason string) {
	s.count++
	if one := fmt.Sprintf("%s (%s)", key, reason); len(s.named) < survey.MostNamed && !slices.Contains(s.named, one) {
		s.named = append(s.named, one)
	}
}

// join adds those of another.
func (s *staying) join(others staying) {
	s.count += others.count
	for _, one := range others.named {
		if len(s.named) < survey.MostNamed && !slices.Contains(s.named, one) {
			s.named = append(s.named, one)
		}
	}
}

// names are the first few, in words.
func (s *staying) names() string {
	text := strings.Join(s.named, ", ")
	if s.count > len(s.named) {
		return "such as " + text
	}
	return text
}

// leftovers is what a tear-down could not take away on one side: ours that
// can't be deleted, and what can't be looked at, so that whose it is stays
// unknown. Those of them that lie under a key of the pair's runs are likely ours.
type leftovers struct{ ours, unseen, likely staying }

// words says what is left, as the end of a sentence, or "".
func (l leftovers) words(under string) string {
	text := ""
	if l.ours.count > 0 {
		text += fmt.Sprintf("; %d of ours could not be deleted and stay: %s", l.ours.count, l.ours.names())
	}
	if l.unseen.count > 0 {
		text += fmt.Sprintf("; %d under %s could not be looked at, so whether they are ours is not known, and they stay: %s. Looking at them needs s3:GetObjectVersion",
			l.unseen.count, under, l.unseen.names())
	}
	return text
}

// passes says whether a key's error in an answer to DeleteObjects is of the
// service and not of the object, so that trying again helps.
func passes(e types.Error) bool {
	switch aws.ToString(e.Code) {
	case "InternalError", "SlowDown", "ServiceUnavailable", "OperationAborted", "RequestTimeout":
		return true
	}
	return false
}

// gone says whether a key's error means that there is nothing to delete.
func gone(e types.Error) bool {
	return aws.ToString(e.Code) == "NoSuchVersion" || aws.ToString(e.Code) == "NoSuchKey"
}

// RemainsError says that a step did what it could, and that something of ours
// stays all the same. It keeps no other step from running: one object that can't
// be deleted keeps nothing else from being taken down.
type RemainsError struct {
	Bucket string
	Count  int
	Name   string // the first of them, with why
}

// Error implements error.
func (e *RemainsError) Error() string {
	return fmt.Sprintf("%d of ours could not be removed from %s and stay: %s", e.Count, e.Bucket, e.Name)
}

// remains is an error where something of ours stays: what could not be deleted,
// and what could not be looked at under a key that a run of the pair makes.
func (l leftovers) remains(bucket string) error {
	all := staying{count: l.ours.count + l.likely.count, named: slices.Concat(l.ours.named, l.likely.named)}
	if all.count == 0 {
		return nil
	}
	all.named = all.named[:1] // the step's own words name more
	return &RemainsError{Bucket: bucket, Count: all.count, Name: all.names()}
}
