package parity_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/audit/parity"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
	"bothways/aws/sandbox/fault"
)

var testPair = pair.Pair{
	A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-parity-one"},
	B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-parity-two"},
	Options: pair.DefaultOptions(),
}

// What the sandbox does not know is unknown, and no more than that.
var unknownHere = []string{"abac", "metadata-tables"}

type lab struct {
	t     *testing.T
	box   *sandbox.Sandbox
	world survey.World
}

func scenario(t *testing.T, run func(*lab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		box, err := sandbox.New(sandbox.Options{Seed: 7, Dir: t.TempDir(), NoDistance: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := box.Close(); err != nil {
				t.Error(err)
			}
		})
		key, secret := box.Credentials()
		access := account.Access{
			Endpoint: "http://sandbox.invalid", HTTPClient: &http.Client{Transport: box.Transport()},
			Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
		}
		l := &lab{t: t, box: box, world: survey.World{Pair: testPair, RunID: "test"}}
		l.world.A, err = access.Open(t.Context(), testPair.A.Region)
		l.must(err)
		l.world.B, err = access.Open(t.Context(), testPair.B.Region)
		l.must(err)
		found, err := plan.Look(t.Context(), l.world)
		l.must(err)
		l.must(plan.Apply(t.Context(), plan.SetUp(found), func(pair.Event) {}))
		run(l)
	})
}

func (l *lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) compare() map[string]parity.Setting {
	l.t.Helper()
	var events []pair.Event
	all, err := parity.Compare(context.Background(), l.world, map[pair.SideName]string{pair.A: "000000000000", pair.B: "000000000000"}, func(e pair.Event) { events = append(events, e) })
	l.must(err)
	if len(events) != len(all)+1 || len(all) != len(parity.Names()) {
		l.t.Errorf("%d events, %d settings, %d names", len(events), len(all), len(parity.Names()))
	}
	settings := map[string]parity.Setting{}
	for _, s := range all {
		settings[s.Name] = s
		if _, err := pair.EncodeEvent(s); err != nil {
			l.t.Error(err)
		}
		if (s.Judgement == parity.Differs) != (s.Means != "" && len(s.Differences) > 0 && len(s.LikeA) > 0 && len(s.LikeB) > 0) {
			l.t.Errorf("%s %s: %q, %q, %v, %v", s.Name, s.Judgement, s.Means, s.Differences, s.LikeA, s.LikeB)
		}
	}
	return settings
}

// differing are the names of what differs, and wants nothing unknown but what the
// sandbox does not know.
func (l *lab) differing() []string {
	l.t.Helper()
	var names []string
	all := l.compare()
	for _, name := range parity.Names() {
		switch s := all[name]; s.Judgement {
		case parity.Differs:
			names = append(names, name)
		case parity.Unknown:
			if !slices.Contains(unknownHere, name) {
				l.t.Errorf("%s is unknown: %q, %q", name, s.A.Unread, s.B.Unread)
			}
		case parity.Alike:
		}
	}
	return names
}

func TestAFreshPairIsAlike(t *testing.T) {
	scenario(t, func(l *lab) {
		if names := l.differing(); len(names) > 0 {
			l.t.Errorf("differing are %q", names)
		}
	})
}

