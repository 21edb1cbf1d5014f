package choose

import (
	"strings"
	"testing"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestTheBucketNameIsCheckedWhileItIsTyped(t *testing.T) {
	a := stage(t, host.SideA, 80, 24)
	consoletest.Keys(a.App, "enter", "e", "ctrl+u", "A", "b")
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "✗ not a bucket name") {
		t.Fatalf("typed Ab:\n%s", frame)
	}
	consoletest.Keys(a.App, "enter")
	if a.At() != host.SideA {
		t.Fatal("a wrong name was taken")
	}
	consoletest.Keys(a.App, "ctrl+u", "a", "b", "c", "d")
	a.sides[0].notes["abcd"] = bucketNote{found: account.Description{Holder: account.Others}}
	consoletest.Keys(a.App, "enter")
	if frame := consoletest.Text(a.App); a.At() != host.SideA || !strings.Contains(frame, "taken by somebody else: choose another") {
		t.Fatalf("a name of somebody else:\n%s", frame)
	}
	consoletest.Keys(a.App, "x", "enter")
	if a.At() != host.SideB || a.Pair.A.Bucket != "abcdx" {
		t.Errorf("at %s with %q", a.At().Title(), a.Pair.A.Bucket)
	}
}

func TestBothSidesInOneRegionAreRefusedAtTheInput(t *testing.T) {
	a := stage(t, host.SideB, 80, 24)
	a.Pair.B.Region = a.Pair.A.Region
	a.sides[1].inBucket = true
	consoletest.Keys(a.App, "enter")
	if frame := consoletest.Text(a.App); a.At() != host.SideB || !strings.Contains(frame, "bothways is for two regions") {
		t.Errorf("the same region:\n%s", frame)
	}
}

func TestTheRegionSearchFindsPlacesAndRenamesTheProposal(t *testing.T) {
	a := stage(t, host.SideA, 80, 24)
	a.sides[0].inBucket = false
	consoletest.Keys(a.App, "/", "t", "o", "k", "y", "o")
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "ap-northeast-1") || strings.Contains(frame, "Ireland") {
		t.Fatalf("the search:\n%s", frame)
	}
	consoletest.Keys(a.App, "enter")
	if got := a.sides[0].newName.String(); got != "bothways-demo-7k2m-ap-northeast-1" || a.Pair.A.Region != "ap-northeast-1" {
		t.Errorf("%s in %s", got, a.Pair.A.Region)
	}
}

func TestOptionsSwitchAndThePrefixIsEdited(t *testing.T) {
	a := stage(t, host.Options, 80, 24)
	consoletest.Keys(a.App, "space", "d", "r", "/", "enter", "down", "space", "down", "down", "space")
	want := pair.Options{Prefix: "dr/", ReplicaModifications: true, Metrics: true}
	if a.Pair.Options != want {
		t.Errorf("%+v", a.Pair.Options)
	}
}

func TestFurtherOptionsOpenAreCheckedAndCounted(t *testing.T) {
	a := stage(t, host.Options, 80, 24)
	if strings.Contains(consoletest.Text(a.App), "storage class") {
		t.Fatal("the further options stand open at first")
	}
	consoletest.Keys(a.App, "down", "down", "down", "down", "space", "down", "down", "down", "space")
	if a.Pair.Options.StorageClass != "STANDARD" || !strings.Contains(consoletest.Text(a.App), "1 of 10 changed") {
		t.Fatalf("%+v:\n%s", a.Pair.Options, consoletest.Text(a.App))
	}
	const key = "arn:aws:kms:eu-west-1:123456789012:key/1234"
	consoletest.Keys(a.App, "down", "space")
	for _, r := range strings.Replace(key, "eu-west-1", "eu-west-2", 1) {
		consoletest.Keys(a.App, string(r))
	}
	consoletest.Keys(a.App, "enter")
	if frame := consoletest.Text(a.App); !a.options.editing || !strings.Contains(frame, "lies in eu-west-2") {
		t.Fatalf("a key of another region:\n%s", frame)
	}
	consoletest.Keys(a.App, "ctrl+u")
	for _, r := range key {
		consoletest.Keys(a.App, string(r))
	}
	consoletest.Keys(a.App, "enter")
	if a.options.editing || a.Pair.Given.KeyA != key {
		t.Fatalf("%+v", a.Pair.Options)
	}
}

func TestFilterTagsSwitchDeleteMarkersOff(t *testing.T) {
	a := stage(t, host.Options, 80, 24)
	a.options.open = true
	a.options.list.Selected = 5
	consoletest.Keys(a.App, "space", "a", "=", "b", "enter", "home")
	if a.Pair.Options.FilterTags != "a=b" || a.Pair.Options.DeleteMarkers {
		t.Fatalf("%+v", a.Pair.Options)
	}
	a.options.list.Selected = 1
	consoletest.Keys(a.App, "space")
	if a.Pair.Options.DeleteMarkers {
		t.Error("delete markers were switched on beside filter tags")
	}
}

func TestASideThatTheCommandLineLeftOpenGetsTheProposal(t *testing.T) {
	given := pair.Pair{B: pair.Side{Region: "us-east-1", Bucket: "mine"}, Options: pair.DefaultOptions()}
	a := console.New(t.Context(), console.Config{Pair: &given, Engines: consoletest.Inert(), Now: func() time.Time { return consoletest.Noon }}, every)
	if a.Pair.B != given.B || a.Pair.A.Region != "eu-west-1" || pair.CheckBucketName(a.Pair.A.Bucket) != nil {
		t.Errorf("%+v", a.Pair)
	}
}
