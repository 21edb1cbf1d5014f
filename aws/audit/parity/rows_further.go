package parity

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// further are the settings that say how a bucket is used and told of rather than
// who may do what in it.
func further() []row {
	return append([]row{
		{
			name: "notifications", title: "event notifications", right: "s3:GetBucketNotification",
			effect: "what happens there would reach other queues, topics and functions, or none",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return types.NotificationConfiguration{
					EventBridgeConfiguration: out.EventBridgeConfiguration, LambdaFunctionConfigurations: out.LambdaFunctionConfigurations,
					QueueConfigurations: out.QueueConfigurations, TopicConfigurations: out.TopicConfigurations,
				}, nil
			},
			plain: withoutIDs("Id"), harm: notificationHarm,
			write: writing{"PutBucketNotificationConfiguration", "put-bucket-notification-configuration", "NotificationConfiguration", "--notification-configuration", "", "", "{}"},
		},
		{
			name: "tags", title: "bucket tags", right: "s3:GetBucketTagging", none: []string{"NoSuchTagSet"},
			effect: "costs would be booked, and rights that go by tags given, otherwise",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return types.Tagging{TagSet: out.TagSet}, nil
			},
			plain: plainTags, carried: plainTags, harm: tagsHarm,
			write: writing{"PutBucketTagging", "put-bucket-tagging", "Tagging", "--tagging", "DeleteBucketTagging", "delete-bucket-tagging", ""},
		},
		{
			name: "abac", title: "attribute-based access control", right: "s3:GetBucketAbac",
			effect: "rights that go by the tags of the bucket would count on one side only",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketAbac(ctx, &s3.GetBucketAbacInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil || out.AbacStatus == nil || out.AbacStatus.Status != types.BucketAbacStatusEnabled {
					return nil, err // off is the same as never set
				}
				return out.AbacStatus, nil
			},
			harm:  inWords("with it, policies that go by tags count for this bucket, and PutBucketTagging no longer does: look at the policies of those who use it first"),
			write: writing{"PutBucketAbac", "put-bucket-abac", "AbacStatus", "--abac-status", "", "", `{"Status":"Disabled"}`},
		},
		{
			name: "website", title: "website", right: "s3:GetBucketWebsite", none: []string{"NoSuchWebsiteConfiguration"},
			effect: "a website would answer otherwise, or not at all",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return types.WebsiteConfiguration{
					ErrorDocument: out.ErrorDocument, IndexDocument: out.IndexDocument, RedirectAllRequestsTo: out.RedirectAllRequestsTo, RoutingRules: out.RoutingRules,
				}, nil
			},
			ordered: []string{"RoutingRules"},
			write:   writing{"PutBucketWebsite", "put-bucket-website", "WebsiteConfiguration", "--website-configuration", "DeleteBucketWebsite", "delete-bucket-website", ""},
		},
		{
			name: "logging", title: "access logs", right: "s3:GetBucketLogging",
			effect: "who reads and writes there would be written down elsewhere, or nowhere",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil || out.LoggingEnabled == nil {
					return nil, err
				}
				return types.BucketLoggingStatus{LoggingEnabled: out.LoggingEnabled}, nil
			},
			harm:  loggingHarm,
			write: writing{"PutBucketLogging", "put-bucket-logging", "BucketLoggingStatus", "--bucket-logging-status", "", "", "{}"},
		},
		{
			name: "acceleration", title: "transfer acceleration", right: "s3:GetAccelerateConfiguration",
			effect: "uploads through its accelerated endpoint would be refused",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketAccelerateConfiguration(ctx, &s3.GetBucketAccelerateConfigurationInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil || out.Status != types.BucketAccelerateStatusEnabled {
					return nil, err // suspended is the same as never set
				}
				return types.AccelerateConfiguration{Status: out.Status}, nil
			},
			write: writing{"PutBucketAccelerateConfiguration", "put-bucket-accelerate-configuration", "AccelerateConfiguration", "--accelerate-configuration", "", "", `{"Status":"Suspended"}`},
		},
		{
			name: "request-payment", title: "who pays for requests", right: "s3:GetBucketRequestPayment",
			effect: "somebody else would pay for requests and transfer, and requests that don't agree to pay be refused",
			read: func(ctx context.Context, at bucket) (any, error) {
				out, err := at.client.GetBucketRequestPayment(ctx, &s3.GetBucketRequestPaymentInput{Bucket: at.name, ExpectedBucketOwner: at.owner})
				if err != nil {
					return nil, err
				}
				return types.RequestPaymentConfiguration{Payer: out.Payer}, nil
			},
			write: writing{"PutBucketRequestPayment", "put-bucket-request-payment", "RequestPaymentConfiguration", "--request-payment-configuration", "", "", `{"Payer":"BucketOwner"}`},
		},
	}, several()...)
}
