package console

import (
	"strings"
	"testing"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

func TestTheBucketNameIsCheckedWhileItIsTyped(t *testing.T) {
	a := stage(t, atSideA, 80, 24)
	keys(a, "enter", "e", "ctrl+u", "A", "b")
	if frame := text(a); !strings.Contains(frame, "✗ not a bucket name") {
		t.Fatalf("typed Ab:\n%s", frame)
	}
	keys(a, "enter")
	if a.front != atSideA {
		t.Fatal("a wrong name was taken")
	}
	keys(a, "ctrl+u", "a", "b", "c", "d")
	a.sides[0].notes["abcd"] = bucketNote{found: account.Description{Holder: account.Others}}
	keys(a, "enter")
	if frame := text(a); a.front != atSideA || !strings.Contains(frame, "taken by somebody else: choose another") {
		t.Fatalf("a name of somebody else:\n%s", frame)
	}
	keys(a, "x", "enter")
	if a.front != atSideB || a.pair.A.Bucket != "abcdx" {
		t.Errorf("at %s with %q", a.front.title(), a.pair.A.Bucket)
	}
}

func TestBothSidesInOneRegionAreRefusedAtTheInput(t *testing.T) {
	a := stage(t, atSideB, 80, 24)
	a.pair.B.Region = a.pair.A.Region
	a.sides[1].inBucket = true
	keys(a, "enter")
	if frame := text(a); a.front != atSideB || !strings.Contains(frame, "bothways is for two regions") {
		t.Errorf("the same region:\n%s", frame)
	}
}

func TestTheRegionSearchFindsPlacesAndRenamesTheProposal(t *testing.T) {
	a := stage(t, atSideA, 80, 24)
	a.sides[0].inBucket = false
	keys(a, "/", "t", "o", "k", "y", "o")
	if frame := text(a); !strings.Contains(frame, "ap-northeast-1") || strings.Contains(frame, "Ireland") {
		t.Fatalf("the search:\n%s", frame)
	}
	keys(a, "enter")
	if got := a.sides[0].newName.String(); got != "bothways-demo-7k2m-ap-northeast-1" || a.pair.A.Region != "ap-northeast-1" {
		t.Errorf("%s in %s", got, a.pair.A.Region)
	}
}

func TestOptionsSwitchAndThePrefixIsEdited(t *testing.T) {
	a := stage(t, atOptions, 80, 24)
	keys(a, "space", "d", "r", "/", "enter", "down", "space", "down", "down", "space")
	want := pair.Options{Prefix: "dr/", ReplicaModifications: true, Metrics: true}
	if a.pair.Options != want {
		t.Errorf("%+v", a.pair.Options)
	}
}

func TestFurtherOptionsOpenAreCheckedAndCounted(t *testing.T) {
	a := stage(t, atOptions, 80, 24)
	if strings.Contains(text(a), "storage class") {
		t.Fatal("the further options stand open at first")
	}
	keys(a, "down", "down", "down", "down", "space", "down", "down", "down", "space")
	if a.pair.Options.StorageClass != "STANDARD" || !strings.Contains(text(a), "1 of 10 changed") {
		t.Fatalf("%+v:\n%s", a.pair.Options, text(a))
	}
	const key = "arn:aws:kms:eu-west-1:123456789012:key/1234"
	keys(a, "down", "space")
	for _, r := range strings.Replace(key, "eu-west-1", "eu-west-2", 1) {
		keys(a, string(r))
	}
	keys(a, "enter")
	if frame := text(a); !a.options.editing || !strings.Contains(frame, "lies in eu-west-2") {
		t.Fatalf("a key of another region:\n%s", frame)
	}
	keys(a, "ctrl+u")
	for _, r := range key {
		keys(a, string(r))
	}
	keys(a, "enter")
	if a.options.editing || a.pair.Given.KeyA != key {
		t.Fatalf("%+v", a.pair.Options)
	}
}

func TestFilterTagsSwitchDeleteMarkersOff(t *testing.T) {
	a := stage(t, atOptions, 80, 24)
	a.options.open = true
	a.options.list.Selected = 5
	keys(a, "space", "a", "=", "b", "enter", "home")
	if a.pair.Options.FilterTags != "a=b" || a.pair.Options.DeleteMarkers {
		t.Fatalf("%+v", a.pair.Options)
	}
	a.options.list.Selected = 1
	keys(a, "space")
	if a.pair.Options.DeleteMarkers {
		t.Error("delete markers were switched on beside filter tags")
	}
}

func TestAgreeingToAMergePlansAgain(t *testing.T) {
	a := sceneNamed(t, "plan-consent")
	keys(a, "y")
	if a.front != atPlan {
		t.Fatal("a blocked plan was applied")
	}
	keys(a, "a")
	if a.agreed() != pair.Merge || !a.plan.asking {
		t.Errorf("merge %v, reading %v", a.agreed(), a.plan.asking)
	}
}

func TestWrongSetupsAreExplainedAndNotStarted(t *testing.T) {
	for _, c := range []struct {
		row       int
		text, why string
	}{
		{setupSizes, "8 potatoes", "potatoes"},
		{setupSizes, "-1", "-1"},
		{setupSizes, "1MiB,1MiB", ""},
		{setupLength, "many", "whole number of rounds"},
		{setupLength, "-3", "rounds"},
		{setupLength, "-3h", "nor a time"},
		{setupLength, "0h", "nor a time"},
		{setupEvery, "soon", "10s"},
		{setupLimit, "0s", "15m"},
	} {
		a := stage(t, atProbe, 100, 30)
		a.probe.setup.texts[c.row] = widget.NewField(c.text)
		a.dirty = true
		keys(a, "enter")
		if frame := text(a); a.probe.run != nil || !strings.Contains(frame, c.why) {
			t.Errorf("%q:\n%s", c.text, frame)
		}
	}
}

func TestASideThatTheCommandLineLeftOpenGetsTheProposal(t *testing.T) {
	given := pair.Pair{B: pair.Side{Region: "us-east-1", Bucket: "mine"}, Options: pair.DefaultOptions()}
	a := newApp(t.Context(), Config{Pair: &given, engines: inert(), Now: func() time.Time { return noon }})
	if a.pair.B != given.B || a.pair.A.Region != "eu-west-1" || pair.CheckBucketName(a.pair.A.Bucket) != nil {
		t.Errorf("%+v", a.pair)
	}
}
