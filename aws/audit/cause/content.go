package cause

import (
	"fmt"
	"slices"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// otherETag judges a version that both sides have in one size and with other
// ETags. Equal ETags show equal bytes; other ones show little: those of KMS are no
// digest of the content (S3 API reference, Object).
func (w world) otherETag(d *difference.Difference, f facts) {
	a, b := f[pair.A], f[pair.B]
	if !both(d, f) {
		return
	}
	say(d, "both sides have %s, with the ETags %q and %q", wording.Size(d.A.Size), d.A.ETag, d.B.ETag)
	encrypted := a.encryption != b.encryption || a.kmsKey != b.kmsKey
	if encrypted {
		say(d, "on A it is %s, on B %s", a.encryptionWords(), b.encryptionWords())
	}
	same, known, words := sameBytes(*d.A, *d.B, a, b)
	say(d, "%s", words)
	d.Direction = origin(a, b)
	switch {
	case !known:
		is(d, difference.Unprovable, difference.NoCause, difference.Look)
		say(d, "S3 Batch Operations can compute checksums of both (Compute checksum), and reading both tells it, too")
	case same && encrypted:
		is(d, difference.OtherwiseEncrypted, difference.OtherEncryption, difference.NoRemedy)
	case same:
		is(d, difference.SameContent, difference.NoCause, difference.NoRemedy)
	case d.A.VersionID == nullID:
		w.nullDiffers(d, f)
	default:
		is(d, difference.Different, difference.Undetermined, difference.Look)
		say(d, "replication does not make such: look at both before anything is copied")
	}
}

// both says whether HEAD showed the version on both sides, and judges it where it
// did not.
func both(d *difference.Difference, f facts) bool {
	for _, side := range pair.Sides() {
		switch one := f[side]; {
		case one.found():
		case one.state == absent || one.state == marker:
			passed(d, "%s no longer has the version: look again", side)
			return false
		default:
			unknownOf(d, one.why)
			return false
		}
	}
	return true
}

// origin is the way that a version came, where the statuses tell; nil: they do not.
func origin(a, b fact) *pair.Direction {
	way := func(d pair.Direction) *pair.Direction { return &d }
	switch {
	case b.status == replica && a.status != replica:
		return way(pair.AtoB)
	case a.status == replica && b.status != replica:
		return way(pair.BtoA)
	case a.status != "" && b.status == "":
		return way(pair.AtoB)
	case b.status != "" && a.status == "":
		return way(pair.BtoA)
	}
	return nil
}

// sameBytes says whether two versions of one size hold the same, whether that can
// be told, and how.
func sameBytes(entryA, entryB difference.Entry, a, b fact) (same, known bool, how string) {
	if same, known, how = sameSums(a, b); known {
		return same, known, how
	}
	const plain = "AES256"
	if entryA.ETag != entryB.ETag && a.encryption == plain && b.encryption == plain && !multipart(entryA.ETag) && !multipart(entryB.ETag) {
		return false, true, "both are whole uploads under S3's own keys, whose ETags are MD5 digests of the content: the bytes differ"
	}
	return false, false, how
}

// sameSums holds checksums against each other.
func sameSums(a, b fact) (same, known bool, how string) {
	for _, f := range []fact{a, b} {
		if f.sumsUnread != "" {
			return false, false, f.sumsUnread
		}
	}
	var shared []string
	for name := range a.sums {
		if _, has := b.sums[name]; has {
			shared = append(shared, name)
		}
	}
	slices.Sort(shared)
	if len(shared) == 0 {
		return false, false, fmt.Sprintf("there is no checksum of one algorithm on both sides (A has %s, B has %s)", algorithms(a), algorithms(b))
	}
	for _, name := range shared {
		if a.sums[name] != b.sums[name] {
			return sumsDiffer(a, b, name)
		}
	}
	kind := "of the whole content"
	if a.composite {
		kind = "of the same parts"
	}
	return true, true, fmt.Sprintf("the %s %s is the same: so are the bytes", shared[0], kind)
}

// sumsDiffer says what another checksum shows: other bytes where both are of the
// whole content, or of parts of the same sizes.
func sumsDiffer(a, b fact, name string) (same, known bool, how string) {
	switch {
	case a.composite != b.composite:
		return false, false, "the " + name + " of one side is of the whole content, that of the other of its parts' checksums: they can't be compared"
	case !a.composite:
		return false, true, "the " + name + " of the whole content differs: so do the bytes"
	case a.partsUnread != "" || b.partsUnread != "":
		why := a.partsUnread
		if why == "" {
			why = b.partsUnread
		}
		return false, false, "the " + name + " of the parts' checksums differs, which other sizes of parts explain as well: " + why
	case len(a.parts) > 0 && slices.Equal(a.parts, b.parts):
		return false, true, "the " + name + " of the parts' checksums differs, and the parts are of the same sizes: the bytes differ"
	}
	return false, false, "the " + name + " of the parts' checksums differs, and so do the sizes of the parts: they can't be compared"
}

func algorithms(f fact) string {
	if len(f.sums) == 0 {
		return "none"
	}
	text := ""
	var all []string
	for name := range f.sums {
		all = append(all, name)
	}
	slices.Sort(all)
	for i, name := range all {
		if i > 0 {
			text += ", "
		}
		text += name
	}
	return text
}

// otherThing judges a version ID with other sizes, or of another kind, on the two
// sides. Only a null version can be that: a later write replaces it.
func (w world) otherThing(d *difference.Difference, f facts) {
	if d.A.VersionID == nullID && d.B.VersionID == nullID {
		w.nullDiffers(d, f)
		return
	}
	is(d, difference.Impossible, difference.Undetermined, difference.Look)
	say(d, "A has %s, B has %s, under one version ID", thing(*d.A), thing(*d.B))
	say(d, "replication does not make such: stop, and look at both before anything is copied")
}

// nullDiffers judges null versions of other content.
func (w world) nullDiffers(d *difference.Difference, f facts) {
	say(d, "both sides have a null version of this key, written while versioning was off or suspended: A has %s of %s, B has %s of %s",
		thing(*d.A), instant(d.A.Modified), thing(*d.B), instant(d.B.Modified))
	if way := origin(f[pair.A], f[pair.B]); way != nil && f[way.From()].status == pending {
		d.Direction = way
		say(d, "HEAD on %s reads PENDING", way.From())
		w.pending(d, w.ways[*way], f[way.From()], *d.At(way.From()))
		return
	}
	if d.A.Latest && d.B.Latest {
		is(d, difference.Conflict, difference.BothWrote, difference.ChooseWinner)
		say(d, "each side serves its own")
		return
	}
	is(d, difference.Different, difference.BothWrote, difference.Look)
	say(d, "neither is what both sides serve: look at both before anything is copied")
}

func thing(e difference.Entry) string {
	if e.Marker {
		return "a delete marker"
	}
	return wording.Size(e.Size)
}

// otherTime judges a null version of one content and other times.
func (w world) otherTime(d *difference.Difference) {
	is(d, difference.SameContent, difference.NoCause, difference.NoRemedy)
	say(d, "the null version has the same ETag on both sides, and was written on A on %s and on B on %s", instant(d.A.Modified), instant(d.B.Modified))
}

// otherCurrent judges a key of which both sides hold the same and serve another
// version.
func (w world) otherCurrent(d *difference.Difference, f facts) {
	a, b := *d.A, *d.B
	for _, side := range pair.Sides() {
		e := *d.At(side)
		if e.Marker {
			say(d, "%s serves nothing for the key: a delete marker of %s, version %s", side, instant(e.Modified), e.VersionID)
			continue
		}
		say(d, "%s serves version %s of %s, %s%s", side, e.VersionID, instant(e.Modified), wording.Size(e.Size), wroteIt(side, f[side]))
	}
	if !a.Marker && !b.Marker && a.Size == b.Size {
		same, known, how := a.ETag == b.ETag && a.ETag != "", a.ETag == b.ETag && a.ETag != "", "the ETags are the same: so are the bytes"
		if !same && f[pair.A].found() && f[pair.B].found() {
			same, known, how = sameBytes(a, b, f[pair.A], f[pair.B])
		}
		if known && same {
			is(d, difference.SameContent, difference.BothWrote, difference.NoRemedy)
			say(d, "%s, though they are two versions", how)
			return
		}
	}
	if a.Marker && b.Marker {
		is(d, difference.SameContent, difference.BothWrote, difference.NoRemedy)
		say(d, "both serve nothing")
		return
	}
	is(d, difference.Conflict, difference.BothWrote, difference.ChooseWinner)
	say(d, "both sides hold both; which of two writes becomes current on each side is not documented by AWS, and nothing makes them agree by itself")
}

// wroteIt says on which side a version was written, where its status tells.
func wroteIt(side pair.SideName, f fact) string {
	switch f.status {
	case replica:
		return ", which was written on " + string(side.Other())
	case complete, pending, failed:
		return ", which was written there"
	}
	return ""
}
