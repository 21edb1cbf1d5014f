// Package account reaches AWS: profiles, identity, regions, and one set of
// SDK clients for each side. Credentials stay inside the SDK; nothing here
// prints, stores or returns them.
package account

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	optin "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithyendpoints "github.com/aws/smithy-go/endpoints"

	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// Access says how an account is reached. The zero value is what the SDK's own
// environment variables and config files say.
type Access struct {
	// Profile is a profile of the shared config files; "" is the default chain.
	Profile string
	// Endpoint replaces AWS's addresses for every service; "" leaves what the
	// SDK's own settings say (AWS_ENDPOINT_URL among them).
	Endpoint string
	// Credentials replace the SDK's chain, for the sandbox.
	Credentials aws.CredentialsProvider
	// Other reaches side B of a pair where that takes another access; nil:
	// this one reaches both.
	Other *Access
	// Login keeps the credentials over several Opens, so that a code is asked
	// for once; nil gives each Open a login of its own.
	Login *Login
	// Awaited hears of every call; nil: nobody asks what is being waited for.
	Awaited *Awaited
	// HTTPClient replaces the SDK's HTTP client, for tests in virtual time.
	HTTPClient aws.HTTPClient
	// Sandbox marks an access to the sandbox in this process: distances are
	// simulated and nothing leaves this computer.
	Sandbox bool
	// TimeScale is how many times as fast the sandbox's simulated delays
	// pass; 0 and 1 are their own time.
	TimeScale float64
	// Delays is the law of the sandbox's delays of replication, as it is
	// written; "" where nobody chose one.
	Delays string
}

// Simulation says how far the numbers of the sandbox are from real ones, or ""
// where the access is not to the sandbox in this process.
func (a Access) Simulation() string {
	if !a.Sandbox {
		return ""
	}
	said := "Sandbox: simulated distances"
	if a.TimeScale != 0 && a.TimeScale != 1 {
		said += fmt.Sprintf(", delays %g times as fast", a.TimeScale)
	}
	if a.Delays != "" {
		said += "; replication's delays follow a made-up law, " + a.Delays
	}
	return said
}

// Of is the access to one side of a pair.
func (a Access) Of(side pair.SideName) Access {
	if side == pair.B && a.Other != nil {
		return *a.Other
	}
	a.Other = nil
	return a
}

// Label names the access for people.
func (a Access) Label() string {
	switch {
	case a.Sandbox:
		return "sandbox"
	case a.Profile != "":
		return "profile " + a.Profile
	case a.Endpoint != "":
		return apierror.PublicAddress(a.Endpoint)
	default:
		return "default credentials"
	}
}

// Clients are one side's SDK clients, all for one region and one account.
type Clients struct {
	Region   string
	Profile  string // of the shared config files, or ""
	Endpoint string // the S3 endpoint in force where it is not AWS's own, as it may be shown, or ""
	// OtherStore says that S3 is neither AWS's nor the sandbox in this process,
	// so that it may not do all that AWS documents.
	OtherStore bool
	others     map[string]string // the same of the other services, by their names for the AWS CLI
	S3         *s3.Client
	IAM        *iam.Client
	KMS        *kms.Client
	STS        *sts.Client
	Regions    *optin.Client     // which regions the account has
	Control    *s3control.Client // the jobs of S3 Batch Operations, and single tags of buckets
	Metrics    *cloudwatch.Client
	Athena     *athena.Client // compares inventories, where that is asked for
	FIS        *fis.Client    // the experiments of drills

	login *Login
}

