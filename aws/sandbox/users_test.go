package sandbox_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"bothways/aws/sandbox"
)

const people = `{"accounts": [
 {"id": "000000000000", "users": [
  {"name": "reader", "access_key_id": "AKIAREADER", "secret_access_key": "s", "policies": [
   {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::here/*"}]}]},
  {"name": "lister", "access_key_id": "AKIALISTER", "secret_access_key": "s", "policies": [
   {"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::here",
     "Condition":{"StringLike":{"s3:prefix":"home/${aws:username}/*"},"NumericLessThanEquals":{"s3:max-keys":"10"}}},
    {"Effect":"Allow","Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"s3:x-amz-storage-class":"STANDARD_IA"}}}]}]},
  {"name": "guest", "access_key_id": "AKIAGUEST", "secret_access_key": "s", "administrator": true,
   "session_token": "token", "expires_in": "15m"},
  {"name": "bounded", "access_key_id": "AKIABOUNDED", "secret_access_key": "s", "administrator": true,
   "permissions_boundary": {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:List*","Resource":"*"}]}}]},
 {"id": "111122223333",
  "service_control_policy": {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
   {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","us-east-1"]}}}]},
  "users": [{"name": "owner", "access_key_id": "AKIAPARTNER", "secret_access_key": "secret", "administrator": true}],
  "disabled_regions": ["ap-east-1", "me-south-1"],
  "buckets": [{"name": "taken", "region": "eu-west-1"}]}
]}`

func populated(t *testing.T) *world {
	accounts, err := sandbox.ParseAccounts([]byte(people))
	must(t, 0, err)
	w := newWorld(t, sandbox.Options{NoDistance: true, Accounts: accounts})
	w.bucket("here", ireland)
	w.put("here", ireland, "k", "x")
	return w
}

func TestRestrictedUsersSeeWhatAWSShowsThem(t *testing.T) {
	w := populated(t)
	head := func(key, object string) string {
		_, err := w.as(ireland, key, "s").HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("here"), Key: &object})
		return code(err)
	}
	list := func(key, prefix string, most int32) string {
		_, err := w.as(ireland, key, "s").ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{
			Bucket: aws.String("here"), Prefix: &prefix, MaxKeys: &most,
		})
		return code(err)
	}
	put := func(key, class string) string {
		in := &s3.PutObjectInput{Bucket: aws.String("here"), Key: aws.String("of-" + key)}
		if class != "" {
			in.StorageClass = "STANDARD_IA"
		}
		_, err := w.as(ireland, key, "s").PutObject(t.Context(), in)
		return code(err)
	}
	for what, row := range map[string][2]string{
		"an object that may be read":                   {head("AKIAREADER", "k"), ""},
		"an absent one, without the right to list":     {head("AKIAREADER", "absent"), "Forbidden"},
		"a list of one's own prefix":                   {list("AKIALISTER", "home/lister/", 10), ""},
		"a list of somebody else's":                    {list("AKIALISTER", "home/other/", 10), "AccessDenied"},
		"a list of too much at once":                   {list("AKIALISTER", "home/lister/", 11), "AccessDenied"},
		"a put in the class that is asked for":         {put("AKIALISTER", "STANDARD_IA"), ""},
		"a put in another class":                       {put("AKIALISTER", ""), "AccessDenied"},
		"what the permissions boundary allows":         {list("AKIABOUNDED", "", 1), ""},
		"what the permissions boundary does not allow": {put("AKIABOUNDED", ""), "AccessDenied"},
	} {
		if row[0] != row[1] {
			t.Errorf("%s: %q, want %q", what, row[0], row[1])
		}
	}
}

