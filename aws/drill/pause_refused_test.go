// Looking for races costs several times as much, and the drills of the other tests
// go through the same code.
//go:build !race

package drill_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	fistypes "github.com/aws/aws-sdk-go-v2/service/fis/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/drill"
	"bothways/aws/drill/pause"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/sandbox"
	sandboxfis "bothways/aws/sandbox/fis"
	"bothways/aws/sandbox/replicate"
)

// What goes on longer than the time box was never isolated, and that is said.
func TestATailLongerThanTheTimeBoxIsNoIsolation(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3, Pauses: sandboxfis.Pauses{Tail: replicate.Tail{For: time.Hour, Share: 1, New: true}}})
		scope := l.pauseScope()
		scope.Box = 2 * time.Minute
		result, err := drill.Run(t.Context(), l.paused(scope), l.emit)
		if result.Verdict != record.Failed || result.Undo != record.Complete || len(result.Left) > 0 || !strings.Contains(strings.Join(result.Why, "; "), "isolation was not reached") {
			t.Errorf("got %+v, %v", result, err)
		}
		for _, i := range of[record.Isolation](l) {
			if i.Seen {
				t.Errorf("%s is said to be isolated", i.Direction.Arrow())
			}
		}
	})
}

// Who changes a configuration during a drill keeps what was written: it is named,
// and everything else is taken back.
func TestWhatSomebodyElseWritesDuringADrillIsNotOverwritten(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		cfg := l.paused(l.pauseScope())
		var theirs string
		cfg.Decide = func(ctx context.Context) (string, error) {
			now, err := survey.ReadConfiguration(ctx, l.world.A.S3, testPair.A.Bucket, "000000000000")
			if err != nil {
				return "", err
			}
			now.Whole.Rules[0].Priority = aws.Int32(99)
			theirs = wanted.Canonical(now.Whole)
			_, err = l.world.A.S3.PutBucketReplication(ctx, &s3.PutBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket), ReplicationConfiguration: now.Whole})
			return "at once", err
		}
		result, _ := drill.Run(t.Context(), cfg, l.emit)
		if result.Undo != record.Incomplete || len(result.Left) > 0 {
			t.Errorf("got %+v", result)
		}
		named := slices.ContainsFunc(of[record.Finding](l), func(f record.Finding) bool {
			return strings.Contains(f.Text, "side A") && strings.Contains(f.Text, "somebody else changed it")
		})
		now, err := survey.ReadConfiguration(t.Context(), l.world.A.S3, testPair.A.Bucket, "000000000000")
		if err != nil || !named || wanted.Canonical(now.Whole) != theirs {
			t.Errorf("named: %t; it reads %s, %v", named, wanted.Canonical(now.Whole), err)
		}
	})
}

// What would keep a pause from working is found before anything is changed.
func TestAPauseThatWouldNotWorkIsRefusedBeforehand(t *testing.T) {
	for what, c := range map[string]struct {
		disturb func(l *lab)
		named   string
	}{
		"the safety lever": {func(l *lab) {
			_, err := l.world.B.FIS.UpdateSafetyLeverState(l.Context(), &fis.UpdateSafetyLeverStateInput{Id: aws.String("default"), State: &fistypes.UpdateSafetyLeverStateInput{
				Status: fistypes.SafetyLeverStatusInputEngaged, Reason: aws.String("a release"),
			}})
			if err != nil {
				l.Fatal(err)
			}
		}, "safety lever of AWS FIS is engaged in ap-southeast-1"},
		"another drill of the pair": {func(l *lab) {
			other := l.pauseScope()
			other.Drill = "another"
			if err := pause.New(l.world, other).Begin(l.Context(), func(pair.Event) {}); err != nil {
				l.Fatal(err)
			}
		}, "drill another of this pair is open"},
		"as many tags as a bucket can have": {(*lab).fill, "bucket bothways-drill-one has 50 tags"},
		"an experiment of others":           {(*lab).others, "works on bucket bothways-drill-one"},
	} {
		t.Run(what, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := newLab(t, sandbox.Options{Seed: 3})
				c.disturb(l)
				l.wire.reset()
				cfg := l.paused(l.pauseScope())
				_, err := drill.Run(t.Context(), cfg, l.emit)
				if _, unhealthy := errors.AsType[*drill.UnhealthyError](err); !unhealthy || !strings.Contains(err.Error(), c.named) {
					t.Errorf("got %v", err)
				}
				if changes := l.wire.reset(); len(changes) > 0 {
					t.Errorf("changed all the same: %v", changes)
				}
			})
		})
	}
}