// What each side says of itself is the same, in any order.
func TestWhatNamesTheOwnBucketAndRegionIsAlike(t *testing.T) {
	scenario(t, func(l *lab) {
		for _, side := range pair.Sides() {
			at := testPair.Side(side)
			statements := []string{
				`{"Sid":"One` + string(side) + `","Effect":"Deny","Principal":"*","Action":["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::` + at.Bucket + `/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`,
				`{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::000000000000:root"]},"Action":"s3:GetObject","Resource":["arn:aws:s3:::` + at.Bucket + `/public/*"],"Condition":{"StringEquals":{"aws:RequestedRegion":"` + at.Region + `"}}}`,
			}
			lifecycle := []types.LifecycleRule{expiring("one", "a/", 10), expiring("two", "b/", 20)}
			if side == pair.B {
				slices.Reverse(statements)
				statements[0] = strings.ReplaceAll(statements[0], `["arn:aws:iam::000000000000:root"]`, `"arn:aws:iam::000000000000:root"`)
				slices.Reverse(lifecycle)
				lifecycle[0].ID = aws.String("otherwise")
			}
			_, err := l.s3(side).PutBucketPolicy(l.t.Context(), &s3.PutBucketPolicyInput{
				Bucket: &at.Bucket, Policy: aws.String(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`),
			})
			l.must(err)
			_, err = l.s3(side).PutBucketLifecycleConfiguration(l.t.Context(), &s3.PutBucketLifecycleConfigurationInput{
				Bucket: &at.Bucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: lifecycle},
			})
			l.must(err)
		}
		if names := l.differing(); len(names) > 0 {
			l.t.Errorf("differing are %q: %q", names, l.compare()[names[0]].Differences)
		}
	})
}

func (l *lab) s3(side pair.SideName) *s3.Client { return l.world.Clients(side).S3 }

func expiring(id, prefix string, days int32) types.LifecycleRule {
	return types.LifecycleRule{
		ID: &id, Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: &prefix}, Expiration: &types.LifecycleExpiration{Days: &days},
	}
}

// changes are settings of side A that B lacks, by the name of the setting.
var changes = map[string]struct {
	put   func(ctx context.Context, c *s3.Client, b *string) error
	words string // of the line, where there is none but words
}{
	"policy": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: b, Policy: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"delivery.logs.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::` + *b + `/logs/*"}]}`)})
		return err
	}, ""},
	"public-access-block": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: b, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true), RestrictPublicBuckets: aws.Bool(false),
		}})
		return err
	}, "take away what the other bucket blocks"},
	"ownership": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{Bucket: b, OwnershipControls: &types.OwnershipControls{
			Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerPreferred}},
		}})
		return err
	}, "ACLs"},
	"cors": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketCors(ctx, &s3.PutBucketCorsInput{Bucket: b, CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{
			{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"https://example.org"}, MaxAgeSeconds: aws.Int32(60)},
		}}})
		return err
	}, ""},
	"lifecycle": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{Bucket: b, LifecycleConfiguration: &types.BucketLifecycleConfiguration{
			Rules: []types.LifecycleRule{{
				ID: aws.String("cool"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")},
				Transitions: []types.Transition{{Days: aws.Int32(30), StorageClass: types.TransitionStorageClassStandardIa}},
			}},
		}})
		return err
	}, ""},
	"encryption": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{Bucket: b, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms}}},
		}})
		return err
	}, ""},
	"object-lock": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutObjectLockConfiguration(ctx, &s3.PutObjectLockConfigurationInput{Bucket: b, ObjectLockConfiguration: &types.ObjectLockConfiguration{
			ObjectLockEnabled: types.ObjectLockEnabledEnabled,
		}})
		return err
	}, "switched off"},
	"notifications": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: b, NotificationConfiguration: &types.NotificationConfiguration{
			EventBridgeConfiguration: &types.EventBridgeConfiguration{},
		}})
		return err
	}, ""},
	"tags": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: b, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("team"), Value: aws.String("x")}}}})
		return err
	}, "tag-resource"},
	"website": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketWebsite(ctx, &s3.PutBucketWebsiteInput{Bucket: b, WebsiteConfiguration: &types.WebsiteConfiguration{IndexDocument: &types.IndexDocument{Suffix: aws.String("index.html")}}})
		return err
	}, ""},
	"acceleration": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketAccelerateConfiguration(ctx, &s3.PutBucketAccelerateConfigurationInput{Bucket: b, AccelerateConfiguration: &types.AccelerateConfiguration{Status: types.BucketAccelerateStatusEnabled}})
		return err
	}, ""},
	"request-payment": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketRequestPayment(ctx, &s3.PutBucketRequestPaymentInput{Bucket: b, RequestPaymentConfiguration: &types.RequestPaymentConfiguration{Payer: types.PayerRequester}})
		return err
	}, ""},
	"intelligent-tiering": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketIntelligentTieringConfiguration(ctx, &s3.PutBucketIntelligentTieringConfigurationInput{Bucket: b, Id: aws.String("cold"), IntelligentTieringConfiguration: &types.IntelligentTieringConfiguration{
			Id: aws.String("cold"), Status: types.IntelligentTieringStatusEnabled, Tierings: []types.Tiering{{AccessTier: types.IntelligentTieringAccessTierArchiveAccess, Days: aws.Int32(90)}},
		}})
		return err
	}, ""},
	"metrics": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketMetricsConfiguration(ctx, &s3.PutBucketMetricsConfigurationInput{Bucket: b, Id: aws.String("all"), MetricsConfiguration: &types.MetricsConfiguration{Id: aws.String("all")}})
		return err
	}, ""},
	"analytics": {func(ctx context.Context, c *s3.Client, b *string) error {
		_, err := c.PutBucketAnalyticsConfiguration(ctx, &s3.PutBucketAnalyticsConfigurationInput{Bucket: b, Id: aws.String("all"), AnalyticsConfiguration: &types.AnalyticsConfiguration{
			Id: aws.String("all"), StorageClassAnalysis: &types.StorageClassAnalysis{},
		}})
		return err
	}, "by hand"},
}

