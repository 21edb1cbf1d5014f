package step

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/sourcegraph/conc"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// replacing writes a document of a bucket that S3 keeps and replaces as a whole.
// S3 has no condition for that (API reference, PutBucketReplication and
// PutBucketPolicy: no If-Match), so what somebody else writes between our last
// look and our write would be lost without a trace. Reads that are sent with the
// write show what it replaced; what lies between them and the write, a few
// milliseconds, stays unseen.
type replacing[T any] struct {
	what   string // it replaces, for people
	base   T      // what the plan was made from
	sent   T
	read   func(ctx context.Context) (T, error)
	write  func(ctx context.Context) error
	theirs func(document T) T // without what is ours
	same   func(a, b T) bool  // whether they mean the same
	differ func(from, to T) string
	line   func(document T) string // writes it by hand
	// added is a document with what another has besides, and what the other lacks of it.
	added func(to, from T) (document T, lacks []string)
}

// glimpse is a read beside a write.
type glimpse[T any] struct {
	sent, received time.Time // of the request and the answer
	document       T
}

// Reads beside a write: how far they are apart, and how many there are at most.
const (
	glance      = 10 * time.Millisecond
	mostGlances = 30
	lateGlance  = 2 * time.Second // after the write
)

// do writes, and returns an error of what the write replaced besides what the
// plan was made from. told holds it until what was written has read back.
func (r replacing[T]) do(ctx context.Context) (told, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	seen := make([]*glimpse[T], mostGlances)
	written := make(chan struct{})
	var reads conc.WaitGroup
	look := func(i int) {
		reads.Go(func() {
			sent := time.Now()
			if document, err := r.read(ctx); err == nil { // else it tells nothing
				seen[i] = &glimpse[T]{sent, time.Now(), document}
			}
		})
	}
	look(0)
	wrote := sleep(ctx, glance/5) // so that it arrives first
	if wrote == nil {
		reads.Go(func() {
			for i := 1; i < mostGlances; i++ {
				look(i)
				select {
				case <-written:
					return
				case <-time.After(glance):
				}
			}
		})
		wrote = r.write(ctx)
	}
	answered := time.Now()
	close(written)
	if wrote != nil {
		cancel()
	}
	late := time.AfterFunc(lateGlance, cancel) // one that hangs tells nothing
	defer late.Stop()
	reads.Wait()
	if wrote != nil {
		return nil, wrote
	}
	return r.told(seen, answered), nil
}

// told is an error of what somebody else wrote, as the reads beside the write tell it.
func (r replacing[T]) told(seen []*glimpse[T], answered time.Time) error {
	for _, g := range slices.Backward(seen) {
		if g == nil || r.contradicted(g, seen, answered) {
			continue
		}
		theirs := r.theirs(g.document)
		if !r.same(theirs, r.theirs(r.base)) && !r.same(theirs, r.theirs(r.sent)) {
			return fmt.Errorf("somebody else wrote %s at the same moment, and this write replaced theirs (S3 has no way to rule that out): %s. "+
				"Ask who it was; if others changed it a minute ago, it may also be an older state that was read once more, and nothing is lost. %s",
				r.what, r.differ(r.base, g.document), r.remedy(g.document))
		}
	}
	return nil
}

// contradicted says whether a later read, before the write was answered, shows what the plan was
// made from: then what was read was an older state once more, or whoever wrote it took it back.
func (r replacing[T]) contradicted(g *glimpse[T], seen []*glimpse[T], answered time.Time) bool {
	return slices.ContainsFunc(seen, func(later *glimpse[T]) bool {
		return later != nil && later.sent.After(g.received) && !later.received.After(answered) &&
			r.same(later.document, r.base) && !r.same(later.document, r.sent)
	})
}

// remedy says what brings back what somebody wrote. No line takes away what others
// have in the document that stands now: that it was missing in a read may mean nothing.
func (r replacing[T]) remedy(seen T) string {
	theirs := r.theirs(seen)
	whole, lacks := r.added(r.theirs(r.sent), theirs)
	if len(lacks) == 0 {
		return "This writes theirs as it was, without ours, which the next plan adds again: " + r.line(seen)
	}
	missing := fmt.Sprintf("What was read had no %s, and it stands now: where somebody took it out on purpose, that is to be done again by them.", strings.Join(lacks, ", "))
	if r.same(whole, r.theirs(r.sent)) {
		return missing
	}
	whole, _ = r.added(r.sent, theirs)
	return missing + " This adds the rest of theirs to what stands now: " + r.line(whole)
}

// replacingRules replaces a bucket's replication configuration; nil is none.
func replacingRules(c *account.Clients, bucket, owner, ownRule string, base, sent *types.ReplicationConfiguration, write func(context.Context) error) replacing[*types.ReplicationConfiguration] {
	return replacing[*types.ReplicationConfiguration]{
		what: "the replication configuration of " + bucket, base: base, sent: sent, write: write, differ: wanted.Difference,
		read: func(ctx context.Context) (*types.ReplicationConfiguration, error) {
			now, err := survey.ReadConfiguration(ctx, c.S3, bucket, owner)
			return now.Whole, err
		},
		theirs: func(whole *types.ReplicationConfiguration) *types.ReplicationConfiguration {
			rest := &types.ReplicationConfiguration{} // whose role it is says nothing of the rules
			if whole != nil {
				rest.Rules = slices.DeleteFunc(slices.Clone(whole.Rules), func(r types.ReplicationRule) bool { return aws.ToString(r.ID) == ownRule })
			}
			return rest
		},
		same: wanted.SameConfiguration,
		line: func(whole *types.ReplicationConfiguration) string {
			if whole == nil {
				return c.CLI("s3api", "delete-bucket-replication", "--bucket", bucket, "--expected-bucket-owner", owner)
			}
			return c.CLI("s3api", "put-bucket-replication", "--bucket", bucket, "--expected-bucket-owner", owner,
				"--replication-configuration", wanted.Compact(wanted.ExactJSON(whole)))
		},
		added: wanted.Added,
	}
}

// replacingPolicy replaces a bucket's policy; "" is none.
func replacingPolicy(c *account.Clients, p pair.Pair, bucket, owner, base, sent string, write func(context.Context) error) replacing[string] {
	return replacing[string]{
		what: "the bucket policy of " + bucket, base: base, sent: sent, write: write, differ: wanted.PolicyDifference,
		read: func(ctx context.Context) (string, error) {
			now, err := readPolicy(ctx, c, bucket, owner)
			if apierror.Missing(err) {
				return "", nil
			}
			return now, err
		},
		theirs: func(text string) string {
			parts, err := policy.TakeApart(text)
			if err != nil {
				return text
			}
			if _, parts.Statements = parts.Split(p.StatementID("")); len(parts.Statements) == 0 {
				return ""
			}
			return parts.Text()
		},
		same: policy.Same,
		line: func(text string) string {
			if text == "" {
				return c.CLI("s3api", "delete-bucket-policy", "--bucket", bucket, "--expected-bucket-owner", owner)
			}
			return c.CLI("s3api", "put-bucket-policy", "--bucket", bucket, "--expected-bucket-owner", owner, "--policy", text)
		},
		added: policy.Added,
	}
}
