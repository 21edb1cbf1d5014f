package policy_test

import (
	"strings"
	"testing"

	"bothways/aws/sandbox/iam/policy"
)

func FuzzEvaluate(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/${aws:username}/*"}]}`,
		"s3:GetObject", "arn:aws:s3:::b/me/key", "aws:username", "me")
	f.Add(`{"Statement":{"Effect":"Deny","NotAction":"iam:*","NotResource":"*","Condition":{"NumericLessThan":{"s3:max-keys":"10"}}}}`,
		"s3:ListBucket", "arn:aws:s3:::b", "s3:max-keys", "9")
	f.Add(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*","Resource":"*",`+
		`"Condition":{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a*?","b"]},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}`,
		"s3:PutObject", "arn:aws:s3:::b/k", "aws:SourceIp", "10.1.2.3")
	f.Add(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:****************a","Resource":"*","Condition":`+
		`{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"},"Null":{"x:y":"true"},"Bool":{"a:b":false}}}]}`,
		"s3:aaaaaaaaaaaaaaaaaaaab", "*", "aws:CurrentTime", "1767225600")
	f.Fuzz(func(t *testing.T, text, action, resource, key, value string) {
		request := policy.Request{
			Principal: policy.Principal{Kind: policy.User, ARN: "arn:aws:iam::111122223333:user/me", AccountID: "111122223333", Name: "me"},
			Action:    action, Resource: resource, Context: policy.Context{},
		}
		request.Context.Set(key, value)
		for _, use := range []policy.Use{policy.Identity, policy.Trust, policy.Resource} {
			document, err := policy.Parse(text, use)
			if err != nil {
				continue
			}
			outcome := document.Evaluate(request)
			if (outcome.Effect == policy.NoMatch) != (outcome.Statement == "") {
				t.Errorf("%+v names no statement, or one that did not decide", outcome)
			}
			if again := document.Evaluate(request); again != outcome {
				t.Errorf("%+v, then %+v", outcome, again)
			}
			// Actions are compared without regard to case.
			folded := request
			folded.Action = strings.ToUpper(action)
			if lower := strings.ToLower(action); lower == strings.ToLower(folded.Action) && document.Evaluate(folded) != outcome {
				t.Errorf("%s and %s differ", action, folded.Action)
			}
		}
	})
}