// Each setting that one side alone has is the one that differs, and the lines make
// the other like it, and it like the other again.
func TestALineMakesTheOtherSideAlike(t *testing.T) {
	for name, c := range changes {
		for _, back := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", and back"}[back], func(t *testing.T) {
				scenario(t, func(l *lab) {
					l.must(c.put(l.t.Context(), l.s3(pair.A), &testPair.A.Bucket))
					if names := l.differing(); !slices.Equal(names, []string{name}) {
						l.t.Fatalf("differing are %q", names)
					}
					s := l.compare()[name]
					lines, side := s.LikeA, pair.B
					if back {
						lines, side = s.LikeB, pair.A
					}
					if lines[0].Words != "" {
						if !back && c.words == "" || !back && !strings.Contains(lines[0].Words, c.words) || lines[0].CLI != "" {
							l.t.Errorf("there are words: %+v", lines)
						}
						return
					}
					if !back && c.words != "" {
						l.t.Errorf("there is a line: %+v", lines)
					}
					for _, line := range lines {
						if !strings.HasPrefix(line.CLI, "aws s3api ") || !strings.Contains(line.CLI, "--region "+testPair.Side(side).Region) || !strings.Contains(line.CLI, testPair.Side(side).Bucket) {
							l.t.Errorf("the line is %s", line.CLI)
						}
						l.run(side, line)
					}
					if names := l.differing(); len(names) > 0 {
						l.t.Errorf("differing are still %q: %q after %s", names, l.compare()[names[0]].Differences, lines[0].Input)
					}
				})
			})
		}
	}
}

