package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

func (w *world) kms(region string) *kms.Client {
	return kms.NewFromConfig(w.config(region), func(o *kms.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") })
}

// newKey makes a key with a policy, "" for the one by default, and returns its ARN.
func (w *world) newKey(region, policy string) string {
	w.Helper()
	in := &kms.CreateKeyInput{}
	if policy != "" {
		in.Policy = &policy
	}
	out, err := w.kms(region).CreateKey(w.Context(), in)
	return aws.ToString(must(w, out, err).KeyMetadata.Arn)
}

const (
	delegates = `{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*","Resource":"*"}`
	operator  = "arn:aws:iam::000000000000:user/operator"
)

func keyPolicy(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

func TestKeysLiveAsInKMS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		client, ctx := w.kms(ireland), t.Context()
		arn := w.newKey(ireland, "")
		id := arn[strings.LastIndex(arn, "/")+1:]
		refused := func(what string, err error, want string) {
			t.Helper()
			if code(err) != want {
				t.Errorf("%s: %v, want %s", what, err, want)
			}
		}
		got := func() string {
			out, err := client.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &id})
			return aws.ToString(must(w, out, err).Policy)
		}
		if !strings.Contains(got(), `"Principal":{"AWS":"arn:aws:iam::000000000000:root"}`) {
			t.Errorf("a key made without a policy has %s", got())
		}
		names, err := client.ListKeyPolicies(ctx, &kms.ListKeyPoliciesInput{KeyId: &arn})
		if !slices.Equal(must(w, names, err).PolicyNames, []string{"default"}) {
			t.Errorf("its policies are %v", names.PolicyNames)
		}
		grants, err := client.ListGrants(ctx, &kms.ListGrantsInput{KeyId: &arn})
		if len(must(w, grants, err).Grants) != 0 {
			t.Errorf("it has grants: %v", grants.Grants)
		}

		put := func(policy string, bypass bool) error {
			_, err := client.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: &arn, Policy: &policy, BypassPolicyLockoutSafetyCheck: bypass})
			return err
		}
		const use = `{"Sid":"Use","Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*"}`
		refused("a policy that locks its writer out", put(keyPolicy(use), false), "MalformedPolicyDocumentException")
		refused("a policy without a principal", put(keyPolicy(`{"Effect":"Allow","Action":"kms:*","Resource":"*"}`), false), "MalformedPolicyDocumentException")
		refused("a policy of nobody", put(keyPolicy(delegates, strings.ReplaceAll(use, `"*","Action"`, `{"AWS":"`+operator+`s"},"Action"`)), false), "MalformedPolicyDocumentException")
		if err := put(keyPolicy(delegates, use), false); err != nil || got() != keyPolicy(delegates, use) {
			t.Errorf("a policy reads %s, %v", got(), err)
		}

		_, err = client.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/mine"), TargetKeyId: &arn})
		refused("an alias", err, "")
		_, err = client.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/mine"), TargetKeyId: &arn})
		refused("that alias again", err, "AlreadyExistsException")
		aliases, err := client.ListAliases(ctx, &kms.ListAliasesInput{KeyId: &arn})
		if all := must(w, aliases, err).Aliases; len(all) != 1 || aws.ToString(all[0].AliasName) != "alias/mine" {
			t.Errorf("the aliases are %v", all)
		}
		named, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String("alias/mine")})
		if aws.ToString(must(w, named, err).KeyMetadata.Arn) != arn {
			t.Errorf("the alias is of %s", aws.ToString(named.KeyMetadata.Arn))
		}
		_, err = client.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: aws.String("alias/mine")})
		refused("the policy of an alias", err, "NotFoundException")
		_, err = client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String("none")})
		refused("a key that is not there", err, "NotFoundException")
		_, err = w.kms(singapore).DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &arn})
		refused("a key of another region", err, "NotFoundException")

		_, err = client.DisableKey(ctx, &kms.DisableKeyInput{KeyId: &id})
		refused("disabling", err, "")
		described := func() *types.KeyMetadata {
			out, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &id})
			return must(w, out, err).KeyMetadata
		}
		if described().KeyState != types.KeyStateDisabled || described().Enabled {
			t.Errorf("a disabled key is %+v", described())
		}
		_, err = client.EnableKey(ctx, &kms.EnableKeyInput{KeyId: &id})
		refused("enabling", err, "")
		gone, err := client.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: &id, PendingWindowInDays: aws.Int32(7)})
		if at := aws.ToTime(must(w, gone, err).DeletionDate); time.Until(at) != 7*24*time.Hour || described().KeyState != types.KeyStatePendingDeletion {
			t.Errorf("it goes at %v and is %+v", at, described())
		}
		_, err = client.EnableKey(ctx, &kms.EnableKeyInput{KeyId: &id})
		refused("enabling what goes", err, "KMSInvalidStateException")
		_, err = client.CancelKeyDeletion(ctx, &kms.CancelKeyDeletionInput{KeyId: &id})
		if err != nil || described().KeyState != types.KeyStateDisabled {
			t.Errorf("kept after all it is %+v, %v", described(), err)
		}
	})
}

