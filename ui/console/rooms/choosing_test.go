package rooms

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/console/host"
)

// typingPauses is after how long of no typing a bucket's name is looked for.
const typingPauses = 400 * time.Millisecond

func TestTheBucketNameIsCheckedWhileItIsTyped(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.described(map[string]account.Description{"abcd": {Holder: account.Others}})
		s.open().press("enter", "e", "ctrl+u").typed("Ab").shows("✗ not a bucket name")
		s.press("enter").at(host.SideA)
		s.press("ctrl+u").typed("abcd").pass(typingPauses)
		s.press("enter").at(host.SideA).shows("is taken, by somebody else or by a bucket")
		s.press("x", "enter").at(host.SideB)
		if s.Pair.A.Bucket != "abcdx" {
			t.Errorf("%q was taken", s.Pair.A.Bucket)
		}
	})
}

// A bucket from before 2018 in us-east-1 may have a name that no new one gets.
func TestAnOldNameIsTakenForABucketThatIsThereAndForNoNewOne(t *testing.T) {
	typed := func(t *testing.T, found account.Description, then func(*stage)) {
		play(t, 80, 24, func(s *stage) {
			s.described(map[string]account.Description{"A_bc": found})
			s.open().press("enter", "esc", "/").typed("virginia").press("enter", "e", "ctrl+u").typed("A_bc").pass(typingPauses)
			s.press("enter")
			then(s)
		})
	}
	typed(t, account.Description{Holder: account.Nobody}, func(s *stage) {
		s.at(host.SideA).shows("✗ not a bucket name", "a new one cannot be named so", "'A'")
	})
	typed(t, account.Description{Holder: account.Ours, Region: "us-east-1"}, func(s *stage) {
		s.at(host.SideB)
		if want := (pair.Side{Region: "us-east-1", Bucket: "A_bc"}); s.Pair.A != want {
			t.Errorf("%s was taken", s.Pair.A)
		}
	})
}

func TestBothSidesInOneRegionAreRefusedAtTheInput(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.cfg.Pair.B.Region = s.cfg.Pair.A.Region
		s.open().press("enter", "enter").at(host.SideB)
		s.press("enter").at(host.SideB).shows("bothways is for two regions")
	})
}

func TestTheRegionSearchFindsPlacesAndRenamesTheProposal(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.open().press("enter", "esc", "/").typed("tokyo").shows("ap-northeast-1").hides("Ireland")
		s.press("enter").shows("new: bothways-demo-7k2m-ap-northeast-1 ")
		if s.Pair.A.Region != "ap-northeast-1" {
			t.Errorf("the region is %s", s.Pair.A.Region)
		}
	})
}

func TestASearchProposesWhatItKnows(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.open().press("enter", "esc", "/").typed("sa").shows("/ sa-east-1")
		s.press("tab", "enter")
		if s.Pair.A.Region != "sa-east-1" {
			t.Errorf("the region is %s", s.Pair.A.Region)
		}
	})
	play(t, 80, 24, func(s *stage) {
		s.profiles(account.Profile{Name: "dev"}, account.Profile{Name: "prod"}, account.Profile{Name: "test"})
		s.open().press("/").typed("pro").press("tab").shows("profile prod").hides("profile dev", "profile test", "Sandbox")
		if got := s.Typing().String(); got != "prod" {
			t.Errorf("the search is for %q", got)
		}
	})
}

func TestASideThatTheCommandLineLeftOpenGetsTheProposal(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		given := pair.Side{Region: "us-east-1", Bucket: "mine"}
		s.cfg.Pair = &pair.Pair{B: given, Options: pair.DefaultOptions()}
		s.open()
		if s.Pair.B != given || s.Pair.A.Region != "eu-west-1" || pair.CheckBucketName(s.Pair.A.Bucket) != nil {
			t.Errorf("%+v", s.Pair)
		}
	})
}

func TestWhatTheCommandLineChoseIsNotAskedAgain(t *testing.T) {
	access := sandboxAccess()
	play(t, 80, 24, func(s *stage) {
		s.cfg.Access = &access
		s.open().at(host.Options).press("esc").at(host.SideB)
	})
	play(t, 80, 24, func(s *stage) {
		s.cfg.Access, s.cfg.Pair.B = &access, pair.Side{}
		s.do.Identify = func(context.Context, account.Access, string) (account.Identity, error) {
			t.Error("with one side open it does not ask")
			return operator(), nil
		}
		s.open().at(host.Where)
	})
}

