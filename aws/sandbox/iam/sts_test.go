package iam_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func TestGetCallerIdentityNeedsNoPermission(t *testing.T) {
	f := world()
	_, client := f.user(t, "nobody")
	got, err := client.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	if aws.ToString(got.Account) != account || aws.ToString(got.Arn) != "arn:aws:iam::111122223333:user/nobody" ||
		!strings.HasPrefix(aws.ToString(got.UserId), "AIDA") {
		t.Errorf("identity %s %s %s", aws.ToString(got.Account), aws.ToString(got.Arn), aws.ToString(got.UserId))
	}
}

func TestAnUnknownKeyIsRefusedInTheWordsOfSTS(t *testing.T) {
	f := world()
	client := sts.NewFromConfig(f.config("AKIANOTHERE", "x", ""))
	_, err := client.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	wantError(t, err, "InvalidClientTokenId", 403, "The security token included in the request is invalid.")
}

func TestAssumeRoleNeedsTheTrustOfTheRole(t *testing.T) {
	const mayAssume = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}}`
	const mayNot = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*"}}`
	trustUser := strings.Replace(trustAccount, `"111122223333"`, `"arn:aws:iam::111122223333:user/caller"`, 1)
	condition := func(text string) string {
		return strings.Replace(trustUser, `"Effect"`, `"Condition":{`+text+`},"Effect"`, 1)
	}
	tests := []struct {
		name, trust string
		policies    []string
		input       sts.AssumeRoleInput
		allowed     bool
	}{
		{name: "trust in the user is enough", trust: trustUser, allowed: true},
		{name: "trust in the account is not", trust: trustAccount},
		{name: "trust in the account and a policy", trust: trustAccount, policies: []string{mayAssume}, allowed: true},
		{name: "a policy without trust", trust: trustS3, policies: []string{mayAssume}},
		{name: "trust in the user against a denial", trust: trustUser, policies: []string{mayNot}},
		{
			name: "external id given", trust: condition(`"StringEquals":{"sts:ExternalId":"x"}`),
			input: sts.AssumeRoleInput{ExternalId: aws.String("x")}, allowed: true,
		},
		{name: "external id missing", trust: condition(`"StringEquals":{"sts:ExternalId":"x"}`)},
		{name: "session name as wanted", trust: condition(`"StringLike":{"sts:RoleSessionName":"sess*"}`), allowed: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := world()
			_, client := f.user(t, "caller", test.policies...)
			role := f.role(t, "target", test.trust)
			test.input.RoleArn, test.input.RoleSessionName = role.Role.Arn, aws.String("session")
			got, err := client.AssumeRole(t.Context(), &test.input)
			if !test.allowed {
				wantError(t, err, "AccessDenied", 403, "User: arn:aws:iam::111122223333:user/caller is not authorized to perform: "+
					"sts:AssumeRole on resource: arn:aws:iam::111122223333:role/bothways/target")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := "arn:aws:sts::111122223333:assumed-role/target/session"; aws.ToString(got.AssumedRoleUser.Arn) != want {
				t.Errorf("session %s, want %s", aws.ToString(got.AssumedRoleUser.Arn), want)
			}
		})
	}
}

func TestTheCredentialsOfASessionActInTheRoleAndExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := world()
		_, caller := f.user(t, "caller")
		role := f.role(t, "target", strings.Replace(trustAccount, `"111122223333"`, `"arn:aws:iam::111122223333:user/caller"`, 1))
		f.putPolicy(t, "target", "read", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}}`)
		got, err := caller.AssumeRole(t.Context(), &sts.AssumeRoleInput{
			RoleArn: role.Role.Arn, RoleSessionName: aws.String("session"), DurationSeconds: aws.Int32(900),
			Policy: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:Get*","Resource":"*"}}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		if left := time.Until(*got.Credentials.Expiration); left > 15*time.Minute || left < 15*time.Minute-time.Second {
			t.Errorf("the credentials last %v, want 15 minutes", left)
		}
		config := f.config(aws.ToString(got.Credentials.AccessKeyId), aws.ToString(got.Credentials.SecretAccessKey),
			aws.ToString(got.Credentials.SessionToken))
		identity, err := sts.NewFromConfig(config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if err != nil || aws.ToString(identity.Arn) != "arn:aws:sts::111122223333:assumed-role/target/session" {
			t.Fatalf("%+v, %v", identity, err)
		}
		client := sdkiam.NewFromConfig(config)
		if _, err := client.GetRole(t.Context(), &sdkiam.GetRoleInput{RoleName: aws.String("target")}); err != nil {
			t.Errorf("allowed by role and session policy: %v", err)
		}
		_, err = client.DeleteRole(t.Context(), &sdkiam.DeleteRoleInput{RoleName: aws.String("target")})
		wantError(t, err, "AccessDenied", 403, "User: arn:aws:sts::111122223333:assumed-role/target/session is not authorized to "+
			"perform: iam:DeleteRole on resource: arn:aws:iam::111122223333:role/bothways/target because no session policy allows "+
			"the iam:DeleteRole action")

		<-time.After(15 * time.Minute)
		_, err = sts.NewFromConfig(config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		wantError(t, err, "ExpiredToken", 403, "The security token included in the request is expired")
	})
}

func TestAssumeRoleChecksItsParameters(t *testing.T) {
	f := world()
	role := f.role(t, "target", trustAccount)
	tests := []struct {
		name, code string
		input      sts.AssumeRoleInput
	}{
		{
			"longer than the role allows", "ValidationError",
			sts.AssumeRoleInput{RoleSessionName: aws.String("session"), DurationSeconds: aws.Int32(7200)},
		},
		{
			"shorter than 15 minutes", "ValidationError",
			sts.AssumeRoleInput{RoleSessionName: aws.String("session"), DurationSeconds: aws.Int32(60)},
		},
		{"name of one letter", "ValidationError", sts.AssumeRoleInput{RoleSessionName: aws.String("s")}},
		{"name with a space", "ValidationError", sts.AssumeRoleInput{RoleSessionName: aws.String("a b")}},
		{
			"session policy that is none", "MalformedPolicyDocument",
			sts.AssumeRoleInput{RoleSessionName: aws.String("session"), Policy: aws.String("{}")},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.input.RoleArn = role.Role.Arn
			_, err := f.sts().AssumeRole(t.Context(), &test.input)
			wantError(t, err, test.code, 400, "")
		})
	}
}

func TestGetSessionTokenGivesTheUsersOwnRightsOnce(t *testing.T) {
	f := world()
	got, err := f.sts().GetSessionToken(t.Context(), &sts.GetSessionTokenInput{})
	if err != nil {
		t.Fatal(err)
	}
	config := f.config(aws.ToString(got.Credentials.AccessKeyId), aws.ToString(got.Credentials.SecretAccessKey),
		aws.ToString(got.Credentials.SessionToken))
	user, err := sdkiam.NewFromConfig(config).GetUser(t.Context(), &sdkiam.GetUserInput{})
	if err != nil || aws.ToString(user.User.UserName) != "admin" {
		t.Errorf("%+v, %v", user, err)
	}
	_, err = sts.NewFromConfig(config).GetSessionToken(t.Context(), &sts.GetSessionTokenInput{})
	wantError(t, err, "AccessDenied", 403, "Cannot call GetSessionToken with session credentials")
}
