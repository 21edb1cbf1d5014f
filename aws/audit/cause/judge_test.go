package cause

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
)

var (
	now     = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	roleOn  = now.Add(-100 * 24 * time.Hour)
	aBeside = func(d pair.Direction) *pair.Direction { return &d }
)

const objectID = "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY"

// plainWorld is a pair whose rules take everything, and have for 100 days.
func plainWorld() world {
	w := world{ways: map[pair.Direction]way{}, sides: map[pair.SideName]settings{pair.A: {}, pair.B: {}}}
	for _, d := range pair.Directions() {
		w.ways[d] = way{
			direction: d, rules: []rule{{id: "ours", enabled: true, markers: true}},
			past: past{role: roleOn, ours: true},
		}
	}
	return w
}

func (w world) with(change func(*way)) world {
	a := w.ways[pair.AtoB]
	change(&a)
	w.ways[pair.AtoB] = a
	return w
}

// onA is a version that A alone has, so old.
func onA(age time.Duration) difference.Candidate {
	return difference.Candidate{Key: "docs/one", Kind: difference.OneSided, A: &difference.Entry{
		VersionID: objectID, Modified: now.Add(-age), Latest: true, ETag: "5eb63bbbe01eeed093cb22bb8f5acdc3", Size: 11,
	}}
}

// overtaken is a version of which B lacks it and serves a newer one.
func overtaken(c difference.Candidate) difference.Candidate {
	c.CurrentB = &difference.Entry{VersionID: "newer", Modified: c.A.Modified.Add(time.Hour), Latest: true}
	return c
}

// has is what A says of it, B being without it.
func has(status string, changes ...func(*fact)) facts {
	f := fact{state: there, at: now, status: status, encryption: "AES256"}
	for _, change := range changes {
		change(&f)
	}
	return facts{pair.A: f, pair.B: {state: absent, at: now}}
}

const day = 24 * time.Hour

