package rooms

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
)

// hostile is what a bucket's name, a tag or an error body may hold.
const hostile = "evil\x1b[2J\x1b]0;owned\x07\x1b]52;c;cm0gLXJm\x07\r\n\t\x00\x9b31m\u202e\u200fשלום\u0600 e\u0301"

// harmless checks that nothing on the screen is obeyed by a terminal.
func (s *stage) harmless(what string) {
	s.t.Helper()
	for _, bad := range []string{"\x1b[2J", "\x1b]", "\x07", "\r", "\x9b", "\u202e", "\u200f", "ש"} {
		if strings.Contains(s.View().Content, bad) {
			s.t.Errorf("%s draws %q", what, bad)
		}
	}
	s.fits(s.width, s.height)
}

// Hostile text stands wherever text from outside can come in.
func TestHostileTextIsDrawnHarmlessOnEveryScreen(t *testing.T) {
	for _, sc := range scenes() {
		play(t, 100, 40, func(s *stage) {
			s.hostile = true
			sc.play(s)
			s.harmless(sc.name)
			if !strings.Contains(s.text(), "evil") && s.Typing() == nil && !strings.HasPrefix(sc.name, "options") {
				t.Errorf("%s shows nothing of what is hostile", sc.name)
			}
			s.Access.Sandbox, s.Access.Profile = false, hostile
			s.Identity = account.Identity{Account: hostile, ARN: hostile}
			s.Pair.A.Bucket, s.Pair.B.Region, s.Pair.Options.Prefix = hostile, hostile, hostile
			s.Say(hostile)
			s.send(tea.PasteMsg{Content: hostile})
			s.send(tea.BackgroundColorMsg{Color: color.Black}) // all is drawn anew
			s.harmless(sc.name + ", chosen to be hostile,")
		})
	}
}

// poison puts hostile text into everything that comes from outside.
func (s *stage) poison() {
	profiles, identify, buckets, describe, signIn := s.cfg.Profiles, s.do.Identify, s.do.Buckets, s.do.Describe, s.do.SignIn
	s.cfg.Profiles = func() ([]account.Profile, error) {
		found, _ := profiles()
		return append(found[:len(found):len(found)], account.Profile{Name: hostile, Region: hostile, Kind: hostile}), errors.New(hostile)
	}
	s.do.Identify = func(ctx context.Context, access account.Access, region string) (account.Identity, error) {
		_, err := identify(ctx, access, region)
		return account.Identity{Account: hostile, ARN: hostile, Endpoint: hostile}, badly(err)
	}
	s.do.Buckets = func(ctx context.Context, access account.Access, region string) ([]string, error) {
		names, err := buckets(ctx, access, region)
		return append(names[:len(names):len(names)], hostile, "replicated", "hidden"), badly(err)
	}
	s.do.Describe = func(ctx context.Context, access account.Access, side pair.Side) (account.Description, error) {
		switch side.Bucket {
		case "replicated":
			return account.Description{Rules: 1, Destinations: []string{hostile}}, nil
		case "hidden":
			return account.Description{}, errors.New(hostile)
		}
		found, err := describe(ctx, access, side)
		return found, badly(err)
	}
	s.do.SignIn = func(ctx context.Context, access account.Access, show func(account.DeviceCode)) error {
		return badly(signIn(ctx, access, func(account.DeviceCode) { show(account.DeviceCode{URL: hostile, Code: hostile}) }))
	}
}

// badly is an error in hostile words, where there is one.
func badly(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %w", hostile, err)
}