func TestSideBStartsWithThePartnerThatSideAReplicatesTo(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.cfg.Pair = nil
		s.do.Buckets = func(_ context.Context, _ account.Access, region string) ([]string, error) {
			return map[string][]string{"eu-west-1": {"photos-dublin"}, "us-west-2": {"logs", "photos-oregon"}}[region], nil
		}
		s.described(map[string]account.Description{
			"photos-dublin": {Holder: account.Ours, Rules: 1, Destinations: []string{"photos-oregon"}},
			"photos-oregon": {Holder: account.Ours, Region: "us-west-2"},
		})
		s.open().press("enter", "enter", "down", "enter").at(host.SideB).shows("Bucket in us-west-2", "▸ photos-oregon")
		s.press("enter").at(host.Options)
		if want := (pair.Side{Region: "us-west-2", Bucket: "photos-oregon"}); s.Pair.B != want {
			t.Errorf("%s is proposed", s.Pair.B)
		}
	})
}

func TestThePartnersRegionComesTooLateForOneThatWasChosenByHand(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.cfg.Pair = nil
		heard := make(chan struct{})
		s.buckets("photos-dublin")
		s.do.Describe = func(_ context.Context, _ account.Access, side pair.Side) (account.Description, error) {
			if side.Bucket == "the-partner" {
				<-heard
				return account.Description{Holder: account.Ours, Region: "us-west-2"}, nil
			}
			return account.Description{Holder: account.Ours, Rules: 1, Destinations: []string{"the-partner"}}, nil
		}
		s.open().press("enter", "enter", "down", "enter").at(host.SideB)
		s.press("down", "enter").shows("Bucket in ap-southeast-2")
		close(heard)
		s.settle()
		if s.Pair.B.Region != "ap-southeast-2" {
			t.Errorf("the region went to %s by itself", s.Pair.B.Region)
		}
	})
}

func TestAResultThatComesTooLateIsDropped(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		heard := make(chan struct{})
		s.do.Identify = func(context.Context, account.Access, string) (account.Identity, error) {
			<-heard
			return operator(), nil
		}
		s.open().press("enter").shows("asking AWS").press("esc").hides("asking AWS")
		s.Engines().Identify = func(ctx context.Context, _ account.Access, _ string) (account.Identity, error) {
			<-ctx.Done()
			return account.Identity{}, ctx.Err()
		}
		s.press("enter")
		close(heard)
		s.settle()
		if s.shows("asking AWS").at(host.Where); s.Open {
			t.Error("an identity of an opening that was given up came through")
		}
	})
	play(t, 80, 24, func(s *stage) {
		heard := make(chan struct{})
		s.do.Buckets = func(_ context.Context, _ account.Access, region string) ([]string, error) {
			if region == "eu-west-1" {
				<-heard
				return []string{"of-ireland"}, nil
			}
			return nil, nil
		}
		s.open().press("enter", "esc", "/").typed("eu-west-2").press("enter").shows("Bucket in eu-west-2")
		close(heard)
		s.settle()
		s.hides("of-ireland")
	})
	play(t, 80, 24, func(s *stage) {
		heard := make(chan struct{})
		s.do.Survey = func(_ context.Context, _ account.Access, p pair.Pair, _ pair.Consent) (session.Plans, error) {
			<-heard
			return demoSurvey(p), nil
		}
		s.atPlan().press("esc").at(host.Options)
		s.Engines().Survey = func(ctx context.Context, _ account.Access, _ pair.Pair, _ pair.Consent) (session.Plans, error) {
			<-ctx.Done()
			return session.Plans{}, ctx.Err()
		}
		s.press("enter").at(host.Plan)
		close(heard)
		s.settle()
		s.shows("reading what is there").hides("Apply these")
	})
}

func TestEscInAFieldBringsBackWhatStoodThere(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		before := demoPair().A.Bucket
		s.open().press("enter", "e").typed("AB").press("enter").at(host.SideA)
		if s.Typing() == nil {
			t.Fatal("enter left the field with a name that S3 refuses")
		}
		s.press("esc").shows("new: " + before + " ")
		if s.Typing() != nil {
			t.Error("after esc the field is open")
		}
	})
	playScene(t, "options", 80, 24, func(s *stage) {
		s.press("space")
		s.send(tea.PasteMsg{Content: strings.Repeat("x", 600)})
		s.press("enter").shows("at most 512")
		if s.Typing() == nil {
			t.Error("enter left the field with a prefix that is too long")
		}
	})
}

