package replication_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

const (
	keptByUs   = `{"Sid":"Keep","Effect":"Allow","Principal":{"AWS":"` + keeperOfKeys + `"},"Action":"kms:*","Resource":"*"}`
	leftToIAM  = `{"Sid":"IAM","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*","Resource":"*"}`
	readByMany = `{"Sid":"Read","Effect":"Allow","Principal":"*","Action":["kms:GetKeyPolicy","kms:DescribeKey","kms:ListGrants"],"Resource":"*"}`
)

func keyText(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

func keyDenies(actions, condition string) string {
	return `{"Sid":"Never","Effect":"Deny","Principal":"*","Action":` + actions + `,"Resource":"*"` + condition + `}`
}

// What the key of side A says to our uploads is said before anything is tried.
func TestWhatAKeySaysToUploadsIsSaidBeforehand(t *testing.T) {
	own := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"kms:*","Resource":"*"}KMS]}`
	const uses = `,{"Effect":"Allow","Action":["kms:GenerateDataKey","kms:Decrypt"],"Resource":"*"}`
	for name, c := range map[string]struct {
		policy, state, may string
		title, meaning     string // "" says nothing
		severity           survey.Severity
	}{
		"it leaves it to the account": {policy: keyText(leftToIAM, readByMany), may: uses},
		"it names us":                 {policy: keyText(keptByUs, readByMany, `{"Sid":"Us","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/hired"},"Action":"kms:*","Resource":"*"}`)},
		"it denies": {
			policy: keyText(leftToIAM, readByMany, keyDenies(`"kms:GenerateDataKey"`, "")), may: uses, severity: survey.Blocker,
			title: "user/hired may not kms:GenerateDataKey with key", meaning: "explicit deny",
		},
		"it leaves us out": {
			policy: keyText(keptByUs, readByMany), may: uses, severity: survey.Blocker,
			title: "user/hired may not kms:GenerateDataKey with key", meaning: "put-key-policy",
		},
		"it goes by what is not known": {
			policy: keyText(leftToIAM, readByMany, keyDenies(`"kms:GenerateDataKey"`, `,"Condition":{"StringEquals":{"kms:KeyOrigin":"AWS_KMS"}}`)), may: uses, severity: survey.Warning,
			title: "user/hired may perhaps not kms:GenerateDataKey", meaning: "kms:keyorigin",
		},
		"it can't be read": {
			policy: keyText(leftToIAM), may: uses, severity: survey.Note,
			title: "what the key policy of", meaning: "The canary shows it.",
		},
		"it is disabled": {policy: keyText(leftToIAM, readByMany), state: "Disabled", may: uses, severity: survey.Blocker, title: "can't be used: it is disabled", meaning: "enable-key"},
		"it goes away":   {policy: keyText(leftToIAM, readByMany), state: "PendingDeletion", may: uses, severity: survey.Blocker, title: "can't be used: it is pending deletion", meaning: "name another"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.bucket(t, pair.A)
				l.bucket(t, pair.B)
				l.encrypt(t, pair.A, keyA, false)
				l.encrypt(t, pair.B, keyB, false)
				for key, policy := range map[string]string{keyA: c.policy, keyB: keyText(leftToIAM, readByMany)} {
					state := ""
					if key == keyA {
						state = c.state
					}
					if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: key, State: state, Policy: policy}); err != nil {
						t.Fatal(err)
					}
				}
				l.hire(t, "", strings.Replace(own, "KMS", c.may, 1))
				plan := l.setUp(t)
				if c.title == "" {
					for _, f := range plan.Findings {
						if f.Side == pair.A && strings.Contains(f.Title, "user/hired") && strings.Contains(f.Title, "kms:") {
							t.Errorf("of a key that is no trouble it says %+v", f)
						}
					}
					return
				}
				f := about(plan, c.title)
				if f == nil || f.Severity != c.severity || f.Side != pair.A || !strings.Contains(f.Meaning, c.meaning) {
					t.Errorf("it says %+v\nof all %s", f, text(t, plan.Findings))
				}
			})
		})
	}
}

// What a key says to the replication role is found by reading, and the way out
// that is told leads out.
func TestAKeyPolicyThatKeepsTheRoleOutIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		key, policy, state string
		side               pair.SideName
		missing, title     string
		line               string
	}{
		"the source's leaves it out":      {key: keyA, policy: keyText(keptByUs), side: pair.A, missing: keyA, title: "may not kms:Decrypt", line: "put-key-policy"},
		"the destination's leaves it out": {key: keyB, policy: keyText(keptByUs), side: pair.B, missing: keyB, title: "may not kms:Encrypt", line: "put-key-policy"},
		"the source's denies": {
			key: keyA, side: pair.A, missing: keyA, title: "its policy denies it (Never)",
			policy: keyText(keptByUs, leftToIAM, keyDenies(`"kms:Decrypt"`, `,"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::000000000000:role/*"}}`)),
		},
		"the destination's is for objects elsewhere": {
			key: keyB, side: pair.B, missing: keyB, title: "may not kms:Encrypt", line: "put-key-policy",
			policy: keyText(keptByUs, strings.TrimSuffix(leftToIAM, "}")+`,"Condition":{"StringLike":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::elsewhere/*"}}}`),
		},
		"the destination's is disabled": {key: keyB, policy: keyText(keptByUs, leftToIAM), state: "Disabled", side: pair.B, missing: keyB, title: "it is disabled", line: "enable-key"},
		"the source's goes away":        {key: keyA, policy: keyText(keptByUs, leftToIAM), state: "PendingDeletion", side: pair.A, missing: keyA, title: "it is pending deletion"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := theirs{keys: true, actions: keyActions, change: optedIn}.build(t)
				if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: c.key, State: c.state, Policy: c.policy}); err != nil {
					t.Fatal(err)
				}
				pass(time.Minute)
				found := l.examine(t, false)
				trouble := named(found, pair.AtoB, c.missing)
				if trouble == nil || trouble.Cause != doctor.CauseKMS || trouble.Side != c.side || !strings.Contains(trouble.Title, c.title) || !strings.Contains(trouble.CLI, c.line) || (c.line == "") != (trouble.CLI == "") {
					t.Fatalf("it says %+v\nof all %+v", trouble, found.Troubles)
				}
				if found.Health[pair.AtoB].State != doctor.Broken {
					t.Errorf("A → B is %s", found.Health[pair.AtoB].State)
				}
				if c.line != "put-key-policy" {
					return
				}
				_, after, _ := strings.Cut(trouble.CLI, "--policy '")
				policy := strings.TrimSuffix(after, "'")
				if !strings.HasPrefix(policy, strings.TrimSuffix(c.policy, "]}")) {
					t.Errorf("the line does not keep what is there: %s", policy)
				}
				clients, _ := l.side(c.side)
				if _, err := clients.KMS.PutKeyPolicy(t.Context(), &kms.PutKeyPolicyInput{KeyId: &c.key, Policy: &policy}); err != nil {
					t.Fatal(err)
				}
				if after := l.examine(t, true); after.Health[pair.AtoB].State != doctor.Proven {
					t.Errorf("after the line A → B is %s: %s", after.Health[pair.AtoB].State, after.Health[pair.AtoB].Detail)
				}
			})
		})
	}
}

// Where a key's policy can't be read, that is said, with the right.
func TestAKeyPolicyThatCannotBeReadIsSaidToBeUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{keys: true, actions: keyActions, change: optedIn}.build(t)
		l.hire(t, "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"kms:GetKeyPolicy","Resource":"*"}]}`)
		found := l.examine(t, false)
		trouble := named(found, pair.AtoB, survey.ReadKeyPolicy)
		if trouble == nil || trouble.Severity != survey.Note || !strings.Contains(trouble.Title, "kms:GetKeyPolicy: AccessDeniedException") {
			t.Errorf("it says %+v\nof all %+v", trouble, found.Troubles)
		}
	})
}

// The doctor writes no canary that a key's policy refuses, as a plan says of its own.
func TestTheDoctorTriesNoCanaryThatAKeyRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{keys: true, actions: keyActions, change: optedIn}.build(t)
		l.encrypt(t, pair.A, keyA, false)
		for _, key := range []string{keyA, keyB} {
			if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: key, Policy: keyText(leftToIAM, keyDenies(`"kms:GenerateDataKey"`, ""))}); err != nil {
				t.Fatal(err)
			}
		}
		pass(time.Minute)
		l.wire.reset()
		health := l.examine(t, true).Health[pair.AtoB]
		if !strings.Contains(health.Detail, "its policy denies it (Never)") {
			t.Errorf("A → B is %s: %s", health.State, health.Detail)
		}
		for _, call := range l.wire.reset() {
			if isCanary(call) && strings.Contains(call, testPair.A.Bucket) {
				t.Errorf("it tries %s", call)
			}
		}
	})
}