func TestEachRowOfOneSidedVersions(t *testing.T) {
	measured := times{n: 2000, p99: 10 * time.Second, p999: 20 * time.Second, longest: time.Minute, largest: 4 << 20, runs: 3}
	noRight := doctor.Trouble{
		Severity: survey.Blocker, Direction: aBeside(pair.AtoB), Cause: doctor.CausePolicy, Certainty: doctor.Likely, Missing: "s3:ReplicateObject", Title: "role r may not",
	}
	off := doctor.Trouble{Severity: survey.Blocker, Direction: aBeside(pair.AtoB), Cause: doctor.CauseRule, Certainty: doctor.Certain, Missing: "Status", Title: "the rule is disabled"}
	keys := doctor.Trouble{Severity: survey.Blocker, Direction: aBeside(pair.AtoB), Cause: doctor.CauseKMS, Certainty: doctor.Likely, Missing: "kms:Decrypt", Title: "role r may not decrypt"}
	elsewhere := func(w *way) { w.elsewhere = []rule{{id: "to-c", enabled: true}} }
	for name, c := range map[string]struct {
		world   world
		c       difference.Candidate
		f       facts
		verdict difference.Verdict
		cause   difference.Cause
		remedy  difference.Remedy
		says    string
	}{
		"pending, young": {c: onA(time.Minute), f: has(pending), verdict: difference.InFlight, remedy: difference.Wait, says: "no measured times"},
		"pending, young by the pair's own times": {
			world: plainWorld().with(func(w *way) { w.times = measured }), c: onA(20 * time.Second), f: has(pending),
			verdict: difference.InFlight, remedy: difference.Wait, says: "p99 is 10 s",
		},
		"pending, late by the pair's own times": {
			world: plainWorld().with(func(w *way) { w.times = measured }), c: onA(100 * time.Second), f: has(pending),
			verdict: difference.Overdue, cause: difference.Late, remedy: difference.Wait, says: "10 times this pair's p99",
		},
		"pending, larger than what was measured": {
			world: plainWorld().with(func(w *way) { w.times = measured }), c: sized(onA(100*time.Second), 1<<30), f: has(pending),
			verdict: difference.InFlight, remedy: difference.Wait, says: "this is larger",
		},
		"pending, of an upload in parts that may be young": {
			c: tag(onA(time.Hour), "abc-3"), f: has(pending), verdict: difference.Unknown, cause: difference.Undetermined, remedy: difference.Wait, says: "in parts",
		},
		"pending, of an upload in parts of last week": {
			c: tag(onA(7*day), "abc-3"), f: has(pending), verdict: difference.Overdue, cause: difference.Late, remedy: difference.Wait,
		},
		"pending, of a direction that is broken": {
			world: plainWorld().with(func(w *way) { w.troubles = []doctor.Trouble{noRight} }), c: onA(time.Hour), f: has(pending),
			verdict: difference.Overdue, cause: difference.Late, remedy: difference.Repair, says: "role r may not",
		},
		"failed by a right": {
			world: plainWorld().with(func(w *way) { w.troubles = []doctor.Trouble{noRight} }), c: onA(day), f: has(failed),
			verdict: difference.Failed, cause: difference.MissingRight, remedy: difference.Repair, says: "s3:ReplicateObject",
		},
		"failed by the rule": {
			world: plainWorld().with(func(w *way) { w.troubles = []doctor.Trouble{off} }), c: onA(day), f: has(failed),
			verdict: difference.Failed, cause: difference.BrokenRule, remedy: difference.Repair,
		},
		"failed, and only keys are wrong, which it has none of": {
			world: plainWorld().with(func(w *way) { w.troubles = []doctor.Trouble{keys} }), c: onA(day), f: has(failed),
			verdict: difference.Failed, cause: difference.Undetermined, remedy: difference.Replicate,
		},
		"failed under a key": {
			world: plainWorld().with(func(w *way) { w.troubles = []doctor.Trouble{keys} }), c: onA(day), f: has(failed, underKMS),
			verdict: difference.Failed, cause: difference.MissingRight, remedy: difference.Repair,
		},
		"failed, and nothing is wrong":     {c: onA(day), f: has(failed), verdict: difference.Failed, cause: difference.Undetermined, remedy: difference.Replicate},
		"failed, and archived since":       {c: onA(day), f: has(failed, inArchive), verdict: difference.Failed, cause: difference.Undetermined, remedy: difference.Restore},
		"completed":                        {c: onA(day), f: has(complete), verdict: difference.Gone, cause: difference.ByVersionID, remedy: difference.CopyInPlace},
		"completed, archived since":        {c: onA(day), f: has(complete, inArchive), verdict: difference.Gone, cause: difference.ByVersionID, remedy: difference.Restore},
		"completed, no longer current":     {c: past2(onA(day)), f: has(complete), verdict: difference.Gone, cause: difference.ByVersionID, remedy: difference.Look},
		"completed, something newer there": {c: overtaken(onA(day)), f: has(complete), verdict: difference.Gone, cause: difference.ByVersionID, remedy: difference.Look, says: "something newer"},
		"a replica":                        {c: onA(day), f: has(replica), verdict: difference.Gone, cause: difference.ByVersionID, remedy: difference.CopyInPlace, says: "unless a third bucket"},
		"completed to a third, as well":    {world: plainWorld().with(elsewhere), c: onA(day), f: has(complete), verdict: difference.Gone, cause: difference.ByVersionID, remedy: difference.CopyInPlace, says: "to-c"},
		"completed to a third, and not known here": {
			world: plainWorld().with(elsewhere).with(func(w *way) { w.past = past{} }), c: onA(day), f: has(complete),
			verdict: difference.Unknown, cause: difference.Undetermined, remedy: difference.Look, says: "to-c",
		},
		"completed to a third, before the rule": {
			world: plainWorld().with(elsewhere), c: onA(200 * day), f: has(complete),
			verdict: difference.NeverEligible, cause: difference.BeforeRule, remedy: difference.Replicate,
		},
		"completed to a third only": {
			world: plainWorld().with(elsewhere).with(func(w *way) { w.rules = nil }), c: onA(day), f: has(complete),
			verdict: difference.NeverEligible, cause: difference.NoRule, remedy: difference.Repair,
		},
		"no status, before the role": {c: onA(200 * day), f: has(""), verdict: difference.NeverEligible, cause: difference.BeforeRule, remedy: difference.Replicate},
		"no status, since":           {c: onA(day), f: has(""), verdict: difference.NeverEligible, cause: difference.WhileDisabled, remedy: difference.Replicate},
		"no status, and nothing is known of the rule's age": {
			world: plainWorld().with(func(w *way) { w.past = past{} }), c: onA(day), f: has(""),
			verdict: difference.NeverEligible, cause: difference.Undetermined, remedy: difference.Replicate, says: "not known",
		},
		"no status, rules unread": {
			world: plainWorld().with(func(w *way) { w.rules, w.unread = nil, "the rules can't be read" }), c: onA(day), f: has(""),
			verdict: difference.NeverEligible, cause: difference.Undetermined, remedy: difference.Look, says: "can't be read",
		},
		"no status, tags unread": {
			world: plainWorld().with(func(w *way) { w.rules[0].tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}} }),
			c:     onA(day), f: has("", func(f *fact) { f.tagCount, f.tagsUnread = 1, "its tags can't be read" }),
			verdict: difference.NeverEligible, cause: difference.Undetermined, remedy: difference.Look, says: "its tags can't be read",
		},
		"no status, before the rule, and the direction is broken": {
			world: plainWorld().with(func(w *way) { w.troubles = []doctor.Trouble{noRight} }), c: onA(200 * day), f: has(""),
			verdict: difference.NeverEligible, cause: difference.BeforeRule, remedy: difference.Repair, says: "role r may not",
		},
		"a status that nobody knows": {c: onA(day), f: has("NOVEL"), verdict: difference.Unknown, cause: difference.Undetermined, remedy: difference.Look, says: "NOVEL"},
		"refused":                    {c: onA(day), f: facts{pair.A: {state: refused, why: "403"}, pair.B: {state: absent}}, verdict: difference.Unknown, cause: difference.Undetermined, remedy: difference.Look, says: "403"},
		"under its writer's key":     {c: onA(day), f: facts{pair.A: {state: sealed, why: "SSE-C"}, pair.B: {state: sealed}}, verdict: difference.Unknown, cause: difference.Undetermined, remedy: difference.Look, says: "SSE-C"},
		"gone since":                 {c: onA(day), f: facts{pair.A: {state: absent}, pair.B: {state: absent}}, verdict: difference.Passed},
		"come since":                 {c: onA(day), f: facts{pair.A: {state: there, status: complete, at: now}, pair.B: {state: there, status: replica, at: now}}, verdict: difference.Passed},
	} {
		t.Run(name, func(t *testing.T) {
			w := c.world
			if w.ways == nil {
				w = plainWorld()
			}
			d := w.judge(c.c, c.f)
			if d.Verdict != c.verdict || d.Cause != c.cause || d.Remedy != c.remedy {
				t.Errorf("%q, %q, %q; want %q, %q, %q\n  %s", d.Verdict, d.Cause, d.Remedy, c.verdict, c.cause, c.remedy, strings.Join(d.Evidence, "\n  "))
			}
			if !strings.Contains(strings.Join(d.Evidence, "\n"), c.says) {
				t.Errorf("nothing says %q:\n  %s", c.says, strings.Join(d.Evidence, "\n  "))
			}
			if d.Direction == nil || *d.Direction != pair.AtoB {
				t.Errorf("it goes %v", d.Direction)
			}
		})
	}
}

