package account

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	optin "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/signin"
	"github.com/aws/aws-sdk-go-v2/service/sso"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"bothways/aws/apierror"
)

// endpoints are the addresses of services that are not AWS's own.
type endpoints struct {
	given    string // by the access itself, for every service
	files    *sharedFiles
	profile  string
	settings *section // of the profile
	getenv   func(string) string
}

// of is the address of a service, by its ID with underscores, or nil; and what
// says so. The order is the AWS CLI's (SDKs and Tools Reference Guide,
// "Service-specific endpoints").
func (e endpoints) of(service string) (address *string, by string) {
	if e.given != "" {
		return &e.given, "the address given"
	}
	if ignored, _ := e.switched("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"); ignored {
		return nil, ""
	}
	for _, name := range []string{"AWS_ENDPOINT_URL_" + strings.ToUpper(service), "AWS_ENDPOINT_URL"} {
		if url := e.getenv(name); url != "" {
			return &url, name
		}
	}
	if set := e.files.services[e.settings.keys["services"]]; set != nil {
		if url := set.nested[service]["endpoint_url"]; url != "" {
			return &url, "endpoint_url of " + service + " in [services " + e.settings.keys["services"] + "]"
		}
	}
	if url := e.settings.keys["endpoint_url"]; url != "" {
		return &url, "endpoint_url in profile " + e.profile
	}
	return nil, ""
}

// switched reads a switch from the environment or else from the profile, and
// how it is set.
func (e endpoints) switched(variable, key string) (on bool, by string) {
	if value := e.getenv(variable); value != "" {
		return strings.EqualFold(value, "true"), variable + "=" + value
	}
	return strings.EqualFold(e.settings.keys[key], "true"), key + " = true in profile " + e.profile
}

// ownServices are those that bothways itself asks, by their IDs with underscores.
func ownServices() []string {
	return []string{"s3", "sts", "iam", "kms", "account", "s3_control", "cloudwatch", "athena", "fis"}
}

// overruled says which settings an endpoint of the user's own makes void, or is
// "". For the AWS CLI the endpoint wins; the SDK refuses the two together.
func (e endpoints) overruled() string {
	for _, variant := range [][3]string{
		{"AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", "FIPS"},
		{"AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", "dual-stack"},
	} {
		on, by := e.switched(variant[0], variant[1])
		if !on {
			continue
		}
		for _, service := range ownServices() {
			if address, from := e.of(service); address != nil {
				return fmt.Sprintf("%s asks for AWS's own %s endpoints, and the endpoint is %s, by %s: the endpoint wins, as with the AWS CLI", by, variant[2], apierror.PublicAddress(*address), from)
			}
		}
	}
	return ""
}

// readable names an address that can't be used as one.
func (e endpoints) readable() error {
	for _, service := range ownServices() {
		address, from := e.of(service)
		if address == nil {
			continue
		}
		if u, err := url.Parse(*address); err != nil || u.Host == "" {
			return fmt.Errorf("%s, %q, is no address that can be used: give a URL, such as https://minio.example:9000, with what is special in a user's name or password written as %%XX", from, apierror.PublicAddress(*address))
		} else if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
			return fmt.Errorf("%s, %q with a ? or # behind it, is no address that can be used: leave out what stands from there on", from, apierror.PublicAddress(*address))
		}
	}
	return nil
}

// apply is what aws.Config.ServiceOptions takes: a client that is made with
// the settings asks where they say.
func (e endpoints) apply(service string, options any) {
	address, _ := e.of(strings.ReplaceAll(strings.ToLower(service), " ", "_"))
	own := address != nil // what AWS's own endpoints can be, it can't
	switch o := options.(type) {
	case *s3.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *s3control.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *iam.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *cloudwatch.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *athena.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *fis.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *kms.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *sts.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *optin.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *sso.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *ssooidc.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	case *signin.Options:
		o.BaseEndpoint = address
		if own {
			o.EndpointOptions.UseFIPSEndpoint, o.EndpointOptions.UseDualStackEndpoint = noFIPS, noDualStack
		}
	}
}

const (
	noFIPS      = aws.FIPSEndpointStateDisabled
	noDualStack = aws.DualStackEndpointStateDisabled
)

// The SDK makes the clients that get credentials before it looks for
// endpoints, so these would ask AWS for them. Each is told with every call.
type (
	roleClient struct {
		stscreds.AssumeRoleAPIClient
		*settling
	}
	tokenClient struct {
		stscreds.AssumeRoleWithWebIdentityAPIClient
		*settling
	}
	portalClient struct {
		ssocreds.GetRoleCredentialsAPIClient
		*settling
	}
	renewalClient struct {
		ssocreds.CreateTokenAPIClient
		*settling
	}
)

func (c roleClient) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, options ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	return c.AssumeRoleAPIClient.AssumeRole(ctx, in, append(options, func(o *sts.Options) {
		c.apply(sts.ServiceID, o)
		o.Credentials = c.guarded(o.Credentials)
	})...)
}

func (c tokenClient) AssumeRoleWithWebIdentity(ctx context.Context, in *sts.AssumeRoleWithWebIdentityInput, options ...func(*sts.Options)) (*sts.AssumeRoleWithWebIdentityOutput, error) {
	return c.AssumeRoleWithWebIdentityAPIClient.AssumeRoleWithWebIdentity(ctx, in, append(options, func(o *sts.Options) { c.apply(sts.ServiceID, o) })...)
}

func (c portalClient) GetRoleCredentials(ctx context.Context, in *sso.GetRoleCredentialsInput, options ...func(*sso.Options)) (*sso.GetRoleCredentialsOutput, error) {
	return c.GetRoleCredentialsAPIClient.GetRoleCredentials(ctx, in, append(options, func(o *sso.Options) { c.apply(sso.ServiceID, o) })...)
}

func (c renewalClient) CreateToken(ctx context.Context, in *ssooidc.CreateTokenInput, options ...func(*ssooidc.Options)) (*ssooidc.CreateTokenOutput, error) {
	return c.CreateTokenAPIClient.CreateToken(ctx, in, append(options, func(o *ssooidc.Options) { c.apply(ssooidc.ServiceID, o) })...)
}

// guarded is a provider of credentials with what the SDK starts programs by
// replaced.
func (s *settling) guarded(provider aws.CredentialsProvider) aws.CredentialsProvider {
	if s.program != nil && startsProgram(provider) {
		return s.program
	}
	return provider
}
