package command_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/command"
)

func TestOptionsThatCannotBeAreWrongUsage(t *testing.T) {
	u := newUser(t)
	needs := map[string][]string{"export": {"--format", "cli"}} // for what else it would refuse
	taken := map[string]bool{}
	for _, c := range []struct {
		flags []string
		says  string
	}{
		{[]string{"--prefix", "a\x01b"}, "XML cannot carry"},
		{[]string{"--filter-tag", "gold"}, "KEY=VALUE"},
		{[]string{"--filter-tag", "a=1", "--filter-tag", "a=2"}, "twice"},
		{[]string{"--filter-tag", "a=1", "--no-delete-markers=false"}, "delete markers"},
		{[]string{"--tag", "aws:x=1"}, "aws:"},
		{[]string{"--tag", "bothways:pair=1"}, "own mark"},
		{[]string{"--storage-class", "cheap"}, "STANDARD_IA"},
		{[]string{"--kms-a", "alias/mine"}, "ARN"},
		{[]string{"--kms-b", "arn:aws:kms:eu-west-1:111122223333:key/1"}, "ap-southeast-1"},
		{[]string{"--role-a-to-b", "admin"}, "ARN"},
		{[]string{"--role-boundary", "limit"}, `"limit" is not the ARN of an IAM policy`},
		{[]string{"--role-path", "team/"}, "must begin and end with /"},
		{[]string{"--role-prefix", "acme/"}, "IAM allows letters"},
		{[]string{"--role-prefix", strings.Repeat("p", 64)}, "at most 34"},
	} {
		for _, name := range command.Having(strings.TrimPrefix(c.flags[0], "--")) {
			taken[name] = true
			r := u.run(t, slices.Concat(strings.Fields(name), []string{"--sandbox"}, c.flags, needs[name])...)
			if r.code != 2 || !strings.Contains(r.stderr, c.says) {
				t.Errorf("%s %s exits %d: does it use the options of a pair that it has? %s%s", name, c.flags, r.code, r.stdout, r.stderr)
			}
		}
	}
	for _, name := range command.Having("b") {
		if !taken[name] {
			t.Errorf("nothing shows that %s uses the options of its pair: add one that cannot be", name)
		}
	}
}

