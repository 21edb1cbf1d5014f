package sandbox_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

func TestPriorityDecidesPerDestination(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		for bucket, region := range map[string]string{"side-a": ireland, "side-b": singapore, "side-c": "us-east-1"} {
			w.bucket(bucket, region)
		}
		low, high, third := rule("side-b"), rule("side-b"), rule("side-c")
		low.ID, low.Priority, low.Destination.StorageClass = aws.String("low"), aws.Int32(1), types.StorageClassOnezoneIa
		high.ID, high.Priority, high.Destination.StorageClass = aws.String("high"), aws.Int32(7), types.StorageClassStandardIa
		third.Priority = aws.Int32(3)
		must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), low, high, third))
		plainly(w)
		pass(time.Minute)
		if got := w.headNow("side-b", singapore).StorageClass; got != types.StorageClassStandardIa {
			t.Errorf("replica is %s, want that of the higher priority", got)
		}
		if w.headNow("side-c", "us-east-1"); w.status("side-a", ireland, "k") != "COMPLETED" {
			t.Errorf("origin reads %s with two destinations done", w.status("side-a", ireland, "k"))
		}
	})
}

func TestOneDestinationOfTwoFailedIsFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		for bucket, region := range map[string]string{"side-a": ireland, "side-b": singapore, "side-c": "us-east-1"} {
			w.bucket(bucket, region)
		}
		other := rule("side-c")
		other.Priority = aws.Int32(2)
		must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), rule("side-b"), other))
		id := plainly(w)
		must(t, 0, w.versioning("side-c", "us-east-1", types.BucketVersioningStatusSuspended))
		pass(time.Minute)
		if got := w.status("side-a", ireland, "k"); got != "FAILED" {
			t.Errorf("origin reads %s", got)
		}
		if _, err := w.head("side-b", singapore, "k", id); err != nil {
			t.Errorf("the other destination: %v", err)
		}
	})
}

func TestFirstSchemaAlwaysReplicatesDeleteMarkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.bucket("side-a", ireland)
		w.bucket("side-b", singapore)
		must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), types.ReplicationRule{
			Status: types.ReplicationRuleStatusEnabled, Prefix: aws.String(""), //nolint:staticcheck // the first schema has nothing else
			Destination: &types.Destination{Bucket: aws.String("arn:aws:s3:::side-b")},
		}))
		plainly(w)
		_, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("k")})
		must(t, 0, err)
		pass(time.Minute)
		if _, err := w.head("side-b", singapore, "k", ""); code(err) != "NotFound" {
			t.Errorf("the marker did not arrive: %v", err)
		}
	})
}

func TestAPauseCatchesUpAndADisabledRuleDoesNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.pair()
		resume := w.inject(sandbox.Fault{Kind: "pause", Bucket: "side-a", To: singapore, Prefix: "paused/"})
		w.put("side-a", ireland, "paused/one", "x")
		w.put("side-a", ireland, "other", "x")
		w.put("side-b", singapore, "back", "x")
		pass(time.Hour)
		for key, want := range map[string]string{"paused/one": "PENDING", "other": "COMPLETED", "back": "REPLICA"} {
			if got := w.status("side-a", ireland, key); got != want {
				t.Errorf("while paused %s reads %s, want %s", key, got, want)
			}
		}
		resume()
		pass(time.Minute)
		if got := w.status("side-a", ireland, "paused/one"); got != "COMPLETED" {
			t.Errorf("after the pause it reads %s", got)
		}
	})
}

func TestEventsOfMetricsAndTimeControl(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []sandbox.Event
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, OnEvent: func(e sandbox.Event) { events = append(events, e) }})
		w.bucket("side-a", ireland)
		w.bucket("side-b", singapore)
		r := rule("side-b")
		quarter := &types.ReplicationTimeValue{Minutes: aws.Int32(15)}
		r.Destination.Metrics = &types.Metrics{Status: types.MetricsStatusEnabled, EventThreshold: quarter}
		r.Destination.ReplicationTime = &types.ReplicationTime{Status: types.ReplicationTimeStatusEnabled, Time: quarter}
		must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), r))
		w.put("side-a", ireland, "in time", "x")
		pass(time.Minute)
		restore := w.sandbox.CutDirection(ireland, singapore)
		w.put("side-a", ireland, "late", "x")
		pass(20 * time.Minute)
		restore()
		pass(time.Minute)
		must(t, 0, w.versioning("side-b", singapore, types.BucketVersioningStatusSuspended))
		w.put("side-a", ireland, "failing", "x")
		pass(time.Minute)
		var got []string
		for _, e := range events {
			got = append(got, strings.TrimPrefix(e.Name, "s3:Replication:")+" "+e.Key+" "+e.Reason)
		}
		want := "OperationMissedThreshold late ,OperationReplicatedAfterThreshold late ,OperationFailedReplication failing DstBucketUnversioned"
		if strings.Join(got, ",") != want {
			t.Errorf("events %q\nwant   %q", strings.Join(got, ","), want)
		}
	})
}

func TestLimitsOfTheOrganisationAndOfTheRoleHitReplicationToo(t *testing.T) {
	const all = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	limit := func(more string) string { return `{"Version":"2012-10-17","Statement":[` + all + more + `]}` }
	const deny = `,{"Effect":"Deny","Action":"s3:ReplicateObject","Resource":"*"}`
	const elsewhere = `,{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}`
	for name, row := range map[string]struct{ scp, boundary, reason string }{
		"none":                            {limit(""), limit(""), ""},
		"service control policy":          {limit(deny), "", "DstPutObjectNotPermitted"},
		"permissions boundary":            {"", limit(deny), "DstPutObjectNotPermitted"},
		"region of the destination":       {"", limit(elsewhere), "DstPutObjectNotPermitted"},
		"boundary that allows too little": {"", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}`, "DstPutObjectNotPermitted"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.bucket("side-a", ireland)
				w.bucket("side-b", singapore)
				must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), rule("side-b")))
				must(t, 0, w.sandbox.Directory().SetServiceControlPolicy(row.scp))
				if row.boundary != "" {
					made, err := w.iam().CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: aws.String("limit"), PolicyDocument: &row.boundary})
					must(t, 0, err)
					_, err = w.iam().PutRolePermissionsBoundary(t.Context(), &iam.PutRolePermissionsBoundaryInput{
						RoleName: aws.String("r"), PermissionsBoundary: made.Policy.Arn,
					})
					must(t, 0, err)
				}
				id := plainly(w)
				pass(time.Minute)
				w.failedBecause(id, row.reason)
			})
		})
	}
}

func TestBucketNamesAreLabelsOfDNS(t *testing.T) {
	play(t, []step{
		{do: "PUT /dash.-dot", body: constraint(ireland), status: 400, code: "InvalidBucketName"},
		{do: "PUT /dash-.dot", body: constraint(ireland), status: 400, code: "InvalidBucketName"},
		{do: "PUT /dash-and.dot", body: constraint(ireland), status: 200},
	})
}
