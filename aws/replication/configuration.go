package replication

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

	"bothways/aws/account"
	"bothways/aws/apierror"
)

// configuration is a bucket's replication configuration as it was read.
type configuration struct {
	whole *types.ReplicationConfiguration // nil when the bucket has none
	// unknown names the elements that the SDK does not know and drops:
	// writing the whole again would lose them.
	unknown []string
}

// changed is an error unless the configuration reads as it did when the plan
// was made.
func (c configuration) changed(bucket string, base *types.ReplicationConfiguration) error {
	switch {
	case len(c.unknown) > 0:
		return fmt.Errorf("the replication configuration of %s now has elements that bothways does not know and would lose: %s", bucket, strings.Join(c.unknown, ", "))
	case !sameConfiguration(c.whole, base):
		return fmt.Errorf("the replication configuration of %s has changed since the plan was made (%s): plan again", bucket, difference(base, c.whole))
	}
	return nil
}

// readConfiguration reads a bucket's replication configuration.
func readConfiguration(ctx context.Context, client *s3.Client, bucket, owner string) (configuration, error) {
	var answer rawAnswer
	out, err := client.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &bucket, ExpectedBucketOwner: &owner}, answer.keep)
	if apierror.Code(err) == "ReplicationConfigurationNotFoundError" {
		return configuration{}, nil
	}
	if err != nil {
		return configuration{}, fmt.Errorf("read the replication configuration of %s: %w", bucket, err)
	}
	unknown, err := unknownElements(answer.body)
	if err != nil {
		return configuration{}, fmt.Errorf("read the replication configuration of %s: %w", bucket, err)
	}
	return configuration{out.ReplicationConfiguration, unknown}, nil
}

// readsAs says whether a configuration that was just written reads back. What
// reads as before may not be seen yet; anything else is strange: an older state
// still, or written by somebody at the same moment.
func readsAs(ctx context.Context, c *account.Clients, bucket, owner string, base, wanted *types.ReplicationConfiguration) (bool, error) {
	now, err := readConfiguration(ctx, c.S3, bucket, owner)
	switch {
	case apierror.Missing(err) && wanted == nil:
		return true, nil
	case err != nil:
		return false, err
	case sameConfiguration(now.whole, wanted):
		return true, nil
	case sameConfiguration(now.whole, base):
		return false, nil
	}
	return false, strangeError{fmt.Errorf("the replication configuration of %s reads otherwise than it was written: %s. Somebody writes it at the same time; look at it, then plan again",
		bucket, difference(wanted, now.whole))}
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
