package drill

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// witness is an object of the drill whose status is asked for again and again: AWS
// does not say what HEAD tells of one while its replication is paused.
type witness struct {
	direction pair.Direction
	object    *object
	version   string
}

// witnesses writes one object of each direction more.
func (r *run) addWitnesses(ctx context.Context) error {
	if r.Scope.Kind != record.Pause {
		return nil
	}
	for _, d := range pair.Directions() {
		o := r.newObject(d)
		wrote, err := r.put(ctx, r.World.Clients(d.From()).S3, d.From(), o, "bothways drill "+r.Scope.Drill)
		if err != nil {
			return err
		}
		r.witnesses = append(r.witnesses, witness{d, o, wrote.Version})
	}
	return nil
}

// testify asks both sides what became of each. It is evidence, and nothing hangs on
// it: what can't be asked is said.
func (r *run) testify(ctx context.Context, m record.Moment) {
	for _, w := range r.witnesses {
		for _, side := range []pair.SideName{w.direction.From(), w.direction.To()} {
			bucket := r.Scope.Pair.Side(side).Bucket
			out, err := r.World.Clients(side).S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &w.object.key, VersionId: &w.version})
			r.meter.asked(side, "HeadObject", 0)
			now := time.Now()
			said := record.ObjectStatus{Direction: w.direction, Side: side, Moment: m, Key: w.object.key, Version: w.version, At: now, SinceStartMS: r.ms(now)}
			switch {
			case apierror.Missing(err):
				said.Unknown = "it is not there"
			case err != nil:
				said.Unknown = apierror.Describe(err)
			default:
				said.Status = string(out.ReplicationStatus)
			}
			r.emit(said)
		}
	}
}
