package s3

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/sigv4"
)

// Signature version 2 covers the sub-resources that its clients know, so a new
// row of the table is one of them or one that is younger.
func TestVersion2CoversTheSubResourcesOfItsTime(t *testing.T) {
	younger := []string{"policyStatus", "publicAccessBlock", "encryption", "ownershipControls", "attributes", "retention", "legal-hold", "list-type", "intelligent-tiering", "annotation"}
	for row := range operations {
		_, sub, _ := strings.Cut(row[strings.Index(row, " ")+1:], " ")
		if sub == "" {
			continue
		}
		now := time.Now().UTC().Format(http.TimeFormat)
		r := httptest.NewRequest(http.MethodGet, "/b?"+sub, nil)
		r.Header.Set("Date", now)
		r.Header.Set("Authorization", "AWS AKIA:"+sigv4.SignVersion2("secret", "GET\n\n\n"+now+"\n/b?"+sub))
		_, err := sigv4.VerifyVersion2(r, "", func(string) (sigv4.Key, bool) { return sigv4.Key{SecretAccessKey: "secret"}, true }, time.Now())
		if covered := err == nil; covered == slices.Contains(younger, sub) {
			t.Errorf("%s, covered %t: where clients sign it (botocore, HmacV1Auth.QSAOfInterest) it belongs to signedParameters in sigv4/version2.go, "+
				"otherwise among the younger ones here", row, covered)
		}
	}
}
