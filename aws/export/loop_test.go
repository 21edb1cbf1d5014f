package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/audit/cause"
	"bothways/aws/audit/difference"
	"bothways/aws/backfill"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
	"bothways/aws/session"
)

// looped lets somebody who has one policy and nothing else audit and backfill a
// pair that has something of each kind to put right: versions from before the rules
// on both sides, one that was deleted for good on one, and a delete marker that
// stayed. It returns the plan, whose findings name what is missing, and the first
// thing that went wrong.
func looped(t *testing.T, document string) (planned *session.Backfilling, err error) {
	t.Helper()
	p := demo()
	l := newLab(t, p, sandbox.Account{ID: "000000000000", Users: []sandbox.User{{
		Name: "operator-of-the-pair", AccessKeyID: "AKIAOPERATOROFPAIR00", SecretAccessKey: "secret", Policies: []json.RawMessage{json.RawMessage(document)},
	}}})
	l.muddled(t, p)
	l.refusals.take()
	access := account.Access{
		Endpoint: "http://sandbox.invalid", HTTPClient: &http.Client{Transport: &l.refusals}, Credentials: credentials.NewStaticCredentialsProvider("AKIAOPERATOROFPAIR00", "secret", ""),
	}
	s := session.New("test", t.TempDir())
	judge, err := cause.New(context.Background(), l.as(t, p, "AKIAOPERATOROFPAIR00", "secret"), cause.Options{}) // else several would wait for it behind a lock, which virtual time does not pass
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var evidence []string
	audited, err := s.Audit(context.Background(), access, p, session.AuditOptions{Judge: judge.Judge}, func(e pair.Event) {
		mu.Lock()
		defer mu.Unlock()
		if d, is := e.(difference.Difference); is {
			evidence = append(evidence, d.Evidence...)
		}
	})
	if err != nil {
		return nil, err
	}
	if wrong := audited.Tally.Of(difference.Wrong).Versions; wrong != 5 || audited.Tally.Of(difference.Open).Versions != 0 {
		return nil, fmt.Errorf("the audit finds %d wrong, %d open: %s", wrong, audited.Tally.Of(difference.Open).Versions, strings.Join(evidence, "; "))
	}
	planned, err = s.Backfill(context.Background(), access, p, session.BackfillOptions{AnyPrice: true, Asked: backfill.Asked{Copies: true, Markers: true}})
	if err != nil {
		return nil, err
	}
	result, err := planned.Run(context.Background(), func(pair.Event) {})
	switch {
	case err != nil:
		return planned, err
	case result.Left() > 0 || result.Alone() > 0 || result.Tried != 5:
		return planned, fmt.Errorf("the backfill leaves something: %+v", result)
	}
	if refused := l.refusals.take(); len(refused) > 0 {
		return planned, errors.New("refused: " + strings.Join(refused, "\n"))
	}
	return planned, nil
}

// muddled makes such a pair, as its owner.
func (l *lab) muddled(t *testing.T, p pair.Pair) {
	t.Helper()
	clients := map[pair.SideName]*s3.Client{pair.A: l.world.A.S3, pair.B: l.world.B.S3}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	put := func(side pair.SideName, key string) *string {
		out, err := clients[side].PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(p.Side(side).Bucket), Key: &key, Body: strings.NewReader(key), Tagging: aws.String("team=storage")})
		must(err)
		return out.VersionId
	}
	for _, side := range pair.Sides() {
		at := p.Side(side)
		_, err := clients[side].CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &at.Bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(at.Region)}})
		must(err)
		_, err = clients[side].PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: &at.Bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}})
		must(err)
		put(side, "before-"+side.Slug())
	}
	must(plan.Apply(t.Context(), planned(t, l.world), func(pair.Event) {}))
	time.Sleep(time.Hour) // virtual
	lost := put(pair.A, "lost")
	put(pair.A, "hidden")
	time.Sleep(time.Hour)
	_, err := clients[pair.B].DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &p.B.Bucket, Key: aws.String("lost"), VersionId: lost})
	must(err)
	rules, err := clients[pair.A].GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: &p.A.Bucket})
	must(err)
	_, err = clients[pair.A].DeleteBucketReplication(t.Context(), &s3.DeleteBucketReplicationInput{Bucket: &p.A.Bucket})
	must(err)
	time.Sleep(time.Hour)
	put(pair.A, "gap") // shows what became of a marker of the same minute
	_, err = clients[pair.A].DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &p.A.Bucket, Key: aws.String("hidden")})
	must(err)
	time.Sleep(time.Hour)
	_, err = clients[pair.A].PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{Bucket: &p.A.Bucket, ReplicationConfiguration: rules.ReplicationConfiguration})
	must(err)
	time.Sleep(time.Hour)
}

func TestThePolicyIsEnoughForAnAuditAndABackfill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if _, err := looped(t, exported(t, demo())); err != nil {
			t.Error(err)
		}
	})
}

// What an operator lacks is named before anything is changed: by the audit, or in
// the plan of the backfill.
func TestEachMissingRightOfABackfillIsNamedBeforeAnythingIsChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		document := exported(t, demo())
		var actions []string
		for _, r := range planned(t, newLab(t, demo()).world).Wanted.Loop {
			if !r.Optional && r.For != pair.Inventory && !slices.Contains(actions, r.Action) {
				actions = append(actions, r.Action)
			}
		}
		for _, action := range actions {
			p, err := looped(t, without(t, document, action))
			switch {
			case p == nil && err != nil && strings.Contains(err.Error(), action):
			case p == nil:
				t.Errorf("without %s nothing names it: %v", action, err)
			case !slices.ContainsFunc(p.Plan().Findings, func(f survey.Finding) bool { return strings.Contains(f.Title+f.Meaning, action) }):
				t.Errorf("the plan does not name %s, and then: %v", action, err)
			}
		}
	})
}

// A policy that is too long for IAM is of no use (IAM User Guide, "IAM and AWS STS
// quotas": 6,144 characters, white space not counted).
func TestThePolicyFitsInAManagedPolicy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files, err := Files(Policy, planned(t, newLab(t, demo()).world))
		if err != nil {
			t.Fatal(err)
		}
		drills, err := Files(DrillPolicy, planned(t, newLab(t, demo()).world))
		if err != nil || len(drills) != 1 {
			t.Fatal(drills, err)
		}
		for _, file := range append(files, drills...) {
			if n := len(strings.Join(strings.Fields(file.Content), "")); n > 6144 {
				t.Errorf("%s has %d characters", file.Name, n)
			}
		}
	})
}
