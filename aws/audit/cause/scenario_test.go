package cause_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/aws/sandbox/fault"
)

func TestWhatNoRuleEverTookIsToldWithItsCause(t *testing.T) {
	scenario(t, "before the rule, and while it was disabled", func(l *lab) {
		l.buckets()
		l.put(pair.A, "before-a", "x")
		l.put(pair.B, "before-b", "x")
		time.Sleep(time.Hour)
		l.apply()
		time.Sleep(time.Hour)
		l.rules(pair.A, disabled)
		l.put(pair.A, "gap", "x")
		l.remove(pair.A, "gap-marker", "")
		l.put(pair.B, "other-way", "x")
		time.Sleep(time.Hour)
		l.rules(pair.A, enabled)
		time.Sleep(long)
		found := l.audit(map[string]told{
			"before-a":   {difference.NeverEligible, difference.BeforeRule, difference.Replicate},
			"before-b":   {difference.NeverEligible, difference.BeforeRule, difference.Replicate},
			"gap":        {difference.NeverEligible, difference.WhileDisabled, difference.Replicate},
			"gap-marker": {difference.MarkerStayed, difference.WhileDisabled, difference.PlaceMarker},
		})
		if d := found["before-b"].Direction; d == nil || *d != pair.BtoA {
			l.t.Errorf("what B alone has is to go %v", d)
		}
	})
	scenario(t, "a rule that is disabled now", func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		l.rules(pair.A, disabled)
		l.put(pair.A, "gap", "x")
		time.Sleep(long)
		d := l.audit(map[string]told{"gap": {difference.NeverEligible, difference.WhileDisabled, difference.Repair}})["gap"]
		says(l.t, d, "is disabled now")
	})
	scenario(t, "no rule at all", func(l *lab) {
		l.buckets()
		l.put(pair.A, "alone", "x")
		l.remove(pair.A, "marker", "")
		time.Sleep(long)
		l.audit(map[string]told{
			"alone":  {difference.NeverEligible, difference.NoRule, difference.Repair},
			"marker": {difference.MarkerStayed, difference.NoRule, difference.Repair},
		})
	})
	scenario(t, "outside the filter's prefix", func(l *lab) {
		l.apply()
		l.rules(pair.A, func(r *types.ReplicationRule) { r.Filter = &types.ReplicationRuleFilter{Prefix: aws.String("in/")} })
		time.Sleep(time.Hour)
		l.put(pair.A, "out/one", "x")
		l.remove(pair.A, "out/marker", "")
		l.put(pair.A, "in/one", "x")
		time.Sleep(long)
		l.audit(map[string]told{
			"out/one":    {difference.NeverEligible, difference.OutsideFilter, difference.Widen},
			"out/marker": {difference.MarkerStayed, difference.OutsideFilter, difference.Look},
		})
	})
	scenario(t, "outside the filter's tags", func(l *lab) {
		l.apply()
		l.rules(pair.A, func(r *types.ReplicationRule) {
			r.Filter = &types.ReplicationRuleFilter{Tag: &types.Tag{Key: aws.String("keep"), Value: aws.String("yes")}}
			r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
		})
		time.Sleep(time.Hour)
		l.put(pair.A, "plain", "x")
		l.put(pair.A, "otherwise", "x", func(in *s3.PutObjectInput) { in.Tagging = aws.String("keep=no") })
		l.put(pair.A, "tagged", "x", func(in *s3.PutObjectInput) { in.Tagging = aws.String("keep=yes") })
		l.remove(pair.A, "marker", "")
		time.Sleep(long)
		found := l.audit(map[string]told{
			"plain":     {difference.NeverEligible, difference.OutsideFilter, difference.Look},
			"otherwise": {difference.NeverEligible, difference.OutsideFilter, difference.Look},
			"marker":    {difference.MarkerStayed, difference.MarkersOff, difference.PlaceMarker},
		})
		says(l.t, found["marker"], "filters by tags")
	})
	scenario(t, "encrypted with KMS, and archived", func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		l.put(pair.A, "kms", "x", func(in *s3.PutObjectInput) { in.ServerSideEncryption = types.ServerSideEncryptionAwsKms })
		l.put(pair.A, "ice", "x", func(in *s3.PutObjectInput) { in.StorageClass = types.StorageClassDeepArchive })
		l.put(pair.A, "instant", "x", func(in *s3.PutObjectInput) { in.StorageClass = types.StorageClassGlacierIr })
		time.Sleep(long)
		l.audit(map[string]told{
			"kms": {difference.NeverEligible, difference.KMSNotOptedIn, difference.Widen},
			"ice": {difference.NeverEligible, difference.Archived, difference.Restore},
		})
	})
	scenario(t, "replicas of a third bucket", func(l *lab) {
		l.apply()
		third := aws.String("bothways-cause-three")
		_, err := l.s3(pair.A).CreateBucket(l.t.Context(), &s3.CreateBucketInput{
			Bucket: third, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
		})
		l.must(err)
		_, err = l.s3(pair.A).PutBucketVersioning(l.t.Context(), &s3.PutBucketVersioningInput{
			Bucket: third, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		})
		l.must(err)
		// What side A takes from the third, side B's rule does not cover.
		out, err := l.s3(pair.A).GetBucketReplication(l.t.Context(), &s3.GetBucketReplicationInput{Bucket: l.bucket(pair.A)})
		l.must(err)
		role := aws.ToString(out.ReplicationConfiguration.Role)
		name := role[len("arn:aws:iam::000000000000:role/bothways/"):]
		_, err = l.world.A.IAM.PutRolePolicy(l.t.Context(), &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("all"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)})
		l.must(err)
		_, err = l.s3(pair.A).PutBucketReplication(l.t.Context(), &s3.PutBucketReplicationInput{Bucket: third, ReplicationConfiguration: &types.ReplicationConfiguration{
			Role: &role, Rules: []types.ReplicationRule{{
				ID: aws.String("third"), Priority: aws.Int32(1), Status: types.ReplicationRuleStatusEnabled, Filter: &types.ReplicationRuleFilter{Prefix: aws.String("")},
				DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
				Destination:             &types.Destination{Bucket: aws.String("arn:aws:s3:::" + *l.bucket(pair.A))},
			}},
		}})
		l.must(err)
		l.rules(pair.B, func(r *types.ReplicationRule) { r.Filter = &types.ReplicationRuleFilter{Prefix: aws.String("b/")} })
		time.Sleep(time.Hour)
		_, err = l.s3(pair.A).PutObject(l.t.Context(), &s3.PutObjectInput{Bucket: third, Key: aws.String("from-third")})
		l.must(err)
		time.Sleep(long)
		l.audit(map[string]told{"from-third": {difference.NeverEligible, difference.IsReplica, difference.Replicate}})
	})
}