func TestAServiceControlPolicyKeepsAnAccountOutOfRegions(t *testing.T) {
	w := populated(t)
	for region, want := range map[string]string{ireland: "", singapore: "AccessDenied"} {
		_, err := w.as(region, "AKIAPARTNER", "secret").ListBuckets(t.Context(), &s3.ListBucketsInput{})
		if code(err) != want {
			t.Errorf("%s: %v, want %q", region, err, want)
		}
	}
	_, err := w.s3(ireland).HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("taken")})
	if code(err) != "Forbidden" {
		t.Errorf("the name that the other account holds: %v", err)
	}
}

func TestKeysExpireAndWantTheirToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := populated(t)
		ask := func(token string) string {
			config := w.config(ireland)
			config.Credentials = credentials.NewStaticCredentialsProvider("AKIAGUEST", "s", token)
			_, err := s3.NewFromConfig(config, func(o *s3.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") }).
				ListBuckets(t.Context(), &s3.ListBucketsInput{})
			return code(err)
		}
		if without, with := ask(""), ask("token"); without != "InvalidAccessKeyId" || with != "" {
			t.Errorf("without its token %q, with it %q", without, with)
		}
		pass(15 * time.Minute)
		if got := ask("token"); got != "ExpiredToken" {
			t.Errorf("after 15 minutes %q", got)
		}
	})
}

