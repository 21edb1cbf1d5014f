package wanted_test

import (
	"slices"
	"testing"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// What a backfill calls at its very end is looked for at its beginning: without
// it what was made could not be removed.
func TestABackfillsRightsReachToItsEnd(t *testing.T) {
	p := pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "us-east-1", Bucket: "two"}, Options: pair.DefaultOptions()}
	s := &survey.Survey{World: survey.World{Pair: p}, Sides: map[pair.SideName]survey.Side{}, Directions: map[pair.Direction]survey.Direction{}}
	for _, side := range pair.Sides() {
		s.Sides[side] = survey.Side{}
	}
	for _, d := range pair.Directions() {
		s.Directions[d] = survey.Direction{}
	}
	bucket := pair.Side{Region: "eu-west-1", Bucket: "lists"}
	rights := wanted.BackfillRights(s, []pair.Direction{pair.AtoB}, map[pair.SideName]pair.Side{pair.A: bucket}, map[pair.SideName]bool{pair.A: true}, map[pair.SideName]wanted.InPlace{pair.B: {Copies: true, Marks: true}})
	for _, action := range []string{
		"s3:ListBucketVersions", "s3:ListBucketMultipartUploads", "s3:DeleteBucket", "s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock", "s3:UpdateJobStatus",
	} {
		if !slices.ContainsFunc(rights, func(r survey.Right) bool { return r.Side == pair.A && r.Action == action }) {
			t.Errorf("%s is not among the rights", action)
		}
	}
	for _, action := range []string{"s3:PutObject", "s3:GetObjectVersionTagging", "s3:PutObjectTagging", "s3:AbortMultipartUpload", "s3:DeleteObject"} {
		if !slices.ContainsFunc(rights, func(r survey.Right) bool {
			return r.Side == pair.B && r.Action == action && r.Resource == "arn:aws:s3:::two/*"
		}) {
			t.Errorf("%s is not among the rights for what is done in place", action)
		}
	}
}
