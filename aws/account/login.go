package account

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"bothways/aws/apierror"
)

// renewPause lies between two looks for new credentials.
const renewPause = 5 * time.Second

// AskCode asks whoever sits there for the code that an MFA device shows now.
type AskCode func(profile, device string) (code string, err error)

// Login holds the credentials of an access for all clients that are opened
// with it, and reads them anew when they have expired, so that a run outlives
// them. The credentials themselves never leave it but to sign a call.
type Login struct {
	ask AskCode // nil: nobody is there
	// turn lets one renewal happen at a time.
	turn chan struct{}

	mu         sync.Mutex
	load       func(context.Context) (aws.Config, error) // by the first Open
	provider   aws.CredentialsProvider
	generation int
	account    string // whose they were at first
}

// NewLogin returns a login that asks for MFA codes with ask, which may be nil.
func NewLogin(ask AskCode) *Login { return &Login{ask: ask, turn: make(chan struct{}, 1)} }

// LoginError is a failure to get credentials at all, before any call was made.
type LoginError struct{ Err error }

func (e *LoginError) Error() string { return "get credentials: " + e.Err.Error() }

// Unwrap implements the errors package's interface.
func (e *LoginError) Unwrap() error { return e.Err }

// hopelessError says that no new login of the same kind can help the run.
type hopelessError struct{ error }

func (e hopelessError) Unwrap() error { return e.error }

// Hopeless says whether an error of Renew means that waiting for
// a new login is in vain: it was given up, it cannot reach this process, or it
// belongs to another account.
func Hopeless(err error) bool {
	_, hopeless := errors.AsType[hopelessError](err)
	return hopeless
}

// GiveUp makes an error of an AskCode the end of the run that asks.
func GiveUp(err error) error { return hopelessError{err} }

// adopt takes the settings that clients were opened with, and returns the
// provider that those sign with from now on.
func (l *Login) adopt(provider aws.CredentialsProvider, load func(context.Context) (aws.Config, error)) aws.CredentialsProvider {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.provider == nil {
		l.provider, l.load = provider, load
	}
	return l
}

// mfa is what the SDK is told about assuming the roles of a profile.
func (l *Login) mfa(profile string) func(*stscreds.AssumeRoleOptions) {
	return func(o *stscreds.AssumeRoleOptions) {
		device := aws.ToString(o.SerialNumber)
		o.TokenProvider = func() (string, error) {
			if l.ask == nil {
				return "", GiveUp(fmt.Errorf("profile %s needs the code of the MFA device %s, and there is no terminal to ask for it on: "+
					"get a session with aws sts assume-role and export its keys, or run bothways on a terminal", profile, device))
			}
			return l.ask(profile, device)
		}
	}
}

func (l *Login) now() (provider aws.CredentialsProvider, generation int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.provider, l.generation
}

// Retrieve implements aws.CredentialsProvider. The time that it takes, a code
// being asked for perhaps, counts against nobody's patience.
func (l *Login) Retrieve(ctx context.Context) (aws.Credentials, error) {
	defer patienceOf(ctx).hold()()
	provider, _ := l.now()
	if provider == nil {
		return aws.Credentials{}, &LoginError{errors.New("there are none")}
	}
	found, err := provider.Retrieve(ctx)
	if err != nil {
		return found, &LoginError{err}
	}
	return found, nil
}

// belongs remembers whose the credentials are.
func (l *Login) belongs(account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.account == "" {
		l.account = account
	}
}

// renew reads the credentials anew and asks STS whether they work, unless
// somebody else has done so since the generation that was seen failing.
func (l *Login) renew(ctx context.Context, seen int) error {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if _, generation := l.now(); generation != seen {
		return nil
	}
	cfg, err := l.load(ctx)
	if err != nil {
		return err
	}
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		if fromEnvironment(ctx, cfg.Credentials) {
			return GiveUp(fmt.Errorf("the keys come from the environment, which cannot change while bothways runs: export new ones and run again, it goes on from what AWS says then: %w", err))
		}
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if is := aws.ToString(out.Account); l.account != "" && is != l.account {
		return GiveUp(fmt.Errorf("the new login belongs to account %s, the run began in account %s: log in to that one and run again", is, l.account))
	}
	l.provider = cfg.Credentials
	l.generation++
	return nil
}

// fromEnvironment says whether keys came from this process's environment. It
// looks at fixed keys only: getting others may ask somebody for a code.
func fromEnvironment(ctx context.Context, provider aws.CredentialsProvider) bool {
	if !aws.IsCredentialsProvider(provider, credentials.StaticCredentialsProvider{}) {
		return false
	}
	given, err := provider.Retrieve(ctx)
	return err == nil && given.Source == config.CredentialsSourceName
}

// await tries until a new login works. tell hears what is being waited for.
func (l *Login) await(ctx context.Context, seen int, tell func(Wait)) error {
	for told := (Wait{}); ; {
		err := l.renew(ctx, seen)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case Hopeless(err):
			return err
		}
		if wait := l.advice(err); wait != told {
			told = wait
			tell(wait)
		}
		select {
		case <-time.After(renewPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// advice says what the run waits for.
func (l *Login) advice(err error) Wait {
	waits := func(profile, words string) Wait {
		return Wait{Paused: true, Profile: profile, News: words + " It goes on by itself, and nothing is lost."}
	}
	l.mu.Lock()
	load := l.load
	l.mu.Unlock()
	cfg, failed := load(context.Background())
	if failed != nil {
		return waits("", "The credentials cannot be read: "+failed.Error()+".")
	}
	profile := profileOf(cfg)
	switch {
	case !apierror.Expired(err) && !SignInNeeded(err):
		return waits("", "The credentials do not work: "+apierror.Describe(err))
	case profile.Name == "":
		return waits("", "The credentials have expired: renew them where they come from.")
	case profile.SSO:
		return waits(profile.Name, "The sign-in of profile "+profile.Name+" has expired: sign in again with aws sso login --profile "+profile.Name+".")
	}
	return waits(profile.Name, "The credentials of profile "+profile.Name+" have expired: log in again, or put new keys into the profile.")
}
