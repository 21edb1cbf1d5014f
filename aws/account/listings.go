package account

import (
	"context"
	"fmt"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"
)

// listings has S3 encode what it lists, and decodes that again, markers too, so
// that the next page is asked for by the marker itself. A key may hold any
// Unicode character; one that XML 1.0 can't carry would else lose its whole page
// (S3 API reference, ListObjectVersions: encoding-type). Who answers without
// saying that it encoded anything is taken at its word.
type listings struct{}

func (m listings) add(stack *middleware.Stack) error {
	return stack.Initialize.Add(m, middleware.Before) //nolint:misspell // the SDK's name
}

// ID implements middleware.InitializeMiddleware.
func (listings) ID() string { return "bothways:encodeListing" }

// HandleInitialize implements middleware.InitializeMiddleware.
func (listings) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	in.Parameters = encoded(in.Parameters)
	out, metadata, err := next.HandleInitialize(ctx, in)
	if err != nil {
		return out, metadata, err
	}
	if err := decode(out.Result); err != nil {
		return out, metadata, fmt.Errorf("read the answer to %s: %w", middleware.GetOperationName(ctx), err)
	}
	return out, metadata, nil
}

// encoded is the input of a call, for a listing a copy that asks to encode.
func encoded(input any) any {
	switch in := input.(type) {
	case *s3.ListObjectVersionsInput:
		asks := *in
		asks.EncodingType = types.EncodingTypeUrl
		return &asks
	case *s3.ListObjectsV2Input:
		asks := *in
		asks.EncodingType = types.EncodingTypeUrl
		return &asks
	case *s3.ListMultipartUploadsInput:
		asks := *in
		asks.EncodingType = types.EncodingTypeUrl
		return &asks
	}
	return input
}

// decode puts the texts of a listing back to what they stand for. Ids and
// continuation tokens are not encoded.
func decode(answer any) error {
	var texts []*string
	switch out := answer.(type) {
	case *s3.ListObjectVersionsOutput:
		if out.EncodingType != types.EncodingTypeUrl {
			return nil
		}
		texts = append(texts, out.Prefix, out.Delimiter, out.KeyMarker, out.NextKeyMarker)
		for _, v := range out.Versions {
			texts = append(texts, v.Key)
		}
		for _, m := range out.DeleteMarkers {
			texts = append(texts, m.Key)
		}
		texts = append(texts, prefixes(out.CommonPrefixes)...)
	case *s3.ListObjectsV2Output:
		if out.EncodingType != types.EncodingTypeUrl {
			return nil
		}
		texts = append(texts, out.Prefix, out.Delimiter, out.StartAfter)
		for _, o := range out.Contents {
			texts = append(texts, o.Key)
		}
		texts = append(texts, prefixes(out.CommonPrefixes)...)
	case *s3.ListMultipartUploadsOutput:
		if out.EncodingType != types.EncodingTypeUrl {
			return nil
		}
		texts = append(texts, out.Prefix, out.Delimiter, out.KeyMarker, out.NextKeyMarker)
		for _, u := range out.Uploads {
			texts = append(texts, u.Key)
		}
		texts = append(texts, prefixes(out.CommonPrefixes)...)
	}
	for _, text := range texts {
		if text == nil {
			continue
		}
		plain, err := url.QueryUnescape(*text) // a space is a plus
		if err != nil {
			return fmt.Errorf("it says that its keys are encoded, and %q is not: %w", *text, err)
		}
		*text = plain
	}
	return nil
}

func prefixes(common []types.CommonPrefix) []*string {
	all := make([]*string, len(common))
	for i, c := range common {
		all[i] = c.Prefix
	}
	return all
}