func sized(c difference.Candidate, size int64) difference.Candidate { c.A.Size = size; return c }
func tag(c difference.Candidate, etag string) difference.Candidate  { c.A.ETag = etag; return c }
func past2(c difference.Candidate) difference.Candidate             { c.A.Latest = false; return c }
func underKMS(f *fact)                                              { f.encryption, f.kmsKey = "aws:kms", "arn:aws:kms:eu-west-1:1:key/k" }

func inArchive(f *fact) { f.class, f.archived = "GLACIER", true }

// Of one size on both sides and with other ETags, only checksums tell, and ETags
// where they are digests.
func TestBytesAreTheSameDifferentOrNotProvable(t *testing.T) {
	sum := func(values ...string) func(*fact) {
		return func(f *fact) {
			f.sums = map[string]string{}
			for i := 0; i < len(values); i += 2 {
				f.sums[values[i]] = values[i+1]
			}
		}
	}
	composite := func(f *fact) { f.composite = true }
	parts := func(sizes ...int64) func(*fact) { return func(f *fact) { f.parts = sizes } }
	unread := func(f *fact) { f.sumsUnread = "HEAD with checksums is refused" }
	denied := func(f *fact) { f.partsUnread = "s3:GetObjectVersionAttributes" }
	for name, c := range map[string]struct {
		etagA, etagB string
		a, b         []func(*fact)
		verdict      difference.Verdict
		cause        difference.Cause
	}{
		"the same checksum, another key": {a: []func(*fact){sum("CRC64NVME", "x"), underKMS}, b: []func(*fact){sum("CRC64NVME", "x")}, verdict: difference.OtherwiseEncrypted, cause: difference.OtherEncryption},
		"the same checksum, one key":     {a: []func(*fact){sum("SHA256", "x", "CRC32", "y")}, b: []func(*fact){sum("SHA256", "x")}, verdict: difference.SameContent},
		"another checksum":               {a: []func(*fact){sum("SHA256", "x"), underKMS}, b: []func(*fact){sum("SHA256", "y")}, verdict: difference.Different, cause: difference.Undetermined},
		"one checksum agrees and one does not": {
			a: []func(*fact){sum("SHA256", "x", "CRC32", "y"), underKMS}, b: []func(*fact){sum("SHA256", "x", "CRC32", "z")}, verdict: difference.Different, cause: difference.Undetermined,
		},
		"checksums of other algorithms": {a: []func(*fact){sum("SHA256", "x"), underKMS}, b: []func(*fact){sum("CRC32", "x")}, verdict: difference.Unprovable},
		"checksums that can't be read":  {a: []func(*fact){unread, underKMS}, b: []func(*fact){sum("CRC32", "x")}, verdict: difference.Unprovable},
		"none, under keys":              {a: []func(*fact){underKMS}, b: []func(*fact){underKMS}, verdict: difference.Unprovable},
		"none, one not encrypted":       {a: []func(*fact){func(f *fact) { f.encryption = "" }}, verdict: difference.Unprovable},
		"none, digests differ":          {verdict: difference.Different, cause: difference.Undetermined},
		"none, in parts":                {etagA: "a-2", verdict: difference.Unprovable},
		"the same of the parts":         {a: []func(*fact){sum("CRC32", "x-2"), composite}, b: []func(*fact){sum("CRC32", "x-2"), composite}, verdict: difference.SameContent},
		"another of the same parts": {
			a: []func(*fact){sum("CRC32", "x-2"), composite, parts(5, 6)}, b: []func(*fact){sum("CRC32", "y-2"), composite, parts(5, 6)}, verdict: difference.Different, cause: difference.Undetermined,
		},
		"another of other parts": {
			etagA: "a-2", etagB: "b-2", a: []func(*fact){sum("CRC32", "x-2"), composite, parts(5, 6)}, b: []func(*fact){sum("CRC32", "y-2"), composite, parts(6, 5)}, verdict: difference.Unprovable,
		},
		"another of parts that can't be read": {
			etagA: "a-2", etagB: "b-2", a: []func(*fact){sum("CRC32", "x-2"), composite, denied}, b: []func(*fact){sum("CRC32", "y-2"), composite, parts(6, 5)}, verdict: difference.Unprovable,
		},
		"of the whole here, of parts there": {
			etagA: "a-2", etagB: "b-2", a: []func(*fact){sum("CRC32", "x")}, b: []func(*fact){sum("CRC32", "y-2"), composite}, verdict: difference.Unprovable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			make := func(etag, other string, status string, changes []func(*fact)) (difference.Entry, fact) {
				f := has(status, changes...)[pair.A]
				if etag == "" {
					etag = other
				}
				return difference.Entry{VersionID: objectID, Modified: now.Add(-day), Latest: true, ETag: etag, Size: 11}, f
			}
			a, fa := make(c.etagA, "5eb63bbbe01eeed093cb22bb8f5acdc3", complete, c.a)
			b, fb := make(c.etagB, "5eb63bbbe01eeed093cb22bb8f5acdc4", replica, c.b)
			d := plainWorld().judge(difference.Candidate{Key: "k", Kind: difference.OtherETag, A: &a, B: &b}, facts{pair.A: fa, pair.B: fb})
			if d.Verdict != c.verdict || d.Cause != c.cause || d.Direction == nil || *d.Direction != pair.AtoB {
				t.Errorf("%q, %q, %v; want %q, %q\n  %s", d.Verdict, d.Cause, d.Direction, c.verdict, c.cause, strings.Join(d.Evidence, "\n  "))
			}
		})
	}
}

