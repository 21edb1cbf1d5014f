package wire_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bothways/aws/sandbox/wire"
)

func TestTheFormOfAQueryIsStillThereAfterwards(t *testing.T) {
	const form = "Action=CreateRole&RoleName=r"
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form))
	if got := wire.QueryOperation(r); got != "CreateRole" {
		t.Errorf("operation %q", got)
	}
	if left, err := io.ReadAll(r.Body); err != nil || string(left) != form {
		t.Errorf("the body is now %q, %v", left, err)
	}
}
