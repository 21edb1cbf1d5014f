package step

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize/english"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// lateReplicas bounds waiting for objects that were under way when they were to
// be removed.
const lateReplicas = 2 * time.Minute

// mostDeleted is how many versions one DeleteObjects takes (S3 API reference).
const mostDeleted = 1000

// RemoveObjects deletes every version of the canaries and probes of this pair
// on one side, and aborts what uploads of its probes are unfinished. An object
// is ours when it lies where the pair's runs write and carries the pair's mark; each
// is looked at before it is deleted. A delete marker and an upload carry no
// mark, so they are ours only under a key that a run of the pair makes.
type RemoveObjects struct {
	Clients *account.Clients
	Side    pair.Side
	Pair    pair.Pair
	// Prefixes are the replicated ones that the pair may have written under, the
	// one of its options first.
	Prefixes []string
	Owner    string
	// Unreadable says that replicas here belong to another account, which is
	// why these credentials can't look at them.
	Unreadable bool
	// Flight hears what was removed before it had landed; nil where nobody looks
	// again.
	Flight *Flight
	// again: the side was swept a moment ago, so that what may not be looked at is
	// all that can be left.
	again bool
}

func (a RemoveObjects) input(prefix string) *s3.ListObjectVersionsInput {
	return &s3.ListObjectVersionsInput{Bucket: aws.String(a.Side.Bucket), Prefix: aws.String(prefix), ExpectedBucketOwner: aws.String(a.Owner)}
}

func (a RemoveObjects) shown() shown {
	rooms := a.rooms()
	lists, inputs := make([]string, len(rooms)), make([]any, len(rooms))
	for i, room := range rooms {
		lists[i] = a.Clients.CLI("s3api", "list-object-versions", append([]string{"--bucket", a.Side.Bucket}, account.Given("--prefix", "Prefix", room)...)...)
		inputs[i] = a.input(room)
	}
	return shown{"ListObjectVersions, HeadObject, DeleteObjects", strings.Join(lists, "; "), inputs}
}

// look never claims that nothing is there: listing again is do's business.
func (a RemoveObjects) look(context.Context) (bool, string, error) { return false, "", nil }

func (a RemoveObjects) do(ctx context.Context, report func(string)) (string, error) {
	gone, err := a.sweep(ctx, lateReplicas, report)
	if err != nil {
		return "", err
	}
	a.Flight.note(a.Side.Bucket, gone)
	return gone.words(a.Where()), gone.left.remains(a.Side.Bucket)
}

// swept is what a sweep took away, and what it leaves.
type swept struct {
	absent           bool // no bucket is there
	removed, aborted int
	// flying counts what was removed while a replica of it may have been on its
	// way to the other side.
	flying int
	left   leftovers
}

func (s swept) words(under string) string {
	if s.absent {
		return "no bucket is there"
	}
	return fmt.Sprintf("%d versions removed, %d unfinished uploads aborted", s.removed, s.aborted) + s.left.words(under)
}

// sweep removes what is ours and can be removed, and says what it leaves. One
// object that can't be deleted keeps nothing else from being taken down; not
// being let to look at anything at all does, because then nothing is known. What
// is PENDING is waited for, for so long at most.
func (a RemoveObjects) sweep(ctx context.Context, most time.Duration, report func(string)) (s swept, err error) {
	own, pending, fresh, left, err := a.find(ctx, report)
	s.left = left
	if apierror.Missing(err) {
		s.absent = true
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if pending, err = a.settle(ctx, pending, most, report); err != nil {
		return s, err
	}
	if s.removed, err = a.removeAll(ctx, own, &s.left.ours, report); err != nil {
		return s, err
	}
	s.flying = len(pending) + fresh
	s.aborted, err = a.abortUploads(ctx, &s.left.ours)
	return s, err
}

// find lists our versions, those of them that are PENDING, how many are markers of
// which nothing tells whether they have landed, and what it may not look at.
func (a RemoveObjects) find(ctx context.Context, report func(string)) (own, pending []types.ObjectIdentifier, fresh int, left leftovers, err error) {
	looked := 0
	for i, room := range a.rooms() {
		pages := s3.NewListObjectVersionsPaginator(a.Clients.S3, a.input(room))
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, nil, 0, left, fmt.Errorf("list our objects in %s: %w", a.Side.Bucket, err)
			}
			for _, m := range page.DeleteMarkers {
				if a.wrote(m.Key) {
					own = append(own, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
					if a.Pair.Options.DeleteMarkers && time.Since(aws.ToTime(m.LastModified)) < lateReplicas {
						fresh++
					}
				}
			}
			objects, err := a.inspectAll(ctx, identified(page.Versions))
			if err != nil {
				return nil, nil, 0, left, err
			}
			for _, object := range objects {
				looked++
				if object.refused != "" {
					left.unseen.add(aws.ToString(object.id.Key), object.refused)
					if a.wrote(object.id.Key) && !a.Unreadable {
						left.likely.add(aws.ToString(object.id.Key), object.refused)
					}
				}
				if object.mine {
					own = append(own, object.id)
				}
				if object.mine && object.status == types.ReplicationStatusPending {
					pending = append(pending, object.id)
				}
			}
			if looked > 0 {
				report(english.Plural(looked, "version", "") + " looked at so far")
			}
		}
		// In a room of others that nobody may look into there need be nothing of ours.
		if i == 0 && looked > 0 && left.unseen.count == looked && !a.Unreadable && !a.again {
			return nil, nil, 0, left, fmt.Errorf("none of the %d versions under %s in %s could be looked at: %s. Whether they are ours is not known, so nothing more is taken down. Grant s3:GetObjectVersion there, then run this again",
				looked, room, a.Side.Bucket, left.unseen.names())
		}
	}
	return own, pending, fresh, left, nil
}

