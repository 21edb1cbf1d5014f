package apierror

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestWhatLooksLikeACredentialIsTakenOut(t *testing.T) {
	for _, text := range []string{
		"key AKIAPLANTED12345678",
		"Signature=0123456789abcdef, more", "?X-Amz-Signature=PLANTED&x=1", "?X-Amz-Security-Token=PLANTED&x=1",
		"aws_secret_access_key = PLANTED", "AWS_SECRET_ACCESS_KEY=PLANTED", "aws_session_token: PLANTED",
		"x-amz-security-token: PLANTED", "X-Amz-Security-Token = PLANTED", `"SecretAccessKey":"PLANTED"`, `"SecretAccessKey" : "PLANTED"`,
		`"SessionToken":"PLANTED"`, "Authorization: Bearer PLANTED", "authorization: AWS4-HMAC-SHA256 Credential=PLANTED/x",
		"http://user:PLANTED@host/x", "https://PLANTED@host", "proxy http://u:PLANTED@127.0.0.1:1: refused",
	} {
		if out := Redact("before " + text + " after"); strings.Contains(out, "PLANTED") || strings.Contains(out, "0123456789abcdef") ||
			!strings.HasPrefix(out, "before ") || !strings.HasSuffix(out, " after") {
			t.Errorf("%q becomes %q", text, out)
		}
	}
	for _, text := range []string{
		"https://host/bothways/a@b/k", "mail me@example.com", "arn:aws:iam::111122223333:role/r", "s3://bucket/key@x", "the session token has expired",
		"get a token: aws sso login", "https://x.example/?a=b@c",
	} {
		if out := Redact(text); out != text {
			t.Errorf("%q becomes %q", text, out)
		}
	}
}

// A text that is passed over for want of any sign of a secret has none.
func TestNoSecretIsPassedOver(t *testing.T) {
	pieces := []string{
		"AKIA", "ASIA", "akia", "ABCDEFGH12", "Signature", "X-Amz-Credential", "=", ":", " ", "//", "user", "@", "host", "aws_session_token", "authorization", "\"", "PLANTED",
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		var text strings.Builder
		for range 1 + r.IntN(6) {
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		if secret := secretShapes().MatchString(text.String()); secret && !mayHoldSecret(text.String()) {
			t.Fatalf("%q is passed over", text.String())
		}
	}
}

func TestAnAddressIsShownWithoutWhatItCarries(t *testing.T) {
	for address, want := range map[string]string{
		"": "", "http://127.0.0.1:9000": "http://127.0.0.1:9000", "https://u:p@host:1/a/b?t=PLANTED#f": "https://host:1/a/b",
		"minio:9000": "minio:9000", "http://u:p w@host": "[redacted]", "host?token=x": "[redacted]",
	} {
		if got := PublicAddress(address); got != want {
			t.Errorf("%q is shown as %q", address, got)
		}
	}
}