func TestOptionsReachThePlan(t *testing.T) {
	t.Parallel()
	r := newUser(t).run(t, "plan", "--sandbox", "--json", "--filter-tag", "class=gold", "--filter-tag", "team=a b", "--prefix", "logs/", "--rtc", "--storage-class", "standard_ia",
		"--kms-a", "arn:aws:kms:eu-west-1:000000000000:key/1", "--kms-b", "arn:aws:kms:ap-southeast-1:000000000000:key/2", "--tag", "cost=42",
		"--role-boundary", "arn:aws:iam::aws:policy/AmazonS3FullAccess", "--role-path", "/team/", "--role-prefix", "acme-")
	if r.code != 3 {
		t.Fatalf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	for _, step := range named(events(t, r.stdout), "planned") {
		for id, parts := range map[string][]string{
			"rule-a-to-b":   {`"StorageClass": "STANDARD_IA"`, `"Minutes": 15`, `"Key": "team"`, `"Prefix": "logs/"`, "key/2", `"Status": "Disabled"`},
			"bucket-a":      {`"Key": "cost"`},
			"role-b-to-a":   {`"Key": "cost"`, "kms:Decrypt", `"PermissionsBoundary": "arn:aws:iam::aws:policy/AmazonS3FullAccess"`, `"Path": "/team/"`, `"RoleName": "acme-bothways-`},
			"canary-a-to-b": {`"Tagging": "class=gold\u0026team=a+b"`, `"SSEKMSKeyId": "arn:aws:kms:eu-west-1:000000000000:key/1"`},
		} {
			for _, part := range parts {
				if request := step["request"].(string); step["id"] == id && !strings.Contains(request, part) {
					t.Errorf("%s is\n%s\nwithout %s", id, request, part)
				}
			}
		}
	}
}

// What has no effect in a command is not taken as if it had one.
func TestOptionsThatACommandDoesNotUseAreRefusedAndNotListed(t *testing.T) {
	u := newUser(t)
	unused := map[string][]string{
		"destroy": {"filter-tag", "no-delete-markers", "no-replica-edits", "metrics", "rtc", "storage-class", "kms-a", "kms-b", "tag", "merge", "convert-v1", "settle", "role-boundary"},
		"doctor":  {"filter-tag", "no-delete-markers", "rtc", "kms-a", "tag", "merge", "settle", "keep-replica-owner", "role-a-to-b", "role-boundary", "role-path", "role-prefix", "buckets"},
	}
	unused["probe"], unused["clean"], unused["backfill"] = unused["doctor"], unused["destroy"], unused["destroy"]
	unused["audit"], unused["inventory"] = unused["doctor"], unused["doctor"]
	unused["drill"] = slices.DeleteFunc(slices.Clone(unused["doctor"]), func(flag string) bool { return flag == "merge" }) // a drill of an alarm asks for it
	unused["drill undo"] = unused["destroy"]
	usesAll := command.Having("filter-tag")
	for _, name := range command.Having("b") {
		if unused[name] == nil && !slices.Contains(usesAll, name) {
			t.Errorf("%s takes a pair, but not all of its options: say in unused which it refuses", name)
		}
	}
	for command, flags := range unused {
		words := strings.Fields(command)
		help := u.run(t, append(slices.Clone(words), "--help")...).stdout
		for _, flag := range flags {
			r := u.run(t, append(slices.Clone(words), "--sandbox", "--"+flag)...)
			if r.code != 2 || !strings.Contains(r.stderr, "--"+flag+" is no option of bothways "+command+", only of ") {
				t.Errorf("%s --%s exits %d: %s", command, flag, r.code, r.stderr)
			}
			if strings.Contains(help, "--"+flag) {
				t.Errorf("the help of %s lists --%s", command, flag)
			}
		}
		for _, flag := range []string{"--prefix", "--json", "--profile-b"} {
			if !strings.Contains(help, flag) {
				t.Errorf("the help of %s lacks %s", command, flag)
			}
		}
	}
	if help := u.run(t, "export", "--help").stdout; strings.Contains(help, "--json") || strings.Contains(help, "--plain") {
		t.Errorf("the help of export lists an output that it has not: %s", help)
	}
	for _, c := range []struct{ args, says []string }{
		{append([]string{"plan", "--time-scale", "10"}, thePair...), []string{"--time-scale", "--sandbox"}},
		{append([]string{"plan", "--delays", "ar1"}, thePair...), []string{"--delays", "--sandbox"}},
		{[]string{"probe", "--sandbox", "--delays", "bursti"}, []string{"--delays", `"bursti"`, "bursty, ticks"}},
		{[]string{"sandbox", "--delays", "ar1:phi=1"}, []string{"--delays", "phi of ar1", `"1"`, "0 to 0.999"}},
		{[]string{"sandbox", "--distances", "near"}, []string{"--distances", `"near"`, "on or off"}},
		{[]string{"plan", "--sandbox", "--profile-a", "work"}, []string{"--profile", "--sandbox"}},
	} {
		r := u.run(t, c.args...)
		for _, word := range c.says {
			if r.code != 2 || !strings.Contains(r.stderr, word) {
				t.Errorf("%s exits %d: %s", c.args, r.code, r.stderr)
			}
		}
	}
}

// A line to paste must give the options that the pair was made with: with
// others it would change what stands.
func TestTheDoctorsLineToPasteCarriesTheOptionsOfTheLastSetUp(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "40")
	doctor := func() string {
		t.Helper()
		r := u.run(t, slices.Concat([]string{"doctor"}, thePair, []string{"--prefix", "a b/"})...)
		_, line, found := strings.Cut(r.stderr, "bothways apply ")
		if !found || !strings.Contains(line, "--prefix 'a b/'") {
			t.Errorf("the doctor says %s%s", r.stdout, r.stderr)
		}
		return r.stderr
	}
	if said := doctor(); !strings.Contains(said, "with the options that the pair was set up with") || strings.Contains(said, "--metrics") {
		t.Errorf("with nothing known: %s", said)
	}
	r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair, []string{"--prefix", "a b/", "--metrics", "--no-delete-markers", "--tag", "x=y z"})...)
	if r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	u.takeRuleOut(t)
	if said := doctor(); !strings.Contains(said, "the options of the last one") || !strings.Contains(said, "--no-delete-markers --metrics --tag 'x=y z'") {
		t.Errorf("after apply: %s", said)
	}
}

// keys are those that the user's environment holds.
func (u *user) keys() (id, secret string) {
	for _, variable := range u.env {
		if value, found := strings.CutPrefix(variable, "AWS_ACCESS_KEY_ID="); found {
			id = value
		}
		if value, found := strings.CutPrefix(variable, "AWS_SECRET_ACCESS_KEY="); found {
			secret = value
		}
	}
	return id, secret
}

// takeRuleOut removes side A's replication configuration behind everybody's
// back.
func (u *user) takeRuleOut(t *testing.T) {
	t.Helper()
	side, err := pair.ParseSide(thePair[1])
	if err != nil {
		t.Fatal(err)
	}
	id, secret := u.keys()
	if _, err := u.open(t, id, secret, side.Region).S3.DeleteBucketReplication(t.Context(), &s3.DeleteBucketReplicationInput{Bucket: &side.Bucket}); err != nil {
		t.Fatal(err)
	}
}

