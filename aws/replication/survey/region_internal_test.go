package survey

import (
	"errors"
	"strings"
	"testing"

	"bothways/aws/pair"
)

func TestAnErrorOfASideNamesARegionThatIsNone(t *testing.T) {
	bad := errors.New("BadRequest")
	for region, says := range map[string]string{"eu-west-1": "", "eu-west-9": "is none of the regions"} {
		err := sideError(pair.A, pair.Side{Region: region, Bucket: "b"}, bad)
		if !errors.Is(err, bad) || strings.Contains(err.Error(), "is none of the regions") != (says != "") {
			t.Errorf("of %s it says %v", region, err)
		}
	}
}
