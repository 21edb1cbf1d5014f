package replication_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

// wants gives a side's bucket a policy that denies uploads under conditions,
// each a statement of its own, by its Sid.
func (l *lab) wants(t *testing.T, side pair.SideName, statements map[string]string) {
	t.Helper()
	bucket := l.world.Pair.Side(side).Bucket
	var all []string
	for sid, rest := range statements {
		if !strings.Contains(rest, `"Action"`) {
			rest += `,"Action":"s3:PutObject"`
		}
		all = append(all, `{"Sid":"`+sid+`","Effect":"Deny","Principal":"*","Resource":"arn:aws:s3:::`+bucket+`/*",`+rest+`}`)
	}
	text := `{"Version":"2012-10-17","Statement":[` + strings.Join(all, ",") + `]}`
	if !json.Valid([]byte(text)) {
		t.Fatalf("%s is no JSON", text)
	}
	if _, err := l.clients(side).S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: &text}); err != nil {
		t.Fatal(err)
	}
}

// Canaries are sent as the bucket's policy asks for it, whatever the bucket
// does by default: a condition on a header goes by the request.
func TestCanariesCarryWhatThePolicyOfTheirBucketAsksFor(t *testing.T) {
	for name, c := range map[string]struct {
		keys  bool
		wants map[string]string
		says  string
	}{
		"any encryption header":      {wants: map[string]string{"Header": `"Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}`}, says: "x-amz-server-side-encryption: AES256"},
		"AES256":                     {wants: map[string]string{"Header": `"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"}}`}, says: "x-amz-server-side-encryption: AES256"},
		"AES256, beside a key":       {keys: true, wants: map[string]string{"Header": `"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"}}`}, says: "x-amz-server-side-encryption: AES256"},
		"KMS":                        {keys: true, wants: map[string]string{"Header": `"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}`}, says: "x-amz-server-side-encryption: aws:kms"},
		"KMS and the key":            {keys: true, wants: map[string]string{"KMS": `"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}`, "Key": `"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"KEY"}}`}, says: "key-id: arn:aws:kms:"},
		"the key, if any":            {keys: true, wants: map[string]string{"Key": `"Condition":{"StringNotLikeIfExists":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:*"},"Null":{"s3:x-amz-server-side-encryption":"true"}}`}, says: "x-amz-server-side-encryption: aws:kms"},
		"full control for the owner": {wants: map[string]string{"ACL": `"Condition":{"StringNotEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}`}, says: "x-amz-acl: bucket-owner-full-control"},
		"a storage class":            {wants: map[string]string{"Class": `"Condition":{"StringNotEquals":{"s3:x-amz-storage-class":["STANDARD_IA","GLACIER"]}}`}, says: "x-amz-storage-class: STANDARD_IA"},
		"a tag":                      {wants: map[string]string{"Tag": `"Condition":{"StringNotEquals":{"s3:RequestObjectTag/Owner":"platform"}}`}, says: "x-amz-tagging: Owner=platform"},
		"any tag of a name":          {wants: map[string]string{"Tag": `"Condition":{"Null":{"s3:RequestObjectTag/Owner":"true"}}`}, says: "x-amz-tagging: Owner="},
		"tags of these names":        {wants: map[string]string{"Tags": `"Condition":{"ForAllValues:StringNotEquals":{"s3:RequestObjectTagKeys":["Owner"]}}`}, says: "x-amz-tagging: Owner="},
		"a new key":                  {wants: map[string]string{"Once": `"Condition":{"Null":{"s3:if-none-match":"true"},"Bool":{"s3:ObjectCreationOperation":"true"}}`}},
		"all of it": {wants: map[string]string{
			"Header": `"Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}`, "ACL": `"Condition":{"StringNotEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}`,
			"Tag": `"Condition":{"StringNotLike":{"s3:RequestObjectTag/team":"data-*"}}`, "NoTags": `"Action":"s3:PutObjectTagging","Condition":{"StringNotLikeIfExists":{"s3:RequestObjectTag/team":"data-*"}}`,
		}, says: "x-amz-tagging: team=data-"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				for _, side := range pair.Sides() {
					l.bucket(t, side)
					if c.keys {
						l.encryptByDefault(t, side, l.keyARN(t, side))
					}
					wanted := map[string]string{}
					for sid, text := range c.wants {
						wanted[sid] = strings.ReplaceAll(text, "KEY", l.keyARN(t, side))
					}
					l.wants(t, side, wanted)
				}
				proposed := l.setUp(t)
				found := about(proposed, "uploads of bothways carry")
				if c.says != "" && (found == nil || found.Severity != survey.Note || !strings.Contains(found.Title, c.says)) {
					t.Errorf("that %s is carried is not told: %+v", c.says, proposed.Findings)
				}
				if denied := about(proposed, "den"); denied != nil && denied.Severity != survey.Note {
					t.Errorf("it is said to be denied: %+v", denied)
				}
				if nothing := about(proposed, "denies something"); nothing != nil {
					t.Errorf("of a policy that it goes by it says %+v", nothing)
				}
				applyAny(t, proposed)
				if again := l.setUp(t); again.Changes() != 0 || len(again.Blocked()) > 0 {
					t.Errorf("another plan has %d changes and says %+v", again.Changes(), again.Findings)
				}
				examined := l.examine(t, true)
				for d, h := range examined.Health {
					if h.State != doctor.Proven {
						t.Errorf("the doctor says of %s: %s: %s", d.Arrow(), h.State, h.Detail)
					}
				}
				if !examined.Healthy() {
					t.Errorf("the doctor finds %+v", examined.Troubles)
				}
				if left := l.listed(t); left != "" {
					t.Errorf("it leaves %s", left)
				}
			})
		})
	}
}

