package choose

import (
	"context"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/ui/console"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// scenes are the screens of choosing in the states that matter, for the drawings.
var scenes = []struct {
	name  string
	build func(t testing.TB, width, height int) *staged
}{
	{"where", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Where, w, h)
		a.where.profilesRead([]account.Profile{
			{Name: "dev", Region: "eu-west-1", Kind: "SSO"}, {Name: "prod", Region: "us-east-1", Kind: "keys from the shared files"},
		}, nil)
		return a
	}},
	{"where-failed", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Where, w, h)
		a.where.profilesRead(nil, nil)
		a.where.failure = "ExpiredToken: The security token included in the request is expired (request 7F3A) Sign in again (aws sso login, or new keys), then retry."
		return a
	}},
	{"where-sign-in", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Where, w, h)
		a.where.profilesRead([]account.Profile{{Name: "dev", Region: "eu-west-1", Kind: "SSO", SignsIn: true}}, nil)
		a.where.list.Selected = 1
		a.where.failure, a.where.signIn = "ask AWS who these credentials belong to: the SSO session has expired or is invalid", true
		return a
	}},
	{"where-signing-in", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Where, w, h)
		a.Engines().SignIn = func(ctx context.Context, _ account.Access, show func(account.DeviceCode)) error {
			show(account.DeviceCode{URL: "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH", Code: "ABCD-EFGH"})
			<-ctx.Done()
			return ctx.Err()
		}
		a.Cfg.Now = func() time.Time { return consoletest.Noon.Add(-7 * time.Second) }
		both := a.SignIn(account.Access{Profile: "dev"}, nil)().(tea.BatchMsg)
		go both[0]() // until the test ends
		a.Update(both[1]())
		a.Cfg.Now = func() time.Time { return consoletest.Noon }
		return a
	}},
	{"side-a", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.SideA, w, h)
		return a
	}},
	{"side-b-buckets", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.SideB, w, h)
		s := a.sides[1]
		s.inBucket, s.readFrom = true, "ap-southeast-1"
		s.existing = []string{"photos-singapore", "logs-2026", "raw-archive"}
		s.notes["bothways-demo-7k2m-ap-southeast-1"] = bucketNote{found: account.Description{Holder: account.Nobody}}
		s.notes["photos-singapore"] = bucketNote{found: account.Description{Holder: account.Ours, Rules: 1, Destinations: []string{"photos-oregon"}}}
		s.notes["logs-2026"] = bucketNote{found: account.Description{Holder: account.Ours, Versioning: "Suspended"}}
		return a
	}},
	{"where-profile-of-b", func(t testing.TB, w, h int) *staged { // not in the sandbox
		a := stage(t, host.SideB, w, h)
		a.Access, a.Identity = account.Access{Profile: "prod"}, account.Identity{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/jane"}
		a.where.loading = true
		a.where.profilesRead([]account.Profile{
			{Name: "partner", Region: "ap-southeast-1", Kind: "SSO", SignsIn: true}, {Name: "prod", Region: "us-east-1", Kind: "keys from the shared files"},
		}, nil)
		a.sides[1].profile = &otherProfile{identifying: identifying{host: a}, side: a.sides[1], list: widget.List{Selected: 1}}
		return a
	}},
	{"side-editing", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.SideA, w, h)
		s := a.sides[0]
		s.inBucket, s.editing, s.newName = true, true, widget.NewField("My_Bucket")
		return a
	}},
	{"options", func(t testing.TB, w, h int) *staged { return stage(t, host.Options, w, h) }},
	{"options-more", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Options, w, h)
		a.Pair.Options.FilterTags, a.Pair.Options.DeleteMarkers = "team=storage", false
		a.options.open = true
		a.options.list.Selected = 8
		consoletest.Keys(a.App, "space", "a", "r", "n")
		return a
	}},
}

// sceneNamed builds one of the scenes.
func sceneNamed(t *testing.T, name string) *staged {
	t.Helper()
	for _, scene := range scenes {
		if scene.name == name {
			return scene.build(t, 100, 30)
		}
	}
	t.Fatalf("no scene %q", name)
	return nil
}

// apps are the scenes as the checks take them.
func apps() []consoletest.Scene {
	all := make([]consoletest.Scene, 0, len(scenes))
	for _, s := range scenes {
		all = append(all, consoletest.Scene{Name: s.name, Build: func(t testing.TB, width, height int) *console.App { return s.build(t, width, height).App }})
	}
	return all
}
