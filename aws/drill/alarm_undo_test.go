// Looking for races costs several times as much, and the drills of the other tests
// go through the same code.
//go:build !race

package drill_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	watch "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/drill"
	"bothways/aws/drill/alarm"
	"bothways/aws/drill/opened"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/wanted"
	"bothways/aws/sandbox"
)

// policies are the inline policies of all roles, with their documents.
func (l *lab) policies() string {
	l.Helper()
	var all []string
	client := l.world.A.IAM
	roles, err := client.ListRoles(l.Context(), &iam.ListRolesInput{})
	if err != nil {
		l.Fatal(err)
	}
	for _, r := range roles.Roles {
		names, err := client.ListRolePolicies(l.Context(), &iam.ListRolePoliciesInput{RoleName: r.RoleName})
		if err != nil {
			l.Fatal(err)
		}
		for _, name := range names.PolicyNames {
			out, err := client.GetRolePolicy(l.Context(), &iam.GetRolePolicyInput{RoleName: r.RoleName, PolicyName: &name})
			if err != nil {
				l.Fatal(err)
			}
			all = append(all, *r.RoleName+" "+name+" "+policy.Decode(*out.PolicyDocument))
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// A kill before or after any change of a drill of an alarm leaves what the next
// command names, and what an undo takes back: with the journal and without.
func TestAnAlarmDrillKilledAnywhereIsNamedAndTakenBack(t *testing.T) {
	kills := 0
	for _, after := range []bool{false, true} {
		for n := 1; ; n++ {
			keep, reached := (n%2 == 0) == after, false // else the journal is lost
			inTime(t, func(t *testing.T) {
				l := metered(t, sandbox.Options{Seed: 3})
				l.hang("theirs", pair.AtoB, nil)
				l.hang("theirs", pair.BtoA, nil)
				theirs, scope, runs := l.decoy(), l.alarmScope(), t.TempDir()
				_, err := l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
					RoleName: aws.String(testPair.RoleName(pair.AtoB)), PolicyName: aws.String("bothways-alarm-zzzzzz-eu-west-1-d9"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:ReplicateObject","Resource":"arn:aws:s3:::theirs/*"}]}`),
				})
				if err != nil {
					t.Fatal(err)
				}
				before := l.policies()
				emit := l.journalled(runs, scope)
				reached = l.killed(n, after, func(ctx context.Context) { _, _ = drill.Run(ctx, l.alarmed(scope), emit) })
				if !reached {
					return
				}
				if !keep {
					for _, path := range glob(t, filepath.Join(runs, "*")) {
						if err := os.Remove(path); err != nil {
							t.Fatal(err)
						}
					}
				}
				open := l.find(runs)
				if changed := l.policies() != before; changed && (len(open) != 1 || open[0].Drill != scope.Drill || !open[0].Fails || len(open[0].Stands) == 0 || open[0].Kind != record.Alarm) {
					t.Errorf("killed at change %d (after it: %t): %+v is open", n, after, open)
				}
				if glanced := opened.Glance(t.Context(), l.world, runs, func(string) bool { return false }); len(glanced) != len(open) {
					t.Errorf("killed at change %d (after it: %t): a glance finds %+v, a look %+v", n, after, glanced, open)
				}
				if err := l.undo(t.Context(), open); err != nil {
					t.Errorf("killed at change %d (after it: %t): %v", n, after, err)
				}
				if now := l.policies(); now != before {
					t.Errorf("killed at change %d (after it: %t), then undone:\n%s\nwant\n%s", n, after, now, before)
				}
				if now := l.theirs(theirs); now != theirs.before {
					t.Errorf("killed at change %d (after it: %t), then undone:\n%s\nwant\n%s", n, after, now, theirs.before)
				}
				for _, o := range l.find(t.TempDir()) {
					t.Errorf("killed at change %d (after it: %t), then undone: %s", n, after, o.Words())
				}
			})
			if !reached {
				break
			}
			kills++
		}
	}
	if kills != 2*4 {
		t.Errorf("%d kills were tried, want one before and one after each of 4 changes", kills)
	}
}

// Each right that a drill of an alarm is said to need is named where it is missing,
// before anything is changed; and with all of them it goes its way.
func TestEachRightForAnAlarmIsNamedBeforehand(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := metered(t, sandbox.Options{Seed: 3})
		documents := wanted.Compose(l.surveyed())
		rights := wanted.AlarmRights(*documents, map[pair.Direction]string{pair.AtoB: documents.Directions[pair.AtoB].RoleARN, pair.BtoA: documents.Directions[pair.BtoA].RoleARN})
		l.hang("theirs-a", pair.AtoB, nil)
		l.hang("theirs-b", pair.BtoA, nil)
		time.Sleep(2 * time.Minute)
		for _, gone := range append(needed(rights), everyRight) {
			l.world, l.events = l.operator(gone, without(rights, gone)), nil
			l.wire.reset()
			result, err := drill.Run(t.Context(), l.alarmed(l.alarmScope()), l.emit)
			changes := l.wire.reset()
			if gone == everyRight {
				if err != nil || result.Verdict != record.Passed || result.Undo != record.Complete {
					t.Errorf("with all rights: %+v, %v", result, err)
				}
				for _, f := range of[record.Finding](l) {
					if f.Level == record.Blocks {
						t.Errorf("with all rights: %+v", f)
					}
				}
				continue
			}
			named := err != nil && strings.Contains(err.Error(), gone)
			for _, f := range of[record.Finding](l) {
				words := strings.FieldsFunc(f.Title+" "+f.Todo, func(r rune) bool { return strings.ContainsRune(" ,.", r) })
				named = named || f.Level == record.Blocks && slices.Contains(words, gone)
			}
			if !named || len(changes) > 0 {
				t.Errorf("without %s: %v, %+v; changed: %v", gone, err, of[record.Finding](l), changes)
			}
		}
	})
}

// What keeps an alarm from ringing is said before anything is changed.
func TestADrillOfAnAlarmThatCannotRingIsRefusedBeforehand(t *testing.T) {
	for what, c := range map[string]struct {
		disturb func(l *lab, s *record.Scope)
		named   string
	}{
		"no alarm": {func(*lab, *record.Scope) {}, "no alarm goes by what fails to replicate A → B"},
		"another name": {func(l *lab, s *record.Scope) {
			s.Alarms = []string{"their alarm"}
		}, "no alarm is called their alarm"},
		"it rings already": {func(l *lab, s *record.Scope) {
			s.Alarms = []string{"rings"}
			l.hang("rings", pair.BtoA, func(in *cloudwatch.PutMetricAlarmInput) { in.TreatMissingData = aws.String("ignore") })
			_, err := l.world.B.Metrics.SetAlarmState(l.Context(), &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("rings"), StateValue: watch.StateValueAlarm, StateReason: aws.String("a try")})
			if err != nil {
				l.Fatal(err)
			}
		}, "alarm rings rings already"},
		"no metrics": {func(l *lab, s *record.Scope) {
			l.world.Pair.Options.Metrics = false
			found, err := plan.Look(l.Context(), l.world)
			if err != nil {
				l.Fatal(err)
			}
			if err := plan.Apply(l.Context(), plan.SetUp(found), func(pair.Event) {}); err != nil {
				l.Fatal(err)
			}
			s.Pair = l.world.Pair
		}, "has no metrics"},
		"another drill": {func(l *lab, s *record.Scope) {
			l.hang("theirs-a", pair.AtoB, nil)
			l.hang("theirs-b", pair.BtoA, nil)
			other := *s
			other.Drill = "another"
			if err := alarm.New(l.world, other).Begin(l.Context(), func(pair.Event) {}); err != nil {
				l.Fatal(err)
			}
		}, "drill another of this pair is open"},
	} {
		t.Run(what, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := metered(t, sandbox.Options{Seed: 3})
				s := l.alarmScope()
				c.disturb(l, &s)
				l.wire.reset()
				_, err := drill.Run(t.Context(), l.alarmed(s), l.emit)
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

// A role of others gets the drill's policy only where that was agreed to.
func TestARoleOfOthersIsAskedFor(t *testing.T) {
	for _, agreed := range []bool{false, true} {
		t.Run(fmt.Sprint(agreed), func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := metered(t, sandbox.Options{Seed: 3})
				l.hang("theirs-a", pair.AtoB, nil)
				time.Sleep(2 * time.Minute)
				// Without its mark the role is somebody's.
				_, err := l.world.A.IAM.UntagRole(t.Context(), &iam.UntagRoleInput{RoleName: aws.String(testPair.RoleName(pair.AtoB)), TagKeys: []string{pair.TagKey}})
				if err != nil {
					t.Fatal(err)
				}
				if agreed {
					l.world.Consent = pair.Merge
				}
				before := l.policies()
				l.wire.reset()
				s := l.alarmScope()
				s.Ways, s.Anyway = []pair.Direction{pair.AtoB}, agreed // the doctor has its own word on such a role
				result, err := drill.Run(t.Context(), l.alarmed(s), l.emit)
				changes := l.wire.reset()
				asked := slices.ContainsFunc(of[record.Finding](l), func(f record.Finding) bool { return strings.Contains(f.Todo, "--merge") })
				if asked == agreed || (len(changes) > 0) != agreed || l.policies() != before {
					t.Errorf("asked: %t, changed: %v, %v", asked, changes, err)
				}
				if agreed && (result.Verdict != record.Passed || result.Undo != record.Complete) {
					t.Errorf("got %+v, %v", result, err)
				}
			})
		})
	}
}

// Somebody says when it rings, where CloudWatch is not asked, and what is noted
// meanwhile is taken down with its time, to the last.
func TestSomebodySaysThatItRang(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := metered(t, sandbox.Options{Seed: 3})
		s := l.alarmScope()
		s.ByHand, s.People.Observer = true, "Ines"
		cfg := l.alarmed(s)
		remarks := make(chan string, 4)
		cfg.Remarks = remarks
		emit := func(e pair.Event) {
			if c, is := e.(record.Change); is && (c.State == record.Draft || c.State == record.Reported) {
				remarks <- string(c.State)
			}
			l.emit(e)
		}
		cfg.Heard = func(ctx context.Context) (string, error) {
			time.Sleep(4 * time.Minute)
			remarks <- " nobody picked up "
			return "the on-call engineer called", nil
		}
		result, err := drill.Run(t.Context(), cfg, emit)
		rang := of[record.Rang](l)
		if err != nil || result.Verdict != record.Passed || len(rang) != 1 || rang[0].How != record.ByHand || rang[0].HighMS-rang[0].FromMS < 240_000 || rang[0].HighMS-rang[0].FromMS > 260_000 {
			t.Errorf("got %+v, %+v, %v", result, rang, err)
		}
		var texts []string
		for _, n := range of[record.Note](l) {
			texts = append(texts, n.Text)
			if n.Kind != record.Remark || n.By != "Ines" || n.Text == "nobody picked up" && n.SinceStartMS < 240_000 {
				t.Errorf("noted: %+v", n)
			}
		}
		if want := []string{"draft", "draft", "nobody picked up", "reported", "reported"}; !slices.Equal(texts, want) {
			t.Errorf("noted: %q, want %q", texts, want)
		}
	})
}
