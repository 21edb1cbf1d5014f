package session_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/audit/estimate"
	"bothways/aws/pair"
)

// An estimate tells of all ways, and leaves nothing: no journal of its own, no
// change in AWS.
func TestAnEstimateComparesNothingAndLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.setUp(w.process())
		for _, side := range pair.Sides() {
			in := testPair.Side(side)
			clients, err := w.access.Open(t.Context(), in.Region)
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"one", "two"} {
				if _, err := clients.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &in.Bucket, Key: aws.String(string(side) + key)}); err != nil {
					t.Fatal(err)
				}
			}
		}
		before := len(w.journals())
		got, err := w.process().Estimate(t.Context(), w.access, testPair, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got.A.Versions < 2 || got.A.Bound != estimate.Exactly || len(got.Ways) != 4 || got.Recommended != estimate.FromHere || got.Ways[0].Time <= 0 {
			t.Errorf("%+v", got)
		}
		if got.Lists || !strings.Contains(got.ListsHow, "has no inventory") || got.Ways[2].Wait == 0 {
			t.Errorf("of inventories it says %q", got.ListsHow)
		}
		if after := len(w.journals()); after != before {
			t.Errorf("%d journals, and %d before", after, before)
		}
	})
}
