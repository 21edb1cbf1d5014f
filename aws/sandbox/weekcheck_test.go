package sandbox_test

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// way is that of a version to one bucket.
type way struct {
	id string
	to *weekSide
}

// outcome is what the sandbox says that came of a way.
type outcome struct {
	arrived *sandbox.Delivery
	failure *sandbox.Event // the last one
}

// lacks returns the first failure reason that the rights of the side's role at
// an instant give for a version, "" if they are enough.
func (w *week) lacks(v *written, edit bool, at time.Time) string {
	role := asOf(v.side.roles, at)
	may := func(action string) bool { return slices.Contains(asOf(w.granted[role], at), action) }
	switch {
	case role == "", !may("s3:GetReplicationConfiguration"):
		return "SrcBucketReplicationConfigMissing"
	case edit && !may("s3:GetObjectVersionTagging"):
		return "SrcGetTaggingNotPermitted"
	case edit && !may("s3:ReplicateTags") && !may("s3:ReplicateObject"):
		return "DstPutTaggingNotPermitted"
	case edit:
		return ""
	case v.marker && !may("s3:ListBucket"):
		return "SrcHeadObjectNotPermitted"
	case v.marker && !may("s3:ReplicateDelete"):
		return "DstDelObjNotPermitted"
	case v.marker:
		return ""
	case !may("s3:GetObjectVersionForReplication"):
		return "SrcGetObjectNotPermitted"
	case !may("s3:GetObjectVersionAcl"):
		return "SrcGetAclNotPermitted"
	case !may("s3:ReplicateObject"):
		return "DstPutObjectNotPermitted"
	}
	return ""
}

func (w *week) sideOf(bucket string) *weekSide {
	return w.sides[slices.IndexFunc(w.sides[:], func(s *weekSide) bool { return s.bucket == bucket })]
}

func (w *week) check() {
	w.Helper()
	outcomes := map[way]*outcome{}
	w.checkDeliveries(outcomes)
	w.checkFailures(outcomes)
	held := map[*weekSide]map[string]string{}
	for _, side := range w.sides {
		held[side] = w.list(side)
		for id := range held[side] {
			if v := w.versions[id]; v == nil || v.side != side && (outcomes[way{id, side}] == nil || outcomes[way{id, side}].arrived == nil) {
				w.Errorf("%s holds %s, which was neither written nor delivered there", side.bucket, id)
			}
		}
	}
	eligible, failed := 0, 0
	for id, v := range w.versions {
		broken := false
		for to, r := range v.wanted {
			if v.erased[v.side] || v.erased[to] {
				continue
			}
			eligible++
			o := outcomes[way{id, to}]
			if o != nil && o.failure != nil {
				failed++
				broken = true
			}
			switch tag, there := held[to][id]; {
			case o == nil:
				w.Errorf("nothing became of %s of %s on its way to %s", id, v.key, to.bucket)
			case o.arrived == nil:
			case !there:
				w.Errorf("%s of %s is missing at %s", id, v.key, to.bucket)
			case tag != held[v.side][id]:
				w.Errorf("%s of %s differs: %s and %s", id, v.key, tag, held[v.side][id])
			case !v.marker:
				w.checkReplica(v, to, r, o)
			}
		}
		w.checkOrigin(v, broken)
	}
	w.Logf("%d ways, %d arrived, %d failed, %d events", eligible, len(w.deliveries), failed, len(w.events))
	if eligible < 100 || len(w.deliveries) < 20 || failed == 0 {
		w.Errorf("%d ways, %d arrived, %d failed: this week tests nothing", eligible, len(w.deliveries), failed)
	}
}