// twoAccounts is a sandbox with two accounts besides its own, and a user with
// a profile in each.
func twoAccounts(t *testing.T) *user {
	t.Helper()
	file := filepath.Join(t.TempDir(), "users.json")
	err := os.WriteFile(file, []byte(`{"accounts":[
		{"id":"111111111111","users":[{"name":"ann","access_key_id":"AKIAANN","secret_access_key":"a","administrator":true}]},
		{"id":"222222222222","users":[{"name":"bob","access_key_id":"AKIABOB","secret_access_key":"b","administrator":true}]}]}`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	u := sandboxOf(t, "--time-scale", "40", "--seed", "1", "--users", file)
	profiles := filepath.Join(u.home, "credentials")
	err = os.WriteFile(profiles, []byte("[ann]\naws_access_key_id = AKIAANN\naws_secret_access_key = a\n[bob]\naws_access_key_id = AKIABOB\naws_secret_access_key = b\n"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	u.env = append(u.env, "AWS_SHARED_CREDENTIALS_FILE="+profiles)
	return u
}

var annAndBob = append(slices.Clone(thePair), "--profile-a", "ann", "--profile-b", "bob")

func TestTwoAccountsWorkByTwoProfiles(t *testing.T) {
	t.Parallel()
	u := twoAccounts(t)
	with := func(command string, more ...string) result {
		t.Helper()
		return u.run(t, slices.Concat([]string{command}, annAndBob, more)...)
	}
	if r := with("apply", "--yes"); r.code != 0 {
		t.Fatalf("apply exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
	r := with("plan", "--json")
	if r.code != 0 {
		t.Errorf("the plan after apply exits %d: %s", r.code, r.stdout)
	}
	for _, step := range named(events(t, r.stdout), "planned") {
		id, call := step["id"].(string), step["cli"].(string)
		if strings.Contains(call, "--profile ann") && strings.Contains(call, "--profile bob") {
			continue // a canary is written by the one and read by the other
		}
		if profile := map[bool]string{true: "ann", false: "bob"}[slices.Contains([]string{"bucket-a", "versioning-a", "policy-a", "role-a-to-b", "rule-a-to-b"}, id)]; !strings.Contains(call, "--profile "+profile) {
			t.Errorf("%s is not called with %s's profile: %s", id, profile, call)
		}
	}
	if r := with("probe", "--sizes", "1KiB", "--rounds", "1"); r.code != 0 {
		t.Errorf("probe exits %d: %s", r.code, r.stderr)
	}
	if r := with("destroy", "--yes", "--buckets"); r.code != 0 {
		t.Errorf("destroy exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
	if r := with("plan"); r.code != 3 {
		t.Errorf("the plan after destroy exits %d", r.code)
	}
}

func TestRulesOfOthersAreMergedByConsentAndLeftAsTheyWere(t *testing.T) {
	t.Parallel()
	u := twoAccounts(t)
	ann := u.open(t, "AKIAANN", "a", "eu-west-1")
	before := theirRule(t, ann, "bothways-flow-one")
	with := func(command string, more ...string) result {
		t.Helper()
		return u.run(t, slices.Concat([]string{command}, annAndBob, more)...)
	}
	r := with("apply", "--yes", "--json")
	asked := named(events(t, r.stdout), "finding")
	if r.code != 1 || len(asked) == 0 || asked[0]["consent"] != "merge" {
		t.Fatalf("without consent apply exits %d: %s", r.code, r.stdout)
	}
	if r := with("apply", "--merge", "--yes"); r.code != 0 {
		t.Fatalf("apply exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
	if now := readRules(t, ann, "bothways-flow-one"); !strings.Contains(now, before) || !strings.Contains(now, pair.RulePrefix) {
		t.Errorf("the rules are %s, want %s among them", now, before)
	}
	if r := with("destroy", "--yes"); r.code != 0 {
		t.Errorf("destroy exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
	if now := readRules(t, ann, "bothways-flow-one"); now != "["+before+"]" {
		t.Errorf("the rules are %s, want %s alone", now, before)
	}
}

// open makes clients that reach the user's sandbox.
func (u *user) open(t *testing.T, keyID, secret, region string) *account.Clients {
	t.Helper()
	access := account.Access{Credentials: credentials.NewStaticCredentialsProvider(keyID, secret, "")}
	for _, variable := range u.env {
		if endpoint, found := strings.CutPrefix(variable, "AWS_ENDPOINT_URL="); found {
			access.Endpoint = endpoint
		}
	}
	clients, err := access.Open(context.Background(), region)
	if err != nil {
		t.Fatal(err)
	}
	return clients
}

// theirRule makes a bucket with a rule of others, and returns the rule.
func theirRule(t *testing.T, c *account.Clients, bucket string) string {
	t.Helper()
	third := bucket + "-copies"
	for _, name := range []string{bucket, third} {
		_, err := c.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(c.Region)},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
			Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	role, err := c.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName:                 aws.String("theirs"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.S3.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{
		Bucket: &bucket, ReplicationConfiguration: &types.ReplicationConfiguration{Role: role.Role.Arn, Rules: []types.ReplicationRule{{
			ID: aws.String("theirs"), Status: types.ReplicationRuleStatusEnabled, Priority: aws.Int32(3), Filter: &types.ReplicationRuleFilter{Prefix: aws.String("invoices/")},
			DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
			Destination:             &types.Destination{Bucket: aws.String("arn:aws:s3:::" + third), StorageClass: types.StorageClassGlacierIr},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(readRules(t, c, bucket), "[]")
}

func readRules(t *testing.T, c *account.Clients, bucket string) string {
	t.Helper()
	out, err := c.S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: &bucket})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(out.ReplicationConfiguration.Rules)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
