package replicate_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/store"
)

// The law is asked about the time at which S3 copies: a version that a restart
// held up begins its way anew.
func TestADelayIsDrawnForWhenTheWayBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bodies, err := store.OpenBodyStore(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = bodies.Close() }()
		var asked []time.Time
		s := store.New(bodies, 1)
		e := replicate.New(replicate.Config{
			Store: s, Scale: 1,
			Delay: func(_, _ string, _ int64, begins time.Time, _ *rand.Rand) time.Duration {
				asked = append(asked, begins)
				return time.Hour
			},
			Assume: func(string) (replicate.May, error) { return nil, errors.New("never") },
		})
		defer e.Close()
		here, err := s.Create("here", "eu-west-1", "000000000000")
		if err != nil {
			t.Fatal(err)
		}
		c, err := rules.Parse([]byte(configuration))
		if err != nil || c.Check("here") != nil || here.SetVersioning(store.Enabled) != nil || !here.SetReplication(c) {
			t.Fatal("no replication", err)
		}
		v, err := here.Commit(&store.Version{Key: "k"}, nil, e.Decider(here))
		if err != nil {
			t.Fatal(err)
		}
		e.Committed(here, v)
		time.Sleep(time.Minute) // in virtual time
		e.Resume(here, v)
		if len(asked) != 2 || !asked[0].Equal(v.Modified) || !asked[1].Equal(time.Now()) {
			t.Errorf("asked for %v, of a commit at %v", asked, v.Modified)
		}
	})
}
