package step

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// RemoveBucket deletes a bucket that bothways made, once nothing is in it.
type RemoveBucket struct{ Objects RemoveObjects }

func (a RemoveBucket) input() *s3.DeleteBucketInput {
	return &s3.DeleteBucketInput{Bucket: aws.String(a.Objects.Side.Bucket), ExpectedBucketOwner: aws.String(a.Objects.Owner)}
}

func (a RemoveBucket) shown() shown {
	return shown{"DeleteBucket", a.Objects.Clients.CLI("s3api", "delete-bucket", "--bucket", a.Objects.Side.Bucket, "--expected-bucket-owner", a.Objects.Owner), []any{a.input()}}
}

func (a RemoveBucket) look(ctx context.Context) (bool, string, error) {
	side := survey.SideReader{S3: a.Objects.Clients.S3, Bucket: &a.Objects.Side.Bucket, Owner: &a.Objects.Owner, Found: &survey.Side{}}
	if err := side.Existence(ctx, a.Objects.Side.Region); err != nil {
		return false, "", err
	}
	if side.Found.Absent() {
		return true, "no bucket is there", nil
	}
	if err := side.Tags(ctx); err != nil {
		return false, "", err
	}
	if side.Found.OwnMark != a.Objects.Pair.ID() {
		return false, "", fmt.Errorf("bucket %s is kept: it no longer carries the tag %s=%s", a.Objects.Side.Bucket, pair.TagKey, a.Objects.Pair.ID())
	}
	return false, "", nil
}

// do deletes the bucket. A replica that was under way may land after the
// objects were removed, so ours are removed again while S3 says that the
// bucket is not empty.
func (a RemoveBucket) do(ctx context.Context, report func(string)) (string, error) {
	clock := StartWatch(ctx)
	for {
		_, err := a.Objects.Clients.S3.DeleteBucket(ctx, a.input())
		switch {
		case err == nil || apierror.Missing(err):
			return "bucket removed", nil
		case apierror.Code(err) != "BucketNotEmpty":
			return "", fmt.Errorf("delete bucket %s: %w", a.Objects.Side.Bucket, err)
		}
		others, tidyErr := a.Objects.others(ctx)
		if tidyErr != nil {
			return "", tidyErr
		}
		if !others.none() {
			return "", errors.New(others.words(a.Objects.Clients, a.Objects.Side.Bucket))
		}
		if clock.spent() > lateReplicas {
			return "", errors.Join(fmt.Errorf("bucket %s is still not empty", a.Objects.Side.Bucket), err)
		}
		report("late replicas are still arriving; removing them")
		gone, err := a.Objects.sweep(ctx, lateReplicas, report)
		if err != nil {
			return "", err
		}
		if stay := gone.left.ours; stay.count > 0 {
			return "", fmt.Errorf("bucket %s is kept: %d of our own objects in it can't be deleted: %s", a.Objects.Side.Bucket, stay.count, stay.names())
		}
		if err := sleep(ctx, time.Second); err != nil {
			return "", err
		}
	}
}

// contents is what keeps a bucket from being removed.
type contents struct {
	others []string   // not ours, or not known to be: the first few
	pairs  []pairRoom // where bothways wrote for other pairs
}

// pairRoom is where another pair wrote.
type pairRoom struct{ id, under, example string }

func (c contents) none() bool { return len(c.others) == 0 && len(c.pairs) == 0 }

// words says what holds the bucket, and what helps.
func (c contents) words(clients *account.Clients, bucket string) string {
	holds, help := make([]string, 0, len(c.pairs)+1), make([]string, 0, len(c.pairs))
	for _, room := range c.pairs {
		holds = append(holds, fmt.Sprintf("objects that bothways wrote for the pair %s, such as %s", room.id, room.example))
		help = append(help, RemovalLine(clients.CLI, bucket, room.under))
	}
	if len(c.others) > 0 {
		holds = append(holds, "what bothways did not write, or may not look at, such as "+strings.Join(c.others, ", "))
	}
	text := fmt.Sprintf("bucket %s is kept: it holds %s. Remove that first, or keep the bucket", bucket, strings.Join(holds, ", and "))
	if len(help) > 0 {
		text += ". A clean of the other pair does it where this bucket is one of its sides; copies that another rule brought here go by: " + strings.Join(help, "; ")
	}
	return text
}

// RemovalLine is a line for the AWS CLI that deletes every version under a prefix
// in which one pair alone writes, as many of them as one call takes. cli writes a call.
func RemovalLine(cli func(service, command string, arguments ...string) string, bucket, prefix string) string {
	return cli("s3api", "delete-objects", "--bucket", bucket) + ` --delete "$(` +
		cli("s3api", "list-object-versions", "--bucket", bucket, "--prefix", prefix, "--max-items", strconv.Itoa(mostDeleted), "--output", "json") +
		` --query '{Objects: Versions[].{Key: Key, VersionId: VersionId}}')"`
}

// others looks for what in the bucket is not this pair's, or not known to be: a
// few of each kind.
func (a RemoveObjects) others(ctx context.Context) (contents, error) {
	var found contents
	pages := s3.NewListObjectVersionsPaginator(a.Clients.S3, &s3.ListObjectVersionsInput{Bucket: &a.Side.Bucket, ExpectedBucketOwner: &a.Owner})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return found, fmt.Errorf("list what is in %s: %w", a.Side.Bucket, err)
		}
		for _, m := range page.DeleteMarkers {
			if !a.wrote(m.Key) {
				found.others = append(found.others, aws.ToString(m.Key)+" (delete marker)")
			}
			if len(found.others) == survey.MostNamed {
				return found, nil
			}
		}
		for some := range slices.Chunk(identified(page.Versions), lookers) {
			if err := a.sort(ctx, some, &found); err != nil {
				return found, err
			}
			if len(found.others) >= survey.MostNamed || len(found.pairs) >= survey.MostNamed {
				return found, nil
			}
		}
	}
	return found, nil
}

// sort files what is not this pair's.
func (a RemoveObjects) sort(ctx context.Context, some []types.ObjectIdentifier, found *contents) error {
	objects, err := a.inspectAll(ctx, some)
	if err != nil {
		return err
	}
	for _, object := range objects {
		key := aws.ToString(object.id.Key)
		id, under := pair.WriterOf(key)
		another := id != "" && id != a.Pair.ID()
		if another && slices.ContainsFunc(found.pairs, func(known pairRoom) bool { return known.under == under }) {
			continue
		}
		if another && object.refused == "" {
			if object, err = a.head(ctx, object.id.Key, object.id.VersionId); err != nil {
				return err
			}
		}
		switch {
		case object.mine:
		case another && object.mark == id:
			found.pairs = append(found.pairs, pairRoom{id: id, under: under, example: key})
		case object.refused != "":
			found.others = append(found.others, fmt.Sprintf("%s (could not be looked at: %s; it may be ours)", key, object.refused))
		default:
			found.others = append(found.others, key)
		}
		if len(found.others) >= survey.MostNamed {
			return nil
		}
	}
	return nil
}
