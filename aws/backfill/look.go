package backfill

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	jobtypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/dustin/go-humanize"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/apierror"
	"bothways/aws/audit/difference"
	"bothways/aws/backfill/job"
	"bothways/aws/backfill/manifest"
	"bothways/aws/pair"
)

// target is one thing that was to be put right.
type target struct {
	to      pair.Direction
	key     string
	version string // "" where only what is served counts: a copy in place, or a marker
	size    int64  // -1: not known
	side    pair.SideName
}

// seen is what came of it.
type seen int

const (
	missing seen = iota
	there
	pending
	goneHere // neither side has it any more
	unknown
)

// sight is what a look at a target showed.
type sight struct {
	seen  seen
	words string // why it is not there
	code  string
	todo  string
}

// stillness is how long nothing may come any more before what is on its way is
// no longer waited for, and restful how long to wait from look to look at most.
const (
	stillness = 15 * time.Minute
	restful   = time.Minute
	// mostWaited bounds how many targets are kept to be looked at again.
	mostWaited = 200_000
)

// look looks at everything that was to be put right, on both sides, and waits
// for what is on its way. What is left is told and counted.
func (r *run) look(ctx context.Context, report func(string)) (string, error) {
	all := r.targets(ctx)
	r.mu.Lock()
	r.result.Tried, r.result.There, r.result.Pending, r.result.Missing, r.result.Unknown, r.result.Gone, r.numbers = 0, 0, 0, 0, 0, 0, 0
	r.mu.Unlock()
	waiting, err := r.lookAt(ctx, all, report, false)
	if err != nil {
		return "", err
	}
	still := time.Now()
	for pause := 2 * time.Second; len(waiting) > 0; pause = min(pause*3/2, restful) {
		late := time.Since(still) > stillness
		if !late {
			report(fmt.Sprintf("%d are on their way; waiting for them", len(waiting)))
			select {
			case <-time.After(pause):
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
		before := len(waiting)
		again := waiting
		if waiting, err = r.lookAt(ctx, func(yield func(target, error) bool) {
			for _, t := range again {
				if !yield(t, nil) {
					return
				}
			}
		}, report, late); err != nil {
			return "", err
		}
		if len(waiting) < before {
			still = time.Now()
		}
		if late {
			break
		}
	}
	r.mu.Lock()
	r.result.At = time.Now()
	result := r.result
	r.mu.Unlock()
	return result.Words(), nil
}

// lookAt looks at targets, several at a time, and returns those that are on
// their way. The last time these are left, too.
func (r *run) lookAt(ctx context.Context, all func(func(target, error) bool), report func(string), last bool) ([]target, error) {
	var waiting []target
	var looked int64
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(hands)
	var failed error
	for t, err := range all {
		if err != nil {
			failed = err
			break
		}
		group.Go(func(ctx context.Context) error {
			var found sight
			err := patiently(ctx, func() (err error) {
				found, err = r.lookOnce(ctx, t)
				return err
			})
			if err != nil {
				return err
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			if looked++; looked%1024 == 0 {
				report(humanize.Comma(looked) + " looked at so far")
			}
			if found.seen == pending && !last && len(waiting) < mostWaited {
				waiting = append(waiting, t)
				return nil
			}
			r.count(t, found)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return waiting, failed
}

// count takes a target's outcome in. The lock is held.
func (r *run) count(t target, found sight) {
	r.result.Tried++
	switch found.seen {
	case there:
		r.result.There++
		return
	case goneHere:
		r.result.There++
		r.result.Gone++
		return
	case pending:
		r.result.Pending++
	case unknown:
		r.result.Unknown++
	case missing:
		r.result.Missing++
	}
	r.numbers++
	r.emit(Left{Number: r.numbers, Direction: &t.to, Key: t.key, VersionID: t.version, Code: found.code, Words: found.words, Todo: found.todo})
}

// targets are everything that was to be put right: from the rows, or from the
// manifests that an earlier run left.
func (r *run) targets(ctx context.Context) func(func(target, error) bool) {
	return func(yield func(target, error) bool) {
		more := true
		for _, d := range pair.Directions() {
			l := r.ways[d]
			if !l.finish {
				continue
			}
			for _, p := range l.parts {
				text, err := l.order.Open(ctx, p.standing.Key)
				if err == nil {
					err = manifest.Read(text, func(line manifest.Line) error {
						if more = more && yield(target{to: d, key: line.Key, version: line.VersionID, size: -1}, nil); !more {
							return context.Canceled
						}
						return nil
					})
				}
				if err != nil && more {
					yield(target{}, err)
				}
				if !more || err != nil {
					return
				}
			}
		}
		err := r.each(ctx, func(d difference.Difference, w work) error {
			t := target{size: -1}
			switch {
			case w.replicate != nil:
				e := d.At(w.replicate.From())
				t.to, t.key, t.version, t.size = *w.replicate, d.Key, e.VersionID, e.Size
				if e.Marker {
					t.size = -1
				}
			case w.copy != nil:
				t.to, t.key, t.side = from(w.copy.side), w.copy.Key, w.copy.side
			case w.mark != nil:
				t.to, t.key, t.side = from(w.mark.side.Other()), w.mark.key, w.mark.side
			default:
				return nil
			}
			if more = more && yield(t, nil); !more {
				return context.Canceled
			}
			return nil
		})
		if err != nil && more {
			yield(target{}, err)
		}
	}
}

// lookOnce looks at one target. Its error is one that is worth another try.
func (r *run) lookOnce(ctx context.Context, t target) (sight, error) {
	if t.version == "" {
		return r.lookServed(ctx, t)
	}
	far, err := r.head(ctx, t.to.To(), t.key, t.version)
	switch {
	case err != nil:
		return sight{}, err
	case far.refused != "":
		return sight{seen: unknown, words: "it could not be looked at on side " + string(t.to.To()) + ": " + far.refused, todo: "grant s3:GetObjectVersion and s3:ListBucket, then audit again"}, nil
	case far.exists && (t.size < 0 || far.marker || far.size == t.size):
		return sight{seen: there}, nil
	case far.exists:
		return sight{seen: missing, words: fmt.Sprintf("side %s has it with %d bytes, and %d are expected", t.to.To(), far.size, t.size), todo: "look at it"}, nil
	}
	near, err := r.head(ctx, t.to.From(), t.key, t.version)
	switch {
	case err != nil:
		return sight{}, err
	case near.refused != "":
		return sight{seen: unknown, words: "it could not be looked at on side " + string(t.to.From()) + ": " + near.refused, todo: "grant s3:GetObjectVersion and s3:ListBucket, then audit again"}, nil
	case !near.exists:
		return sight{seen: goneHere}, nil
	}
	return r.why(t, near), nil
}

// why says why a version has not arrived, by its origin's status and by what the
// job reported.
func (r *run) why(t target, near header) sight {
	if near.status == types.ReplicationStatusPending {
		return sight{seen: pending, words: "it is still on its way (PENDING)", todo: "audit again later"}
	}
	l := r.ways[t.to]
	if cause, known := l.failed[t.key+"\n"+t.version]; known {
		return sight{seen: missing, code: cause.Code, words: cause.Words, todo: cause.Todo}
	}
	for _, p := range l.parts {
		if p.state.ID != "" && p.state.Status != jobtypes.JobStatusComplete {
			return sight{seen: missing, words: joined("its job "+p.state.ID+" ended "+string(p.state.Status), strings.Join(p.state.Reasons, "; "), p.state.Update), todo: "put that right, then backfill again"}
		}
	}
	switch near.status {
	case types.ReplicationStatusFailed:
		return sight{seen: missing, words: "S3 gave it up (FAILED)", todo: "bothways doctor says what is wrong; then backfill again"}
	case types.ReplicationStatusCompleted, types.ReplicationStatusComplete, types.ReplicationStatusReplica:
		return sight{seen: missing, code: job.HardDeleted, words: "it was there and is gone, which Batch Replication does not put back", todo: "audit again, and backfill with --copies"}
	default:
	}
	return sight{seen: missing, words: "it has no replication status: no rule took it", todo: "bothways doctor shows what the rules cover"}
}

// lookServed looks whether both sides serve the same for a key.
func (r *run) lookServed(ctx context.Context, t target) (sight, error) {
	r.mu.Lock()
	outcome := r.placed[placedAt(t.side, t.key)]
	r.mu.Unlock()
	near, err := r.head(ctx, t.to.From(), t.key, "")
	if err != nil {
		return sight{}, err
	}
	far, err := r.head(ctx, t.to.To(), t.key, "")
	switch {
	case err != nil:
		return sight{}, err
	case near.refused != "" || far.refused != "":
		return sight{seen: unknown, words: joined("it could not be looked at", near.refused, far.refused), todo: "grant s3:GetObject and s3:ListBucket, then audit again"}, nil
	case !near.exists && !far.exists, near.exists && far.exists && near.version == far.version && near.size == far.size:
		return sight{seen: there}, nil
	case near.status == types.ReplicationStatusPending || far.status == types.ReplicationStatusPending:
		return sight{seen: pending, words: "the copy is still on its way (PENDING)", todo: "audit again later"}, nil
	case outcome.why != "":
		return sight{seen: missing, words: outcome.why, todo: outcome.todo}, nil
	case near.status == types.ReplicationStatusFailed:
		return sight{seen: missing, words: "S3 gave the copy up (FAILED)", todo: "bothways doctor says what is wrong; then backfill again"}, nil
	}
	return sight{seen: missing, words: "the two sides still serve different content", todo: "audit again"}, nil
}

// header is what a HEAD says.
type header struct {
	exists, marker bool
	version        string
	size           int64
	status         types.ReplicationStatus
	refused        string // why it was not answered
}

func (r *run) head(ctx context.Context, side pair.SideName, key, version string) (header, error) {
	in := &s3.HeadObjectInput{Bucket: aws.String(r.world.Pair.Side(side).Bucket), Key: &key, ExpectedBucketOwner: aws.String(r.s.Sides[side].Identity.Account)}
	if version != "" {
		in.VersionId = &version
	}
	out, err := r.world.Clients(side).S3.HeadObject(ctx, in)
	switch {
	case err == nil:
		return header{exists: true, version: aws.ToString(out.VersionId), size: aws.ToInt64(out.ContentLength), status: out.ReplicationStatus}, nil
	case apierror.StatusCode(err) == http.StatusMethodNotAllowed: // a delete marker, by its version (S3 API reference, HeadObject)
		return header{exists: true, marker: true}, nil
	case apierror.Missing(err):
		return header{}, nil
	case apierror.StatusCode(err) == http.StatusBadRequest: // HEAD of what is under a key of its writer (SSE-C) wants that key
		return header{refused: "HEAD is answered with 400, as without the key of its writer (SSE-C)"}, nil
	case apierror.Denied(err):
		return header{refused: apierror.Describe(err)}, nil
	}
	return header{}, fmt.Errorf("look at %s on side %s: %w", key, side, err)
}

// sayUntried tells of each difference that was left alone.
func (r *run) sayUntried(ctx context.Context) error {
	untried := map[Reason]int64{}
	err := r.each(ctx, func(d difference.Difference, w work) error {
		if w.left == nil {
			return nil
		}
		untried[w.left.reason]++
		r.mu.Lock()
		r.numbers++
		number := r.numbers
		r.mu.Unlock()
		r.emit(Left{Number: number, Direction: d.Direction, Key: d.Key, VersionID: d.Entry().VersionID, Reason: w.left.reason, Words: w.left.words, Todo: w.left.todo})
		return nil
	})
	if len(untried) > 0 {
		r.result.Untried = untried
	}
	return err
}

// Words say how a backfill ended, what is left first.
func (r Result) Words() string {
	at := r.At.UTC().Format(time.RFC3339)
	if r.Left() == 0 {
		text := fmt.Sprintf("0 left, proven at %s: all %s that were to be put right are there", at, humanize.Comma(r.Tried))
		if r.Gone > 0 {
			text += fmt.Sprintf(" (%s of them are on neither side any more)", humanize.Comma(r.Gone))
		}
		return text
	}
	text := fmt.Sprintf("%s of %s left at %s", humanize.Comma(r.Left()), humanize.Comma(r.Tried), at)
	for _, one := range []struct {
		n    int64
		what string
	}{{r.Missing, "not there"}, {r.Pending, "on their way"}, {r.Unknown, "not to be looked at"}} {
		if one.n > 0 {
			text += fmt.Sprintf("; %s %s", humanize.Comma(one.n), one.what)
		}
	}
	return text
}