func TestWhatBothSidesServeOtherwise(t *testing.T) {
	entry := func(id, etag string, size int64) *difference.Entry {
		return &difference.Entry{VersionID: id, Modified: now.Add(-day), Latest: true, ETag: etag, Size: size}
	}
	marker := &difference.Entry{VersionID: "m", Modified: now.Add(-day), Latest: true, Marker: true}
	for name, c := range map[string]struct {
		kind    difference.Kind
		a, b    *difference.Entry
		verdict difference.Verdict
		remedy  difference.Remedy
	}{
		"two versions":                    {difference.OtherCurrent, entry("1", "x", 5), entry("2", "y", 6), difference.Conflict, difference.ChooseWinner},
		"two versions of one content":     {difference.OtherCurrent, entry("1", "x", 5), entry("2", "x", 5), difference.SameContent, difference.NoRemedy},
		"a version and a marker":          {difference.OtherCurrent, entry("1", "x", 5), marker, difference.Conflict, difference.ChooseWinner},
		"two markers":                     {difference.OtherCurrent, marker, marker, difference.SameContent, difference.NoRemedy},
		"one version of two sizes":        {difference.OtherSize, entry("1", "x", 5), entry("1", "y", 6), difference.Impossible, difference.Look},
		"one version, object and marker":  {difference.OtherKind, entry("1", "x", 5), &difference.Entry{VersionID: "1", Marker: true}, difference.Impossible, difference.Look},
		"null versions of two sizes":      {difference.OtherSize, entry("null", "x", 5), entry("null", "y", 6), difference.Conflict, difference.ChooseWinner},
		"null versions of other times":    {difference.OtherTime, entry("null", "x", 5), entry("null", "x", 5), difference.SameContent, difference.NoRemedy},
		"a kind that is not known (yet)":  {"novel", entry("1", "x", 5), entry("2", "y", 5), difference.Unknown, difference.Look},
		"noncurrent null, and of 2 sizes": {difference.OtherSize, old(entry("null", "x", 5)), old(entry("null", "y", 6)), difference.Different, difference.Look},
	} {
		t.Run(name, func(t *testing.T) {
			f := has(complete)[pair.A]
			d := plainWorld().judge(difference.Candidate{Key: "k", Kind: c.kind, A: c.a, B: c.b}, facts{pair.A: f, pair.B: f})
			if d.Verdict != c.verdict || d.Remedy != c.remedy {
				t.Errorf("%q, %q; want %q, %q\n  %s", d.Verdict, d.Remedy, c.verdict, c.remedy, strings.Join(d.Evidence, "\n  "))
			}
		})
	}
}

