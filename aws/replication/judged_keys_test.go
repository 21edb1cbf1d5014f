package replication_test

import (
	"slices"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/sandbox"
	"bothways/aws/upload"
)

// keyConditions are what conditions of key policies ask for.
var keyConditions = append([]string{
	"aws:PrincipalArn CALLER arn:aws:iam::*:user/* arn:aws:iam::*:role/* arn:aws:iam::000000000000:role/other", "aws:SecureTransport true false",
	"aws:RequestedRegion eu-west-1 us-* ap-southeast-1", "aws:userid AIDA* AROA* *:visit ${aws:userid} 000000000000", "aws:PrincipalType User AssumedRole Account",
	"aws:ViaAWSService true false", "aws:SourceIp 10.0.0.0/8 0.0.0.0/0", "aws:username hired h* ${aws:username}", "aws:PrincipalAccount 000000000000 999999999999",
	"aws:PrincipalTag/team data", "aws:PrincipalOrgID o-1 ${aws:PrincipalOrgID}", "aws:ResourceAccount 000000000000", "aws:CurrentTime 1999-01-01T00:00:00Z 2031-01-01",
	"kms:KeySpec SYMMETRIC_DEFAULT x", "kms:GrantIsForAWSResource true false", "aws:MultiFactorAuthPresent true false",
}, append(keyContexts, keyContexts...)...)

var keyUses = []string{
	"kms:GenerateDataKey", "kms:GenerateDataKey", "kms:Decrypt", "kms:Decrypt", "kms:Encrypt", "kms:*", "kms:Generate*", "kms:ReEncrypt*", "KMS:gen?rateDataKey*",
}

// keyStatement draws one of a key policy, with principals.
func (p *policies) keyStatement(effect string) map[string]any {
	s := map[string]any{"Effect": effect, "Resource": "*"}
	if s["Action"] = p.some(keyUses); p.likely(10) {
		delete(s, "Action")
		s["NotAction"] = p.some([]string{"kms:Decrypt", "kms:Describe*", "kms:Get*", "kms:GenerateDataKey"})
	}
	root := "arn:aws:iam::" + ownAccount + ":root"
	listed := append([]string{p.caller, p.caller, root, ownAccount}, p.others...)
	switch {
	case p.likely(15):
		s["NotPrincipal"] = map[string]any{"AWS": []string{pick(p, listed), pick(p, listed)}}
	case p.likely(40):
		s["Principal"] = "*"
	default:
		s["Principal"] = map[string]any{"AWS": p.some(listed)}
	}
	if effect == "Deny" || p.likely(60) {
		s["Condition"] = p.conditions()
	}
	return s
}

// key draws a key policy: mostly it leaves things to the account, and mostly it
// lets be read what it is.
func (p *policies) key(keeper string) string {
	own := p.keys
	p.keys = keyConditions
	defer func() { p.keys = own }()
	root := map[string]any{"AWS": "arn:aws:iam::" + ownAccount + ":root"}
	statements := []map[string]any{{"Effect": "Allow", "Principal": map[string]any{"AWS": keeper}, "Action": "kms:*", "Resource": "*"}}
	if p.likely(80) {
		statements = append(statements, map[string]any{"Effect": "Allow", "Principal": "*", "Action": []string{survey.ReadKeyPolicy, survey.ReadKeyState, survey.ListGrants}, "Resource": "*"})
	}
	if p.likely(60) {
		statements = append(statements, map[string]any{"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"})
	}
	for range p.IntN(3) {
		statements = append(statements, p.keyStatement(pick(p, []string{"Allow", "Allow", "Deny"})))
	}
	return p.document(statements...)
}

const keeperOfKeys = "arn:aws:iam::" + ownAccount + ":user/operator"

// drawKeys puts both sides under keys with random policies, and returns these.
func (l *lab) drawKeys(t *testing.T, draw *policies) []string {
	t.Helper()
	var texts []string
	for _, side := range pair.Sides() {
		key := map[pair.SideName]string{pair.A: keyA, pair.B: keyB}[side]
		text := draw.key(keeperOfKeys)
		texts = append(texts, text)
		if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: key, Policy: text}); err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

// withKey adds what is said of the key that an upload is under.
func (v verdict) withKey(s *survey.Survey, name pair.SideName, headers upload.Headers, prefix string, inParts bool) verdict {
	use := wanted.KeyUseOf(s, name, headers, prefix)
	if use == nil {
		return v
	}
	doubt := func(answer policy.Answer, by string, keys []string) {
		if answer < v.answer {
			v.answer, v.by = answer, by
		}
		v.keys = append(slices.Clone(v.keys), keys...)
	}
	actions := wanted.UploadsUse(inParts)
	for _, action := range actions {
		says := use.KeySays(s, name, action)
		doubt(says.Answer, "key: "+says.Reason, says.Unknown)
	}
	for _, m := range s.Lacks(name) {
		if m.Through != nil && m.Resource == use.Key && slices.Contains(actions, m.Action) && (m.For == pair.SetUp) == (prefix == s.World.Pair.CanaryPrefix()) {
			answer := policy.No
			if len(m.Unknown) > 0 {
				answer = policy.Perhaps
			}
			doubt(answer, m.Action+": "+m.By, m.Unknown)
		}
	}
	return v
}

// unreadKey says whether something is said to hang on a key policy that could not
// be read, with the reason; what both directions say is said once.
func unreadKey(found doctor.Diagnosis) bool {
	return slices.ContainsFunc(found.Troubles, func(t doctor.Trouble) bool {
		return t.Missing == survey.ReadKeyPolicy && strings.Contains(t.Title, survey.ReadKeyPolicy+": ")
	})
}
