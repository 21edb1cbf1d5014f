package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/sandbox"
)

// operated runs a pair's life as somebody who has one policy and nothing else:
// plan, apply, let the doctor look, put right what somebody changed, tear down
// with the buckets. It
// returns the first thing that was refused, or nil.
func operated(t *testing.T, p pair.Pair, document string) error {
	t.Helper()
	l := newLab(t, p, sandbox.Account{ID: "000000000000", Users: []sandbox.User{{
		Name: "operator-of-the-pair", AccessKeyID: "AKIAOPERATOROFPAIR00", SecretAccessKey: "secret", Policies: []json.RawMessage{json.RawMessage(document)},
	}}})
	w := l.as(t, p, "AKIAOPERATOROFPAIR00", "secret")
	ctx := context.Background()
	for i, planner := range []func(*survey.Survey) plan.Plan{
		plan.SetUp,
		plan.SetUp,
		func(s *survey.Survey) plan.Plan {
			return plan.TearDown(s, plan.TearDownOptions{Buckets: true})
		},
	} {
		if i == 1 {
			l.disturb(t)
		}
		found, err := plan.Look(ctx, w)
		if err != nil {
			return err
		}
		proposed := planner(found)
		var mu sync.Mutex
		left := ""
		err = plan.Apply(ctx, proposed, func(e pair.Event) {
			mu.Lock()
			defer mu.Unlock()
			if step, ok := e.(step.Event); ok && strings.Contains(step.Detail, "could not be deleted") {
				left = step.Detail
			}
		})
		if err != nil {
			return err
		}
		if left != "" {
			return errors.New(left)
		}
		if i == 0 {
			if err := examined(t, l, w); err != nil {
				return err
			}
		}
	}
	for _, side := range []pair.SideName{pair.A, pair.B} {
		clients := map[pair.SideName]*account.Clients{pair.A: l.world.A, pair.B: l.world.B}[side]
		if _, err := clients.S3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(p.Side(side).Bucket)}); err == nil {
			return fmt.Errorf("the bucket of side %s stands", side)
		}
	}
	return nil
}

// examined lets the doctor look at the pair as the operator, with canaries and
// an object of somebody else there. It returns what was refused, or nil: what the
// doctor may not read it does without, so its calls are listened to. The policy
// is not for reading what others write, which the doctor has to say.
func examined(t *testing.T, l *lab, w survey.World) error {
	t.Helper()
	theirs, err := l.world.A.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &w.Pair.A.Bucket, Key: aws.String("theirs")})
	if err != nil {
		t.Fatal(err)
	}
	<-time.After(time.Hour) // until it is replicated
	defer func() {
		for name, clients := range map[pair.SideName]*account.Clients{pair.A: l.world.A, pair.B: l.world.B} {
			if _, err := clients.S3.DeleteObject(context.Background(), &s3.DeleteObjectInput{
				Bucket: aws.String(w.Pair.Side(name).Bucket), Key: aws.String("theirs"), VersionId: theirs.VersionId,
			}); err != nil {
				t.Error(err)
			}
		}
	}()
	l.refusals.take()
	diagnosis, err := doctor.Examine(t.Context(), w, doctor.ExamineOptions{Canaries: true}, func(pair.Event) {})
	if err != nil {
		return err
	}
	unseen := func(t doctor.Trouble) bool { return t.Cause == doctor.CauseOperator && t.Missing == "s3:GetObject" }
	if !slices.ContainsFunc(diagnosis.Troubles, unseen) {
		t.Errorf("the doctor does not say that it can't look at what others wrote: %v", diagnosis.Troubles)
	}
	refused := slices.DeleteFunc(l.refusals.take(), func(said string) bool {
		return strings.HasPrefix(said, "HEAD ") && strings.Contains(said, "/theirs?")
	})
	if len(refused) > 0 {
		return fmt.Errorf("the doctor asks for what the policy lacks, so wanted/rights.go does: %s", strings.Join(refused, "\n"))
	}
	for d, health := range diagnosis.Health {
		if health.State != doctor.Proven {
			return fmt.Errorf("the doctor says of %s: %s", d.Arrow(), health.Detail)
		}
	}
	return nil
}

// disturb changes a role's trust, and leaves an upload of a probe unfinished.
func (l *lab) disturb(t *testing.T) {
	t.Helper()
	p := demo()
	_, err := l.world.A.IAM.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{
		RoleName:       aws.String(p.RoleName(pair.AtoB)),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil && apierror.Code(err) != "NoSuchEntity" { // apply may have been refused
		t.Fatal(err)
	}
	_, err = l.world.A.S3.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{
		Bucket: &p.A.Bucket, Key: aws.String(p.ProbeKey("earlier", "00ff", 1, "ABCDEFGH")), Metadata: map[string]string{pair.MetadataKey: p.ID()},
	})
	if err != nil && apierror.Code(err) != "NoSuchBucket" {
		t.Fatal(err)
	}
}

