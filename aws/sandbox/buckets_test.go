package sandbox_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// quick is a sandbox without distances.
func quick(t *testing.T) *world {
	t.Helper()
	return newWorld(t, sandbox.Options{NoDistance: true})
}

func TestCreateBucketAnswersByRegionAndConstraint(t *testing.T) {
	w := quick(t)
	w.plainBucket("mine-east", "us-east-1")
	w.plainBucket("mine-ireland", ireland)
	must(t, 0, w.sandbox.AddAccount(sandbox.Account{ID: "999999999999", Buckets: []sandbox.AccountBucket{{Name: "theirs", Region: ireland}}}))
	const owned = "Your previous request to create the named bucket succeeded and you already own it."
	for name, row := range map[string]struct {
		region, bucket, constraint string
		tags                       []types.Tag
		code, message              string
	}{
		"us-east-1 with its own constraint": {"us-east-1", "fresh", "us-east-1", nil, "InvalidLocationConstraint", "The specified location-constraint is not valid"},
		"us-east-1 with junk":               {"us-east-1", "fresh", "junk", nil, "InvalidLocationConstraint", "The specified location-constraint is not valid"},
		"elsewhere without one":             {"us-east-2", "fresh", "", nil, "IllegalLocationConstraintException", "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to."},
		"another region's":                  {ireland, "fresh", singapore, nil, "IllegalLocationConstraintException", "The ap-southeast-1 location constraint is incompatible for the region specific endpoint this request was sent to."},
		"own bucket again":                  {ireland, "mine-ireland", ireland, nil, "BucketAlreadyOwnedByYou", owned},
		"own bucket again, us-east-1":       {"us-east-1", "mine-east", "", nil, "", ""},
		"own bucket again, tagged":          {"us-east-1", "mine-east", "", []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}, "BucketAlreadyOwnedByYou", owned},
		"somebody else's":                   {ireland, "theirs", ireland, nil, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again."},
		"bad name":                          {ireland, "Upper", ireland, nil, "InvalidBucketName", "The specified bucket is not valid."},
		"reserved tag":                      {ireland, "fresh", ireland, []types.Tag{{Key: aws.String("aws:x"), Value: aws.String("v")}}, "InvalidTag", `User-defined tag keys can't start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.`},
	} {
		t.Run(name, func(t *testing.T) {
			in := &s3.CreateBucketInput{Bucket: &row.bucket}
			if row.constraint != "" || row.tags != nil {
				in.CreateBucketConfiguration = &types.CreateBucketConfiguration{
					LocationConstraint: types.BucketLocationConstraint(row.constraint), Tags: row.tags,
				}
			}
			_, err := w.s3(row.region).CreateBucket(t.Context(), in)
			if row.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			refused(t, err, row.code, row.message)
		})
	}
}

func TestNewBucketHasTheDefaultsOfS3(t *testing.T) {
	w := quick(t)
	w.plainBucket("fresh", ireland)
	client, name := w.s3(ireland), aws.String("fresh")
	encryption, err := client.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: name})
	if err != nil || encryption.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm != "AES256" {
		t.Errorf("encryption %v, %v", encryption, err)
	}
	ownership, err := client.GetBucketOwnershipControls(t.Context(), &s3.GetBucketOwnershipControlsInput{Bucket: name})
	if err != nil || ownership.OwnershipControls.Rules[0].ObjectOwnership != "BucketOwnerEnforced" {
		t.Errorf("ownership %v, %v", ownership, err)
	}
	block, err := client.GetPublicAccessBlock(t.Context(), &s3.GetPublicAccessBlockInput{Bucket: name})
	if err != nil || !*block.PublicAccessBlockConfiguration.BlockPublicPolicy {
		t.Errorf("public access block %v, %v", block, err)
	}
	for want, call := range map[string]func() error{
		"NoSuchTagSet": func() error {
			_, err := client.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: name})
			return err
		},
		"NoSuchBucketPolicy": func() error {
			_, err := client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: name})
			return err
		},
		"NoSuchLifecycleConfiguration": func() error {
			_, err := client.GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: name})
			return err
		},
		"ObjectLockConfigurationNotFoundError": func() error {
			_, err := client.GetObjectLockConfiguration(t.Context(), &s3.GetObjectLockConfigurationInput{Bucket: name})
			return err
		},
		"ReplicationConfigurationNotFoundError": func() error {
			_, err := client.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: name})
			return err
		},
		"NotImplemented": func() error {
			_, err := client.GetBucketAbac(t.Context(), &s3.GetBucketAbacInput{Bucket: name})
			return err
		},
	} {
		if got := code(call()); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	list, err := client.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if err != nil || len(list.Buckets) != 1 || *list.Buckets[0].BucketRegion != ireland {
		t.Errorf("buckets %v, %v", list, err)
	}
}

func TestWrongRegionIsAnsweredWithTheRightOne(t *testing.T) {
	w := quick(t)
	w.plainBucket("here", singapore)
	client := w.s3(ireland)
	_, err := client.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("here")})
	var response *awshttp.ResponseError
	if !errors.As(err, &response) || response.HTTPStatusCode() != http.StatusMovedPermanently ||
		response.Response.Header.Get("X-Amz-Bucket-Region") != singapore {
		t.Errorf("HEAD: %v", err)
	}
	_, err = client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("here")})
	refused(t, err, "PermanentRedirect",
		"The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.")
	// The regional endpoint itself, addressed with the signature of another.
	mixed := s3.NewFromConfig(w.config(ireland), func(o *s3.Options) {
		o.BaseEndpoint = aws.String("https://s3.ap-southeast-1.amazonaws.com")
	})
	_, err = mixed.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("here")})
	refused(t, err, "AuthorizationHeaderMalformed",
		"The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'ap-southeast-1'")
}