// settle waits until none of the objects is PENDING, or for as long as it may:
// what is under way would land on the other side after that was cleaned. It
// returns those that still are.
func (a RemoveObjects) settle(ctx context.Context, pending []types.ObjectIdentifier, most time.Duration, report func(string)) ([]types.ObjectIdentifier, error) {
	for start := time.Now(); len(pending) > 0 && time.Since(start) < most; {
		report(fmt.Sprintf("%d of our objects are still PENDING; waiting for up to %s until they have landed", len(pending), most))
		if err := sleep(ctx, 2*time.Second); err != nil {
			return pending, err
		}
		objects, err := a.inspectAll(ctx, pending)
		if err != nil {
			return pending, err
		}
		var still []types.ObjectIdentifier
		for _, object := range objects {
			if object.status == types.ReplicationStatusPending {
				still = append(still, object.id)
			}
		}
		pending = still
	}
	return pending, nil
}

// deleters is how many batches are deleted side by side.
const deleters = 4

// removeAll deletes versions and counts those that went.
func (a RemoveObjects) removeAll(ctx context.Context, own []types.ObjectIdentifier, stay *staying, report func(string)) (removed int, err error) {
	var mu sync.Mutex
	batches := pool.New().WithContext(ctx).WithFirstError().WithMaxGoroutines(deleters)
	for batch := range slices.Chunk(own, mostDeleted) {
		batches.Go(func(ctx context.Context) error {
			var kept staying
			some, err := a.remove(ctx, batch, &kept)
			mu.Lock()
			defer mu.Unlock()
			removed += some
			stay.join(kept)
			report(fmt.Sprintf("%d of %d versions removed so far", removed, len(own)))
			return err
		})
	}
	return removed, batches.Wait()
}

// remove deletes up to mostDeleted versions and counts them.
func (a RemoveObjects) remove(ctx context.Context, own []types.ObjectIdentifier, stay *staying) (int, error) {
	var listed, alone []types.ObjectIdentifier
	for _, id := range own {
		if inXML(aws.ToString(id.Key)) {
			listed = append(listed, id)
		} else {
			alone = append(alone, id)
		}
	}
	removed := 0
	if len(listed) > 0 {
		some, err := a.removeListed(ctx, listed, stay)
		if err != nil {
			return 0, err
		}
		removed += some
	}
	for _, id := range alone {
		some, err := a.removeAlone(ctx, id, stay)
		if err != nil {
			return removed, err
		}
		removed += some
	}
	return removed, nil
}

// removeListed deletes versions with one call. A 200 can carry
// errors for single keys: a retention, a legal hold, a right that lacks.
func (a RemoveObjects) removeListed(ctx context.Context, own []types.ObjectIdentifier, stay *staying) (int, error) {
	out, err := a.Clients.S3.DeleteObjects(ctx, &s3.DeleteObjectsInput{
		Bucket: &a.Side.Bucket, ExpectedBucketOwner: &a.Owner,
		Delete: &types.Delete{Objects: own, Quiet: aws.Bool(true)},
	})
	if err != nil {
		return 0, fmt.Errorf("delete our objects in %s: %w", a.Side.Bucket, err)
	}
	refused := 0
	for _, e := range out.Errors {
		reason := strings.TrimSuffix(aws.ToString(e.Code)+": "+aws.ToString(e.Message), ": ")
		switch {
		case gone(e):
		case passes(e):
			return 0, passingError{fmt.Errorf("delete %s in %s: %s", aws.ToString(e.Key), a.Side.Bucket, reason), "The service has a fault on its side."}
		default:
			refused++
			stay.add(aws.ToString(e.Key), reason)
		}
	}
	return len(own) - refused, nil
}

// removeAlone deletes one version whose key a document can't name.
func (a RemoveObjects) removeAlone(ctx context.Context, id types.ObjectIdentifier, stay *staying) (int, error) {
	_, err := a.Clients.S3.DeleteObject(ctx, &s3.DeleteObjectInput{
		Bucket: &a.Side.Bucket, ExpectedBucketOwner: &a.Owner, Key: id.Key, VersionId: id.VersionId,
	})
	switch {
	case apierror.Denied(err):
		stay.add(aws.ToString(id.Key), survey.RefusalOf(err))
		return 0, nil
	case err != nil && !apierror.Missing(err):
		return 0, fmt.Errorf("delete %s in %s: %w", aws.ToString(id.Key), a.Side.Bucket, err)
	}
	return 1, nil
}

// inXML says whether XML 1.0 can carry a text (its production Char). Of what it
// can't the SDK makes U+FFFD, which names another key.
func inXML(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
	})
}