func old(e *difference.Entry) *difference.Entry { e.Latest = false; return e }

// Whatever the kind, the answers of both sides and the rules: there is a verdict
// that is known, evidence, and a remedy where something is wrong.
func TestEveryCombinationHasAVerdictWithEvidenceAndAWayOut(t *testing.T) {
	kinds := []difference.Kind{difference.OneSided, difference.OtherETag, difference.OtherSize, difference.OtherKind, difference.OtherTime, difference.OtherCurrent}
	statuses := []string{"", pending, complete, failed, replica, "NOVEL"}
	states := []state{there, marker, absent, refused, sealed, silent}
	n := 0
	for worldName, w := range worlds() {
		for _, kind := range kinds {
			for _, isMarker := range []bool{false, true} {
				for _, id := range []string{objectID, nullID} {
					for _, latest := range []bool{true, false} {
						for _, age := range []time.Duration{time.Second, day, 200 * day} {
							for _, status := range statuses {
								for _, sa := range states {
									for _, sb := range states {
										n++
										a := &difference.Entry{VersionID: id, Modified: now.Add(-age), ETag: "a", Size: 3, Latest: latest, Marker: isMarker}
										b := &difference.Entry{VersionID: id, Modified: now.Add(-age), ETag: "b", Size: 3, Latest: latest}
										c := difference.Candidate{Key: "docs/one", Kind: kind, A: a, B: b}
										if kind == difference.OneSided {
											c.B = nil
										}
										f := facts{pair.A: {state: sa, at: now, why: "why A"}, pair.B: {state: sb, at: now, why: "why B"}}
										for side, one := range f {
											if one.state == there {
												one.status, one.encryption = status, "AES256"
												f[side] = one
											}
										}
										check(t, fmt.Sprintf("%s, %s, marker %t, %s, latest %t, %s, %q, %d, %d", worldName, kind, isMarker, id, latest, age, status, sa, sb), w.judge(c, f))
									}
								}
							}
						}
					}
				}
			}
		}
	}
	if n < 10_000 {
		t.Errorf("only %d were tried", n)
	}
}

