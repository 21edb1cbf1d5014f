package sandbox_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/sandbox"
)

const open = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],` +
	`"Resource":["arn:aws:s3:::plain","arn:aws:s3:::plain/public/*"]}]}`

func TestAnonymousCallersMayWhatThePolicyGrantsEverybody(t *testing.T) {
	play(t, []step{
		{do: "PUT /plain/public/k", body: "x", status: 200},
		{do: "PUT /plain/private", body: "x", status: 200},
		{do: "GET /plain/public/k", unsigned: true, status: 403, code: "AccessDenied", have: "X-Amz-Bucket-Region: eu-west-1", says: "<Message>Access Denied</Message>"},
		{do: "HEAD /plain", unsigned: true, status: 403, have: "X-Amz-Bucket-Region: eu-west-1"},
		{do: "GET /nowhere/k", unsigned: true, status: 404, code: "NoSuchBucket"},
		{do: "GET /", unsigned: true, status: 307, have: "Location: https://aws.amazon.com/s3/"},
		{do: "PUT /plain?policy", body: open, status: 403, code: "AccessDenied", says: "because public policies are blocked by the BlockPublicPolicy block public access setting."},
		{do: "GET /plain?policyStatus", status: 404, code: "NoSuchBucketPolicy"},
		{do: "DELETE /plain?publicAccessBlock", status: 204},
		{do: "GET /plain?publicAccessBlock", status: 404, code: "NoSuchPublicAccessBlockConfiguration"},
		{do: "PUT /plain?policy", body: open, status: 204},
		{do: "GET /plain?policyStatus", status: 200, says: "<IsPublic>true</IsPublic>"},
		{do: "GET /plain/public/k", unsigned: true, status: 200, says: "x"},
		{do: "GET /plain", unsigned: true, status: 200, says: "<Key>private</Key>"},
		{do: "GET /plain/private", unsigned: true, status: 403, code: "AccessDenied"},
		{do: "GET /plain/public/none", unsigned: true, status: 404, code: "NoSuchKey"},
		{do: "PUT /plain/public/k", unsigned: true, body: "y", status: 403, code: "AccessDenied"},
		{do: "DELETE /plain/public/k", unsigned: true, status: 403, code: "AccessDenied"},
		{do: "GET /plain/public/k?response-content-type=a/b", unsigned: true, status: 400, code: "InvalidRequest"},
		{do: "PUT /fresh", unsigned: true, status: 403, code: "AccessDenied"},
		// RestrictPublicBuckets takes it all back, but for the bucket's account.
		{do: "PUT /plain?publicAccessBlock", body: "<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>", status: 200},
		{do: "GET /plain/public/k", unsigned: true, status: 403, code: "AccessDenied"},
		{do: "GET /plain/public/k", status: 200},
		{do: "DELETE /plain?policy", status: 204},
		{do: "DELETE /plain?policy", status: 204},
	})
}

func TestBucketPoliciesAreCheckedAsInS3(t *testing.T) {
	statement := func(change ...string) string {
		text := `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::plain/*"}`
		for i := 0; i < len(change); i += 2 {
			text = strings.Replace(text, change[i], change[i+1], 1)
		}
		return `{"Version":"2012-10-17","Statement":[` + text + `]}`
	}
	w := quick(t)
	w.plainBucket("plain", ireland)
	for _, row := range []struct{ name, body, message string }{
		{"no JSON", "junk", "Policies must be valid JSON and the first byte must be '{'"},
		{"broken JSON", "{junk", "This policy contains invalid Json"},
		{"no statement", `{"Version":"2012-10-17"}`, "Missing required field Statement"},
		{"empty statement", `{"Version":"2012-10-17","Statement":[]}`, "Could not parse the policy: Statement is empty!"},
		{"bad effect", statement(`"Deny"`, `"Refuse"`), "Invalid effect: Refuse"},
		{"no principal", statement(`"Principal":"*",`, ``), "Missing required field Principal"},
		{"another bucket", statement(`:::plain/*`, `:::other/*`), "Policy has invalid resource"},
		{"no ARN", statement(`arn:aws:s3:::plain/*`, `plain/*`), "Policy has invalid resource"},
		{"an object's action on the bucket", statement(`:::plain/*`, `:::plain`), "Action does not apply to any resource(s) in statement"},
		{"a bucket's action on objects", statement(`s3:GetObject`, `s3:ListBucket`, `:::plain/*`, `:::plain/k`), "Action does not apply to any resource(s) in statement"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w.raw(rawRequest{method: http.MethodPut, path: "/plain?policy", body: row.body}).want(t, 400, "MalformedPolicy", row.message)
		})
	}
	w.raw(rawRequest{method: http.MethodPut, path: "/plain?policy", body: statement()}).want(t, 204, "", "")
}

func TestACLsOfABucketWithoutThem(t *testing.T) {
	play(t, []step{
		{do: "PUT /plain/k", body: "x", status: 200},
		{do: "GET /plain?acl", status: 200, says: "<Permission>FULL_CONTROL</Permission>"},
		{do: "GET /plain/k?acl", status: 200, says: "<Permission>FULL_CONTROL</Permission>"},
		{do: "GET /plain/none?acl", status: 404, code: "NoSuchKey"},
		{do: "PUT /plain?acl", header: "X-Amz-Acl: private", status: 400, code: "AccessControlListNotSupported"},
		{do: "PUT /plain/k?acl", header: "X-Amz-Acl: public-read", status: 400, code: "AccessControlListNotSupported"},
		{do: "PUT /plain/k?acl", header: "X-Amz-Acl: bucket-owner-full-control", status: 200},
		{do: "PUT /plain/k?acl", body: "<AccessControlPolicy><AccessControlList><Grant><Grantee><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c000000000000</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>", status: 200},
		{do: "PUT /plain/k?acl", body: "<AccessControlPolicy><AccessControlList><Grant><Grantee><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>", status: 400, code: "AccessControlListNotSupported"},
		{do: "PUT /plain/k?acl", header: "X-Amz-Acl: everybody", status: 400, code: "InvalidArgument"},
		{do: "PUT /plain/k?acl", status: 400, code: "MissingSecurityHeader"},
		{do: "PUT /plain/k", body: "x", header: "X-Amz-Acl: public-read", status: 400, code: "AccessControlListNotSupported"},
		{do: "PUT /plain/k", body: "x", header: "X-Amz-Grant-Read: id=1", status: 400, code: "AccessControlListNotSupported"},
		{do: "PUT /plain/k", body: "x", header: "X-Amz-Acl: bucket-owner-full-control", status: 200},
		{do: "PUT /fresh", body: constraint(ireland), header: "X-Amz-Acl: public-read", status: 400, code: "InvalidBucketAclWithObjectOwnership"},
		{do: "PUT /fresh", body: constraint(ireland), header: "X-Amz-Object-Ownership: Mine", status: 400, code: "InvalidArgument"},
		{do: "PUT /fresh", body: constraint(ireland), header: "X-Amz-Object-Ownership: ObjectWriter", status: 200},
		{do: "PUT /fresh/k", body: "x", header: "X-Amz-Acl: public-read", status: 403, code: "AccessDenied"},
	})
}

func TestLifecycleAndOtherSettings(t *testing.T) {
	lifecycle := func(rules string) string { return "<LifecycleConfiguration>" + rules + "</LifecycleConfiguration>" }
	expire := "<Filter><Prefix>p</Prefix></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>"
	play(t, []step{
		{do: "GET /plain?lifecycle", status: 404, code: "NoSuchLifecycleConfiguration"},
		{do: "PUT /plain?lifecycle", body: lifecycle("<Rule>" + expire + "</Rule>"), status: 200},
		{do: "GET /plain?lifecycle", status: 200, says: "<Rule><ID>"},
		{do: "PUT /plain?lifecycle", body: lifecycle(strings.Repeat("<Rule><ID>a</ID>"+expire+"</Rule>", 2)), status: 400, code: "InvalidArgument"},
		{do: "PUT /plain?lifecycle", body: lifecycle("<Rule><ID>" + strings.Repeat("a", 256) + "</ID>" + expire + "</Rule>"), status: 400, code: "InvalidArgument"},
		{do: "PUT /plain?lifecycle", body: lifecycle("<Rule>" + strings.Replace(expire, "Enabled", "enabled", 1) + "</Rule>"), status: 400, code: "MalformedXML"},
		{do: "PUT /plain?lifecycle", body: lifecycle("<Rule>" + strings.Replace(expire, ">1<", ">0<", 1) + "</Rule>"), status: 400, code: "InvalidArgument"},
		{do: "PUT /plain?lifecycle", body: lifecycle(""), status: 400, code: "MalformedXML"},
		{do: "DELETE /plain?lifecycle", status: 204},
		{do: "GET /plain?cors", status: 404, code: "NoSuchCORSConfiguration"},
		{do: "PUT /plain?cors", body: "<CORSConfiguration></CORSConfiguration>", status: 400, code: "MalformedXML"},
		{do: "GET /plain?website", status: 404, code: "NoSuchWebsiteConfiguration"},
		{do: "GET /plain?requestPayment", status: 200, says: "<Payer>BucketOwner</Payer>"},
		{do: "GET /plain?notification", status: 200, says: "NotificationConfiguration"},
		{do: "GET /plain?ownershipControls", status: 200, says: "BucketOwnerEnforced"},
		{do: "DELETE /plain?ownershipControls", status: 204},
		{do: "GET /plain?ownershipControls", status: 404, code: "OwnershipControlsNotFoundError"},
		{do: "GET /plain?encryption", status: 200, says: "<SSEAlgorithm>AES256</SSEAlgorithm>"},
		{do: "GET /plain?location", status: 200, says: ">eu-west-1</LocationConstraint>"},
	})
}

func TestPresignedRequestsHoldUntilTheyExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.plainBucket("here", ireland)
		presign := s3.NewPresignClient(w.s3(ireland), s3.WithPresignExpires(time.Minute))
		fetch := func(signed *v4.PresignedHTTPRequest, body string, change func(*http.Request)) rawAnswer {
			t.Helper()
			request, err := http.NewRequestWithContext(t.Context(), signed.Method, signed.URL, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			for name, values := range signed.SignedHeader {
				if name != "Host" && name != "Content-Length" {
					request.Header[name] = values
				}
			}
			if change != nil {
				change(request)
			}
			return w.send(request)
		}
		put, err := presign.PresignPutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String("here"), Key: aws.String("a b/ü"), Metadata: map[string]string{"m": "v"},
			StorageClass: "STANDARD_IA", Tagging: aws.String("a=1"),
		})
		if err != nil {
			t.Fatal(err)
		}
		fetch(put, "hello", nil).want(t, 200, "", "")
		out, err := w.head("here", ireland, "a b/ü", "")
		if err != nil || out.Metadata["m"] != "v" || out.StorageClass != "STANDARD_IA" || aws.ToInt32(out.TagCount) != 1 {
			t.Errorf("%+v, %v", out, err)
		}
		get, err := presign.PresignGetObject(t.Context(), &s3.GetObjectInput{
			Bucket: aws.String("here"), Key: aws.String("a b/ü"), ResponseContentType: aws.String("text/x"),
		})
		if err != nil {
			t.Fatal(err)
		}
		if answer := fetch(get, "", nil); answer.status != 200 || answer.body != "hello" || answer.header.Get("Content-Type") != "text/x" {
			t.Errorf("%d %q %v", answer.status, answer.body, answer.header)
		}
		fetch(get, "", func(r *http.Request) { r.URL.RawQuery += "&response-expires=x" }).want(t, 403, "SignatureDoesNotMatch", "")
		fetch(get, "", func(r *http.Request) { r.Method = http.MethodDelete }).want(t, 403, "SignatureDoesNotMatch", "")
		fetch(get, "", func(r *http.Request) { r.Header.Set("X-Amz-Meta-New", "x") }).want(t, 403, "AccessDenied", "There were headers present in the request which were not signed")
		fetch(get, "", func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256 x") }).want(t, 400, "InvalidArgument", "")
		pass(2 * time.Minute)
		fetch(get, "", nil).want(t, 403, "AccessDenied", "Request has expired")

		week, err := presign.PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("here"), Key: aws.String("k")},
			s3.WithPresignExpires(7*24*time.Hour+time.Second))
		if err != nil {
			t.Fatal(err)
		}
		fetch(week, "", nil).want(t, 400, "AuthorizationQueryParametersError", "")
	})
}

func TestMetadataBeyondASCIIComesBackEncoded(t *testing.T) {
	w := quick(t)
	w.plainBucket("here", ireland)
	client := w.s3(ireland)
	if _, err := client.PutObject(context.Background(), &s3.PutObjectInput{
		Bucket: aws.String("here"), Key: aws.String("k"), Metadata: map[string]string{"m": "=?UTF-8?Q?gr=C3=BC=C3=9Fe?="}, Body: strings.NewReader(""),
	}); err != nil {
		t.Fatal(err)
	}
	out, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("here"), Key: aws.String("k")})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	if _, err := io.Copy(io.Discard, out.Body); err != nil {
		t.Error(err)
	}
	if got, want := fmt.Sprint(out.Metadata), "map[m:=?UTF-8?b?Z3LDvMOfZQ==?=]"; got != want {
		t.Errorf("metadata %s, want %s", got, want)
	}
}

func TestOtherAccountsCannotReachABucketsPolicy(t *testing.T) {
	play(t, []step{
		{do: "DELETE /plain?publicAccessBlock", status: 204},
		{do: "PUT /plain?policy", body: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*PolicyStatus","Resource":"arn:aws:s3:::plain"}]}`, status: 204},
		{do: "GET /plain?policyStatus", unsigned: true, status: 200},
		{do: "GET /plain?policy", unsigned: true, status: 403, code: "AccessDenied"},
		{do: "PUT /plain?policy", body: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::plain"}]}`, status: 204},
		{do: "GET /plain?policy", unsigned: true, status: 405, code: "MethodNotAllowed"},
		{do: "PUT /plain?policy", unsigned: true, body: "{}", status: 405, code: "MethodNotAllowed"},
		{do: "DELETE /plain?policy", unsigned: true, status: 405, code: "MethodNotAllowed"},
		{do: "GET /plain?policy", status: 200},
	})
}