func TestAWSsOwnKeyIsForItsAccountAloneAndStaysAsItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		out, err := w.kms(ireland).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("alias/aws/s3")})
		key := must(w, out, err).KeyMetadata
		if key.KeyManager != types.KeyManagerTypeAws || !strings.Contains(aws.ToString(key.Arn), ":key/") {
			t.Errorf("it is %+v", key)
		}
		policy, err := w.kms(ireland).GetKeyPolicy(t.Context(), &kms.GetKeyPolicyInput{KeyId: key.KeyId})
		if text := aws.ToString(must(w, policy, err).Policy); !strings.Contains(text, `"kms:CallerAccount":"000000000000"`) {
			t.Errorf("its policy is %s", text)
		}
		_, err = w.kms(ireland).PutKeyPolicy(t.Context(), &kms.PutKeyPolicyInput{KeyId: key.KeyId, Policy: aws.String(keyPolicy(delegates))})
		if code(err) != "AccessDeniedException" {
			t.Errorf("its policy is put: %v", err)
		}
	})
}

// What a key's policy says holds for whoever uploads and reads.
func TestAKeyPolicyDecidesAboutUploadsAndReads(t *testing.T) {
	hired := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"KMS],"Resource":"*"}]}`
	const me = "arn:aws:iam::000000000000:user/hired"
	allow := func(principal, actions, condition string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":[` + actions + `],"Resource":"*"` + condition + `}`
	}
	named := `{"AWS":"` + me + `"}`
	const all = `"kms:GenerateDataKey","kms:Decrypt"`
	deny := func(condition string) string {
		return `{"Effect":"Deny","Principal":"*","Action":["kms:GenerateDataKey","kms:Decrypt"],"Resource":"*","Condition":` + condition + `}`
	}
	keeper := allow(`{"AWS":"`+operator+`"}`, `"kms:*"`, "")
	for name, c := range map[string]struct {
		policy, kms string // of the key, and what the user's own adds
		state       string
		writes      string // "" where that is allowed
		parts       string // the same of an upload in parts
		reads       string
	}{
		"it leaves it to the account, which allows": {policy: keyPolicy(delegates), kms: `,"kms:*"`},
		"it leaves it to the account, which does not": {
			policy: keyPolicy(delegates), writes: "AccessDenied", parts: "AccessDenied", reads: "AccessDenied",
		},
		"it leaves nothing to the account": {
			policy: keyPolicy(keeper), kms: `,"kms:*"`, writes: "AccessDenied", parts: "AccessDenied", reads: "AccessDenied",
		},
		"it names the user":            {policy: keyPolicy(keeper, allow(named, all, ""))},
		"it lets the user write":       {policy: keyPolicy(keeper, allow(named, `"kms:GenerateDataKey"`, "")), parts: "AccessDenied", reads: "AccessDenied"},
		"it lets the user read":        {policy: keyPolicy(keeper, allow(named, `"kms:Decrypt"`, "")), writes: "AccessDenied", parts: "AccessDenied"},
		"it is for S3 here":            {policy: keyPolicy(keeper, allow(`"*"`, all, `,"Condition":{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com","kms:CallerAccount":"000000000000"}}`))},
		"it is for S3 elsewhere":       {policy: keyPolicy(keeper, allow(`"*"`, all, `,"Condition":{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}`)), writes: "AccessDenied", parts: "AccessDenied", reads: "AccessDenied"},
		"it is for the object":         {policy: keyPolicy(keeper, allow(named, all, `,"Condition":{"StringEquals":{"kms:EncryptionContext:aws:s3:arn":["arn:aws:s3:::here/k"]}}`))},
		"it is for other objects":      {policy: keyPolicy(keeper, allow(named, all, `,"Condition":{"StringLike":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::here/other/*"}}`)), writes: "AccessDenied", parts: "AccessDenied", reads: "AccessDenied"},
		"it denies":                    {policy: keyPolicy(delegates, deny(`{"ArnEquals":{"aws:PrincipalArn":"`+me+`"}}`)), kms: `,"kms:*"`, writes: "AccessDenied", parts: "AccessDenied", reads: "AccessDenied"},
		"it goes by the key's account": {policy: keyPolicy(keeper, allow(named, all, `,"Condition":{"StringEquals":{"aws:ResourceAccount":"000000000000"}}`))},
		"it is disabled":               {policy: keyPolicy(delegates), kms: `,"kms:*"`, state: "Disabled", writes: "KMS.DisabledException", parts: "KMS.DisabledException", reads: "KMS.DisabledException"},
		"it is pending deletion":       {policy: keyPolicy(delegates), kms: `,"kms:*"`, state: "PendingDeletion", writes: "KMS.KMSInvalidStateException", parts: "KMS.KMSInvalidStateException", reads: "KMS.KMSInvalidStateException"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true})
				w.bucket("here", ireland)
				arn := w.newKey(ireland, "")
				_, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("here"), Key: aws.String("k"), Body: strings.NewReader("x"), ServerSideEncryption: s3types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &arn})
				if err != nil {
					t.Fatal(err)
				}
				if err := w.sandbox.Directory().AddUser("hired", "AKIAHIRED", "secret", strings.Replace(hired, "KMS", c.kms, 1)); err != nil {
					t.Fatal(err)
				}
				if err := w.sandbox.PutKMSKey(sandbox.KMSKey{ARN: arn, State: c.state, Policy: c.policy}); err != nil {
					t.Fatal(err)
				}
				config := w.config(ireland)
				config.Credentials = credentials.NewStaticCredentialsProvider("AKIAHIRED", "secret", "")
				client := s3.NewFromConfig(config, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = aws.String("http://127.0.0.1:9000"), true })
				bucket, key := aws.String("here"), aws.String("k")
				check := func(what string, err error, want string) {
					if code(err) != want {
						t.Errorf("%s: %v, want %q", what, err, want)
					}
				}
				_, err = client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: key})
				check("reading", err, c.reads)
				_, err = client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: key})
				check("looking", err, "")
				_, err = client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("x"), ServerSideEncryption: s3types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &arn})
				check("writing", err, c.writes)
				begun, err := client.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key, ServerSideEncryption: s3types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &arn})
				if err == nil {
					_, err = client.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: bucket, Key: key, UploadId: begun.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("x")})
				}
				check("writing in parts", err, c.parts)
			})
		})
	}
}

