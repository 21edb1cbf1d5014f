package account

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
)

// Holder says whose a bucket name is.
type Holder string

// The holders of a bucket name.
const (
	Nobody Holder = "nobody" // the name is free
	Ours   Holder = "ours"   // these credentials can list it
	Others Holder = "others" // it exists, out of these credentials' reach
)

// Description is what a glance at a bucket tells before it is chosen.
type Description struct {
	Holder Holder
	Region string // where it lies, if S3 said so
	// Versioning is Enabled, Suspended or "" for never set.
	Versioning string
	// Destinations are the names of the buckets that its rules replicate to.
	Destinations []string
	Rules        int
}

// DescribeBucket takes a glance at a bucket by three reads at most. HeadBucket
// tells whether the name is free (404), reachable (200) or somebody else's
// (403; S3 API reference, HeadBucket).
func (c *Clients) DescribeBucket(ctx context.Context, name string) (Description, error) {
	head, err := c.S3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(name)})
	switch {
	case apierror.Missing(err):
		return Description{Holder: Nobody}, nil
	case apierror.ClockWrong(err):
		return Description{}, fmt.Errorf("look at bucket %s: %w", name, err)
	case apierror.Denied(err), apierror.StatusCode(err) < http.StatusInternalServerError && apierror.Header(err, "X-Amz-Bucket-Region") != "":
		return Description{Holder: Others, Region: apierror.Header(err, "X-Amz-Bucket-Region")}, nil
	case err != nil: // a service that is out of order says nothing of a name
		return Description{}, fmt.Errorf("look at bucket %s: %w", name, err)
	}
	found := Description{Holder: Ours, Region: aws.ToString(head.BucketRegion)}
	versioning, err := c.S3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: aws.String(name)})
	if err != nil {
		return found, fmt.Errorf("read the versioning of bucket %s: %w", name, err)
	}
	found.Versioning = string(versioning.Status)
	replication, err := c.S3.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: aws.String(name)})
	switch {
	case apierror.Missing(err), apierror.Code(err) == "ReplicationConfigurationNotFoundError":
		return found, nil
	case err != nil:
		return found, fmt.Errorf("read the replication of bucket %s: %w", name, err)
	case replication.ReplicationConfiguration == nil: // another store's empty answer
		return found, nil
	}
	found.Rules = len(replication.ReplicationConfiguration.Rules)
	found.Destinations = destinations(replication.ReplicationConfiguration.Rules)
	return found, nil
}

func destinations(rules []types.ReplicationRule) []string {
	var names []string
	for _, rule := range rules {
		if rule.Destination == nil {
			continue
		}
		arn := aws.ToString(rule.Destination.Bucket)
		if name := arn[strings.LastIndex(arn, ":")+1:]; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Buckets lists the account's buckets that lie in the clients' region
// (ListBuckets with its BucketRegion filter, S3 API reference).
func (c *Clients) Buckets(ctx context.Context) ([]string, error) {
	var names []string
	pages := s3.NewListBucketsPaginator(c.S3, &s3.ListBucketsInput{BucketRegion: aws.String(c.Region), MaxBuckets: aws.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return names, fmt.Errorf("list the buckets in %s: %w", c.Region, err)
		}
		for _, b := range page.Buckets {
			// Stores that ignore the filter still name each bucket's region.
			if region := aws.ToString(b.BucketRegion); region == "" || region == c.Region {
				names = append(names, aws.ToString(b.Name))
			}
		}
	}
	return names, nil
}
