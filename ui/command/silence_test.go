//go:build unix

package command_test

import (
	"net"
	"regexp"
	"testing"
)

// A server that takes a connection and says nothing is named while it is waited
// for, and not only when the wait is over.
func TestASilentServerIsNamedWhileItIsWaitedFor(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	u := newUser(t, "AWS_ENDPOINT_URL=http://"+listener.Addr().String(), "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=x")
	said := u.until(t, "no answer to", append([]string{"plan"}, thePair...)...)
	if !regexp.MustCompile(`no answer to (S3|STS|IAM) `).MatchString(said) {
		t.Errorf("it says: %s", said)
	}
}