// A key that a bucket names by its alias is found, and kept by its ARN.
func TestABucketsKeyByItsAlias(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.bucket("here", ireland)
		arn := w.newKey(ireland, "")
		if _, err := w.kms(ireland).CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: aws.String("alias/mine"), TargetKeyId: &arn}); err != nil {
			t.Fatal(err)
		}
		out, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String("here"), Key: aws.String("k"), Body: strings.NewReader("x"), ServerSideEncryption: s3types.ServerSideEncryptionAwsKms, SSEKMSKeyId: aws.String("alias/mine"),
		})
		if aws.ToString(must(w, out, err).SSEKMSKeyId) != arn {
			t.Errorf("it is under %s, want %s", aws.ToString(out.SSEKMSKeyId), arn)
		}
	})
}

// Keys, with all that was changed of them, are there after a restart.
func TestKeysAreKeptBetweenRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := sandbox.Options{NoDistance: true, State: t.TempDir()}
		before := newWorld(t, o)
		arn := before.newKey(ireland, keyPolicy(delegates))
		if _, err := before.kms(ireland).CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: aws.String("alias/mine"), TargetKeyId: &arn}); err != nil {
			t.Fatal(err)
		}
		if _, err := before.kms(ireland).DisableKey(t.Context(), &kms.DisableKeyInput{KeyId: &arn}); err != nil {
			t.Fatal(err)
		}
		if err := before.sandbox.Close(); err != nil {
			t.Fatal(err)
		}
		after := newWorld(t, o)
		out, err := after.kms(ireland).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("alias/mine")})
		if must(after, out, err).KeyMetadata.KeyState != types.KeyStateDisabled || aws.ToString(out.KeyMetadata.Arn) != arn {
			t.Errorf("it is %+v", out.KeyMetadata)
		}
		policy, err := after.kms(ireland).GetKeyPolicy(t.Context(), &kms.GetKeyPolicyInput{KeyId: &arn})
		if aws.ToString(must(after, policy, err).Policy) != keyPolicy(delegates) {
			t.Errorf("its policy is %s", aws.ToString(policy.Policy))
		}
	})
}

