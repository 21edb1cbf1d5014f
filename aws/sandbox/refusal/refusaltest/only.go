// Package refusaltest helps tests of what refuses.
package refusaltest

import (
	"errors"
	"net/http"
	"testing"

	"bothways/aws/sandbox/refusal"
)

// Only fails a test on an error that is no refusal of the client's doing. None
// at all is fine.
func Only(t *testing.T, err error) {
	t.Helper()
	var e *refusal.Error
	switch {
	case err == nil:
	case !errors.As(err, &e), e.Code == "":
		t.Errorf("not an answer: %v", err)
	case e.Status == http.StatusNotImplemented:
	case e.Status < 300 || e.Status >= 500:
		t.Errorf("not an answer to a client: %v", err)
	}
}
