package export

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/audit/inventory/configure"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/sandbox"
	"bothways/aws/session"
)

// inventoried lets somebody who has one policy and nothing else make inventories of a
// pair, and take the pair down with them. Whatever was refused is the error.
func inventoried(t *testing.T, document string) error {
	t.Helper()
	p := demo()
	l := newLab(t, p, sandbox.Account{ID: "000000000000", Users: []sandbox.User{{
		Name: "operator-of-the-pair", AccessKeyID: "AKIAOPERATOROFPAIR00", SecretAccessKey: "secret", Policies: []json.RawMessage{json.RawMessage(document)},
	}}})
	ctx, quiet := context.Background(), func(pair.Event) {}
	if err := plan.Apply(ctx, planned(t, l.world), quiet); err != nil {
		return err
	}
	l.refusals.take()
	access := account.Access{
		Endpoint: "http://sandbox.invalid", HTTPClient: &http.Client{Transport: &l.refusals}, Credentials: credentials.NewStaticCredentialsProvider("AKIAOPERATOROFPAIR00", "secret", ""),
	}
	s := session.New("test", t.TempDir())
	made, err := s.Inventory(ctx, access, p, configure.Asked{})
	if err != nil {
		return err
	}
	if err := s.ApplyInventory(ctx, access, made, quiet); err != nil {
		return err
	}
	plans, err := s.Survey(ctx, access, p, 0)
	if err != nil {
		return err
	}
	if err := s.Apply(ctx, access, plans.TearDown(true), quiet); err != nil {
		return err
	}
	ofDrills := func(refused string) bool { return !strings.Contains(refused, "perform: s3:") } // which have a policy of their own
	if refused := slices.DeleteFunc(l.refusals.take(), ofDrills); len(refused) > 0 {
		return errors.New("refused: " + strings.Join(refused, "\n"))
	}
	return nil
}

func TestThePolicyIsEnoughForInventoriesAndTheirRemoval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		document := exported(t, demo())
		if err := inventoried(t, document); err != nil {
			t.Error(err)
		}
		var actions []string
		for _, r := range planned(t, newLab(t, demo()).world).Wanted.Loop {
			if r.For == pair.Inventory && !slices.Contains(actions, r.Action) {
				actions = append(actions, r.Action)
			}
		}
		for _, action := range actions {
			if err := inventoried(t, without(t, document, action)); err == nil {
				t.Errorf("without %s all goes, so that it is not needed", action)
			}
		}
	})
}
