package storageclass_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox/storageclass"
)

// Every class that S3's own model has is one that a rule can name, or one that
// S3's page of a rule's destination leaves out.
func TestEveryClassOfS3HasItsPlace(t *testing.T) {
	leftOut := []types.StorageClass{types.StorageClassFsxOpenzfs, types.StorageClassAwsBackupWarm, types.StorageClassAwsBackupLowCostWarm}
	for _, class := range types.StorageClass("").Values() {
		if storageclass.Known(string(class)) == slices.Contains(leftOut, class) {
			t.Errorf("S3 has a class %s: give it a row, or say here that no rule can name it", class)
		}
	}
}
