package cause

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

const (
	// mostSearches bounds the listings that look for what was written when a marker
	// was made, and mostAsked the HEADs of each before and after it.
	mostSearches = 64
	mostAsked    = 3
)

// neighbours finds what tells how the rule stood when a marker was made: first
// among what this audit asked for, then among the marker's neighbours by name.
func (j *Judge) neighbours(ctx context.Context, c difference.Candidate, f facts) error {
	if c.Kind != difference.OneSided || !c.Entry().Marker {
		return nil
	}
	side, at := c.Only(), c.Entry().Modified
	d := from(side)
	if j.world.ways[d].takesMarkers(c.Key) == nil || !j.world.plainlyCovered(j.world.ways[d], c.Key) {
		return nil
	}
	about := j.seen.about(d, at)
	if !about.enough() {
		if err := j.search(ctx, side, c.Key, at); err != nil {
			return err
		}
		about = j.seen.about(d, at)
	}
	one := f[side]
	one.about = about
	f[side] = one
	return nil
}

// search asks for the objects beside a key that were written next to a time. One
// search goes on at a time: the next marker may need none.
func (j *Judge) search(ctx context.Context, side pair.SideName, key string, at time.Time) error {
	select {
	case j.searching <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-j.searching }()
	if j.seen.about(from(side), at).enough() || j.searches >= mostSearches {
		return nil
	}
	j.searches++
	// Beside it first; where nothing there tells, at the beginning of all keys, which
	// in a small bucket are all of them.
	for _, folder := range slices.Compact([]string{key[:strings.LastIndex(key, "/")+1], j.world.prefix}) {
		if err := j.searchIn(ctx, side, folder, at); err != nil || j.seen.about(from(side), at).enough() {
			return err
		}
	}
	return nil
}

func (j *Judge) searchIn(ctx context.Context, side pair.SideName, folder string, at time.Time) error {
	j.reads.Add(1)
	out, err := j.client(side).ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: j.bucket(side), Prefix: &folder, ExpectedBucketOwner: j.owner(side)})
	if err != nil {
		return ends(ctx, err) // what it would have told is a help
	}
	var before, after []listed
	for _, v := range out.Versions {
		one := listed{key: aws.ToString(v.Key), Entry: entryOf(v)}
		switch apart := one.Modified.Sub(at); {
		case apart.Abs() > stretch:
		case apart <= 0:
			before = append(before, one)
		default:
			after = append(after, one)
		}
	}
	slices.SortStableFunc(before, func(a, b listed) int { return b.Modified.Compare(a.Modified) })
	slices.SortStableFunc(after, func(a, b listed) int { return a.Modified.Compare(b.Modified) })
	for _, some := range [][]listed{before, after} {
		for _, one := range some[:min(mostAsked, len(some))] {
			here, err := j.head(ctx, side, one.key, one.VersionID)
			if err != nil {
				return err
			}
			if w, tells := j.world.testify(side, one.key, one.Entry, here); tells {
				j.seen.add(from(side), w)
				break
			}
		}
	}
	return nil
}

// listed is a version with its key.
type listed struct {
	key string
	difference.Entry
}