// checkDeliveries holds what arrived to what was to arrive and might.
func (w *week) checkDeliveries(outcomes map[way]*outcome) {
	for _, d := range w.deliveries {
		v, to := w.versions[d.VersionID], w.sideOf(d.ToBucket)
		if v == nil {
			w.Errorf("%s of %s arrived and nobody wrote it", d.VersionID, d.Key)
			continue
		}
		_, wanted := v.wanted[to]
		switch {
		case d.FromBucket != v.side.bucket || d.Key != v.key || d.Marker != v.marker:
			w.Errorf("a replica of a replica or of something else: %+v", d)
		case !wanted:
			w.Errorf("%s of %s arrived at %s and no rule wanted it", d.VersionID, d.Key, d.ToBucket)
		}
		if lacking := w.lacks(v, false, d.VisibleAt); lacking != "" {
			w.Errorf("%s of %s arrived in spite of %s", d.VersionID, d.Key, lacking)
		}
		for _, o := range w.past {
			if o.holds(v.side, to, v.key) && d.VisibleAt.After(o.begun) && d.VisibleAt.Before(o.over) {
				w.Errorf("%s of %s arrived at %s in spite of an obstacle", d.VersionID, d.Key, d.ToBucket)
			}
		}
		if outcomes[way{v.id, to}] != nil {
			w.Errorf("%s of %s arrived twice at %s", d.VersionID, d.Key, d.ToBucket)
		}
		outcomes[way{v.id, to}] = &outcome{arrived: &d}
	}
}

// checkFailures holds each failure to the rights that there were.
func (w *week) checkFailures(outcomes map[way]*outcome) {
	for _, e := range w.events {
		if e.Name != "s3:Replication:OperationFailedReplication" {
			continue
		}
		v, from, to := w.versions[e.VersionID], w.sideOf(e.Bucket), w.sideOf(e.Destination)
		if v == nil {
			w.Errorf("%s failed and nobody wrote it", e.VersionID)
			continue
		}
		o := outcomes[way{v.id, to}]
		if o == nil {
			o = &outcome{}
			outcomes[way{v.id, to}] = o
		}
		edit := from != v.side || o.arrived != nil
		by := *v
		by.side = from // a change of a replica goes back by the rules of its side
		want := w.lacks(&by, edit, e.At)
		if want == "" && edit && v.erased[to] {
			want = "DstVersionNotFound"
		}
		if e.Reason != want {
			w.Errorf("%s of %s failed on its way from %s to %s because of %s, want %q", e.VersionID, e.Key, e.Bucket, e.Destination, e.Reason, want)
		}
		if from == v.side {
			o.failure = &e
		}
	}
}

// checkReplica holds a replica to its rule.
func (w *week) checkReplica(v *written, to *weekSide, r weekRule, o *outcome) {
	replica, err := w.head(to.bucket, to.region, v.key, v.id)
	must(w, replica, err)
	class, key := v.class, ""
	if r.class != "" {
		class = r.class
	}
	if class == types.StorageClassStandard {
		class = "" // HEAD does not tell it
	}
	if v.kms {
		key = to.key()
	}
	if replica.StorageClass != class || aws.ToString(replica.SSEKMSKeyId) != key {
		w.Errorf("%s of %s at %s is %q under %q, want %q under %q", v.id, v.key, to.bucket,
			replica.StorageClass, aws.ToString(replica.SSEKMSKeyId), class, key)
	}
	if v.edit == nil || !v.edit.carried[to] || v.foreign || w.tagless || o.failure != nil {
		return
	}
	tags, err := w.s3(to.region).GetObjectTagging(w.Context(), &s3.GetObjectTaggingInput{Bucket: &to.bucket, Key: &v.key, VersionId: &v.id})
	if must(w, tags, err); len(tags.TagSet) != 1 || *tags.TagSet[0].Value != v.edit.colour {
		w.Errorf("%s of %s at %s has tags %v, its origin is %s", v.id, v.key, to.bucket, len(tags.TagSet), v.edit.colour)
	}
}

// checkOrigin holds the status of an origin to what became of its ways.
func (w *week) checkOrigin(v *written, broken bool) {
	if v.marker || v.erased[v.side] {
		return
	}
	for to := range v.wanted {
		if v.erased[to] {
			return // a change may have failed for want of the replica
		}
	}
	want := types.ReplicationStatus("")
	switch {
	case broken:
		want = types.ReplicationStatusFailed
	case len(v.wanted) > 0:
		want = types.ReplicationStatusCompleted
	}
	out, err := w.head(v.side.bucket, v.side.region, v.key, v.id)
	if must(w, out, err); out.ReplicationStatus != want {
		w.Errorf("%s of %s reads %q, want %q", v.id, v.key, out.ReplicationStatus, want)
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
