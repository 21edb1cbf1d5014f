package policy_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"bothways/aws/policy"
)

func TestOursJoinAPolicyAndThoseOfOthersStayAsTheyAre(t *testing.T) {
	const theirs = `{"Sid":"theirs", "Effect" : "Deny"}`
	wanted := []policy.Draft{{Sid: "our1", Effect: "Allow", Action: "s3:Get*"}, {Sid: "our2", Effect: "Allow", Resource: []string{"<a>", "b"}}}
	first, second := `{"Sid":"our1","Effect":"Allow","Action":"s3:Get*"}`, `{"Sid":"our2","Effect":"Allow","Resource":["<a>","b"]}`
	for standing, want := range map[string]string{
		"":                              `{"Version":"2012-10-17","Statement":[` + first + "," + second + `]}`,
		`{"Statement": ` + theirs + `}`: `{"Statement":[` + theirs + "," + first + "," + second + `]}`,
		`{"Id":"x","Statement":[{"Sid":"our2","Effect":"Deny"},` + theirs + `,{"Sid":"our0"}],"Version":"2008-10-17"}`: `{"Version":"2008-10-17","Id":"x","Statement":[` + second + "," + theirs + "," + first + `]}`,
	} {
		parts, err := policy.TakeApart(standing)
		if err != nil {
			t.Fatal(err)
		}
		if got := parts.With(wanted, "our").Text(); got != want {
			t.Errorf("%s becomes\n%s, want\n%s", standing, got, want)
		}
		own, others := parts.Split("our")
		if len(own)+len(others) != len(parts.Statements) || len(others) > 1 || len(others) == 1 && string(others[0]) != theirs {
			t.Errorf("%s is split into %s and %s", standing, own, others)
		}
	}
}

func TestAPolicyThatWouldLoseSomethingIsNotTakenApart(t *testing.T) {
	for _, text := range []string{"{", "[]", `{"Statement":[],"New":1}`} {
		if _, err := policy.TakeApart(text); err == nil {
			t.Errorf("%s is taken apart", text)
		}
	}
	if parts, err := policy.TakeApart(""); err != nil || parts.Text() != "" {
		t.Errorf("no policy is put together as %q, %v", parts.Text(), err)
	}
}

func TestPrincipalsThatNoLongerExistAreTold(t *testing.T) {
	for statement, want := range map[string]string{
		`{"Principal":{"AWS":["AROAABCDEFGHIJKLMNOP","arn:aws:iam::123456789012:role/x","AIDAABCDEFGHIJKLMNOP"]}}`: "AROAABCDEFGHIJKLMNOP AIDAABCDEFGHIJKLMNOP",
		`{"NotPrincipal":{"AWS":"AROAABCDEFGHIJKLMNOP","Service":"AIDAABCDEFGHIJKLMNOP"}}`:                         "AROAABCDEFGHIJKLMNOP",
		`{"Principal":"*"}`: "", `{"Principal":{"AWS":"AROA"}}`: "", `7`: "", `{}`: "",
	} {
		if got := strings.Join(policy.Deleted(json.RawMessage(statement)), " "); got != want {
			t.Errorf("of %s %q no longer exist, want %q", statement, got, want)
		}
	}
}

// The statements of others must go back as the bytes that they came as.
func FuzzBucketPolicy(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":[{"Sid":"a", "Effect" : "Deny"},{"Sid":"<b>"}]}`)
	f.Add(`{"Statement":{"Sid":"alone"},"Id":"x"}`)
	f.Add(`{"Statement":[]}`)
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := policy.TakeApart(text)
		if err != nil || len(parts.Statements) == 0 {
			return
		}
		whole := parts.Text()
		if !json.Valid([]byte(whole)) {
			t.Fatalf("%q is put together as %q", text, whole)
		}
		for _, statement := range parts.Statements {
			if !bytes.Contains([]byte(whole), statement) || !bytes.Contains([]byte(text), statement) {
				t.Errorf("the statement %q of %q is lost in %q", statement, text, whole)
			}
		}
		again, err := policy.TakeApart(whole)
		if err != nil || again.Text() != whole {
			t.Errorf("%q is read back as %q, %v", whole, again.Text(), err)
		}
	})
}
