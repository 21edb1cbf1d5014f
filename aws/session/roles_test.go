package session_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/pair"
)

// secretive refuses to list roles, and says which action of IAM is asked for.
type secretive struct {
	next  http.RoundTripper
	asked func(action string)
}

func (s secretive) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && r.Body != nil {
		form, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(form))
		_, action, _ := strings.Cut(string(form), "Action=")
		action, _, _ = strings.Cut(action, "&")
		s.asked(action)
		if action == "ListRoles" {
			text := "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
			return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
		}
	}
	return s.next.RoundTrip(r)
}

// Where roles may not be listed, the journal leads to those that were made with
// a prefix, however many runs that were not told of it came in between.
func TestTheJournalLeadsToRolesWithAPrefixOnceTheirRulesAreGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		free := w.access
		told := testPair
		told.Options.RolePrefix = "acme-"
		var cut context.CancelFunc
		w.access.HTTPClient = &http.Client{Transport: secretive{w.access.HTTPClient.(*http.Client).Transport, func(action string) {
			if cut != nil && action == "DeleteRolePolicy" {
				cut()
			}
		}}}
		plans, err := w.process().Survey(t.Context(), w.access, told, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.process().Apply(t.Context(), w.access, plans.SetUp, (&face{}).emit); err != nil {
			t.Fatal(err)
		}
		for range 2 { // untold, and cut off when the rules are gone and the roles are not
			s := w.process()
			down := w.survey(s).TearDown(true)
			ctx, cancel := context.WithCancel(t.Context())
			cut = cancel
			if err := s.Apply(ctx, w.access, down, (&face{}).emit); !errors.Is(err, context.Canceled) {
				t.Fatalf("it ends with %v", err)
			}
			cut = nil
		}
		s := w.process()
		if err := s.Apply(t.Context(), w.access, w.survey(s).TearDown(true), (&face{}).emit); err != nil {
			t.Fatal(err)
		}
		clients, err := free.Open(t.Context(), testPair.A.Region)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range pair.Directions() {
			if _, err := clients.IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String(told.RoleName(d))}); err == nil {
				t.Errorf("role %s is left", told.RoleName(d))
			}
		}
	})
}