// listed names the versions in both buckets.
func (l *lab) listed(t *testing.T) string {
	t.Helper()
	var keys []string
	for _, side := range pair.Sides() {
		out, err := l.clients(side).S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(l.world.Pair.Side(side).Bucket)})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range out.Versions {
			keys = append(keys, string(side)+"/"+aws.ToString(v.Key))
		}
	}
	return strings.Join(keys, " ")
}

// What no header can meet is said beforehand, with the statement and its keys,
// and nothing is changed.
func TestUploadsThatAreDeniedWhateverTheyCarryAreSaidBeforehand(t *testing.T) {
	for name, c := range map[string]struct {
		wants map[string]string
		says  string
	}{
		"every upload":             {map[string]string{"Closed": `"Action":"s3:Put*"`}, "(Closed)"},
		"a header nobody can meet": {map[string]string{"Grants": `"Condition":{"Null":{"s3:x-amz-grant-full-control":"true"}}`}, "s3:x-amz-grant-full-control"},
		"what contradicts itself": {map[string]string{
			"With": `"Condition":{"Null":{"s3:x-amz-acl":"true"}}`, "Without": `"Condition":{"Null":{"s3:x-amz-acl":"false"}}`,
		}, "s3:x-amz-acl"},
		"a key that the pair has not": {map[string]string{
			"KMS": `"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}`,
			"Key": `"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:eu-west-1:000000000000:key/wanted"}}`,
		}, "arn:aws:kms:eu-west-1:000000000000:key/wanted with --kms-a"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.bucket(t, pair.A)
				l.wants(t, pair.A, c.wants)
				l.wire.reset()
				proposed := l.setUp(t)
				blocked := proposed.Blocked()
				if len(blocked) == 0 || blocked[0].Side != pair.A || !strings.Contains(blocked[0].Title+blocked[0].Meaning, c.says) {
					t.Errorf("the plan says %+v", proposed.Findings)
				}
				for _, f := range proposed.Findings {
					if strings.Contains(f.Meaning, "lack the right") || strings.Contains(f.Meaning, "export --format policy") {
						t.Errorf("of an explicit deny it says %s. %s", f.Title, f.Meaning)
					}
				}
				l.refused(t, proposed)
			})
		})
	}
}

// A policy that begins to deny uploads after the plan is told as what it is.
func TestADenialThatComesAfterThePlanIsNoMissingRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		proposed := l.setUp(t)
		l.wants(t, pair.A, map[string]string{"Closed": `"Action":"s3:PutObject"`})
		err := plan.Apply(t.Context(), proposed, (&log{}).emit)
		if err == nil || !strings.Contains(err.Error(), "explicit deny") {
			t.Fatalf("it ends with %v", err)
		}
		l.wants(t, pair.A, map[string]string{"Closed": `"Action":"s3:PutObject"`})
		var said strings.Builder
		examined, err := doctor.Examine(t.Context(), l.world, doctor.ExamineOptions{Canaries: true}, func(e pair.Event) {
			if d, ok := e.(doctor.DiagnosisEvent); ok && !d.Healthy && d.Troubles+d.Directions == 0 {
				t.Errorf("the ending is %+v", d)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range examined.Health {
			said.WriteString(h.Detail)
		}
		if !strings.Contains(said.String(), "(Closed)") || strings.Contains(said.String(), "lack the right") {
			t.Errorf("the doctor says %s", said.String())
		}
	})
}

