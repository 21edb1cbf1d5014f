package replication_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/sandbox"
	"bothways/aws/upload"
)

// verdict is what is said of a request beforehand.
type verdict struct {
	answer policy.Answer // whether it is allowed
	by     string
	keys   []string // that leave it open
}

// tally counts what was said, and of what was said to be known, how it went.
type tally struct{ allowed, denied, open int }

func (c *tally) add(v verdict) {
	switch v.answer {
	case policy.Yes:
		c.allowed++
	case policy.No:
		c.denied++
	case policy.Perhaps:
		c.open++
	}
}

// foretold is what the survey, of which the plan's findings are made, says of
// actions of ours on a resource.
func foretold(s *survey.Survey, name pair.SideName, matches []policy.Match, known map[string][]string, under string, actions ...string) verdict {
	v := verdict{answer: policy.Yes}
	doubt := func(answer policy.Answer, by string, keys []string) {
		if answer < v.answer {
			v.answer, v.by = answer, by
		}
		v.keys = append(v.keys, keys...)
	}
	for _, m := range matches {
		doubt(policy.Yes-m.Answer, "the bucket policy ("+m.Statement.Name()+")", m.Unknown)
	}
	rights := s.Sides[name].Rights
	for _, m := range s.Lacks(name) {
		if slices.Contains(actions, m.Action) && strings.Contains(m.Resource, under) && (known == nil || m.Known != nil) {
			answer := policy.No
			if len(m.Unknown) > 0 {
				answer = policy.Perhaps
			}
			doubt(answer, m.By, m.Unknown)
		}
	}
	if len(rights.Open) > 0 && v.answer == policy.Yes {
		doubt(policy.Perhaps, "keys that are not known", rights.Open)
	}
	if s.Sides[name].Foreign { // the plan is blocked, and says so
		doubt(policy.Perhaps, "s3:ListBucket", []string{"s3:ListBucket"})
	}
	if s.Sides[name].PolicyUnread && v.answer == policy.Yes {
		doubt(policy.Perhaps, "s3:GetBucketPolicy", []string{"s3:GetBucketPolicy"})
	}
	if rights.Unread != "" && v.answer == policy.Yes {
		doubt(policy.Perhaps, rights.Unread, []string{rights.Unread})
	}
	return v
}

var operatorActions = []string{
	"s3:PutObject", "s3:PutObject", "s3:PutObject", "s3:PutObject*", "s3:DeleteObjectVersion", "s3:GetObjectVersion", "s3:*Object*", "s3:PutObjectTagging", "s3:PutObjectAcl",
}

// What the plan says beforehand of a request of ours agrees with what the
// service then answers.
func operatorAgrees(t *testing.T, seed uint64, counts *tally) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := newLabIn(t, testPair, sandbox.Options{Seed: 7, Dir: t.TempDir(), NoDistance: true})
		draw := &policies{Rand: rand.New(rand.NewPCG(seed, 1)), keys: operatorKeys}
		admin := l.world.A
		kept := map[pair.SideName]*string{}
		for _, side := range pair.Sides() {
			l.bucket(t, side)
			l.version(t, side, types.BucketVersioningStatusEnabled)
			out, err := l.clients(side).S3.PutObject(t.Context(), &s3.PutObjectInput{
				Bucket: aws.String(testPair.Side(side).Bucket), Key: aws.String(testPair.CanaryPrefix() + "kept"), Tagging: aws.String("kept=yes"),
			})
			if err != nil {
				t.Fatal(err)
			}
			kept[side] = out.VersionId
		}
		encrypted := draw.likely(40)
		if encrypted { // by the bucket's own default, or as uploads say
			for _, side := range pair.Sides() {
				key := map[pair.SideName]string{pair.A: keyA, pair.B: keyB}[side]
				l.world.Pair.Given.KeyA, l.world.Pair.Given.KeyB = keyA, keyB
				if draw.likely(60) {
					l.encrypt(t, side, key, draw.likely(50))
				}
			}
		}
		texts := hireSomebody(t, l, draw)
		if encrypted {
			texts = append(texts, l.drawKeys(t, draw)...)
		}
		for _, side := range pair.Sides() {
			text := draw.bucket(testPair.Side(side), operatorActions)
			client := admin.S3
			_, err := client.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(testPair.Side(side).Bucket), Policy: &text}, func(o *s3.Options) { o.Region = testPair.Side(side).Region })
			if err != nil && apierror.Code(err) != "AccessDenied" && apierror.Code(err) != "MalformedPolicy" {
				t.Fatal(err)
			}
			if err == nil {
				texts = append(texts, text)
			}
		}
		if draw.likely(30) { // it limits whoever made all this, too
			scp := draw.identity(operatorActions)
			texts = append(texts, scp)
			if err := l.box.AddAccount(sandbox.Account{ID: ownAccount, ServiceControlPolicy: []byte(scp)}); err != nil {
				t.Fatal(err)
			}
		}
		s, err := plan.Look(t.Context(), l.world)
		if err != nil {
			t.Fatal(err)
		}
		proposed := plan.SetUp(s)
		for _, side := range pair.Sides() {
			agrees(t, l, s, proposed, side, kept[side], counts)
		}
		if t.Failed() {
			t.Errorf("the policies of seed %d:\n%s", seed, strings.Join(texts, "\n"))
		}
	})
}

