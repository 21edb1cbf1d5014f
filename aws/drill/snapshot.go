package drill

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// configurations reads both buckets' replication configurations and tags, and tells
// them.
func (r *run) configurations(ctx context.Context, m record.Moment) (map[pair.SideName]record.Configuration, error) {
	both, err := r.readConfigurations(ctx, m)
	r.tellConfigurations(both)
	return both, err
}

func (r *run) tellConfigurations(both map[pair.SideName]record.Configuration) {
	for _, side := range pair.Sides() {
		if c, read := both[side]; read {
			r.emit(c)
		}
	}
}

// readConfigurations reads them; with an error come those that were read.
func (r *run) readConfigurations(ctx context.Context, m record.Moment) (map[pair.SideName]record.Configuration, error) {
	both := map[pair.SideName]record.Configuration{}
	for _, side := range pair.Sides() {
		bucket, client := r.Scope.Pair.Side(side).Bucket, r.World.Clients(side).S3
		found, err := survey.ReadConfiguration(ctx, client, bucket, r.Scope.Accounts[side])
		if err != nil {
			return both, fmt.Errorf("read the replication configuration of %s: %w", bucket, err)
		}
		c := record.Configuration{Side: side, Moment: m, At: time.Now(), Document: wanted.Canonical(found.Whole)}
		sum := sha256.Sum256([]byte(c.Document))
		c.SHA256 = hex.EncodeToString(sum[:])
		c.Tags = tagsOf(ctx, client, bucket, r.Scope.Accounts[side])
		both[side] = c
	}
	return both, nil
}

// tagsOf are a bucket's tags as canonical JSON; "" where they can't be read, as
// where the right to is missing: they are evidence beside the configuration.
func tagsOf(ctx context.Context, client *s3.Client, bucket, owner string) string {
	input := &s3.GetBucketTaggingInput{Bucket: &bucket}
	if owner != "" {
		input.ExpectedBucketOwner = &owner
	}
	out, err := client.GetBucketTagging(ctx, input)
	var set []types.Tag
	switch {
	case apierror.Code(err) == "NoSuchTagSet":
	case err != nil:
		return ""
	default:
		set = out.TagSet
	}
	slices.SortFunc(set, func(a, b types.Tag) int { return strings.Compare(aws.ToString(a.Key), aws.ToString(b.Key)) })
	pairs := make([][2]string, len(set))
	for i, t := range set {
		pairs[i] = [2]string{aws.ToString(t.Key), aws.ToString(t.Value)}
	}
	text, err := json.Marshal(pairs)
	if err != nil {
		return ""
	}
	return string(text)
}

// changed names the sides whose configuration is not what it was before.
func (r *run) changed(now map[pair.SideName]record.Configuration) (sides []string) {
	for _, side := range pair.Sides() {
		if now[side].SHA256 != r.before[side].SHA256 {
			sides = append(sides, fmt.Sprintf("%s (%s)", side, r.Scope.Pair.Side(side)))
		}
	}
	return sides
}
