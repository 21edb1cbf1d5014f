package replication_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
)

// S3 returns the lists of a statement in an order of its own, which is no
// change.
func TestABucketPolicyIsTheSameInWhateverOrderS3ReturnsItsLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.partnered(t)
		l.bucket(t, pair.B)
		bucket := l.world.Pair.B.Bucket
		theirs := `{"Sid":"theirs", "Effect":"Deny","Principal":"*","Action":["s3:Get*", "s3:PutObject",  "s3:Replicate*"],"Resource":"arn:aws:s3:::` + bucket + `/x/*"}`
		text := `{"Version":"2012-10-17","Statement":[` + theirs + `]}`
		if _, err := l.world.B.S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: &text}); err != nil {
			t.Fatal(err)
		}
		l.agreed()
		before := l.theirStatement(t)
		if before == theirs {
			t.Fatal("the sandbox returns lists in the order in which they were written")
		}
		applyAny(t, l.setUp(t))
		for _, st := range l.setUp(t).Steps {
			if st.Change != step.Nothing {
				t.Errorf("%s is left to do: %s %s", st.ID, st.Change, st.What)
			}
		}
		applyAny(t, l.setUp(t))
		if now := l.theirStatement(t); now != before {
			t.Errorf("their statement was %s and now is %s", before, now)
		}
	})
}

// theirStatement is the first statement of side B's bucket policy as it reads.
func (l *lab) theirStatement(t *testing.T) string {
	t.Helper()
	bucket := l.world.Pair.B.Bucket
	out, err := l.world.B.S3.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: &bucket})
	if err != nil {
		t.Fatal(err)
	}
	var document struct{ Statement []json.RawMessage }
	if err := json.Unmarshal([]byte(*out.Policy), &document); err != nil {
		t.Fatal(err)
	}
	return string(document.Statement[0])
}