func check(t *testing.T, what string, d difference.Difference) {
	t.Helper()
	switch {
	case !slices.Contains(difference.Verdicts(), d.Verdict):
		t.Errorf("%s: the verdict %q", what, d.Verdict)
	case len(d.Evidence) == 0 || slices.Contains(d.Evidence, ""):
		t.Errorf("%s: evidence %q", what, d.Evidence)
	case d.Verdict.Severity() == difference.Wrong && d.Remedy == difference.NoRemedy:
		t.Errorf("%s: %s without a remedy", what, d.Verdict)
	case d.Verdict.Severity() == difference.Fine && d.Remedy != difference.NoRemedy:
		t.Errorf("%s: %s with a remedy", what, d.Verdict)
	case d.Verdict == difference.NeverEligible && d.Cause == difference.NoCause:
		t.Errorf("%s: never eligible without a cause", what)
	case d.Kind == difference.OneSided && d.Direction == nil:
		t.Errorf("%s: without a direction", what)
	case strings.Contains(strings.Join(d.Evidence, " "), "%!"):
		t.Errorf("%s: %q", what, d.Evidence)
	}
}

// worlds are those of rules and lifecycle.
func worlds() map[string]world {
	all := map[string]world{
		"plain":          plainWorld(),
		"no rule":        plainWorld().with(func(w *way) { w.rules = nil }),
		"disabled":       plainWorld().with(func(w *way) { w.rules[0].enabled = false }),
		"other prefix":   plainWorld().with(func(w *way) { w.rules[0].prefix = "other/" }),
		"tags":           plainWorld().with(func(w *way) { w.rules[0].tags = []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}} }),
		"no markers":     plainWorld().with(func(w *way) { w.rules[0].markers = false }),
		"unread":         plainWorld().with(func(w *way) { w.rules, w.unread = nil, "unread" }),
		"nothing known":  plainWorld().with(func(w *way) { w.past = past{} }),
		"elsewhere, too": plainWorld().with(func(w *way) { w.elsewhere = []rule{{id: "c", enabled: true}} }),
	}
	unread := plainWorld()
	unread.sides[pair.B] = settings{unread: true}
	all["lifecycle unread"] = unread
	tidy := plainWorld()
	tidy.sides[pair.B] = settings{lifecycle: []types.LifecycleRule{{
		ID: aws.String("tidy"), Status: types.ExpirationStatusEnabled, Expiration: &types.LifecycleExpiration{Days: aws.Int32(1)},
		NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(1)},
	}}}
	all["lifecycle"] = tidy
	return all
}
