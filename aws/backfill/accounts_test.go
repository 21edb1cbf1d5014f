package backfill_test

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/pair"
	"bothways/aws/sandbox"
)

// partner is a second account.
const partner = "111122223333"

// Where each side is another account's, each direction's job belongs to the account
// of the side that it comes from.
func TestTwoAccountsAreFilledBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		err := l.box.AddAccount(sandbox.Account{ID: partner, Users: []sandbox.User{
			{Name: "owner", AccessKeyID: "AKIAPARTNER", SecretAccessKey: "secret", Administrator: true},
		}})
		if err != nil {
			t.Fatal(err)
		}
		access := l.access
		access.Credentials = credentials.NewStaticCredentialsProvider("AKIAPARTNER", "secret", "")
		if l.world.B, err = access.Open(t.Context(), testPair.B.Region); err != nil {
			t.Fatal(err)
		}
		l.versioned()
		for n := range 5 {
			l.put(pair.A, keyOf("a", n), "of A")
			l.put(pair.B, keyOf("b", n), "of B")
		}
		l.setUp()
		lost := l.put(pair.A, "lost", "x")
		l.settle()
		l.erase(pair.B, "lost", lost)
		asked := l.smallAsked()
		p := l.prepare(asked)
		if p.Accounts[pair.A] == p.Accounts[pair.B] || p.Accounts[pair.B] != partner {
			t.Errorf("the accounts are %v", p.Accounts)
		}
		result, _ := l.fill(asked)
		if result.Left() > 0 || result.There != 11 || result.Alone() > 0 {
			t.Errorf("got %+v", result)
		}
		l.settle()
		for _, d := range l.differences() { // the old version of the copy alone
			if d.Key != "lost" || d.Entry().Latest {
				t.Errorf("left %+v", d)
			}
		}
		l.nothingOfOurs()
	})
}
