package survey

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"bothways/aws/apierror"
)

// Configuration is a bucket's replication configuration as it was read.
type Configuration struct {
	Whole *types.ReplicationConfiguration // nil when the bucket has none
	// Unknown names the elements that the SDK does not know and drops:
	// writing the whole again would lose them.
	Unknown []string
}

// ReadConfiguration reads a bucket's replication configuration.
func ReadConfiguration(ctx context.Context, client *s3.Client, bucket, owner string) (Configuration, error) {
	var answer rawAnswer
	out, err := client.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &bucket, ExpectedBucketOwner: &owner}, answer.keep)
	if apierror.Code(err) == "ReplicationConfigurationNotFoundError" {
		return Configuration{}, nil
	}
	if err != nil {
		return Configuration{}, fmt.Errorf("read the replication configuration of %s: %w", bucket, err)
	}
	unknown, err := unknownElements(answer.body)
	if err != nil {
		return Configuration{}, fmt.Errorf("read the replication configuration of %s: %w", bucket, err)
	}
	return Configuration{out.ReplicationConfiguration, unknown}, nil
}

// rawAnswer keeps the body of one answer as it came.
type rawAnswer struct{ body []byte }

func (r *rawAnswer) keep(o *s3.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		return stack.Deserialize.Insert(middleware.DeserializeMiddlewareFunc("bothwaysRawAnswer", r.copy), "OperationDeserializer", middleware.After)
	})
}

func (r *rawAnswer) copy(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok {
		return out, metadata, err
	}
	body, err := io.ReadAll(response.Body)
	if err == nil {
		err = response.Body.Close()
	}
	if err != nil {
		return out, metadata, fmt.Errorf("read the answer: %w", err)
	}
	r.body = body
	response.Body = io.NopCloser(bytes.NewReader(body))
	return out, metadata, nil
}

// unknownElements names the elements and attributes of a replication
// configuration that the SDK's types have no place for, as paths.
func unknownElements(document []byte) ([]string, error) {
	if len(bytes.TrimSpace(document)) == 0 {
		return nil, nil // another store's way to say that there is none
	}
	decoder := xml.NewDecoder(bytes.NewReader(document))
	var unknown []string
	path := []string{}
	known := []reflect.Type{}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return unknown, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read its XML: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			kind := reflect.TypeFor[types.ReplicationConfiguration]()
			if len(known) > 0 {
				kind = memberType(known[len(known)-1], t.Name.Local)
			}
			path, known = append(path, t.Name.Local), append(known, kind)
			if len(path) > 1 && kind == nil && known[len(known)-2] != nil { // below an unknown one all are
				unknown = append(unknown, strings.Join(path[1:], "/"))
			}
			for _, attribute := range t.Attr {
				if attribute.Name.Local != "xmlns" && attribute.Name.Space != "xmlns" {
					unknown = append(unknown, strings.Join(slices.Concat(path[1:], []string{"@" + attribute.Name.Local}), "/"))
				}
			}
		case xml.EndElement:
			path, known = path[:len(path)-1], known[:len(known)-1]
		}
	}
}

// memberType is the type of the member that the SDK reads an element into, or
// nil. Lists are written without an element around them, each item under the
// name of one.
func memberType(parent reflect.Type, element string) reflect.Type {
	if parent == nil || parent.Kind() != reflect.Struct {
		return nil
	}
	field, found := parent.FieldByName(element)
	if !found {
		field, found = parent.FieldByName(element + "s")
		if !found || field.Type.Kind() != reflect.Slice {
			return nil
		}
	}
	kind := field.Type
	for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice {
		kind = kind.Elem()
	}
	return kind
}
