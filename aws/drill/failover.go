package drill

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// failOver rehearses what an operator does when a side is lost: notice it, decide,
// write to the survivor, and read that back. Then the keys are written that both
// sides change while neither sees the other.
func (r *run) failOver(context.Context) (string, error) {
	ctx := r.box
	if r.Scope.Kind == record.Cut {
		if err := r.notice(ctx); err != nil {
			return "", err
		}
	}
	if r.Scope.Kind == record.Pause {
		now := r.ms(time.Now())
		r.step(record.Recovery{Step: record.Detect, FromMS: r.ms(r.began), ToLowMS: now, ToMS: now, How: fmt.Sprintf("%d canaries in a row had not arrived", inARow)})
	}
	if err := r.decide(ctx); err != nil {
		return "", err
	}
	took, err := r.switchOver(ctx)
	if err != nil {
		return "", err
	}
	if err := r.addWitnesses(ctx); err != nil {
		return "", err
	}
	return "a write was read back on side " + string(r.Scope.Survivor()) + " after " + wording.Duration(took), r.makeConflicts(ctx)
}

// step keeps one step of the fail-over.
func (r *run) step(s record.Recovery) {
	r.recovery = append(r.recovery, s)
	r.emit(s)
}

// notice waits for as many failed writes as somebody would notice.
func (r *run) notice(ctx context.Context) error {
	d := r.Scope.Endangered()
	if err := r.wait(ctx, func() bool { return r.herd.trouble(d) >= notices }); err != nil {
		return err
	}
	now := r.ms(time.Now())
	r.step(record.Recovery{Step: record.Detect, FromMS: r.ms(r.began), ToLowMS: now, ToMS: now, How: fmt.Sprintf("%d writes in a row failed, or took far longer than before", notices)})
	return nil
}

func (r *run) decide(ctx context.Context) error {
	from := r.ms(time.Now())
	how, err := r.Decide(ctx)
	if err != nil {
		return err
	}
	now := r.ms(time.Now())
	r.step(record.Recovery{Step: record.Decide, FromMS: from, ToLowMS: now, ToMS: now, How: how})
	return nil
}

// switchOver writes to the survivor, and reads it back.
func (r *run) switchOver(ctx context.Context) (took time.Duration, err error) {
	survivor := r.Scope.Survivor()
	d := pair.AtoB
	if survivor == pair.B {
		d = pair.BtoA
	}
	client := r.Clients.A
	if survivor == pair.B {
		client = r.Clients.B
	}
	o, from := r.newObject(d), time.Now()
	body := "bothways drill " + r.Scope.Drill
	wrote, err := r.put(ctx, client, survivor, o, body)
	if err != nil {
		return 0, err
	}
	written := time.Now()
	r.step(record.Recovery{
		Step: record.Switch, FromMS: r.ms(from), ToLowMS: r.ms(from), ToMS: r.ms(written), How: "the survivor acknowledged a write", Key: o.key, Version: wrote.Version,
	})
	asked := time.Now()
	bucket := r.Scope.Pair.Side(survivor).Bucket
	out, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &o.key})
	if err != nil {
		return 0, fmt.Errorf("read %s back on side %s: %w", o.key, survivor, err)
	}
	defer out.Body.Close()
	got, err := io.ReadAll(io.LimitReader(out.Body, int64(len(body))+1))
	if err != nil {
		return 0, fmt.Errorf("read %s back on side %s: %w", o.key, survivor, err)
	}
	if string(got) != body {
		return 0, fmt.Errorf("side %s serves something else under %s than was written a moment ago", survivor, o.key)
	}
	now := time.Now()
	r.step(record.Recovery{
		Step: record.Verify, FromMS: r.ms(written), ToLowMS: r.ms(asked), ToMS: r.ms(now), How: "it was read back, the same", Key: o.key, Version: wrote.Version,
	})
	return now.Sub(r.began), nil
}