func TestARoleCanBeAssumedFromAnotherAccountIfBothSidesAllow(t *testing.T) {
	w := populated(t)
	trustPartner := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}`
	_, err := w.iam().CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("open"), AssumeRolePolicyDocument: &trustPartner})
	must(t, 0, err)
	w.role("closed", "s3:ListAllMyBuckets")
	w.grant("open", "s3:ListAllMyBuckets")
	config := w.config("us-east-1")
	config.Credentials = credentials.NewStaticCredentialsProvider("AKIAPARTNER", "secret", "")
	client := sts.NewFromConfig(config, func(o *sts.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") })
	assume := func(name string) (*sts.AssumeRoleOutput, error) {
		return client.AssumeRole(t.Context(), &sts.AssumeRoleInput{
			RoleArn: aws.String("arn:aws:iam::000000000000:role/" + name), RoleSessionName: aws.String("visit"),
		})
	}
	if _, err := assume("closed"); code(err) != "AccessDenied" {
		t.Errorf("a role that does not trust the account: %v", err)
	}
	out, err := assume("open")
	must(t, out, err)
	config.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	buckets, err := s3.NewFromConfig(config, func(o *s3.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") }).
		ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if must(t, buckets, err); len(buckets.Buckets) != 1 || *buckets.Buckets[0].Name != "here" {
		t.Errorf("the session sees %v", buckets.Buckets)
	}
}

func TestRegionsAreListedWithWhatIsOptedIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := populated(t)
		call := func(key, secret, path, body string) (int, map[string]any) {
			t.Helper()
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:9000/"+path, strings.NewReader(body))
			must(t, 0, err)
			request.Header.Set("Content-Type", "application/json")
			must(t, 0, v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, request,
				sumOf(body), "account", "us-east-1", time.Now()))
			response, err := (&http.Client{Transport: w.sandbox.Transport()}).Do(request)
			must(t, 0, err)
			defer response.Body.Close()
			doc, err := io.ReadAll(response.Body)
			must(t, 0, err)
			var answer map[string]any
			must(t, 0, json.NewDecoder(bytes.NewReader(doc)).Decode(&answer))
			return response.StatusCode, answer
		}
		status := func(region string) string {
			_, answer := call("AKIAPARTNER", "secret", "getRegionOptStatus", `{"RegionName":"`+region+`"}`)
			text, _ := answer["RegionOptStatus"].(string)
			return text
		}
		for region, want := range map[string]string{"us-east-1": "ENABLED_BY_DEFAULT", "ap-east-1": "DISABLED", "eu-south-1": "ENABLED"} {
			if got := status(region); got != want {
				t.Errorf("%s is %s, want %s", region, got, want)
			}
		}
		_, answer := call("AKIAPARTNER", "secret", "listRegions", `{"MaxResults":50,"RegionOptStatusContains":["DISABLED"]}`)
		var names []string
		for _, entry := range answer["Regions"].([]any) {
			names = append(names, entry.(map[string]any)["RegionName"].(string))
		}
		if !slices.Equal(names, []string{"ap-east-1", "me-south-1"}) {
			t.Errorf("disabled are %v", names)
		}
		_, first := call("AKIAPARTNER", "secret", "listRegions", `{"MaxResults":2}`)
		if first["NextToken"] != "ap-east-1" {
			t.Errorf("the first page ends with %v", first["NextToken"])
		}
		if code, _ := call("AKIAREADER", "s", "listRegions", `{}`); code != http.StatusForbidden {
			t.Errorf("without the right: %d", code)
		}
		_, err := w.as("ap-east-1", "AKIAPARTNER", "secret").ListBuckets(t.Context(), &s3.ListBucketsInput{})
		if code(err) != "InvalidAccessKeyId" {
			t.Errorf("a region that is not enabled: %v", err)
		}
		if got := w.sessionIn("ap-east-1", "AKIAPARTNER", "secret"); got != "InvalidToken" {
			t.Errorf("a session in a region that is not enabled: %q", got)
		}
		if code, answer := call("AKIAPARTNER", "secret", "enableRegion", `{"RegionName":"ap-east-1"}`); code != http.StatusOK {
			t.Error(code, answer)
		}
		if got := status("ap-east-1"); got != "ENABLING" {
			t.Errorf("at once it is %s", got)
		}
		pass(5 * time.Minute)
		if got := status("ap-east-1"); got != "ENABLED" {
			t.Errorf("after a while it is %s", got)
		}
	})
}

// sessionIn asks for a session of a user's own rights and returns the error
// code that S3 in a region answers it with.
func (w *world) sessionIn(region, key, secret string) string {
	w.Helper()
	config := w.config("us-east-1")
	config.Credentials = credentials.NewStaticCredentialsProvider(key, secret, "")
	out, err := sts.NewFromConfig(config, func(o *sts.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") }).
		GetSessionToken(w.Context(), &sts.GetSessionTokenInput{})
	must(w, out, err)
	config.Region = region
	config.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	_, err = s3.NewFromConfig(config, func(o *s3.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") }).
		ListBuckets(w.Context(), &s3.ListBucketsInput{})
	return code(err)
}

func TestAFileOfAccountsThatIsWrongSaysWhere(t *testing.T) {
	user := `{"name":"u","access_key_id":"AKIA","secret_access_key":"s"`
	for text, word := range map[string]string{
		`{}`:                        "no account",
		`{"accounts":[{"id":"1"}]}`: `"1"`,
		"{\"accounts\":[\n{\"id\":\"111122223333\",\"user\":[]}]}":                                                                                                     "line 2",
		`{"accounts":[{"id":"111122223333","users":[{"name":"u"}]}]}`:                                                                                                  "access_key_id",
		`{"accounts":[{"id":"111122223333","users":[` + user + `,"expires_in":"soon"}]}]}`:                                                                             "soon",
		`{"accounts":[{"id":"111122223333","users":[` + user + `},{"name":"U","access_key_id":"AKIB","secret_access_key":"s"}]}]}`:                                     `user 2: the name "U" is that of account 111122223333, user 1`,
		`{"accounts":[{"id":"111122223333","users":[` + user + `}]},{"id":"111122223333","users":[{"name":"u","access_key_id":"AKIB","secret_access_key":"s"}]}]}`:     `the name "u" is that of account 111122223333, user 1`,
		`{"accounts":[{"id":"111122223333","users":[` + user + `}]},{"id":"444455556666","users":[{"name":"other","access_key_id":"AKIA","secret_access_key":"s"}]}]}`: "account 444455556666, user 1: the access key id AKIA is that of account 111122223333, user 1",
	} {
		if _, err := sandbox.ParseAccounts([]byte(text)); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s gives %v, want a word on %s", text, err, word)
		}
	}
	namesakes := `{"accounts":[{"id":"111122223333","users":[` + user + `}]},{"id":"444455556666","users":[{"name":"u","access_key_id":"AKIB","secret_access_key":"s"}]}]}`
	if _, err := sandbox.ParseAccounts([]byte(namesakes)); err != nil {
		t.Errorf("namesakes in two accounts: %v", err)
	}
	for _, row := range []struct {
		account sandbox.Account
		word    string
	}{
		{sandbox.Account{Users: []sandbox.User{{Name: "u", AccessKeyID: "A", SecretAccessKey: "s", Policies: []json.RawMessage{[]byte(`{"Statement":[]}`)}}}}, "user u"},
		{sandbox.Account{ServiceControlPolicy: []byte(`{}`)}, "service_control_policy"},
		{sandbox.Account{DisabledRegions: []string{ireland}}, ireland},
		{sandbox.Account{Buckets: []sandbox.AccountBucket{{Name: "b", Region: "nowhere"}}}, "nowhere"},
		{sandbox.Account{KMSKeys: []sandbox.AccountKey{{KMSKey: sandbox.KMSKey{ARN: "key"}}}}, `"key"`},
	} {
		row.account.ID = partner
		_, err := sandbox.New(sandbox.Options{Dir: t.TempDir(), Accounts: []sandbox.Account{row.account}})
		if err == nil || !strings.Contains(err.Error(), row.word) {
			t.Errorf("%v, want a word on %s", err, row.word)
		}
	}
}

func TestTheTruthIsWrittenForEachReplica(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var truth bytes.Buffer
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Truth: &truth})
		w.pair()
		start := time.Now()
		id := *w.put("side-a", ireland, "k", "x").VersionId
		_, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("k")})
		must(t, 0, err)
		pass(time.Minute)
		var line struct {
			Bucket      string    `json:"bucket"`
			Key         string    `json:"key"`
			VersionID   string    `json:"version_id"`
			CommittedAt time.Time `json:"committed_at"`
			VisibleAt   time.Time `json:"visible_at"`
		}
		decoder := json.NewDecoder(&truth)
		decoder.DisallowUnknownFields()
		must(t, 0, decoder.Decode(&line))
		if line.Bucket != "side-b" || line.Key != "k" || line.VersionID != id ||
			!line.CommittedAt.Equal(start) || !line.VisibleAt.Equal(start.Add(exactly)) || decoder.More() {
			t.Errorf("the truth is %+v", line)
		}
	})
}

func TestListeningElsewhereThanOnLoopbackMustBeAllowed(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	if _, err := w.sandbox.Listen(t.Context(), "0.0.0.0:0"); err == nil || !strings.Contains(err.Error(), "0.0.0.0:0") {
		t.Errorf("listens everywhere: %v", err)
	}
	if _, err := w.sandbox.Listen(t.Context(), "[::1]:0"); err != nil && !strings.Contains(err.Error(), "cannot assign") {
		t.Error(err)
	}
	open := newWorld(t, sandbox.Options{Exposed: true})
	if _, err := open.sandbox.Listen(t.Context(), "0.0.0.0:0"); err != nil {
		t.Error(err)
	}
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestSimulationSeesTheBoundaryOfAUser(t *testing.T) {
	w := populated(t)
	out, err := w.iam().SimulatePrincipalPolicy(t.Context(), &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String("arn:aws:iam::000000000000:user/bounded"), ActionNames: []string{"s3:ListBucket", "s3:PutObject"},
	})
	must(t, out, err)
	for i, want := range []string{"allowed", "implicitDeny"} {
		got := out.EvaluationResults[i]
		if string(got.EvalDecision) != want || got.PermissionsBoundaryDecisionDetail.AllowedByPermissionsBoundary != (want == "allowed") {
			t.Errorf("%s is %s, and the boundary %+v", *got.EvalActionName, got.EvalDecision, got.PermissionsBoundaryDecisionDetail)
		}
	}
}
