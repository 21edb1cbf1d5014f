package cause

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// scope is what a lifecycle rule covers.
type scope struct {
	prefix      string
	tags        []types.Tag
	least, most *int64
}

func scopeOf(r types.LifecycleRule) scope {
	s := scope{prefix: aws.ToString(r.Prefix)} //nolint:staticcheck // rules of the old form have it
	if f := r.Filter; f != nil {
		s = scope{prefix: aws.ToString(f.Prefix), least: f.ObjectSizeGreaterThan, most: f.ObjectSizeLessThan}
		if f.Tag != nil {
			s.tags = []types.Tag{*f.Tag}
		}
		if and := f.And; and != nil {
			s = scope{aws.ToString(and.Prefix), and.Tags, and.ObjectSizeGreaterThan, and.ObjectSizeLessThan}
		}
	}
	return s
}

// covers says whether a rule covers an object; unknown tags count as the rule's.
func (s scope) covers(key string, size int64, f fact) bool {
	switch {
	case !strings.HasPrefix(key, s.prefix), s.least != nil && size <= *s.least, s.most != nil && size >= *s.most:
		return false
	case f.tagsUnread == "" && f.found() && !tagged(f.tags, s.tags):
		return false
	}
	return true
}

// tagged says whether an object has all of some tags.
func tagged(has, wants []types.Tag) bool {
	for _, w := range wants {
		if !slices.ContainsFunc(has, func(h types.Tag) bool {
			return aws.ToString(h.Key) == aws.ToString(w.Key) && aws.ToString(h.Value) == aws.ToString(w.Value)
		}) {
			return false
		}
	}
	return true
}

// hasLifecycle says whether an enabled lifecycle rule of a side may have removed
// or marked something of a key.
func (w world) hasLifecycle(side pair.SideName, key string) bool {
	return slices.ContainsFunc(w.sides[side].lifecycle, func(r types.LifecycleRule) bool {
		return r.Status == types.ExpirationStatusEnabled && strings.HasPrefix(key, scopeOf(r).prefix) &&
			(r.Expiration != nil || r.NoncurrentVersionExpiration != nil)
	})
}

// due is when lifecycle acts on what is so many days old: S3 rounds up to the
// next midnight UTC (S3 User Guide, "Lifecycle configuration elements").
func due(from time.Time, days int32) time.Time {
	at := from.UTC().AddDate(0, 0, int(days))
	midnight := at.Truncate(24 * time.Hour)
	if midnight.Equal(at) {
		return at
	}
	return midnight.Add(24 * time.Hour)
}

// expires is when the lifecycle rules of a side put a marker over a version that
// is current, by the rule that does so first; zero: none does.
func (w world) expires(side pair.SideName, key string, e difference.Entry, f fact) (at time.Time, id string) {
	for _, r := range w.sides[side].lifecycle {
		if r.Status != types.ExpirationStatusEnabled || r.Expiration == nil || !scopeOf(r).covers(key, e.Size, f) {
			continue
		}
		var when time.Time
		switch {
		case r.Expiration.Date != nil:
			when = *r.Expiration.Date
		case r.Expiration.Days != nil:
			when = due(e.Modified, *r.Expiration.Days)
		default:
			continue
		}
		if at.IsZero() || when.Before(at) {
			at, id = when, aws.ToString(r.ID)
		}
	}
	return at, id
}

// removes is when the lifecycle rules of a side remove a version that is
// noncurrent since a time and has so many newer ones; zero: none does.
func (w world) removes(side pair.SideName, key string, e difference.Entry, f fact, since time.Time, newer int) (at time.Time, id string) {
	for _, r := range w.sides[side].lifecycle {
		n := r.NoncurrentVersionExpiration
		if r.Status != types.ExpirationStatusEnabled || n == nil || !scopeOf(r).covers(key, e.Size, f) {
			continue
		}
		// What is to be kept are newer noncurrent versions: the current one does not count.
		if n.NewerNoncurrentVersions != nil && newer-1 < int(*n.NewerNoncurrentVersions) {
			continue
		}
		when := due(since, aws.ToInt32(n.NoncurrentDays))
		if at.IsZero() || when.Before(at) {
			at, id = when, aws.ToString(r.ID)
		}
	}
	return at, id
}

// tidiesMarkers says whether a lifecycle rule of a side removes delete markers of
// a key that has nothing else.
func (w world) tidiesMarkers(side pair.SideName, key string) (id string, does bool) {
	for _, r := range w.sides[side].lifecycle {
		if r.Status == types.ExpirationStatusEnabled && r.Expiration != nil && aws.ToBool(r.Expiration.ExpiredObjectDeleteMarker) &&
			strings.HasPrefix(key, scopeOf(r).prefix) {
			return aws.ToString(r.ID), true
		}
	}
	return "", false
}
