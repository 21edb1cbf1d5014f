// Package sizing reads how many versions the sides of a pair have, and how fast
// pages of them come, for an estimate: a few pages of each side, and where those
// are not all, the count that S3 sends to CloudWatch once a day. It only reads.
package sizing

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sourcegraph/conc/pool"

	"bothways/aws/audit/estimate"
	"bothways/aws/audit/listing"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/probe/wording"
)

// Reader is what is read, and how.
type Reader struct {
	World  survey.World
	Owners map[pair.SideName]string // that must own the buckets; none: any
	Prefix string
	// Workers is how many requests at a time the rate is measured with; 0: 16, as
	// an audit sends.
	Workers int
	// Pages is how many pages of each side are listed at most; 0: 8.
	Pages int
}

const (
	usualWorkers = 16
	usualPages   = 8
)

// Read fills the sizes and the rate of an estimate. Its error says of which
// side no page could be listed; what CloudWatch does not answer is no error.
func (r Reader) Read(ctx context.Context) (estimate.Result, error) {
	if r.Workers <= 0 {
		r.Workers = usualWorkers
	}
	if r.Pages <= 0 {
		r.Pages = usualPages
	}
	samples := map[pair.SideName]*sample{}
	for _, side := range pair.Sides() {
		samples[side] = &sample{side: side, from: &listing.Side{
			Client: r.World.Clients(side).S3, Bucket: r.World.Pair.Side(side).Bucket, Owner: r.Owners[side],
		}}
	}
	begun := time.Now()
	listed := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for _, s := range samples {
		listed.Go(func(ctx context.Context) error { return s.list(ctx, r.Prefix, r.Pages) })
	}
	if err := listed.Wait(); err != nil {
		return estimate.Result{}, err
	}
	took := time.Since(begun)
	a, b := samples[pair.A], samples[pair.B]
	found := estimate.Result{Pages: a.pages() + b.pages()}
	if a.ended && b.ended {
		found.Took = took
		found.PerSecond = rate(a.versions+b.versions, took)
		found.RateHow = fmt.Sprintf("both sides were listed whole in %s, a page at a time", wording.Duration(took))
	} else if err := r.pace(ctx, samples, &found); err != nil {
		return estimate.Result{}, err
	}
	found.A, found.B = r.size(ctx, a), r.size(ctx, b)
	return found, nil
}

// pace measures as an audit would list, with several requests at a time. The
// first round opens connections, and is not counted.
func (r Reader) pace(ctx context.Context, samples map[pair.SideName]*sample, into *estimate.Result) error {
	versions := samples[pair.A].versions + samples[pair.B].versions
	var took time.Duration
	for range 2 {
		begun := time.Now()
		round := pool.New().WithMaxGoroutines(r.Workers).WithContext(ctx).WithCancelOnError().WithFirstError()
		for _, s := range samples {
			for _, q := range s.queries {
				round.Go(func(ctx context.Context) error { return s.read(ctx, q, &listing.Page{}) })
			}
		}
		if err := round.Wait(); err != nil {
			return err
		}
		took = time.Since(begun)
		into.Pages += samples[pair.A].pages() + samples[pair.B].pages()
	}
	into.PerSecond = rate(versions, took)
	into.RateHow = fmt.Sprintf("%d pages were asked for again, up to %d at a time: %s versions in %s; S3 may answer faster what it was just asked for",
		samples[pair.A].pages()+samples[pair.B].pages(), r.Workers, words.Number(versions), wording.Duration(took))
	return nil
}

// rate is 0 where no time passed or nothing came.
func rate(versions int64, took time.Duration) float64 {
	if took <= 0 {
		return 0
	}
	return float64(versions) / took.Seconds()
}

// size is a side's, by its sample or else by CloudWatch.
func (r Reader) size(ctx context.Context, s *sample) estimate.Size {
	if s.ended {
		return estimate.Size{Versions: s.versions, Bound: estimate.Exactly, How: "listed whole, " + wording.Count(len(s.queries), "page")}
	}
	counted := fmt.Sprintf("the first %s have %s", wording.Count(len(s.queries), "page"), words.Number(s.versions))
	clients := r.World.Clients(s.side)
	if clients.OtherStore {
		return estimate.Size{Versions: s.versions, Bound: estimate.AtLeast, How: counted + "; this store sends no metrics to CloudWatch"}
	}
	n, at, err := metric(ctx, clients.Metrics, s.from.Bucket)
	switch {
	case err != nil:
		return estimate.Size{Versions: s.versions, Bound: estimate.AtLeast, How: counted + "; " + err.Error()}
	case n < s.versions:
		return estimate.Size{Versions: s.versions, Bound: estimate.AtLeast, How: fmt.Sprintf(
			"%s; CloudWatch's NumberOfObjects of %s, %s, is older", counted, at.UTC().Format(time.DateOnly), words.Number(n))}
	}
	size := estimate.Size{Versions: n, Bound: estimate.About, How: fmt.Sprintf(
		"CloudWatch's NumberOfObjects of %s, which counts parts of unfinished uploads, too", at.UTC().Format(time.DateOnly))}
	if r.Prefix != "" {
		size.Bound = estimate.AtMost
		size.How += fmt.Sprintf(", and is of the whole bucket; under %q %s", r.Prefix, counted)
	}
	return size
}

// sample are the first pages of a side.
type sample struct {
	side     pair.SideName
	from     *listing.Side
	queries  []listing.Query // the pages that were read
	versions int64           // and markers in them
	ended    bool            // there are no more
}

func (s *sample) pages() int64 { return int64(len(s.queries)) }

func (s *sample) list(ctx context.Context, prefix string, most int) error {
	var page listing.Page
	q := listing.Query{Prefix: prefix}
	for range most {
		if err := s.read(ctx, q, &page); err != nil {
			return err
		}
		s.queries = append(s.queries, q)
		s.versions += int64(len(page.Entries))
		if s.ended = !page.Truncated; s.ended {
			return nil
		}
		q.After, q.Version = page.Next, page.NextVersion
		if slices.Contains(s.queries, q) {
			return fmt.Errorf("side %s: the listing of %s does not go on after the key %q", s.side, s.from.Bucket, q.After)
		}
	}
	return nil
}

const (
	mostTries = 5
	pause     = 500 * time.Millisecond
)

// read asks for a page, again where the SDK would.
func (s *sample) read(ctx context.Context, q listing.Query, into *listing.Page) error {
	retryer := s.from.Client.Options().Retryer
	for try := 1; ; try++ {
		err := s.from.Read(ctx, q, into)
		if err == nil {
			return nil
		}
		if try == mostTries || !retryer.IsErrorRetryable(err) {
			return fmt.Errorf("side %s: %w", s.side, err)
		}
		select {
		case <-time.After(time.Duration(try) * pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
