package s3control

import (
	"net/http"
	"strings"
)

const accountHeader = "X-Amz-Account-Id"

// hostAccount is the account that the first label of the host names, "" if it
// names none. Clients put it there even before an address.
func hostAccount(r *http.Request) string {
	label, _, _ := strings.Cut(r.Host, ".")
	if !isAccount(label) {
		return ""
	}
	return label
}

func isAccount(id string) bool { return len(id) == 12 && strings.Trim(id, "0123456789") == "" }

// accountOf is the account that a request is about. Clients name it in a header
// and in the host; AWS does not document what it says where the two differ.
func accountOf(r *http.Request) (string, error) {
	named, host := r.Header.Get(accountHeader), hostAccount(r)
	switch {
	case named == "" && host == "":
		return "", invalid("Missing required header for this request: x-amz-account-id")
	case named != "" && !isAccount(named):
		return "", invalid("The account id in x-amz-account-id is not valid: it has twelve digits")
	case named != "" && host != "" && named != host:
		return "", invalid("The account id in x-amz-account-id is " + named + ", and the host names " + host)
	case named == "":
		return host, nil
	}
	return named, nil
}
