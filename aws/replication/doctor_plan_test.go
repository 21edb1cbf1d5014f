package replication_test

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/step"
)

// What breaks a pair that bothways made is broken to the doctor, and a change to
// the plan; where the plan has put it right, the doctor finds nothing.
func TestDoctorAndPlanAgreeOnWhatIsBroken(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, l *lab) error{
		"the role's policy is gone": func(t *testing.T, l *lab) error {
			_, err := l.world.A.IAM.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{
				RoleName: aws.String(testPair.RoleName(pair.AtoB)), PolicyName: aws.String(testPair.PolicyName()),
			})
			return err
		},
		"the role trusts another": func(t *testing.T, l *lab) error {
			_, err := l.world.A.IAM.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{
				RoleName: aws.String(testPair.RoleName(pair.AtoB)), PolicyDocument: aws.String(trusting("ec2.amazonaws.com", "")),
			})
			return err
		},
		"the rule is gone": func(t *testing.T, l *lab) error {
			_, err := l.world.A.S3.DeleteBucketReplication(t.Context(), &s3.DeleteBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket)})
			return err
		},
		"the rule is disabled": func(t *testing.T, l *lab) error {
			out, err := l.world.A.S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket)})
			if err != nil {
				return err
			}
			out.ReplicationConfiguration.Rules[0].Status = types.ReplicationRuleStatusDisabled
			_, err = l.world.A.S3.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{
				Bucket: aws.String(testPair.A.Bucket), ReplicationConfiguration: out.ReplicationConfiguration,
			})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				apply(t, l.setUp(t), step.Done)
				if err := damage(t, l); err != nil {
					t.Fatal(err)
				}
				if h := l.examine(t, false).Health[pair.AtoB]; h.State != doctor.Broken {
					t.Errorf("A → B is %s: %s", h.State, h.Detail)
				}
				proposed := l.setUp(t)
				if proposed.Changes() == 0 {
					t.Error("the plan has nothing to change")
				}
				applyAny(t, proposed)
				if found := l.examine(t, true); !found.Healthy() || found.Health[pair.AtoB].State != doctor.Proven {
					t.Errorf("put right, it is %+v with %+v", found.Health, found.Troubles)
				}
				if again := l.setUp(t); again.Changes() != 0 {
					t.Errorf("put right, there are %d changes", again.Changes())
				}
			})
		})
	}
}