func exported(t *testing.T, p pair.Pair) string {
	t.Helper()
	files, err := Files(Policy, planned(t, newLab(t, p).world))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 {
		t.Fatalf("%d files", len(files))
	}
	return files[0].Content
}

func TestThePolicyIsEnoughForAPairsWholeLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		encrypted := demo()
		encrypted.Given.KeyA = "arn:aws:kms:" + encrypted.A.Region + ":000000000000:key/a"
		encrypted.Given.KeyB = "arn:aws:kms:" + encrypted.B.Region + ":000000000000:key/b"
		for _, p := range []pair.Pair{demo(), encrypted, demanded()} {
			if err := operated(t, p, life(t, exported(t, p))); err != nil {
				t.Errorf("%+v: %v", p.Given, err)
			}
		}
	})
}

// Each action that setting up and tearing down is said to need is missed when
// it is gone. Rights that only let one look further, and those of measuring,
// are told apart by the survey.
func TestNoActionOfThePolicyIsSuperfluous(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plan := planned(t, newLab(t, demo()).world)
		needed := map[string]bool{}
		for _, purpose := range []pair.Purpose{pair.SetUp, pair.TearDown} {
			for _, r := range wanted.RightsFor(*plan.Wanted, purpose) {
				needed[r.Action] = needed[r.Action] || !r.Optional
			}
		}
		for action, necessary := range needed {
			if !necessary {
				continue
			}
			if err := operated(t, demo(), without(t, life(t, exported(t, demo())), action)); err == nil {
				t.Errorf("nothing misses %s", action)
			}
		}
	})
}

// statement is one of an operator's policy, as it is read back.
type statement struct {
	Sid, Effect      string
	Action, Resource []string
	Condition        map[string]map[string]string `json:",omitempty"`
}

// life is the policy of who sets a pair up, measures it and takes it down: who
// neither audits nor backfills nor drills leaves those statements out.
func life(t *testing.T, document string) string {
	t.Helper()
	return edited(t, document, func(all []statement) []statement {
		return slices.DeleteFunc(all, func(s statement) bool {
			return strings.HasPrefix(s.Sid, "Audit") || strings.HasPrefix(s.Sid, "Backfill") || strings.HasPrefix(s.Sid, "Drill")
		})
	})
}

// without takes an action out of a policy.
func without(t *testing.T, document, action string) string {
	t.Helper()
	return edited(t, document, func(all []statement) []statement {
		all = slices.DeleteFunc(all, func(s statement) bool { return len(s.Action) == 1 && s.Action[0] == action })
		for i := range all {
			s := &all[i]
			s.Action = slices.DeleteFunc(s.Action, func(a string) bool { return a == action })
		}
		return all
	})
}

// edited is a policy with other statements.
func edited(t *testing.T, document string, edit func([]statement) []statement) string {
	t.Helper()
	var parsed struct {
		Version   string
		Statement []statement
	}
	if err := json.Unmarshal([]byte(document), &parsed); err != nil {
		t.Fatal(err)
	}
	parsed.Statement = edit(parsed.Statement)
	text, err := json.Marshal(parsed)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTwoAccountsGetAPolicyEach(t *testing.T) {
	w := worlds()["nothing stands"]
	b := w.Sides[pair.B]
	b.Account = "210987654321"
	w.Sides[pair.B] = b
	files, err := policies(w)
	if err != nil || len(files) != 2 || files[0].Name != "bothways-policy-a-012345678901.json" {
		t.Fatalf("%v, %v", files, err)
	}
	for i, other := range []string{"export-b", "export-a"} {
		var parsed struct{ Statement []statement }
		if err := json.Unmarshal([]byte(files[i].Content), &parsed); err != nil {
			t.Fatal(err)
		}
		for _, s := range parsed.Statement {
			for _, resource := range s.Resource {
				if resource == "arn:aws:s3:::"+other {
					t.Errorf("%s speaks of %s", files[i].Name, other)
				}
			}
		}
	}
}

// The policy that docs/policy.md prints is written by hand: it lets through all
// that a plain pair needs.
func TestThePrintedPolicyIsEnoughForAPlainPair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, err := os.ReadFile("../../docs/policy.md")
		if err != nil {
			t.Fatal(err)
		}
		_, after, _ := strings.Cut(string(text), "```json\n")
		printed, _, found := strings.Cut(after, "```")
		if !found {
			t.Fatal("the page on rights prints no policy")
		}
		p := demo()
		document, err := policy.Parse(strings.NewReplacer("BUCKET-A", p.A.Bucket, "BUCKET-B", p.B.Bucket, "ACCOUNT", "000000000000").Replace(printed))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range wanted.Rights(*planned(t, newLab(t, p).world).Wanted) {
			asked := policy.Request{
				Action: r.Action, Resource: strings.ReplaceAll(r.Resource, "*", "x"),
				Context: map[string][]string{"iam:passedtoservice": {r.PassedTo}},
			}
			if document.Allows(asked).Answer != policy.Yes {
				t.Errorf("it lacks %s on %s, %s", r.Action, r.Resource, r.Why)
			}
		}
	})
}
