package replication_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
)

// lines are the troubles that have a line of their own, each line once.
func lines(found doctor.Diagnosis) []doctor.Trouble {
	var all []doctor.Trouble
	for _, t := range found.Troubles {
		if t.CLI != "" && !slices.ContainsFunc(all, func(o doctor.Trouble) bool { return o.CLI == t.CLI }) {
			all = append(all, t)
		}
	}
	return all
}

// is says whether two troubles are the same one, before and after.
func is(one, other doctor.Trouble) bool {
	same := func(a, b *pair.Direction) bool { return a == nil || b == nil || *a == *b }
	return one.Cause == other.Cause && one.Missing == other.Missing && one.Side == other.Side && same(one.Direction, other.Direction) &&
		(one.Cause != doctor.CauseRule || one.Title == other.Title)
}

// Every line that the doctor prints, run as somebody runs it who pastes it into
// a shell, puts right what it stands under, and does no harm to the rest.
func TestEveryLineOfTheDoctorsMendsWhatItStandsUnderAndHarmsNothing(t *testing.T) {
	ran := map[string][]doctor.Trouble{}
	for at, name := range slices.Sorted(maps.Keys(broken())) {
		if at%stride != 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			for i, n := 0, 1; i < n; i++ {
				synctest.Test(t, func(t *testing.T) {
					l := broken()[name](t)
					l.world.A.Profile, l.world.B.Profile = "a's own", "b$"
					all := l.examine(t, false)
					if n = len(lines(all)); n == 0 {
						return
					}
					trouble, shell, before := lines(all)[i], l.shellOf(t), l.standing(t)
					ran[name] = append(ran[name], trouble)
					if err := shell.run(t.Context(), trouble.CLI); err != nil {
						t.Fatalf("%s: %v\n%s", trouble.Title, err, trouble.CLI)
					}
					if len(shell.ran) != 1 {
						t.Errorf("it is %v: %s", shell.ran, trouble.CLI)
					}
					pass(time.Hour) // a region takes minutes
					harmless(t, l, before, all, trouble)
					again := l.examine(t, false)
					for _, left := range again.Troubles {
						if is(left, trouble) && left.Severity != survey.Note {
							t.Errorf("it is there still: %s\nbefore: %s\nafter: %s", left.Words(), trouble.Words(), trouble.CLI)
						}
						if !slices.ContainsFunc(all.Troubles, func(known doctor.Trouble) bool { return is(known, left) }) && left.Severity == survey.Blocker &&
							trouble.Cause != doctor.CauseRegion { // a region that is off hides all that is in it
							t.Errorf("it is new: %s\nafter: %s", left.Words(), trouble.CLI)
						}
					}
				})
			}
		})
	}
	if !t.Failed() && stride == 1 {
		everyPlaceIsRun(t, ran)
	}
}

// mayChange are the elements of a rule that may be written for a trouble with
// it, by what misses; all others stay, and so do those of the other rules.
var mayChange = map[string]func(*types.ReplicationRule){
	"Status":                   func(r *types.ReplicationRule) { r.Status = "" },
	"DeleteMarkerReplication":  func(r *types.ReplicationRule) { r.DeleteMarkerReplication = nil },
	"ReplicaModifications":     func(r *types.ReplicationRule) { r.SourceSelectionCriteria.ReplicaModifications = nil },
	"SseKmsEncryptedObjects":   func(r *types.ReplicationRule) { r.SourceSelectionCriteria.SseKmsEncryptedObjects = nil },
	"Destination.Account":      func(r *types.ReplicationRule) { r.Destination.Account = nil },
	"AccessControlTranslation": func(r *types.ReplicationRule) { r.Destination.AccessControlTranslation = nil },
}

// harmless fails the test where a line changed anything but what its trouble
// names.
func harmless(t *testing.T, l *lab, before standing, all doctor.Diagnosis, trouble doctor.Trouble) {
	t.Helper()
	now := l.standing(t)
	differs := before.differs(now)
	if len(differs) == 0 {
		t.Errorf("it changes nothing: %s", trouble.CLI)
	}
	for _, what := range differs {
		was, is := before[what], now[what]
		switch kind, _, _ := strings.Cut(what, " of "); {
		case strings.HasPrefix(kind, "rule "):
			if a, b := blanked(t, was, what, all), blanked(t, is, what, all); a != b {
				t.Errorf("%s was\n%s\nand is\n%s", what, was, is)
			}
		case kind == "policy" || kind == "trust":
			for _, s := range added(t, what, was, is) {
				letsInTheRoleAlone(t, what, s)
			}
		case strings.HasPrefix(kind, "policy ") && was == "":
			for _, s := range statements(t, is) {
				grantsThePairAlone(t, l, what, s)
			}
		case kind == "versioning" && trouble.Cause == doctor.CauseVersioning && is == string(types.BucketVersioningStatusEnabled):
		case strings.HasPrefix(kind, "region ") && trouble.Cause == doctor.CauseRegion && is == "ENABLED":
		default:
			t.Errorf("%s was %q and is %q, after: %s", what, was, is, trouble.CLI)
		}
	}
}

// blanked is a rule without the elements that something serious is said of, and
// without what is empty.
func blanked(t *testing.T, rule, what string, all doctor.Diagnosis) string {
	t.Helper()
	var r types.ReplicationRule
	if err := json.Unmarshal([]byte(rule), &r); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if r.SourceSelectionCriteria == nil {
		r.SourceSelectionCriteria = &types.SourceSelectionCriteria{}
	}
	for _, trouble := range all.Troubles {
		change := mayChange[trouble.Missing]
		id, _, _ := strings.Cut(strings.TrimPrefix(what, "rule "), " of bucket ")
		if change != nil && trouble.Severity != survey.Note && (strings.Contains(trouble.Words(), id) || trouble.Missing == "ReplicaModifications") {
			change(&r)
		}
	}
	return fmt.Sprintf("%v %v", r.Status, text(t, r))
}

// letsInTheRoleAlone wants a statement that joins others' to name one role, or
// the service, and to deny nothing.
func letsInTheRoleAlone(t *testing.T, what string, s statement) {
	t.Helper()
	principal := text(t, s.Principal)
	if s.Effect != "Allow" || !strings.Contains(principal, ":role/") && principal != `{"Service":"s3.amazonaws.com"}` || s.NotAction != nil {
		t.Errorf("%s: this is added: %s", what, s.text)
	}
}

// grantsThePairAlone wants a right to be on the pair's buckets, and there on the
// keys that rules in force cover, or on a key.
func grantsThePairAlone(t *testing.T, l *lab, what string, s statement) {
	t.Helper()
	resource, is := s.Resource.(string)
	if !is || s.Effect != "Allow" || strings.Contains(text(t, s.Action), "*") {
		t.Errorf("%s: it grants %s", what, s.text)
		return
	}
	for _, side := range pair.Sides() {
		bucket := l.world.Pair.Side(side).BucketARN()
		if resource == bucket {
			return
		}
		if key, is := strings.CutPrefix(resource, bucket+"/"); is && strings.HasSuffix(key, "*") && l.covered(t, strings.TrimSuffix(key, "*")) {
			return
		}
	}
	if !strings.HasPrefix(resource, "arn:aws:kms:") {
		t.Errorf("%s: it grants more than rules in force need: %s", what, s.text)
	}
}
