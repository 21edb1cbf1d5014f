package replication_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// Annotations are of 2026: roles that earlier versions made have no right to
// them. The doctor says that they stay behind, the plan mends it, and once that is
// done there is nothing left to change.
func TestARoleOfBeforeAnnotationsIsNamedAndMended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		if n := l.setUp(t).Changes(); n != 0 {
			t.Fatalf("a fresh pair has %d changes", n)
		}
		direction := l.survey(t).Directions[pair.AtoB]
		const right = `"s3:GetObjectVersionAnnotationForReplication"`
		older := strings.Replace(direction.Policy, ","+right, "", 1)
		if older == direction.Policy {
			t.Fatalf("the right is not in %s", direction.Policy)
		}
		if _, err := l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
			RoleName: aws.String(l.world.Pair.RoleName(pair.AtoB)), PolicyName: aws.String(l.world.Pair.PolicyName()), PolicyDocument: &older,
		}); err != nil {
			t.Fatal(err)
		}

		found, err := doctor.Examine(t.Context(), l.world, doctor.ExamineOptions{}, func(pair.Event) {})
		if err != nil {
			t.Fatal(err)
		}
		said := false
		for _, trouble := range found.Troubles {
			said = said || trouble.Missing == strings.Trim(right, `"`) && *trouble.Direction == pair.AtoB && trouble.Apply && strings.Contains(trouble.Meaning, "annotations")
		}
		if !said {
			t.Errorf("the doctor does not name it: %v", found.Troubles)
		}

		proposed := l.setUp(t)
		if !changes(proposed, step.KindRole.On(pair.AtoB)) || changes(proposed, step.KindRole.On(pair.BtoA)) {
			t.Errorf("the plan proposes %v", proposed.Steps)
		}
		if err := plan.Apply(t.Context(), proposed, (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		if n := l.setUp(t).Changes(); n != 0 {
			t.Errorf("%d changes are left", n)
		}
	})
}

func changes(p plan.Plan, id string) bool {
	for _, s := range p.Steps {
		if s.ID == id {
			return s.Change != step.Nothing
		}
	}
	return false
}