func TestWhatIsUnderWayOrGivenUpIsToldApart(t *testing.T) {
	scenario(t, "in flight, overdue", func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		_, err := l.box.Inject(sandbox.Fault{Kind: fault.Cut, From: "eu-west-1", To: "ap-southeast-1"})
		l.must(err)
		l.put(pair.A, "old", "x")
		time.Sleep(long)
		l.put(pair.A, "young", "x")
		l.remove(pair.A, "young-marker", "")
		time.Sleep(time.Minute)
		found := l.audit(map[string]told{
			"old":          {difference.Overdue, difference.Late, difference.Wait},
			"young":        {difference.InFlight, difference.NoCause, difference.Wait},
			"young-marker": {difference.InFlight, difference.NoCause, difference.Wait},
		})
		says(l.t, found["old"], "no measured times of this pair")
		if found["old"].StatusA != "PENDING" {
			l.t.Errorf("its status is %q", found["old"].StatusA)
		}
	})
	scenario(t, "failed by a missing right", func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		out, err := l.s3(pair.A).GetBucketReplication(l.t.Context(), &s3.GetBucketReplicationInput{Bucket: l.bucket(pair.A)})
		l.must(err)
		role := aws.ToString(out.ReplicationConfiguration.Role)
		name := role[len("arn:aws:iam::000000000000:role/bothways/"):]
		policy, err := l.world.A.IAM.GetRolePolicy(l.t.Context(), &iam.GetRolePolicyInput{RoleName: &name, PolicyName: aws.String(testPair.PolicyName())})
		l.must(err)
		_, err = l.world.A.IAM.DeleteRolePolicy(l.t.Context(), &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: aws.String(testPair.PolicyName())})
		l.must(err)
		time.Sleep(time.Minute)
		l.put(pair.A, "failed", "x")
		l.put(pair.B, "fine", "x")
		time.Sleep(long)
		found := l.audit(map[string]told{"failed": {difference.Failed, difference.MissingRight, difference.Repair}})
		says(l.t, found["failed"], "role")
		says(l.t, found["failed"], "lifecycle rules neither expire nor move it")
		// Mended, nothing says any more what it was.
		_, err = l.world.A.IAM.PutRolePolicy(l.t.Context(), &iam.PutRolePolicyInput{
			RoleName: &name, PolicyName: aws.String(testPair.PolicyName()), PolicyDocument: aws.String(decoded(*policy.PolicyDocument)),
		})
		l.must(err)
		l.audit(map[string]told{"failed": {difference.Failed, difference.Undetermined, difference.Replicate}})
	})
}