// operator is the lab's world as somebody of a name of their own sees it, who has
// one policy.
func (l *lab) operator(name, document string) survey.World {
	l.Helper()
	key := strings.ToUpper("AKIA" + strings.ReplaceAll(name, ":", ""))
	err := l.box.AddAccount(sandbox.Account{ID: "000000000000", Users: []sandbox.User{{
		Name: strings.ReplaceAll(name, ":", "-"), AccessKeyID: key, SecretAccessKey: "secret", Policies: []json.RawMessage{json.RawMessage(document)},
	}}})
	if err != nil {
		l.Fatal(err)
	}
	access := l.access
	access.Credentials = credentials.NewStaticCredentialsProvider(key, "secret", "")
	w := l.world
	if w.A, err = access.Open(l.Context(), testPair.A.Region); err != nil {
		l.Fatal(err)
	}
	if w.B, err = access.Open(l.Context(), testPair.B.Region); err != nil {
		l.Fatal(err)
	}
	return w
}

// Each right that a drill is said to need is named where it is missing, before
// anything is changed; and with all of them a pause goes its way.
func TestEachRightTakenAwayIsNamedBeforehand(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		rights := wanted.PauseRights(*wanted.Compose(l.surveyed()), map[pair.SideName]bool{pair.A: true, pair.B: true})
		for _, gone := range append(needed(rights), everyRight) {
			w, scope := l.operator(gone, without(rights, gone)), l.pauseScope()
			fault := pause.New(w, scope)
			l.wire.reset()
			found, err := fault.Check(t.Context())
			named := err != nil && strings.Contains(err.Error(), gone)
			for _, f := range found {
				words := strings.FieldsFunc(f.Title, func(r rune) bool { return r == ' ' || r == ',' })
				named = named || f.Level == record.Blocks && slices.Contains(words, gone)
				if gone == everyRight && f.Level != record.Notes {
					t.Errorf("with all rights: %+v", f)
				}
			}
			if gone != everyRight && !named {
				t.Errorf("nothing names %s: %+v, %v", gone, found, err)
			}
			if changes := l.wire.reset(); len(changes) > 0 {
				t.Errorf("without %s a check changes: %v", gone, changes)
			}
			if gone != everyRight {
				continue
			}
			if err := errors.Join(fault.Begin(t.Context(), l.emit), fault.End(t.Context(), l.emit), fault.Remove(t.Context(), l.emit)); err != nil {
				t.Error(err)
			}
			if left, err := fault.Left(t.Context()); err != nil || len(left) > 0 {
				t.Errorf("left: %v, %v", left, err)
			}
		}
	})
}

// everyRight is the name of somebody who lacks none.
const everyRight = "every"

// needed are the actions of rights that are no matter of choice, each once.
func needed(rights []survey.Right) (actions []string) {
	for _, r := range rights {
		if !r.Optional && !slices.Contains(actions, r.Action) {
			actions = append(actions, r.Action)
		}
	}
	return actions
}

// without is a policy of rights but for one action.
func without(rights []survey.Right, gone string) string {
	var drafts []policy.Draft
	for _, r := range rights {
		if r.Action != gone {
			drafts = append(drafts, policy.Draft{Effect: "Allow", Action: r.Action, Resource: r.Resource})
		}
	}
	return policy.Compose(drafts...)
}
