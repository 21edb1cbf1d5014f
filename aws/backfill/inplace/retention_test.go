package inplace

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// S3 refuses a retention that has passed, and HEAD goes on to show it.
func TestARetentionThatHasPassedIsNotCopied(t *testing.T) {
	for name, c := range map[string]struct {
		until *time.Time
		kept  bool
	}{
		"passed":   {aws.Time(time.Now().Add(-time.Hour)), false},
		"to come":  {aws.Time(time.Now().Add(time.Hour)), true},
		"none set": {nil, false},
	} {
		mode, until := retention(&s3.HeadObjectOutput{ObjectLockMode: types.ObjectLockModeCompliance, ObjectLockRetainUntilDate: c.until})
		if (mode != "") != c.kept || (until != nil) != c.kept {
			t.Errorf("%s: %q until %v", name, mode, until)
		}
	}
}
