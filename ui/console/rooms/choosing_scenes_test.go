package rooms

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console/host"
)

// choosingScenes are the screens of choosing in the states that matter.
func choosingScenes() []scene {
	return []scene{
		{"where", func(s *stage) {
			s.profiles(
				account.Profile{Name: "dev", Region: "eu-west-1", Kind: "SSO"},
				account.Profile{Name: "prod", Region: "us-east-1", Kind: "keys from the shared files"},
			).open()
		}},
		{"where-failed", func(s *stage) {
			s.identified(account.Identity{}, errors.New(
				"ExpiredToken: The security token included in the request is expired (request 7F3A) Sign in again (aws sso login, or new keys), then retry."))
			s.open().press("enter")
		}},
		{"where-sign-in", func(s *stage) { signInNeeded(s) }},
		{"where-signing-in", func(s *stage) {
			s.do.SignIn = func(ctx context.Context, _ account.Access, show func(account.DeviceCode)) error {
				show(account.DeviceCode{URL: "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH", Code: "ABCD-EFGH"})
				<-ctx.Done()
				return ctx.Err()
			}
			signInNeeded(s)
			s.now = noon.Add(-7 * time.Second)
			s.press("l")
			s.now = noon
		}},
		{"side-a", func(s *stage) { s.open().press("enter", "esc") }},
		{"side-b-buckets", func(s *stage) {
			s.buckets("photos-singapore", "logs-2026", "raw-archive")
			s.described(map[string]account.Description{
				demoPair().B.Bucket: {Holder: account.Nobody},
				"photos-singapore":  {Holder: account.Ours, Rules: 1, Destinations: []string{"photos-oregon"}},
				"logs-2026":         {Holder: account.Ours, Versioning: "Suspended"},
			})
			s.open().press("enter", "enter").at(host.SideB)
		}},
		{"where-profile-of-b", func(s *stage) { // not in the sandbox
			s.profiles(
				account.Profile{Name: "partner", Region: "ap-southeast-1", Kind: "SSO", SignsIn: true},
				account.Profile{Name: "prod", Region: "us-east-1", Kind: "keys from the shared files"},
			)
			s.identified(account.Identity{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/jane"}, nil)
			s.open().press("down", "down", "enter", "enter").at(host.SideB).press("p", "down")
		}},
		{"side-editing", func(s *stage) { s.open().press("enter", "e", "ctrl+u").typed("My_Bucket") }},
		{"options", func(s *stage) { s.atOptions() }},
		{"options-more", func(s *stage) {
			s.atOptions().press("down", "down", "down", "down", "space")
			s.press("down", "space").typed("team=storage").press("enter")
			s.press("down", "down", "down", "space").typed("arn")
		}},
	}
}

// atOptions goes through the sides as the command line chose them.
func (s *stage) atOptions() *stage {
	s.t.Helper()
	return s.open().press("enter", "enter", "enter").at(host.Options)
}

// profiles are those of this computer.
func (s *stage) profiles(all ...account.Profile) *stage {
	s.cfg.Profiles = func() ([]account.Profile, error) { return all, nil }
	return s
}

// identified is what AWS says of whose the credentials are.
func (s *stage) identified(as account.Identity, err error) {
	s.do.Identify = func(context.Context, account.Access, string) (account.Identity, error) { return as, err }
}

// buckets are those of every region.
func (s *stage) buckets(names ...string) {
	s.do.Buckets = func(context.Context, account.Access, string) ([]string, error) { return names, nil }
}

// described are the buckets of which something is heard.
func (s *stage) described(all map[string]account.Description) {
	s.do.Describe = func(ctx context.Context, _ account.Access, side pair.Side) (account.Description, error) {
		found, known := all[side.Bucket]
		if !known {
			<-ctx.Done()
		}
		return found, ctx.Err()
	}
}

// signInNeeded is a profile whose sign-in is over.
func signInNeeded(s *stage) {
	s.profiles(account.Profile{Name: "dev", Region: "eu-west-1", Kind: "SSO", SignsIn: true})
	s.identified(account.Identity{}, fmt.Errorf("ask AWS who these credentials belong to: %w", &ssocreds.InvalidTokenError{}))
	s.open().press("down", "enter")
}
