package cause

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// heir is a newer version of a key that both sides have and that holds what one of
// them lost.
type heir struct {
	difference.Entry
	how string // how that is known
}

// copied is a copy in place that a backfill of this computer made.
type copied struct {
	of, run string // the version that was copied
	at      time.Time
}

// mostHeirs bounds the newer versions that are asked for.
const mostHeirs = 3

// heirs looks for a version that holds what an older one held that the other side
// lost: a copy in place, or the same content uploaded once more.
func (j *Judge) heirs(ctx context.Context, c difference.Candidate, f facts) error {
	side, e := c.Only(), c.Entry()
	here := f[side]
	if c.Kind != difference.OneSided || e.Marker || e.Latest || !here.found() || f[side.Other()].state != absent || here.status != complete && here.status != replica {
		return nil
	}
	newer := map[pair.SideName]map[string]difference.Entry{}
	for _, at := range pair.Sides() {
		j.reads.Add(1)
		out, err := j.client(at).ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: j.bucket(at), Prefix: &c.Key, ExpectedBucketOwner: j.owner(at)})
		if err != nil {
			return ends(ctx, err) // without it the version stays what it is
		}
		newer[at] = map[string]difference.Entry{}
		for _, v := range out.Versions {
			if one := entryOf(v); aws.ToString(v.Key) == c.Key && one.VersionID != e.VersionID && one.Size == e.Size && !one.Modified.Before(e.Modified) {
				newer[at][one.VersionID] = one
			}
		}
	}
	on := slices.SortedFunc(maps.Values(newer[side]), func(a, b difference.Entry) int {
		return cmp.Or(b.Modified.Compare(a.Modified), cmp.Compare(a.VersionID, b.VersionID))
	})
	asked := 0
	for _, one := range on {
		twin, both := newer[side.Other()][one.VersionID]
		if !both || twin.ETag != one.ETag {
			continue
		}
		if made, is := j.copies[copyOf{side, c.Key, one.VersionID}]; is && made.of == e.VersionID {
			here.heir = &heir{one, "run " + made.run + " of bothways copied it in place on " + instant(made.at)}
			break
		}
		if asked++; asked > mostHeirs {
			break
		}
		other, err := j.head(ctx, side, c.Key, one.VersionID)
		if err != nil {
			return err
		}
		if how := sameThing(e, one, here, other); how != "" {
			here.heir = &heir{one, how}
			break
		}
	}
	f[side] = here
	return nil
}

// sameThing says how it is known that two versions hold the same bytes and the same
// metadata, or "".
func sameThing(older, newer difference.Entry, a, b fact) string {
	if !b.found() || !maps.Equal(a.metadata, b.metadata) || a.tagCount != b.tagCount {
		return ""
	}
	how := "its size, its ETag and its metadata are the same"
	if older.ETag != newer.ETag || older.ETag == "" {
		same, known, words := sameBytes(older, newer, a, b)
		if !same || !known {
			return ""
		}
		how = words + ", as is its metadata"
	}
	return how
}

// metadataOf is what is kept with an object beside its bytes.
func metadataOf(out *s3.HeadObjectOutput) map[string]string {
	all := map[string]string{}
	for name, value := range out.Metadata {
		all["x-amz-meta-"+name] = value
	}
	for name, value := range map[string]*string{
		"content-type": out.ContentType, "cache-control": out.CacheControl, "content-disposition": out.ContentDisposition,
		"content-encoding": out.ContentEncoding, "content-language": out.ContentLanguage, "expires": out.ExpiresString,
		"website-redirect-location": out.WebsiteRedirectLocation,
	} {
		if text := aws.ToString(value); text != "" {
			all[name] = text
		}
	}
	return all
}

// superseded judges what one side lost and both hold in a newer version; ok is
// false where they do not.
func (w world) superseded(d *difference.Difference, here fact) (ok bool) {
	if here.heir == nil || d.Cause == difference.ByLifecycle {
		return false
	}
	is(d, difference.Superseded, difference.Rewritten, difference.NoRemedy)
	say(d, "its content stands on both sides in the newer version %s of %s: %s", here.heir.VersionID, instant(here.heir.Modified), here.heir.how)
	if here.heir.Latest {
		say(d, "that is the version that %s serves", d.Only())
	}
	return true
}

// hidesNothing judges a marker where both sides serve the same all the same.
func (w world) hidesNothing(d *difference.Difference) (ok bool) {
	side, e := d.Only(), d.Entry()
	there := d.Serves(side.Other())
	switch here := d.Serves(side); {
	case e.Latest && there != nil && there.Marker:
		is(d, difference.SameContent, difference.BothWrote, difference.NoRemedy)
		say(d, "both sides serve nothing for the key: %s by this marker, %s by the delete marker %s of %s", side, side.Other(), there.VersionID, instant(there.Modified))
		return true
	case e.Latest || here == nil || there == nil:
		return false
	case here.Marker && there.Marker, here.VersionID == there.VersionID && here.ETag == there.ETag && here.Size == there.Size && here.Marker == there.Marker:
		is(d, difference.Superseded, difference.NoCause, difference.NoRemedy)
		say(d, "it hides nothing any more: both sides serve what came later, %s the %s, %s the %s", side, entryWords(*here), side.Other(), entryWords(*there))
		return true
	}
	return false
}

func entryWords(e difference.Entry) string {
	what := "version "
	if e.Marker {
		what = "delete marker "
	}
	return what + e.VersionID + " of " + instant(e.Modified)
}
