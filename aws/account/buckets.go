package account

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

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