// Open builds the clients for a region. It reads local files only: the first
// request to AWS is the first call that the caller makes.
func (a Access) Open(ctx context.Context, region string) (*Clients, error) {
	cfg, err := a.load(ctx, region)
	if err != nil {
		return nil, err
	}
	clients := &Clients{Region: region, Profile: a.Profile, login: a.Login}
	if clients.login == nil {
		clients.login = NewLogin(nil)
	}
	cfg.Credentials = clients.login.adopt(cfg.Credentials, func(ctx context.Context) (aws.Config, error) { return a.load(ctx, region) })
	cfg.APIOptions = append(cfg.APIOptions, outlive{clients}.add)
	if a.Awaited != nil {
		cfg.APIOptions = append(cfg.APIOptions, note{a.Awaited}.add)
	}
	clients.S3 = s3.NewFromConfig(cfg, func(o *s3.Options) {
		// A bucket name cannot become part of the host name of an address
		// such as http://127.0.0.1:9000, so any endpoint of somebody's own
		// is addressed by path.
		if o.BaseEndpoint != nil {
			o.UsePathStyle = true
			clients.Endpoint = apierror.PublicAddress(*o.BaseEndpoint)
			clients.OtherStore = !a.Sandbox
		}
		o.EndpointResolverV2 = byPath{o.EndpointResolverV2}
	})
	clients.IAM = iam.NewFromConfig(cfg)
	clients.KMS = kms.NewFromConfig(cfg)
	clients.Control = s3control.NewFromConfig(cfg, ownAddress)
	clients.Metrics = cloudwatch.NewFromConfig(cfg)
	clients.Athena = athena.NewFromConfig(cfg)
	clients.FIS = fis.NewFromConfig(cfg)
	clients.STS = sts.NewFromConfig(cfg)
	clients.Regions = optin.NewFromConfig(cfg, func(o *optin.Options) { o.Region = HomeRegion(region) })
	clients.others = map[string]string{}
	for service, address := range map[string]*string{
		"iam": clients.IAM.Options().BaseEndpoint, "sts": clients.STS.Options().BaseEndpoint,
		"kms": clients.KMS.Options().BaseEndpoint, "account": clients.Regions.Options().BaseEndpoint,
		"s3control": clients.Control.Options().BaseEndpoint, "cloudwatch": clients.Metrics.Options().BaseEndpoint,
		"athena": clients.Athena.Options().BaseEndpoint,
		"fis":    clients.FIS.Options().BaseEndpoint,
	} {
		clients.others[service] = apierror.PublicAddress(aws.ToString(address))
	}
	return clients, nil
}

// byPath addresses by path what cannot be a part of a host's name: buckets
// whose names no new one can have.
type byPath struct{ s3.EndpointResolverV2 }

// ResolveEndpoint implements s3.EndpointResolverV2.
func (b byPath) ResolveEndpoint(ctx context.Context, about s3.EndpointParameters) (smithyendpoints.Endpoint, error) {
	if name := aws.ToString(about.Bucket); name != "" && pair.CheckBucketName(name) != nil {
		about.ForcePathStyle = aws.Bool(true)
	}
	return b.EndpointResolverV2.ResolveEndpoint(ctx, about)
}

// mfa makes the SDK ask the access's login for MFA codes.
func (a Access) mfa() func(*stscreds.AssumeRoleOptions) {
	login := a.Login
	if login == nil {
		login = NewLogin(nil)
	}
	return login.mfa(cmp.Or(a.Profile, "default"))
}

// Identity is who the credentials belong to.
type Identity struct {
	Account string `json:"account"`
	ARN     string `json:"arn"`
	// UserID is what policies know as aws:userid: of a session, the role's ID and
	// the session's name.
	UserID string `json:"-"`
	// Endpoint is the address that answered where it is not AWS's own, or "".
	Endpoint string `json:"endpoint,omitempty"`
}

// Name is the last part of the ARN: the user or the role session.
func (i Identity) Name() string { return i.ARN[strings.LastIndex(i.ARN, ":")+1:] }

// Identify asks STS who the credentials belong to. GetCallerIdentity needs no
// permission (IAM and STS API reference), so its failure means that the
// credentials themselves don't work.
func (c *Clients) Identify(ctx context.Context) (Identity, error) {
	found, err := c.identify(ctx)
	if err == nil {
		c.login.belongs(found.Account)
	}
	return found, err
}

// IdentifyAtHome asks as Identify does, in a region that every account has: a
// region that the account has not enabled does not know its keys.
func (c *Clients) IdentifyAtHome(ctx context.Context) (Identity, error) {
	return c.identify(ctx, func(o *sts.Options) { o.Region = HomeRegion(c.Region) })
}

func (c *Clients) identify(ctx context.Context, options ...func(*sts.Options)) (Identity, error) {
	out, err := c.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, options...)
	if err != nil {
		return Identity{}, fmt.Errorf("ask AWS who these credentials belong to: %w", err)
	}
	return Identity{Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn), UserID: aws.ToString(out.UserId), Endpoint: c.Endpoint}, nil
}
