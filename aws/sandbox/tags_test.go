package sandbox_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// Wherever S3 takes tags, it takes the same characters.
func TestATagIsRefusedWhereverItIsGiven(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	w.put("box", ireland, "k", "content")
	client, bucket := w.s3(ireland), aws.String("box")
	for value, fine := range map[string]bool{"v'q": false, "v*": false, "a b_.:/=+-@é1": true} {
		tags := []types.Tag{{Key: aws.String("k"), Value: &value}}
		for name, give := range map[string]func() error{
			"an object": func() error {
				_, err := client.PutObjectTagging(t.Context(), &s3.PutObjectTaggingInput{Bucket: bucket, Key: aws.String("k"), Tagging: &types.Tagging{TagSet: tags}})
				return err
			},
			"a bucket": func() error {
				_, err := client.PutBucketTagging(t.Context(), &s3.PutBucketTaggingInput{Bucket: bucket, Tagging: &types.Tagging{TagSet: tags}})
				return err
			},
			"a lifecycle rule": func() error {
				_, err := client.PutBucketLifecycleConfiguration(t.Context(), &s3.PutBucketLifecycleConfigurationInput{
					Bucket: bucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
						ID: aws.String("r"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Tag: &tags[0]},
						Expiration: &types.LifecycleExpiration{Days: aws.Int32(1)},
					}}},
				})
				return err
			},
		} {
			err := give()
			var said smithy.APIError
			switch {
			case fine && err != nil:
				t.Errorf("the tag %q of %s is refused: %v", value, name, err)
			case !fine && (!errors.As(err, &said) || said.ErrorCode() != "InvalidTag"):
				t.Errorf("the tag %q of %s: %v", value, name, err)
			}
		}
	}
}
