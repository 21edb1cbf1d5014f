package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/logincreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/signin"
	"github.com/aws/smithy-go/logging"

	"bothways/aws/account/httplog"
)

// load gathers the settings of an access.
func (a Access) load(ctx context.Context, region string) (aws.Config, error) {
	log := httplog.Of(ctx)
	if a.Credentials != nil {
		cfg := a.own(region)
		cfg.HTTPClient = log.Client(cfg.HTTPClient)
		return cfg, nil
	}
	cfg, err := a.usersSettings(ctx, region)
	if err != nil {
		return aws.Config{}, fmt.Errorf("read the AWS settings of %s: %w", a.Label(), err)
	}
	return cfg, nil
}

// own are the settings of an access that brings its credentials, which is a
// sandbox's. Nothing that the user has set for AWS is read, for none of it is
// meant for a sandbox: a FIPS endpoint, a profile that is gone or a proxy
// would break it, and an ignored endpoint would take its calls to AWS.
func (a Access) own(region string) aws.Config {
	cfg := aws.Config{
		Region: region, Credentials: a.Credentials, HTTPClient: a.HTTPClient, AppID: appID, Logger: logging.Nop{},
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
		APIOptions:                 bounded(),
	}
	if a.HTTPClient == nil {
		cfg.HTTPClient = boundedClient(nil)
	}
	if a.Endpoint != "" {
		cfg.BaseEndpoint = aws.String(a.Endpoint)
	}
	return cfg
}

const appID = "bothways"

// settling is what the SDK has to be told while it settles on credentials.
type settling struct {
	endpoints
	program aws.CredentialsProvider // the profile's credential_process
}

// named is the profile that was asked for, or "", and the one in force.
func (a Access) named() (asked, inForce string) {
	asked = cmp.Or(a.Profile, os.Getenv("AWS_PROFILE"), os.Getenv("AWS_DEFAULT_PROFILE"))
	return asked, cmp.Or(asked, "default")
}

// Overruled says which settings of the user's an endpoint of his own makes void,
// in a sentence without a full stop, or is "". It reads local files only; what
// is wrong with them Open says.
func (a Access) Overruled() string {
	if a.Credentials != nil {
		return ""
	}
	_, profile := a.named()
	files, _ := readFiles(os.Getenv)
	settings := files.profiles[profile]
	if settings == nil {
		settings = &section{}
	}
	return endpoints{given: a.Endpoint, files: files, profile: profile, settings: settings, getenv: os.Getenv}.overruled()
}

func (a Access) usersSettings(ctx context.Context, region string) (aws.Config, error) {
	files, err := readFiles(os.Getenv)
	_, unread := errors.AsType[*fs.PathError](err)
	_, unfit := errors.AsType[*unfitError](err)
	if err != nil && (!unread || unfit) { // the SDK and the AWS CLI go on without one that can't be read
		return aws.Config{}, err
	}
	named, profile := a.named()
	fromEnvironment := a.Profile == "" && cmp.Or(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_ACCESS_KEY")) != "" &&
		cmp.Or(os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SECRET_KEY")) != ""
	settings, keyless := files.profiles[profile], false
	err = nil
	switch {
	case settings != nil && !fromEnvironment:
		keyless, err = files.check(profile)
	case settings == nil && named != "":
		err = files.missing(named)
	case settings == nil:
		settings = &section{}
	}
	if err := cmp.Or(err, files.checkServices(profile)); err != nil {
		return aws.Config{}, err
	}
	s := &settling{endpoints: endpoints{given: a.Endpoint, files: files, profile: profile, settings: settings, getenv: os.Getenv}}
	if err := s.readable(); err != nil {
		return aws.Config{}, err
	}
	if err := files.checkNamed(profile, os.Getenv); err != nil {
		return aws.Config{}, err
	}
	log, during := httplog.Of(ctx), bounded()
	if log != nil {
		during = append(during, log.Option)
	}
	configFiles, remove, err := files.forSDK()
	if err != nil {
		return aws.Config{}, err
	}
	defer remove()
	credentialsFiles := noFolder(files.credentials)
	if keyless {
		credentialsFiles = []string{}
	}
	options := []func(*config.LoadOptions) error{
		config.WithRegion(region),
		config.WithAppID(appID),
		config.WithAPIOptions(during),    // also of the clients that get credentials
		config.WithLogger(logging.Nop{}), // its warnings would go to the screen
		config.WithSharedConfigFiles(configFiles),
		config.WithSharedCredentialsFiles(credentialsFiles),
		config.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) {
			a.mfa()(o)
			o.Client = roleClient{o.Client, s}
		}),
		config.WithWebIdentityRoleCredentialOptions(func(o *stscreds.WebIdentityRoleOptions) {
			if o.Client != nil {
				o.Client = tokenClient{o.Client, s}
			}
		}),
		config.WithSSOProviderOptions(func(o *ssocreds.Options) { o.Client = portalClient{o.Client, s} }),
		config.WithSSOTokenProviderOptions(func(o *ssocreds.SSOTokenProviderOptions) { o.Client = renewalClient{o.Client, s} }),
		config.WithServiceOptions(s.apply),
	}
	// For the AWS CLI a role of the profile goes before a web identity of the
	// environment, as every Kubernetes pod may have one; for the SDK only where
	// the profile is named in code.
	if a.Profile != "" || !fromEnvironment && slices.Index(settings.sources(), fromRole) == 0 {
		options = append(options, config.WithSharedConfigProfile(profile))
	}
	if a.HTTPClient != nil {
		options = append(options, config.WithHTTPClient(a.HTTPClient))
	} else {
		options = append(options, config.WithHTTPClient(boundedClient(http.ProxyFromEnvironment)))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, err
	}
	cfg.APIOptions, cfg.HTTPClient = bounded(), log.Client(cfg.HTTPClient)
	s.program = programOf(cfg, files)
	cfg.Credentials = s.guarded(cfg.Credentials)
	if aws.IsCredentialsProvider(cfg.Credentials, (*logincreds.Provider)(nil)) { // its client, too, asks AWS otherwise
		path, err := logincreds.StandardCachedTokenFilepath(settings.keys["login_session"], os.Getenv("AWS_LOGIN_CACHE_DIRECTORY"))
		if err != nil {
			return aws.Config{}, err
		}
		cfg.Credentials = aws.NewCredentialsCache(logincreds.New(signin.NewFromConfig(cfg), path, func(o *logincreds.Options) {
			o.RestrictPermissions = cfg.RestrictFilePermissions != aws.RestrictFilePermissionsUnrestricted
		}))
	}
	cfg.Credentials = &attended{CredentialsProvider: cfg.Credentials}
	return cfg, nil
}

// firstByteWithin bounds the wait for an answer to begin. The SDK itself waits
// for ever, so an address that accepts and never answers would hold a run up
// without a word.
const firstByteWithin = 30 * time.Second

// idlePerHost is how many connections are kept for calls side by side. The SDK
// keeps ten, and each new one costs two to three round trips.
const idlePerHost = 128

func boundedClient(proxy func(*http.Request) (*url.URL, error)) *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.ResponseHeaderTimeout = firstByteWithin
		t.MaxResponseHeaderBytes = headersMost
		t.Proxy = proxy
		stay(t)
		t.MaxIdleConns, t.MaxIdleConnsPerHost = 2*idlePerHost, idlePerHost
	})
}