// hireSomebody goes on as a user, or as a session of a role, with random
// policies, and returns them.
func hireSomebody(t *testing.T, l *lab, draw *policies) []string {
	t.Helper()
	draw.caller = "arn:aws:iam::" + ownAccount + ":user/hired"
	boundary := ""
	if draw.likely(30) {
		boundary = draw.identity(operatorActions)
	}
	own := draw.identity(operatorActions)
	texts := []string{own, boundary}
	role := ""
	if draw.likely(40) {
		trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + ownAccount + `"},"Action":"sts:AssumeRole"}]}`
		role = "arn:aws:iam::" + ownAccount + ":role/deep/works"
		if _, err := l.world.A.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("works"), Path: aws.String("/deep/"), AssumeRolePolicyDocument: &trust}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("works"), PolicyName: aws.String("own"), PolicyDocument: &own}); err != nil {
			t.Fatal(err)
		}
		pass(settled)
		draw.caller, draw.others = role, []string{"arn:aws:sts::" + ownAccount + ":assumed-role/works/visit"}
	}
	if role == "" {
		l.hire(t, boundary, own)
	} else {
		l.session(t, role)
	}
	return texts
}

// settled is longer than IAM takes to make a change effective.
const settled = 60e9

// agrees tries requests of ours on a side.
func agrees(t *testing.T, l *lab, s *survey.Survey, proposed plan.Plan, side pair.SideName, kept *string, counts *tally) {
	t.Helper()
	clients, bucket := l.clients(side), aws.String(testPair.Side(side).Bucket)
	key := testPair.CanaryPrefix() + "kept"
	arn := testPair.Side(side).BucketARN() + "/" + testPair.CanaryPrefix() + "example"
	check := func(what string, v verdict, err error) {
		counts.add(v)
		if err != nil && apierror.StatusCode(err) != 403 && !strings.HasPrefix(apierror.Code(err), "KMS.") {
			t.Errorf("side %s, %s: %v", side, what, err)
			return
		}
		switch {
		case v.answer == policy.Yes && err != nil:
			t.Errorf("side %s, %s is said to be allowed: %v", side, what, err)
		case v.answer == policy.No && err == nil:
			t.Errorf("side %s, %s is said to be denied (%s), and is allowed", side, what, v.by)
		case v.answer == policy.Perhaps && (len(v.keys) == 0 || slices.Contains(v.keys, "")):
			t.Errorf("side %s, %s is said to be open, and not why: %v", side, what, v.keys)
		}
	}
	canary := wanted.CanaryUpload(s, wanted.Incoming(side.Other()))
	verdictOfPut := foretold(s, side, canary.Denied, canary.Known(), testPair.CanaryPrefix(), canary.Actions()...)
	verdictOfPut = verdictOfPut.withKey(s, side, canary.Headers, testPair.CanaryPrefix(), false)
	check("a canary with "+canary.Words(), verdictOfPut, put(t.Context(), clients, *bucket, testPair.CanaryPrefix()+"x", canary.Headers))
	if canary.RefusedBy() != "" {
		if len(proposed.Blocked()) == 0 {
			t.Errorf("side %s: the plan does not say that uploads are denied: %+v", side, proposed.Findings)
		}
		for i, other := range otherHeaders() {
			if other.Key != "" && !strings.Contains(s.Sides[side].Policy, `"`+other.Key+`"`) {
				continue // the pair has no key, and none is named
			}
			if err := put(t.Context(), clients, *bucket, fmt.Sprintf("%sother%d", testPair.CanaryPrefix(), i), other); err == nil {
				t.Errorf("side %s: every upload is said to be denied, and one with %s is allowed", side, other.Words())
			}
		}
	}
	parts := wanted.ProbeUpload(s, side, "", true)
	check("a probe in parts with "+parts.Words(), foretold(s, side, parts.Denied, parts.Known(), testPair.ProbePrefix(), parts.Actions()...).withKey(s, side, parts.Headers, testPair.ProbePrefix(), true),
		inParts(t.Context(), clients, *bucket, testPair.ProbePrefix()+"x", parts.Headers))
	head := func() error {
		_, err := clients.S3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: &key, VersionId: kept})
		return err
	}
	_ = head
	_, err := clients.S3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: bucket, Key: &key, VersionId: kept})
	v := foretold(s, side, s.Denials(side, "s3:DeleteObjectVersion", arn), nil, testPair.CanaryPrefix(), "s3:DeleteObjectVersion")
	check("deleting a canary", v, err)
	if why, _ := wanted.Kept(s, side, testPair.CanaryPrefix()); (why != "") != (v.answer == policy.No) {
		t.Errorf("side %s: canaries are kept: %q, and deleting them is %+v", side, why, v)
	}
}

