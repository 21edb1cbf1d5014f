package parity

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

// several are the settings of which a bucket has several, each with an ID, and
// those of which only their being there is compared.
func several() []row {
	return []row{
		{
			name: "intelligent-tiering", title: "Intelligent-Tiering archive configurations", right: "s3:GetIntelligentTieringConfiguration",
			effect: "objects would go into archive tiers at other times, and be out of reach until they are restored",
			read: func(ctx context.Context, at bucket) (any, error) {
				return each(func(token *string) ([]types.IntelligentTieringConfiguration, *string, error) {
					out, err := at.client.ListBucketIntelligentTieringConfigurations(ctx, &s3.ListBucketIntelligentTieringConfigurationsInput{
						Bucket: at.name, ExpectedBucketOwner: at.owner, ContinuationToken: token,
					})
					if err != nil {
						return nil, nil, err
					}
					return out.IntelligentTieringConfigurationList, out.NextContinuationToken, nil
				}, nil)
			},
			write: writing{
				"PutBucketIntelligentTieringConfiguration", "put-bucket-intelligent-tiering-configuration", "IntelligentTieringConfiguration",
				"--intelligent-tiering-configuration", "DeleteBucketIntelligentTieringConfiguration", "delete-bucket-intelligent-tiering-configuration", "",
			},
		},
		{
			name: "metrics", title: "request metrics", right: "s3:GetMetricsConfiguration",
			effect: "alarms on its requests would have nothing to go by",
			read: func(ctx context.Context, at bucket) (any, error) {
				return each(func(token *string) ([]types.MetricsConfiguration, *string, error) {
					out, err := at.client.ListBucketMetricsConfigurations(ctx, &s3.ListBucketMetricsConfigurationsInput{
						Bucket: at.name, ExpectedBucketOwner: at.owner, ContinuationToken: token,
					})
					if err != nil {
						return nil, nil, err
					}
					return out.MetricsConfigurationList, out.NextContinuationToken, nil
				}, nil)
			},
			write: writing{
				"PutBucketMetricsConfiguration", "put-bucket-metrics-configuration", "MetricsConfiguration", "--metrics-configuration",
				"DeleteBucketMetricsConfiguration", "delete-bucket-metrics-configuration", "",
			},
		},
		{
			name: "analytics", title: "storage class analysis", right: "s3:GetAnalyticsConfiguration",
			effect: "its use would not be analysed",
			read: func(ctx context.Context, at bucket) (any, error) {
				return each(func(token *string) ([]types.AnalyticsConfiguration, *string, error) {
					out, err := at.client.ListBucketAnalyticsConfigurations(ctx, &s3.ListBucketAnalyticsConfigurationsInput{
						Bucket: at.name, ExpectedBucketOwner: at.owner, ContinuationToken: token,
					})
					if err != nil {
						return nil, nil, err
					}
					return out.AnalyticsConfigurationList, out.NextContinuationToken, nil
				}, nil)
			},
			harm: inWords("a storage class analysis may be exported to a bucket, whose policy has to let S3 write there: make it by hand"),
		},
		{
			name: "inventory", title: "inventories", right: "s3:GetInventoryConfiguration",
			effect: "what is built on its inventories would get none",
			read: func(ctx context.Context, at bucket) (any, error) {
				return each(func(token *string) ([]types.InventoryConfiguration, *string, error) {
					out, err := at.client.ListBucketInventoryConfigurations(ctx, &s3.ListBucketInventoryConfigurationsInput{
						Bucket: at.name, ExpectedBucketOwner: at.owner, ContinuationToken: token,
					})
					if err != nil {
						return nil, nil, err
					}
					return out.InventoryConfigurationList, out.NextContinuationToken, nil
				}, func(c types.InventoryConfiguration) bool {
					return strings.HasPrefix(aws.ToString(c.Id), pair.RulePrefix)
				})
			},
			harm: inWords("an inventory is delivered to a bucket of its own region, whose policy has to let S3 write there: make it by hand"),
		},
		{
			name: "replication-elsewhere", title: "replication to third buckets", right: "s3:GetReplicationConfiguration", none: []string{"ReplicationConfigurationNotFoundError"},
			effect: "what is written there would not be copied to the same third buckets; replicas are not replicated again",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil || out.ReplicationConfiguration == nil {
					return nil, err
				}
				var rules []types.ReplicationRule
				for _, r := range out.ReplicationConfiguration.Rules {
					// Those between the two sides are what package doctor is for.
					if r.Destination == nil || !strings.HasSuffix(aws.ToString(r.Destination.Bucket), ":"+at.other) {
						rules = append(rules, r)
					}
				}
				if len(rules) == 0 {
					return nil, nil
				}
				return map[string]any{"Rules": rules}, nil
			},
			plain: plainReplication,
			harm:  inWords("a rule to a third bucket takes a role with rights on it: make it by hand, beside the rule of this pair"),
		},
		{
			name: "metadata-tables", title: "S3 Metadata tables", right: "s3:GetBucketMetadataTableConfiguration", none: []string{"MetadataConfigurationNotFound", "NoSuchMetadataConfiguration"},
			effect: "what is built on its metadata tables would get none",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketMetadataConfiguration(ctx, &s3.GetBucketMetadataConfigurationInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil || out.GetBucketMetadataConfigurationResult == nil || out.GetBucketMetadataConfigurationResult.MetadataConfigurationResult == nil {
					return nil, err
				}
				return map[string]any{"MetadataTables": "configured"}, nil // their names and states are each bucket's own
			},
			harm: inWords("metadata tables cost by the object, and take rights in S3 Tables: make them by hand"),
		},
	}
}

// each reads all pages of what a bucket has several of, and leaves out what
// bothways made.
func each[T any](page func(token *string) ([]T, *string, error), ours func(T) bool) (any, error) {
	var all []T
	for token := (*string)(nil); ; {
		items, next, err := page(token)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			if ours == nil || !ours(item) {
				all = append(all, item)
			}
		}
		if token = next; aws.ToString(token) == "" {
			break
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	return map[string]any{each1: all}, nil
}
