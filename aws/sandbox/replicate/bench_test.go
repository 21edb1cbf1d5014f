package replicate_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/store"
)

const inFlight = 10_000

const configuration = `<ReplicationConfiguration><Role>arn:aws:iam::000000000000:role/r</Role><Rule><ID>all</ID>` +
	`<DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication>` +
	`<Destination><Bucket>arn:aws:s3:::there</Bucket></Destination><Filter></Filter><Priority>1</Priority>` +
	`<Status>Enabled</Status></Rule></ReplicationConfiguration>`

// rig is an engine between two buckets whose replicas arrive after delay.
type rig struct {
	*replicate.Engine
	here    *store.Bucket
	arrived chan struct{}
}

func newRig(b *testing.B, delay time.Duration) *rig {
	b.Helper()
	bodies, err := store.OpenBodyStore(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	s := store.New(bodies, 1)
	r := &rig{arrived: make(chan struct{}, inFlight)}
	r.Engine = replicate.New(replicate.Config{
		Store: s, Scale: 1,
		Delay: func(string, string, int64, time.Time, *rand.Rand) time.Duration { return delay },
		Assume: func(string) (replicate.May, error) {
			return func(string, string, map[string]string) bool { return true }, nil
		},
		Report: func(replicate.Delivery) { r.arrived <- struct{}{} },
	})
	b.Cleanup(func() {
		r.Close()
		if err := bodies.Close(); err != nil {
			b.Error(err)
		}
	})
	for name, region := range map[string]string{"here": "eu-west-1", "there": "ap-southeast-1"} {
		bucket, err := s.Create(name, region, "000000000000")
		if err == nil {
			err = bucket.SetVersioning(store.Enabled)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	r.here, _ = s.Bucket("here")
	c, err := rules.Parse([]byte(configuration))
	if err == nil {
		err = c.Check("here")
	}
	if err != nil || !r.here.SetReplication(c) {
		b.Fatal(err)
	}
	return r
}

// commit writes as many versions as are to be in flight.
func (r *rig) commit(b *testing.B) {
	b.Helper()
	for i := range inFlight {
		v, err := r.here.Commit(&store.Version{Key: fmt.Sprint("key-", i)}, nil, r.Decider(r.here))
		if err != nil {
			b.Fatal(err)
		}
		r.Committed(r.here, v)
	}
}

// BenchmarkInFlight commits 10,000 versions that are then all on their way at
// once, and says what one of them takes in memory, its version included.
func BenchmarkInFlight(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		r := newRig(b, time.Hour)
		before := heap()
		b.StartTimer()
		r.commit(b)
		b.StopTimer()
		b.ReportMetric(float64(heap()-before)/inFlight, "B/version")
		r.Close()
		b.StartTimer()
	}
}

// BenchmarkBacklog delivers 10,000 versions that an outage has kept back.
func BenchmarkBacklog(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		r := newRig(b, 0)
		lift := r.Obstruct(replicate.Obstacle{Region: "ap-southeast-1"})
		r.commit(b)
		b.StartTimer()
		lift()
		for range inFlight {
			<-r.arrived
		}
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
