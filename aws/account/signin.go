package account

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc"
	"github.com/aws/aws-sdk-go-v2/service/ssooidc/types"

	"bothways/aws/apierror"
)

// signInProfile is what the SDK's own settings say of the sign-in behind a
// profile.
type signInProfile struct {
	Name     string
	SSO      bool
	session  string // the sso-session's name, or "" for the older form
	startURL string
	region   string
}

// profileOf reads the profile that settings were loaded from. A role may be
// assumed with the sign-in of another profile.
func profileOf(cfg aws.Config) signInProfile {
	for _, source := range cfg.ConfigSources {
		shared, ok := source.(config.SharedConfig)
		if !ok {
			continue
		}
		found := signInProfile{Name: shared.Profile}
		for at := &shared; at != nil; at = at.Source {
			switch {
			case at.SSOSession != nil:
				found.SSO, found.session = true, at.SSOSession.Name
				found.startURL, found.region = at.SSOSession.SSOStartURL, at.SSOSession.SSORegion
			case at.SSOStartURL != "":
				found.SSO, found.startURL, found.region = true, at.SSOStartURL, at.SSORegion
			}
		}
		return found
	}
	return signInProfile{}
}

// signedOut says whether an error means that there are no good credentials
// now, and that a new login or other keys would help.
func signedOut(err error) bool {
	if _, unread := errors.AsType[*LoginError](err); unread {
		return true
	}
	switch apierror.Code(err) {
	case "InvalidToken", "InvalidClientTokenId", "InvalidAccessKeyId": // the keys were taken back
		return true
	}
	return apierror.Expired(err)
}

// SignInNeeded says whether an error means that the sign-in of an SSO profile
// is missing or over.
func SignInNeeded(err error) bool {
	if _, invalid := errors.AsType[*ssocreds.InvalidTokenError](err); invalid {
		return true
	}
	switch apierror.Code(err) {
	case "UnauthorizedException", "InvalidGrantException":
		return true
	}
	// The SDK's newer token provider has no type for it.
	return err != nil && strings.Contains(err.Error(), "SSO token")
}

// DeviceCode is where a sign-in is confirmed: on a page in any browser.
type DeviceCode struct {
	URL     string // with the code filled in
	Code    string // that the page shows, too
	Expires time.Time
}

// SignIn signs a profile in by AWS's device authorization, as aws sso login
// does, and keeps the token where the SDK and the AWS CLI look for it. show
// hears once where to confirm it. It returns when that was done, was refused,
// took too long, or when ctx ends.
func (a Access) SignIn(ctx context.Context, show func(DeviceCode)) error {
	cfg, err := a.load(ctx, "")
	if err != nil {
		return err
	}
	profile := profileOf(cfg)
	if !profile.SSO {
		return fmt.Errorf("%s does not sign in by SSO", a.Label())
	}
	path, err := ssocreds.StandardCachedTokenFilepath(cmp.Or(profile.session, profile.startURL))
	if err != nil {
		return fmt.Errorf("find the place of the sign-in's token: %w", err)
	}
	// These calls are not signed, but anything else would ask for the very
	// credentials that are missing.
	cfg.Region, cfg.Credentials = profile.region, aws.AnonymousCredentials{}
	token, err := authorize(ctx, ssooidc.NewFromConfig(cfg), profile, show)
	if err != nil {
		return fmt.Errorf("sign in to %s: %w", profile.startURL, err)
	}
	return keepToken(path, token)
}

// ssoToken is the token as the SDK and the AWS CLI keep it.
type ssoToken struct {
	StartURL              string `json:"startUrl"`
	Region                string `json:"region"`
	AccessToken           string `json:"accessToken"`
	ExpiresAt             string `json:"expiresAt"`
	ClientID              string `json:"clientId,omitempty"`
	ClientSecret          string `json:"clientSecret,omitempty"`
	RegistrationExpiresAt string `json:"registrationExpiresAt,omitempty"`
	RefreshToken          string `json:"refreshToken,omitempty"`
}

func authorize(ctx context.Context, client *ssooidc.Client, profile signInProfile, show func(DeviceCode)) (ssoToken, error) {
	registration := &ssooidc.RegisterClientInput{ClientName: aws.String("bothways"), ClientType: aws.String("public")}
	if profile.session != "" { // the older form knows no refreshing
		registration.Scopes = []string{"sso:account:access"}
	}
	registered, err := client.RegisterClient(ctx, registration)
	if err != nil {
		return ssoToken{}, fmt.Errorf("register: %w", err)
	}
	device, err := client.StartDeviceAuthorization(ctx, &ssooidc.StartDeviceAuthorizationInput{
		ClientId: registered.ClientId, ClientSecret: registered.ClientSecret, StartUrl: aws.String(profile.startURL),
	})
	if err != nil {
		return ssoToken{}, fmt.Errorf("ask for a code: %w", err)
	}
	expires := time.Now().Add(time.Duration(device.ExpiresIn) * time.Second)
	show(DeviceCode{URL: aws.ToString(device.VerificationUriComplete), Code: aws.ToString(device.UserCode), Expires: expires})
	every := max(time.Second, time.Duration(device.Interval)*time.Second)
	for {
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return ssoToken{}, ctx.Err()
		}
		out, err := client.CreateToken(ctx, &ssooidc.CreateTokenInput{
			ClientId: registered.ClientId, ClientSecret: registered.ClientSecret,
			DeviceCode: device.DeviceCode, GrantType: aws.String("urn:ietf:params:oauth:grant-type:device_code"),
		})
		switch {
		case err == nil:
			token := ssoToken{
				StartURL: profile.startURL, Region: profile.region, AccessToken: aws.ToString(out.AccessToken),
				ExpiresAt: instant(time.Now().Add(time.Duration(out.ExpiresIn) * time.Second)),
			}
			if refresh := aws.ToString(out.RefreshToken); refresh != "" {
				token.RefreshToken, token.ClientID, token.ClientSecret = refresh, aws.ToString(registered.ClientId), aws.ToString(registered.ClientSecret)
				token.RegistrationExpiresAt = instant(time.Unix(registered.ClientSecretExpiresAt, 0))
			}
			return token, nil
		case slowDown(err):
			every += 5 * time.Second // RFC 8628, "Device Access Token Response"
		case !pending(err):
			return ssoToken{}, fmt.Errorf("wait for the confirmation: %w", err)
		}
	}
}

func pending(err error) bool {
	_, yes := errors.AsType[*types.AuthorizationPendingException](err)
	return yes
}

func slowDown(err error) bool {
	_, yes := errors.AsType[*types.SlowDownException](err)
	return yes
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// keepToken puts the token in place in one step, readable by its owner alone.
func keepToken(path string, token ssoToken) error {
	text, err := json.Marshal(token) //nolint:gosec // this file is the token's place
	if err != nil {
		return fmt.Errorf("keep the sign-in's token: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("keep the sign-in's token: %w", err)
	}
	left, _ := filepath.Glob(path + ".????????") // of a sign-in that was killed: nobody reads them
	for _, old := range left {
		if info, err := os.Lstat(old); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(old)
		}
	}
	next := path + "." + rand.Text()[:8]
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return fmt.Errorf("keep the sign-in's token: %w", err)
	}
	if err := os.Rename(next, path); err != nil {
		return errors.Join(fmt.Errorf("keep the sign-in's token: %w", err), os.Remove(next))
	}
	return nil
}