func TestWhatOneSideLostIsToldWithWhoRemovedIt(t *testing.T) {
	scenario(t, "deleted by its version ID", func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		one := l.put(pair.A, "replica-lost", "x")
		two := l.put(pair.A, "original-lost", "x")
		three := l.put(pair.A, "noncurrent-lost", "x")
		time.Sleep(time.Minute)
		l.put(pair.A, "noncurrent-lost", "y")
		time.Sleep(long)
		l.remove(pair.B, "replica-lost", one)
		l.remove(pair.A, "original-lost", two)
		l.remove(pair.B, "noncurrent-lost", three)
		time.Sleep(time.Hour)
		found := l.audit(map[string]told{
			"replica-lost":    {difference.Gone, difference.ByVersionID, difference.CopyInPlace},
			"original-lost":   {difference.Gone, difference.ByVersionID, difference.CopyInPlace},
			"noncurrent-lost": {difference.Gone, difference.ByVersionID, difference.Look},
		})
		if d := found["original-lost"].Direction; d == nil || *d != pair.BtoA {
			l.t.Errorf("what A lost is to go %v", d)
		}
	})
	scenario(t, "removed by lifecycle", func(l *lab) {
		l.apply()
		l.lifecycle(pair.B, types.LifecycleRule{
			ID: aws.String("tidy"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("logs/")},
			NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(30)},
		})
		time.Sleep(time.Hour)
		old := l.put(pair.A, "logs/old", "x")
		fresh := l.put(pair.A, "logs/fresh", "x")
		other := l.put(pair.A, "data/other", "x")
		time.Sleep(time.Hour)
		for _, key := range []string{"logs/old", "data/other"} {
			l.put(pair.A, key, "y")
		}
		time.Sleep(25 * 24 * time.Hour)
		l.put(pair.A, "logs/fresh", "y")
		time.Sleep(10 * 24 * time.Hour)
		l.remove(pair.B, "logs/old", old) // as lifecycle does
		l.remove(pair.B, "logs/fresh", fresh)
		l.remove(pair.B, "data/other", other)
		time.Sleep(time.Hour)
		found := l.audit(map[string]told{
			"logs/old":   {difference.Gone, difference.ByLifecycle, difference.Look},
			"logs/fresh": {difference.Gone, difference.ByVersionID, difference.Look},
			"data/other": {difference.Gone, difference.ByVersionID, difference.Look},
		})
		says(l.t, found["logs/old"], "the lifecycle rule tidy of B")
		says(l.t, found["logs/fresh"], "not before")
	})
	scenario(t, "whose lifecycle rules can't be read", func(l *lab) {
		l.apply()
		one := l.put(pair.A, "lost", "x")
		time.Sleep(long)
		l.remove(pair.B, "lost", one)
		_, err := l.box.Inject(sandbox.Fault{Kind: fault.Broken, Operation: "GetBucketLifecycleConfiguration", Status: 403, Code: "AccessDenied"})
		l.must(err)
		d := l.audit(map[string]told{"lost": {difference.Gone, difference.Undetermined, difference.CopyInPlace}})["lost"]
		says(l.t, d, "can't be read")
	})
}