// Where nothing can be deleted again nothing is written, unless that is agreed
// to; and then nobody promises that it goes.
func TestCanariesThatWouldStayAreAskedAboutFirst(t *testing.T) {
	for name, deny := range map[string]func(*testing.T, *lab){
		"by the bucket's policy": func(t *testing.T, l *lab) { l.undeletable(t, pair.B) },
		"by the credentials' own": func(t *testing.T, l *lab) {
			l.hire(t, "", everything, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:DeleteObjectVersion","Resource":"*"}]}`)
		},
		"by a boundary": func(t *testing.T, l *lab) {
			l.hire(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"s3:DeleteObjectVersion","Resource":"*"}]}`, everything)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.bucket(t, pair.A)
				l.bucket(t, pair.B)
				deny(t, l)
				l.wire.reset()
				proposed := l.setUp(t)
				if blocked := proposed.Blocked(); len(blocked) == 0 || blocked[0].Consent != pair.KeepCanaries || !strings.Contains(blocked[0].Title, "s3:DeleteObjectVersion") {
					t.Fatalf("it is not asked about: %+v", proposed.Findings)
				}
				l.refused(t, proposed)
				l.world.Consent = pair.KeepCanaries
				agreed := l.setUp(t)
				for _, s := range agreed.Steps {
					if s.Kind == "canary" && (strings.Contains(s.What, "removed afterwards") || strings.Contains(s.Undo, "deleted")) {
						t.Errorf("%s promises %s; %s", s.ID, s.What, s.Undo)
					}
				}
				applyAny(t, agreed)
				if l.listed(t) == "" {
					t.Error("nothing stays after all")
				}
				l.world.Consent, l.wire.changes = 0, nil
				for _, h := range l.examine(t, true).Health {
					if h.State != doctor.Doubtful || !strings.Contains(h.Detail, "could not be removed again") {
						t.Errorf("the doctor says %s: %s", h.State, h.Detail)
					}
				}
				for _, call := range l.wire.reset() {
					if strings.HasPrefix(call, http.MethodPut) {
						t.Errorf("the doctor writes %s", call)
					}
				}
			})
		})
	}
}

// Policies of the credentials, a boundary and an organisation ask for headers
// as well; only IAM sees them.
func TestCanariesCarryWhatThePoliciesOfTheCredentialsAskFor(t *testing.T) {
	deny := func(condition string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:PutObject","Resource":"*","Condition":` + condition + `}]}`
	}
	encrypted := deny(`{"Null":{"s3:x-amz-server-side-encryption":"true"}}`)
	for name, c := range map[string]struct{ scp, boundary, policy, says string }{
		"a policy":        {policy: encrypted, says: "x-amz-server-side-encryption: AES256"},
		"a boundary":      {boundary: encrypted, policy: everything, says: "x-amz-server-side-encryption: AES256"},
		"an organisation": {scp: encrypted, policy: everything, says: "x-amz-server-side-encryption: AES256"},
		"an ACL":          {policy: deny(`{"StringNotEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}`), says: "x-amz-acl: bucket-owner-full-control"},
		"an Allow": {policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"s3:PutObject","Resource":"*"},
			{"Effect":"Allow","Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"s3:x-amz-server-side-encryption":"AES256"}}}]}`, says: "x-amz-server-side-encryption: AES256"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.bucket(t, pair.A)
				l.bucket(t, pair.B)
				if err := l.box.AddAccount(sandbox.Account{ID: ownAccount, ServiceControlPolicy: []byte(c.scp)}); err != nil {
					t.Fatal(err)
				}
				l.hire(t, c.boundary, c.policy)
				proposed := l.setUp(t)
				if found := about(proposed, "uploads of bothways carry "+c.says); found == nil || about(proposed, "lack") != nil {
					t.Errorf("the plan says %+v", proposed.Findings)
				}
				applyAny(t, proposed)
				if found := l.examine(t, true); !found.Healthy() || found.Health[pair.AtoB].State != doctor.Proven {
					t.Errorf("the doctor says %+v, %+v", found.Health, found.Troubles)
				}
			})
		})
	}
}

// The answer to a HEAD has no words, and yet a deny is told as one.
func TestACanaryThatMayNotBeReadIsToldWhatDeniesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.B)
		l.wants(t, pair.B, map[string]string{"Unread": `"Action":"s3:GetObjectVersion"`})
		proposed := l.setUp(t)
		if found := about(proposed, "denies user/operator s3:GetObjectVersion (Unread)"); found == nil {
			t.Errorf("the plan says %+v", proposed.Findings)
		}
		err := plan.Apply(t.Context(), proposed, (&log{}).emit)
		if err == nil || !strings.Contains(err.Error(), "explicit deny") || strings.Contains(err.Error(), "lack the right") {
			t.Errorf("it ends with %v", err)
		}
	})
}

// Where nothing is left to prove, nothing stands in the way of that.
func TestWhatIsProvenAsksForNoCanary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		l.undeletable(t, pair.A)
		l.wants(t, pair.B, map[string]string{"Closed": `"Action":"s3:PutObject"`})
		if again := l.setUp(t); again.Changes() != 0 || len(again.Blocked()) > 0 {
			t.Errorf("it has %d changes and says %+v", again.Changes(), again.Blocked())
		}
	})
}