// run sends what a line would.
func (l *lab) run(side pair.SideName, line parity.Line) {
	l.t.Helper()
	c, ctx := l.s3(side), l.t.Context()
	var err error
	switch line.Call {
	case "PutBucketPolicy":
		_, err = c.PutBucketPolicy(ctx, input[s3.PutBucketPolicyInput](l, line))
	case "PutPublicAccessBlock":
		_, err = c.PutPublicAccessBlock(ctx, input[s3.PutPublicAccessBlockInput](l, line))
	case "PutBucketCors":
		_, err = c.PutBucketCors(ctx, input[s3.PutBucketCorsInput](l, line))
	case "DeleteBucketCors":
		_, err = c.DeleteBucketCors(ctx, input[s3.DeleteBucketCorsInput](l, line))
	case "PutBucketLifecycleConfiguration":
		_, err = c.PutBucketLifecycleConfiguration(ctx, input[s3.PutBucketLifecycleConfigurationInput](l, line))
	case "DeleteBucketLifecycle":
		_, err = c.DeleteBucketLifecycle(ctx, input[s3.DeleteBucketLifecycleInput](l, line))
	case "PutBucketEncryption":
		_, err = c.PutBucketEncryption(ctx, input[s3.PutBucketEncryptionInput](l, line))
	case "PutBucketNotificationConfiguration":
		_, err = c.PutBucketNotificationConfiguration(ctx, input[s3.PutBucketNotificationConfigurationInput](l, line))
	case "PutBucketTagging":
		_, err = c.PutBucketTagging(ctx, input[s3.PutBucketTaggingInput](l, line))
	case "DeleteBucketTagging":
		_, err = c.DeleteBucketTagging(ctx, input[s3.DeleteBucketTaggingInput](l, line))
	case "PutBucketWebsite":
		_, err = c.PutBucketWebsite(ctx, input[s3.PutBucketWebsiteInput](l, line))
	case "DeleteBucketWebsite":
		_, err = c.DeleteBucketWebsite(ctx, input[s3.DeleteBucketWebsiteInput](l, line))
	case "PutBucketAccelerateConfiguration":
		_, err = c.PutBucketAccelerateConfiguration(ctx, input[s3.PutBucketAccelerateConfigurationInput](l, line))
	case "PutBucketRequestPayment":
		_, err = c.PutBucketRequestPayment(ctx, input[s3.PutBucketRequestPaymentInput](l, line))
	case "PutBucketIntelligentTieringConfiguration":
		_, err = c.PutBucketIntelligentTieringConfiguration(ctx, input[s3.PutBucketIntelligentTieringConfigurationInput](l, line))
	case "DeleteBucketIntelligentTieringConfiguration":
		_, err = c.DeleteBucketIntelligentTieringConfiguration(ctx, input[s3.DeleteBucketIntelligentTieringConfigurationInput](l, line))
	case "PutBucketMetricsConfiguration":
		_, err = c.PutBucketMetricsConfiguration(ctx, input[s3.PutBucketMetricsConfigurationInput](l, line))
	case "DeleteBucketMetricsConfiguration":
		_, err = c.DeleteBucketMetricsConfiguration(ctx, input[s3.DeleteBucketMetricsConfigurationInput](l, line))
	default:
		l.t.Fatalf("nobody has tried %s", line.Call)
	}
	l.must(err)
}

func input[T any](l *lab, line parity.Line) *T {
	l.t.Helper()
	var in T
	decoder := json.NewDecoder(strings.NewReader(string(line.Input)))
	decoder.DisallowUnknownFields()
	l.must(decoder.Decode(&in))
	return &in
}

// Where a line would do harm there are words.
func TestALineThatWouldDoHarmIsWords(t *testing.T) {
	for name, policy := range map[string]string{
		"a Deny":                `{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::bothways-parity-one/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`,
		"it names others":       `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::bothways-parity-one/*"}`,
		"it names others (all)": `{"Effect":"Allow","Principal":{"AWS":["000000000000"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::bothways-parity-one/*"}`,
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(l *lab) {
				_, err := l.s3(pair.A).PutBucketPolicy(l.t.Context(), &s3.PutBucketPolicyInput{
					Bucket: &testPair.A.Bucket, Policy: aws.String(`{"Version":"2012-10-17","Statement":[` + policy + `]}`),
				})
				l.must(err)
				s := l.compare()["policy"]
				words, _, _ := strings.Cut(name, " (")
				if len(s.LikeA) != 1 || s.LikeA[0].CLI != "" || !strings.Contains(s.LikeA[0].Words, words) {
					l.t.Errorf("%+v", s.LikeA)
				}
				if len(s.LikeB) != 1 || s.LikeB[0].CLI != "" || s.LikeB[0].Words == "" {
					l.t.Errorf("%+v", s.LikeB)
				}
			})
		})
	}
}

// What can't be read is unknown, with the right that it takes.
func TestWhatCannotBeReadNamesItsRight(t *testing.T) {
	scenario(t, func(l *lab) {
		_, err := l.box.Inject(sandbox.Fault{Kind: fault.Broken, Operation: "GetBucketCors", Region: "ap-southeast-1", Status: 403, Code: "AccessDenied"})
		l.must(err)
		s := l.compare()["cors"]
		if s.Judgement != parity.Unknown || !s.A.Read() || !strings.Contains(s.B.Unread, "s3:GetBucketCORS is missing on side B") || len(s.LikeA)+len(s.LikeB) > 0 {
			l.t.Errorf("%+v", s)
		}
	})
}