// What one call changes of a key, another beside it does not take back.
func TestChangesOfAKeySideBySideAllStay(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true})
	client, ctx := w.kms(ireland), t.Context()
	arn, beside := w.newKey(ireland, ""), w.newKey(ireland, "")
	var all sync.WaitGroup
	var twice atomic.Int32
	failed := func(err error) {
		if err != nil {
			t.Error(err)
		}
	}
	for i := range 40 {
		all.Go(func() {
			_, err := client.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String(fmt.Sprintf("alias/%d", i)), TargetKeyId: &arn})
			failed(err)
		})
		all.Go(func() { // the same name for two keys
			if _, err := client.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/once"), TargetKeyId: aws.String([]string{arn, beside}[i%2])}); err == nil {
				twice.Add(1)
			}
		})
	}
	all.Go(func() {
		_, err := client.DisableKey(ctx, &kms.DisableKeyInput{KeyId: &arn})
		failed(err)
	})
	text := keyPolicy(delegates, `{"Sid":"Mine","Effect":"Allow","Principal":{"AWS":"`+operator+`"},"Action":"kms:*","Resource":"*"}`)
	all.Go(func() {
		_, err := client.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: &arn, Policy: &text})
		failed(err)
	})
	all.Wait()
	listed, err := client.ListAliases(ctx, &kms.ListAliasesInput{KeyId: &arn})
	named := 0
	for _, alias := range must(w, listed, err).Aliases {
		if *alias.AliasName != "alias/once" {
			named++
		}
	}
	described, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &arn})
	state := must(w, described, err).KeyMetadata.KeyState
	policy, err := client.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &arn})
	if named != 40 || twice.Load() != 1 || state != types.KeyStateDisabled || *must(w, policy, err).Policy != text {
		t.Errorf("it has %d aliases of 40, %d times the same, is %s, and its policy is %s", named, twice.Load(), state, *policy.Policy)
	}
}

func TestGrantsStandBesideAKeysPolicyUntilTheyAreRevoked(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true})
	client, ctx := w.kms(ireland), t.Context()
	arn := w.newKey(ireland, "")
	grant := func() string {
		out, err := client.CreateGrant(ctx, &kms.CreateGrantInput{
			KeyId: &arn, GranteePrincipal: aws.String(operator), Operations: []types.GrantOperation{types.GrantOperationDecrypt},
			Constraints: &types.GrantConstraints{EncryptionContextSubset: map[string]string{"aws:s3:arn": "arn:aws:s3:::b"}},
		})
		return aws.ToString(must(w, out, err).GrantId)
	}
	first, second := grant(), grant()
	var listed []string
	for pages := kms.NewListGrantsPaginator(client, &kms.ListGrantsInput{KeyId: &arn, Limit: aws.Int32(1)}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		for _, g := range must(w, page, err).Grants {
			listed = append(listed, *g.GrantId)
			if g.Constraints.EncryptionContextSubset["aws:s3:arn"] != "arn:aws:s3:::b" || *g.GranteePrincipal != operator {
				t.Errorf("a grant reads %+v", g)
			}
		}
	}
	if !slices.Equal(listed, []string{first, second}) {
		t.Errorf("the grants are %q, not %q and %q", listed, first, second)
	}
	text := keyPolicy(delegates)
	if _, err := client.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: &arn, Policy: &text}); err != nil {
		t.Fatal(err)
	}
	if got, err := client.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &arn}); *must(w, got, err).Policy != text {
		t.Errorf("with grants the policy reads %s", *got.Policy)
	}
	if _, err := client.RevokeGrant(ctx, &kms.RevokeGrantInput{KeyId: &arn, GrantId: &first}); err != nil {
		t.Fatal(err)
	}
	_, err := client.RevokeGrant(ctx, &kms.RevokeGrantInput{KeyId: &arn, GrantId: &first})
	if code(err) != "NotFoundException" {
		t.Errorf("to revoke it again says %v", err)
	}
	if left, err := client.ListGrants(ctx, &kms.ListGrantsInput{KeyId: &arn}); len(must(w, left, err).Grants) != 1 {
		t.Errorf("%d grants are left", len(left.Grants))
	}
}