func TestOptionsSwitchAndThePrefixIsEdited(t *testing.T) {
	playScene(t, "options", 80, 24, func(s *stage) {
		s.press("space").typed("dr/").press("enter", "down", "space", "down", "down", "space")
		want := pair.Options{Prefix: "dr/", ReplicaModifications: true, Metrics: true}
		if s.Pair.Options != want {
			t.Errorf("%+v", s.Pair.Options)
		}
	})
}

func TestFurtherOptionsOpenAreCheckedAndCounted(t *testing.T) {
	playScene(t, "options", 80, 24, func(s *stage) {
		s.hides("storage class")
		s.press("down", "down", "down", "down", "space", "down", "down", "down", "space").shows("1 of 13 changed")
		if s.Pair.Options.StorageClass != "STANDARD" {
			t.Fatalf("%+v", s.Pair.Options)
		}
		const key = "arn:aws:kms:eu-west-1:123456789012:key/1234"
		s.press("down", "space").typed(strings.Replace(key, "eu-west-1", "eu-west-2", 1)).press("enter").shows("lies in eu-west-2")
		if s.Typing() == nil {
			t.Fatal("a key of another region was taken")
		}
		s.press("ctrl+u").typed(key).press("enter")
		if s.Typing() != nil || s.Pair.Given.KeyA != key {
			t.Fatalf("%+v", s.Pair.Options)
		}
	})
}

func TestFilterTagsSwitchDeleteMarkersOff(t *testing.T) {
	playScene(t, "options", 80, 24, func(s *stage) {
		s.press("down", "down", "down", "down", "space", "down", "space").typed("a=b").press("enter")
		if s.Pair.Options.FilterTags != "a=b" || s.Pair.Options.DeleteMarkers {
			t.Fatalf("%+v", s.Pair.Options)
		}
		s.press("up", "up", "up", "up").shows("▸ delete markers").press("space")
		if s.Pair.Options.DeleteMarkers {
			t.Error("delete markers were switched on beside filter tags")
		}
	})
}

func TestAClickChoosesARow(t *testing.T) {
	playScene(t, "where", 100, 30, func(s *stage) {
		s.click("profile prod")
		s.shows("▸ profile prod")
		s.send(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
		s.shows("▸ profile dev")
		s.press("m")
		if s.View().MouseMode != tea.MouseModeNone {
			t.Error("m did not release the mouse")
		}
	})
}

// What the environment names is in front, so that enter goes on to it; with nothing
// named that is the sandbox.
func TestTheConsoleBeginsWithWhatTheEnvironmentNames(t *testing.T) {
	profiles := []account.Profile{{Name: "", Region: "eu-west-1", Kind: "keys from the environment"}, {Name: "dev", Kind: "SSO"}, {Name: "prod", Kind: "SSO"}}
	for name, c := range map[string]struct {
		profiles []account.Profile
		named    string
		want     string
	}{
		"keys":                     {profiles, "", "▸ environment"},
		"keys and a profile":       {profiles, "prod", "▸ environment"},
		"a profile":                {profiles[1:], "prod", "▸ profile prod"},
		"a profile that is nobody": {profiles[1:], "other", "▸ Sandbox"},
		"nothing":                  {profiles[1:], "", "▸ Sandbox"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, 80, 24, func(s *stage) {
				s.profiles(c.profiles...)
				s.cfg.Profile = c.named
				s.open().shows(c.want)
			})
		})
	}
}

// Whose account is meant stands on every screen at every size.
func TestTheAccountAndTheProfileAreNamedAtEverySize(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
		for _, endpoint := range []string{"", "http://127.0.0.1:42633"} {
			play(t, size[0], size[1], func(s *stage) {
				s.profiles(account.Profile{Name: "prod", Region: "us-east-1", Kind: "SSO"})
				s.cfg.Profile = "prod"
				s.identified(account.Identity{Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/jane", Endpoint: endpoint}, nil)
				s.open().press("enter")
				s.shows("profile prod, account 111122223333")
				s.press("enter", "enter", "enter").at(host.Plan).shows("profile prod, account 111122223333")
			})
		}
	}
}
