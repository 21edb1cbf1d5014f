package sandbox_test

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/sandbox"
)

// complete says whether no role that the side ever had lacked a right.
func (w *week) complete(side *weekSide) bool {
	for role := range side.held {
		if len(w.rights[role]) != len(allActions) {
			return false
		}
	}
	return true
}

func (w *week) check() {
	w.Helper()
	arrived := map[string]sandbox.Delivery{}
	for _, d := range w.deliveries {
		v := w.versions[d.VersionID]
		switch {
		case v == nil:
			w.Errorf("%s of %s arrived and nobody wrote it", d.VersionID, d.Key)
			continue
		case !v.eligible:
			w.Errorf("%s of %s arrived and no rule wanted it", d.VersionID, d.Key)
		case d.FromBucket != v.side.bucket || d.ToBucket != v.side.other.bucket || d.Key != v.key || d.Marker != v.marker:
			w.Errorf("a replica of a replica or of something else: %+v", d)
		}
		if _, twice := arrived[d.VersionID]; twice && !v.erasedThere {
			w.Errorf("%s of %s arrived twice", d.VersionID, d.Key)
		}
		arrived[d.VersionID] = d
		role := asOf(v.side.roles, d.VisibleAt)
		needed := []string{"s3:GetReplicationConfiguration", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:ReplicateObject"}
		if d.Marker {
			needed = []string{"s3:GetReplicationConfiguration", "s3:ListBucket", "s3:ReplicateDelete"}
		}
		for _, action := range needed {
			if !slices.Contains(asOf(w.granted[role], d.VisibleAt), action) {
				w.Errorf("%s of %s arrived although role %q may not %s", d.VersionID, d.Key, role, action)
			}
		}
	}
	here := map[*weekSide]map[string]string{}
	for _, side := range w.sides {
		here[side] = w.list(side)
		for id := range here[side] {
			v := w.versions[id]
			if _, delivered := arrived[id]; v == nil || v.side != side && !delivered {
				w.Errorf("%s holds %s, which was neither written nor delivered there", side.bucket, id)
			}
		}
	}
	eligible, failed := 0, 0
	for id, v := range w.versions {
		if !v.eligible || v.erasedHere || v.erasedThere {
			continue
		}
		eligible++
		reason := w.sandbox.FailureReason(v.side.bucket, v.key, id)
		tag, there := here[v.side.other][id]
		switch {
		case reason != "" && w.complete(v.side):
			w.Errorf("%s of %s failed because of %s, but the role may do everything", id, v.key, reason)
		case reason != "":
			failed++
		case !there:
			w.Errorf("%s of %s is missing at %s", id, v.key, v.side.other.bucket)
		case tag != here[v.side][id]:
			w.Errorf("%s of %s differs: %s and %s", id, v.key, tag, here[v.side][id])
		}
		if !v.marker {
			out, err := w.head(v.side.bucket, v.side.region, v.key, id)
			must(w, out, err)
			if want := map[bool]string{true: "COMPLETED", false: "FAILED"}[reason == ""]; string(out.ReplicationStatus) != want {
				w.Errorf("%s of %s reads %s, want %s", id, v.key, out.ReplicationStatus, want)
			}
		}
	}
	w.Logf("%d eligible, %d arrived, %d failed", eligible, len(arrived), failed)
	if eligible == 0 || len(arrived) == 0 || w.complete(w.sides[0]) && failed > 0 && w.complete(w.sides[1]) {
		w.Errorf("%d eligible, %d arrived, %d failed: this week tests nothing", eligible, len(arrived), failed)
	}
}

// list returns what a side holds: ETags, or that it is a marker, by version.
func (w *week) list(side *weekSide) map[string]string {
	held := map[string]string{}
	pages := s3.NewListObjectVersionsPaginator(w.s3(side.region), &s3.ListObjectVersionsInput{Bucket: &side.bucket})
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.Context())
		for _, v := range must(w, page, err).Versions {
			held[*v.VersionId] = *v.ETag
		}
		for _, m := range page.DeleteMarkers {
			held[*m.VersionId] = "marker"
		}
	}
	return held
}