func TestExpectedOwnerIsChecked(t *testing.T) {
	w := quick(t)
	w.plainBucket("here", ireland)
	for owner, want := range map[string]string{
		w.sandbox.AccountID(): "", "111111111111": "AccessDenied", "me": "InvalidBucketOwnerAWSAccountID",
	} {
		_, err := w.s3(ireland).GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{
			Bucket: aws.String("here"), ExpectedBucketOwner: aws.String(owner),
		})
		if got := code(err); got != want {
			t.Errorf("owner %s: got %q, want %q", owner, got, want)
		}
	}
}

func TestVersioningRefusals(t *testing.T) {
	w := quick(t)
	w.pair()
	w.plainBucket("plain", ireland)
	refused(t, w.versioning("plain", ireland, "enabled"), "MalformedXML",
		"The XML you provided was not well-formed or did not validate against our published schema")
	refused(t, w.versioning("plain", ireland, ""), "IllegalVersioningConfigurationException",
		"The Versioning element must be specified")
	refused(t, w.versioning("missing", ireland, "Enabled"), "NoSuchBucket", "The specified bucket does not exist")
	refused(t, w.versioning("side-a", ireland, "Suspended"), "InvalidBucketState",
		"A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.")
	if err := w.versioning("plain", ireland, "Suspended"); err != nil {
		t.Errorf("suspending what was never enabled: %v", err)
	}
}

func TestPutReplicationChecksBucketsAndRoleInOrder(t *testing.T) {
	w := quick(t)
	w.plainBucket("unversioned", ireland)
	w.bucket("source", ireland)
	w.bucket("there", singapore)
	const role = "arn:aws:iam::000000000000:role/does-not-exist"
	replicate := func(from, role, to string) error { return w.replicate(from, ireland, role, rule(to)) }
	refused(t, replicate("unversioned", role, "nowhere"), "InvalidRequest",
		"Versioning must be 'Enabled' on the bucket to apply a replication configuration")
	refused(t, replicate("source", role, "nowhere"), "InvalidRequest", "Destination bucket must exist.")
	refused(t, replicate("source", role, "unversioned"), "InvalidRequest", "Destination bucket must have versioning enabled.")
	refused(t, replicate("source", role, "source"), "InvalidRequest", "Destination bucket cannot be the same as the source bucket.")
	refused(t, replicate("unversioned", "me", "there"), "InvalidArgument", "Invalid Role specified in replication configuration")
	refused(t, replicate("source", "arn:aws:iam::000000000000:user/u", "there"), "InvalidArgument", "The relative id should start with role")
	refused(t, replicate("source", "arn:aws:iam::111111111111:role/r", "there"), "AccessDenied", "Access Denied")
	refused(t, replicate("missing", role, "there"), "NoSuchBucket", "The specified bucket does not exist")
	if err := replicate("source", role, "there"); err != nil {
		t.Errorf("a role that does not exist is refused: %v", err)
	}
	for range 2 {
		if _, err := w.s3(ireland).DeleteBucketReplication(t.Context(), &s3.DeleteBucketReplicationInput{Bucket: aws.String("source")}); err != nil {
			t.Errorf("removing it: %v", err)
		}
	}
}

func TestDeleteBucketWantsItEmptyOfVersions(t *testing.T) {
	w := quick(t)
	w.bucket("full", ireland)
	put := w.put("full", ireland, "k", "x")
	client := w.s3(ireland)
	remove := func() error {
		_, err := client.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("full")})
		return err
	}
	marker, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("full"), Key: aws.String("k")})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, remove(), "BucketNotEmpty",
		"The bucket you tried to delete is not empty. You must delete all versions in the bucket.")
	out, err := client.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: aws.String("full"), Delete: &types.Delete{
		Objects: []types.ObjectIdentifier{
			{Key: aws.String("k"), VersionId: put.VersionId}, {Key: aws.String("k"), VersionId: marker.VersionId},
		},
	}})
	if err != nil || len(out.Errors) != 0 || len(out.Deleted) != 2 || !aws.ToBool(out.Deleted[1].DeleteMarker) {
		t.Fatal(out, err)
	}
	if err := remove(); err != nil {
		t.Error(err)
	}
	refused(t, remove(), "NoSuchBucket", "The specified bucket does not exist")
}

func TestCallerWithoutRightsIsRefusedInAWSsWords(t *testing.T) {
	w := quick(t)
	w.plainBucket("here", ireland)
	if err := w.sandbox.Directory().AddUser("reader", "AKIAREADER", "secret",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`); err != nil {
		t.Fatal(err)
	}
	config := w.config(ireland)
	config.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIAREADER", SecretAccessKey: "secret"}, nil
	})
	client := s3.NewFromConfig(config)
	_, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("here"), Key: aws.String("k")})
	refused(t, err, "AccessDenied", `User: arn:aws:iam::000000000000:user/reader is not authorized to perform: s3:PutObject on `+
		`resource: "arn:aws:s3:::here/k" because no identity-based policy allows the s3:PutObject action`)
	_, err = client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("here"), Key: aws.String("absent")})
	if code(err) != "Forbidden" {
		t.Errorf("HEAD of an absent key without ListBucket: %v, want Forbidden", err)
	}
}