func TestMarkersThatDidNotTravelAreToldWithTheirCause(t *testing.T) {
	scenario(t, "the rule replicates none", func(l *lab) {
		l.apply()
		l.rules(pair.A, func(r *types.ReplicationRule) {
			r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
		})
		time.Sleep(time.Hour)
		l.put(pair.A, "deleted", "x")
		time.Sleep(time.Hour)
		l.remove(pair.A, "deleted", "")
		time.Sleep(long)
		d := l.audit(map[string]told{"deleted": {difference.MarkerStayed, difference.MarkersOff, difference.PlaceMarker}})["deleted"]
		says(l.t, d, "A serves nothing for the key, B the version")
	})
	scenario(t, "a lifecycle rule made it", func(l *lab) {
		l.apply()
		l.lifecycle(pair.A, types.LifecycleRule{
			ID: aws.String("expire"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("logs/")},
			Expiration: &types.LifecycleExpiration{Days: aws.Int32(10)},
		})
		time.Sleep(time.Hour)
		l.put(pair.A, "logs/one", "x")
		time.Sleep(12 * 24 * time.Hour)
		l.rules(pair.A, disabled) // so that the marker stays, as lifecycle's does
		l.remove(pair.A, "logs/one", "")
		l.rules(pair.A, enabled)
		time.Sleep(long)
		l.audit(map[string]told{"logs/one": {difference.MarkerStayed, difference.MarkerOfExpiry, difference.Look}})
	})
	scenario(t, "a right is missing for it", func(l *lab) {
		l.apply()
		time.Sleep(time.Hour)
		out, err := l.s3(pair.A).GetBucketReplication(l.t.Context(), &s3.GetBucketReplicationInput{Bucket: l.bucket(pair.A)})
		l.must(err)
		role := aws.ToString(out.ReplicationConfiguration.Role)
		name := role[len("arn:aws:iam::000000000000:role/bothways/"):]
		_, err = l.world.A.IAM.PutRolePolicy(l.t.Context(), &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("no"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:ReplicateDelete","Resource":"*"}]}`)})
		l.must(err)
		time.Sleep(time.Minute)
		l.remove(pair.A, "deleted", "")
		time.Sleep(long)
		d := l.audit(map[string]told{"deleted": {difference.MarkerStayed, difference.MissingRight, difference.Repair}})["deleted"]
		says(l.t, d, "s3:ReplicateDelete")
	})
}

func TestConflictsAndNullVersionsAreComparedByContent(t *testing.T) {
	scenario(t, "null versions", func(l *lab) {
		l.buckets()
		for _, side := range pair.Sides() {
			l.versioning(side, types.BucketVersioningStatusSuspended)
			l.put(side, "same", "x")
			l.put(side, "other-size", "x"+string(side)+map[pair.SideName]string{pair.A: "!"}[side])
			l.put(side, "other-bytes", "x"+string(side))
			time.Sleep(time.Minute)
		}
		l.put(pair.A, "alone", "x")
		l.put(pair.A, "kind", "x")
		l.remove(pair.B, "kind", "")
		time.Sleep(time.Hour)
		l.apply()
		time.Sleep(long)
		l.audit(map[string]told{
			"same":        {difference.SameContent, difference.NoCause, difference.NoRemedy},
			"other-size":  {difference.Conflict, difference.BothWrote, difference.ChooseWinner},
			"other-bytes": {difference.Conflict, difference.BothWrote, difference.ChooseWinner},
			"kind":        {difference.Conflict, difference.BothWrote, difference.ChooseWinner},
			"alone":       {difference.NeverEligible, difference.BeforeRule, difference.Replicate},
		})
	})
}

// Rights that are missing, and clients whose keys nobody has, leave unknown what
// they hide.
func TestWhatCannotBeAskedForIsUnknownWithItsReason(t *testing.T) {
	scenario(t, "HEAD is refused", func(l *lab) {
		l.buckets()
		l.put(pair.A, "alone", "x")
		time.Sleep(time.Hour)
		l.apply()
		_, err := l.box.Inject(sandbox.Fault{Kind: fault.Broken, Operation: "HeadObject", Prefix: "alone", Status: 403, Code: "AccessDenied"})
		l.must(err)
		d := l.audit(map[string]told{"alone": {difference.Unknown, difference.Undetermined, difference.Look}})["alone"]
		says(l.t, d, "s3:GetObjectVersion may be missing")
	})
	scenario(t, "HEAD breaks", func(l *lab) {
		l.buckets()
		l.put(pair.A, "alone", "x")
		time.Sleep(time.Hour)
		l.apply()
		_, err := l.box.Inject(sandbox.Fault{Kind: fault.Broken, Operation: "HeadObject", Prefix: "alone", Status: 500})
		l.must(err)
		l.audit(map[string]told{"alone": {difference.Unknown, difference.Undetermined, difference.Look}})
	})
	scenario(t, "HEAD breaks for a while", func(l *lab) {
		l.buckets()
		l.put(pair.A, "alone", "x")
		time.Sleep(time.Hour)
		l.apply()
		_, err := l.box.Inject(sandbox.Fault{Kind: fault.Broken, Operation: "HeadObject", Prefix: "alone", Status: 500, Requests: 8})
		l.must(err)
		l.audit(map[string]told{"alone": {difference.NeverEligible, difference.BeforeRule, difference.Replicate}})
	})
	scenario(t, "a side is out, or wants fewer requests", func(l *lab) {
		l.buckets()
		l.put(pair.A, "alone", "x")
		time.Sleep(time.Hour)
		l.apply()
		candidates, j := l.candidates(), l.judge()
		for _, f := range []sandbox.Fault{
			{Kind: fault.Refuse, Region: "ap-southeast-1"}, {Kind: fault.Outage, Region: "ap-southeast-1"}, {Kind: fault.SlowDown, Operation: "HeadObject"},
		} {
			lift, err := l.box.Inject(f)
			l.must(err)
			if d, err := j.Judge(l.t.Context(), candidates[0]); err == nil {
				l.t.Errorf("under %s it is %s: %v", f.Kind, d.Verdict, d.Evidence)
			}
			lift()
		}
		if d, err := j.Judge(l.t.Context(), candidates[0]); err != nil || d.Cause != difference.BeforeRule {
			l.t.Errorf("afterwards it is %s: %v, %v", d.Verdict, d.Evidence, err)
		}
	})
	scenario(t, "it went, or came, meanwhile", func(l *lab) {
		l.buckets()
		id := l.put(pair.A, "gone", "x")
		time.Sleep(time.Hour)
		l.apply()
		lift, err := l.box.Inject(sandbox.Fault{Kind: fault.Cut, From: "eu-west-1", To: "ap-southeast-1"})
		l.must(err)
		l.put(pair.A, "came", "x")
		time.Sleep(time.Hour)
		candidates, j := l.candidates(), l.judge()
		l.remove(pair.A, "gone", id)
		lift()
		time.Sleep(time.Hour)
		for _, c := range candidates {
			d, err := j.Judge(l.t.Context(), c)
			l.must(err)
			if d.Verdict != difference.Passed {
				l.t.Errorf("%s is %s: %v", c.Key, d.Verdict, d.Evidence)
			}
		}
	})
}
