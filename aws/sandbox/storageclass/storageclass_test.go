package storageclass_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox/storageclass"
)

// A rule can name every class that S3's own model has.
func TestEveryClassOfS3IsKnown(t *testing.T) {
	for _, class := range types.StorageClass("").Values() {
		if !storageclass.Known(string(class)) {
			t.Errorf("S3 has a class %s: give it a row", class)
		}
	}
}
