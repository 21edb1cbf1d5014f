package sandbox_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/sandbox"
)

// S3 Control adds and takes single tags, and S3 has the same ones.
func TestTagsOfABucketAreTheSameInBothServices(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true})
	w.bucket("tagged", ireland)
	client, arn := w.control(ireland), aws.String("arn:aws:s3:::tagged")
	tag := func(key, value string) error {
		_, err := client.TagResource(t.Context(), &s3control.TagResourceInput{
			AccountId: aws.String(account), ResourceArn: arn, Tags: []control.Tag{{Key: &key, Value: &value}},
		})
		return err
	}
	both := func(want string) {
		t.Helper()
		var here, there string
		out, err := client.ListTagsForResource(t.Context(), &s3control.ListTagsForResourceInput{AccountId: aws.String(account), ResourceArn: arn})
		for _, tag := range must(t, out, err).Tags {
			here += *tag.Key + "=" + *tag.Value + " "
		}
		s3s, err := w.s3(ireland).GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: aws.String("tagged")})
		if want != "" {
			for _, tag := range must(t, s3s, err).TagSet {
				there += *tag.Key + "=" + *tag.Value + " "
			}
		} else if code(err) != "NoSuchTagSet" {
			t.Errorf("without tags: %v", err)
		}
		if here != want || there != want {
			t.Errorf("the tags are %q, and in S3 %q, want %q", here, there, want)
		}
	}
	both("")
	must(t, 0, tag("a", "1"))
	_, err := w.s3(ireland).PutBucketTagging(t.Context(), &s3.PutBucketTaggingInput{
		Bucket: aws.String("tagged"), Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("team"), Value: aws.String("x")}, {Key: aws.String("a"), Value: aws.String("1")}}},
	})
	must(t, 0, err)
	must(t, 0, tag("bothways:drill", "7-A"))
	must(t, 0, tag("a", "2"))
	both("team=x a=2 bothways:drill=7-A ")
	_, err = client.UntagResource(t.Context(), &s3control.UntagResourceInput{AccountId: aws.String(account), ResourceArn: arn, TagKeys: []string{"a", "none"}})
	must(t, 0, err)
	both("team=x bothways:drill=7-A ")
	if err := tag("aws:mine", "x"); code(err) != "InvalidTag" {
		t.Errorf("a tag of AWS: %v", err)
	}
	arn = aws.String("arn:aws:s3:::nowhere")
	if err := tag("a", "1"); code(err) != "NoSuchBucket" {
		t.Errorf("a bucket that is not there: %v", err)
	}
	arn = aws.String("arn:aws:s3:eu-west-1:" + account + ":storage-lens-group/g")
	if err := tag("a", "1"); code(err) != "NotImplemented" {
		t.Errorf("another kind of resource: %v", err)
	}
	arn = aws.String("arn:aws:s3:::tagged")
	reader := w.jobber("reader", `{"Effect":"Allow","Action":"s3:ListTagsForResource","Resource":"arn:aws:s3:::tagged"},
		{"Effect":"Allow","Action":"s3:TagResource","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["mine"]}}}`)
	if _, err := reader.ListTagsForResource(t.Context(), &s3control.ListTagsForResourceInput{AccountId: aws.String(account), ResourceArn: arn}); err != nil {
		t.Error(err)
	}
	for key, want := range map[string]string{"mine": "", "other": "AccessDenied"} {
		_, err := reader.TagResource(t.Context(), &s3control.TagResourceInput{
			AccountId: aws.String(account), ResourceArn: arn, Tags: []control.Tag{{Key: &key, Value: aws.String("v")}},
		})
		if code(err) != want {
			t.Errorf("the tag %s: %v", key, err)
		}
	}
	_, err = reader.UntagResource(t.Context(), &s3control.UntagResourceInput{AccountId: aws.String(account), ResourceArn: arn, TagKeys: []string{"mine"}})
	if code(err) != "AccessDenied" || !strings.Contains(err.Error(), "s3:UntagResource") {
		t.Errorf("untagging without the right: %v", err)
	}
}
