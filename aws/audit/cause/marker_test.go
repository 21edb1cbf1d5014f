package cause_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/aws/sandbox/fault"
)

// A delete marker has no replication status, so what was written about when it was
// made tells how the rule stood.
func TestAYoungMarkerIsJudgedByWhatWasWrittenAboutWhenItWasMade(t *testing.T) {
	gap := told{difference.MarkerStayed, difference.WhileDisabled, difference.PlaceMarker}
	left := told{difference.NeverEligible, difference.WhileDisabled, difference.Replicate}
	disable := func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		l.put(pair.A, "deleted", "x")
		time.Sleep(10 * time.Minute)
		l.rules(pair.A, disabled)
	}
	scenario(t, "between two that no rule took", func(l *lab) {
		disable(l)
		l.put(pair.A, "one", "x")
		time.Sleep(time.Minute)
		l.remove(pair.A, "deleted", "")
		time.Sleep(time.Minute)
		l.put(pair.A, "two", "x")
		l.rules(pair.A, enabled)
		time.Sleep(time.Minute)
		d := l.audit(map[string]told{"one": left, "two": left, "deleted": gap})["deleted"]
		says(l.t, d, "was taken by no rule, and so was")
	})
	scenario(t, "in the second of one that no rule took, and before others that arrived", func(l *lab) {
		disable(l)
		l.put(pair.A, "zebra", "x") // judged after the marker, so that it has to be looked for
		l.remove(pair.A, "deleted", "")
		l.rules(pair.A, enabled)
		time.Sleep(time.Minute)
		l.put(pair.A, "later", "x")
		time.Sleep(4 * time.Minute)
		l.audit(map[string]told{"zebra": left, "deleted": gap})
	})
	scenario(t, "among nothing that tells", func(l *lab) {
		disable(l)
		l.remove(pair.A, "deleted", "")
		l.rules(pair.A, enabled)
		time.Sleep(time.Minute)
		d := l.audit(map[string]told{"deleted": {difference.Unknown, difference.Undetermined, difference.Wait}})["deleted"]
		says(l.t, d, "it may be on its way, or have been made while the rule was disabled or gone")
	})
	scenario(t, "between two that the rule took", func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		l.put(pair.A, "deleted", "x")
		time.Sleep(5 * time.Minute)
		_, err := l.box.Inject(sandbox.Fault{Kind: fault.Cut, From: "eu-west-1", To: "ap-southeast-1"})
		l.must(err)
		l.remove(pair.A, "deleted", "")
		time.Sleep(time.Minute)
		l.put(pair.A, "later", "x")
		time.Sleep(time.Minute)
		d := l.audit(map[string]told{
			"later": {difference.InFlight, difference.NoCause, difference.Wait}, "deleted": {difference.InFlight, difference.NoCause, difference.Wait},
		})["deleted"]
		says(l.t, d, "was taken by the rule, and so was")
	})
}

// A marker that nothing explains may have been deleted on the other side.
func TestAnOldMarkerMayHaveBeenUndeletedOnTheOtherSide(t *testing.T) {
	scenario(t, "the replica of the marker is deleted", func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		l.put(pair.A, "deleted", "x")
		time.Sleep(time.Hour)
		l.remove(pair.A, "deleted", "")
		time.Sleep(time.Hour)
		out, err := l.s3(pair.B).ListObjectVersions(l.t.Context(), &s3.ListObjectVersionsInput{Bucket: l.bucket(pair.B)})
		l.must(err)
		l.remove(pair.B, "deleted", aws.ToString(out.DeleteMarkers[0].VersionId))
		time.Sleep(long)
		d := l.audit(map[string]told{"deleted": {difference.MarkerStayed, difference.Undetermined, difference.Look}})["deleted"]
		says(l.t, d, "an undelete")
	})
}

// What a backfill puts right in place leaves an older version on one side. It
// is told by its content, whatever this computer remembers.
func TestWhatANewerVersionHoldsOnBothSidesIsSuperseded(t *testing.T) {
	superseded := told{difference.Superseded, difference.Rewritten, difference.NoRemedy}
	scenario(t, "copied in place after it was deleted by its version ID", func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		for _, key := range []string{"same", "overwritten", "other-bytes", "other-metadata"} {
			id := l.put(pair.A, key, "x")
			time.Sleep(time.Minute)
			l.remove(pair.B, key, id)
		}
		l.put(pair.A, "same", "x")
		l.put(pair.A, "overwritten", "x")
		l.put(pair.A, "other-bytes", "y")
		l.put(pair.A, "other-metadata", "x", func(in *s3.PutObjectInput) { in.Metadata = map[string]string{"owner": "somebody"} })
		time.Sleep(time.Minute)
		l.put(pair.A, "overwritten", "something else")
		time.Sleep(long)
		stays := told{difference.Gone, difference.ByVersionID, difference.Look}
		found := l.audit(map[string]told{"same": superseded, "overwritten": superseded, "other-bytes": stays, "other-metadata": stays})
		says(l.t, found["same"], "its size, its ETag and its metadata are the same")
		says(l.t, found["same"], "that is the version that A serves")
	})
	scenario(t, "the newer one is on one side only", func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		id := l.put(pair.A, "one", "x")
		time.Sleep(time.Hour)
		l.remove(pair.B, "one", id)
		l.rules(pair.A, func(r *types.ReplicationRule) { disabled(r) })
		l.put(pair.A, "one", "x")
		time.Sleep(long)
		j := l.judge()
		for _, c := range l.candidates() {
			d, err := j.Judge(l.t.Context(), c)
			l.must(err)
			if d.Verdict == difference.Superseded {
				l.t.Errorf("%+v", d)
			}
		}
	})
	scenario(t, "a marker, and one that does the same on the other side", func(l *lab) {
		l.apply()
		for _, side := range pair.Sides() {
			l.rules(side, func(r *types.ReplicationRule) {
				r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
			})
		}
		time.Sleep(time.Hour)
		l.put(pair.A, "both-deleted", "x")
		l.put(pair.A, "written-since", "x")
		time.Sleep(time.Hour)
		l.remove(pair.A, "both-deleted", "")
		l.remove(pair.A, "written-since", "")
		time.Sleep(time.Hour)
		l.remove(pair.B, "both-deleted", "")
		l.put(pair.A, "written-since", "y")
		time.Sleep(long)
		j, n := l.judge(), 0
		for _, c := range l.candidates() {
			d, err := j.Judge(l.t.Context(), c)
			l.must(err)
			want := difference.SameContent
			if c.Key == "written-since" {
				want = difference.Superseded
			}
			if n++; d.Verdict != want || d.Remedy != difference.NoRemedy {
				l.t.Errorf("%s is %s, %s: %q", d.Key, d.Verdict, d.Remedy, d.Evidence)
			}
		}
		if n != 3 {
			l.t.Errorf("there are %d differences", n)
		}
	})
}