func put(ctx context.Context, c *account.Clients, bucket, key string, headers upload.Headers) error {
	input := &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("canary")}
	headers.Put(input)
	_, err := c.S3.PutObject(ctx, input)
	return err
}

func inParts(ctx context.Context, c *account.Clients, bucket, key string, headers upload.Headers) error {
	begin := &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key}
	headers.Begin(begin)
	begun, err := c.S3.CreateMultipartUpload(ctx, begin)
	if err != nil {
		return err
	}
	part, err := c.S3.UploadPart(ctx, &s3.UploadPartInput{Bucket: &bucket, Key: &key, UploadId: begun.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("part")})
	if err != nil {
		return err
	}
	end := &s3.CompleteMultipartUploadInput{Bucket: &bucket, Key: &key, UploadId: begun.UploadId, MultipartUpload: &types.CompletedMultipartUpload{
		Parts: []types.CompletedPart{{ETag: part.ETag, PartNumber: aws.Int32(1), ChecksumCRC32: part.ChecksumCRC32}},
	}}
	headers.End(end)
	_, err = c.S3.CompleteMultipartUpload(ctx, end)
	return err
}

// otherHeaders are some that an upload could carry, too.
func otherHeaders() []upload.Headers {
	var all []upload.Headers
	for _, base := range []upload.Headers{{}, {Encryption: "AES256"}, {Encryption: "aws:kms", Key: "arn:aws:kms:eu-west-1:000000000000:key/k"}, {Encryption: "aws:kms"}} {
		for _, class := range []types.StorageClass{"", "STANDARD", "STANDARD_IA"} {
			for _, acl := range []types.ObjectCannedACL{"", "bucket-owner-full-control"} {
				for _, tags := range []pair.Tags{"", "Owner=platform"} {
					base.Class, base.ACL, base.Tags = class, acl, tags
					all = append(all, base)
				}
			}
		}
	}
	return all
}

func TestWhatIsSaidOfOurRequestsAgreesWithTheService(t *testing.T) {
	t.Parallel()
	var counts tally
	seeds(t, 150/stride, func(t *testing.T, seed uint64) { operatorAgrees(t, seed, &counts) })
	t.Logf("allowed %d, denied %d, open %d", counts.allowed, counts.denied, counts.open)
	if known := counts.allowed + counts.denied; counts.allowed < 50/stride || counts.denied < 50/stride || known < counts.open {
		t.Errorf("too little is known: %+v", counts)
	}
}

func FuzzWhatIsSaidOfOurRequests(f *testing.F) {
	for _, seed := range []uint64{1000, 3358, 3741} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { operatorAgrees(t, seed, &tally{}) })
}
