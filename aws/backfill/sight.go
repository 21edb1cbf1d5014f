package backfill

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	jobtypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/apierror"
	"bothways/aws/audit/cause"
	"bothways/aws/audit/difference"
	"bothways/aws/backfill/job"
	"bothways/aws/pair"
)

// target is one thing that was to be put right.
type target struct {
	to      pair.Direction
	key     string
	version string            // "" where only what is served counts: a copy in place, or a marker
	was     *difference.Entry // what the audit saw where it comes from; nil: not known
	side    pair.SideName
	// served says of a version that both sides have to serve the same for its key, too.
	served bool
}

// targetOf is what is to be looked at of a difference; ok is false where nothing
// is done about it.
func targetOf(d difference.Difference, w work) (t target, ok bool) {
	switch {
	case w.replicate != nil:
		e := d.At(w.replicate.From())
		return target{
			to: *w.replicate, key: d.Key, version: e.VersionID, was: e,
			served: w.mark != nil || d.Serves(w.replicate.To()) != nil,
		}, true
	case w.copy != nil:
		return target{to: from(w.copy.side), key: w.copy.Key, side: w.copy.side}, true
	case w.mark != nil:
		return target{to: from(w.mark.side.Other()), key: w.mark.key, side: w.mark.side}, true
	}
	return target{}, false
}

// seen is what came of it.
type seen int

const (
	missing seen = iota
	there
	pending
	goneHere // neither side has it any more
	unknown
	other  // the other side has something else in its place
	unlike // it is there, and the sides serve different versions of its key
)

// sight is what a look at a target showed.
type sight struct {
	seen  seen
	words string // why it is not there
	code  string
	todo  string
	// blind says of what is there that its content can't be compared.
	blind bool
}

// lookOnce looks at one target, on the side first that it comes from. Its error is
// one that is worth another try.
func (r *run) lookOnce(ctx context.Context, t target) (sight, error) {
	if t.version == "" {
		return r.lookServed(ctx, t)
	}
	near, err := r.head(ctx, t.to.From(), t.key, t.version)
	if err != nil {
		return sight{}, err
	}
	far, err := r.head(ctx, t.to.To(), t.key, t.version)
	if err != nil {
		return sight{}, err
	}
	switch {
	case far.refused != "":
		return unreadable(t.to.To(), far), nil
	case far.exists && near.refused != "":
		return unreadable(t.to.From(), near), nil
	case far.exists:
		found := compared(t, near, far)
		if found.seen != there || !t.served {
			return found, nil
		}
		alike, err := r.lookServed(ctx, t)
		alike.blind = alike.blind || found.blind
		return alike, err
	case near.refused != "":
		return unreadable(t.to.From(), near), nil
	case !near.exists:
		return sight{seen: goneHere}, nil
	}
	return r.why(t, near), nil
}

func unreadable(side pair.SideName, h header) sight {
	return sight{seen: unknown, words: "it could not be looked at on side " + string(side) + ": " + h.refused, todo: "grant s3:GetObjectVersion and s3:ListBucket, then audit again"}
}

// compared holds both sides' versions against each other, as the audit does: that
// there is one says nothing of what it holds.
func compared(t target, near, far header) sight {
	differs := func(how string) sight {
		return sight{seen: other, words: fmt.Sprintf("side %s has something else under this version: %s", t.to.To(), how), todo: "audit again, and look at both before anything is copied"}
	}
	switch {
	case !near.exists && t.was == nil: // gone where it came from, and nobody knows what it was
		return sight{seen: there, blind: true}
	case !near.exists:
		return remembered(t, far, differs)
	case near.marker && far.marker:
		return sight{seen: there}
	case near.marker != far.marker:
		return differs(fmt.Sprintf("%s here, %s on side %s", near.kind(), far.kind(), t.to.To()))
	}
	same, known, how := cause.Alike(near.out, far.out, cmpUnread(near, far))
	if known && !same {
		return differs(how)
	}
	return sight{seen: there, blind: !known}
}

// remembered holds a version against what the audit saw of it, where it is no
// longer on the side that it came from.
func remembered(t target, far header, differs func(string) sight) sight {
	switch {
	case t.was.Marker != far.marker:
		return differs("the audit saw another kind")
	case far.marker:
		return sight{seen: there}
	case aws.ToInt64(far.out.ContentLength) != t.was.Size:
		return differs(fmt.Sprintf("it has %d bytes, and the audit saw %d", aws.ToInt64(far.out.ContentLength), t.was.Size))
	}
	return sight{seen: there, blind: strings.Trim(aws.ToString(far.out.ETag), `"`) != t.was.ETag}
}

func cmpUnread(near, far header) string {
	if near.unread != "" {
		return near.unread
	}
	return far.unread
}

// why says why a version has not arrived, by its origin's status and by what the
// job reported.
func (r *run) why(t target, near header) sight {
	if near.status() == types.ReplicationStatusPending {
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
	switch near.status() {
	case types.ReplicationStatusFailed:
		return sight{seen: missing, words: "S3 gave it up (FAILED)", todo: "bothways doctor says what is wrong; then backfill again"}
	case types.ReplicationStatusCompleted, types.ReplicationStatusComplete, types.ReplicationStatusReplica:
		return sight{seen: missing, code: job.HardDeleted, words: "it was there and is gone, which Batch Replication does not put back", todo: "audit again, and backfill with --copies"}
	default:
	}
	return sight{seen: missing, words: "it has no replication status: no rule took it", todo: "bothways doctor shows what the rules cover"}
}

// lookServed looks whether both sides serve the same for a key. Of a version, that
// has come itself.
func (r *run) lookServed(ctx context.Context, t target) (sight, error) {
	r.mu.Lock()
	side, apart := t.side, missing
	if t.version != "" {
		side, apart = t.to.To(), unlike
	}
	outcome := r.placed[placedAt(side, t.key)]
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
	case !near.exists && !far.exists:
		return sight{seen: there}, nil
	case near.exists && far.exists && near.version() == far.version():
		return compared(t, near, far), nil
	case near.status() == types.ReplicationStatusPending || far.status() == types.ReplicationStatusPending:
		return sight{seen: pending, words: "the copy is still on its way (PENDING)", todo: "audit again later"}, nil
	case outcome.why != "":
		return sight{seen: apart, words: outcome.why, todo: outcome.todo}, nil
	case t.version == "" && near.status() == types.ReplicationStatusFailed:
		return sight{seen: apart, words: "S3 gave the copy up (FAILED)", todo: "bothways doctor says what is wrong; then backfill again"}, nil
	case near.exists && far.exists:
		return sight{
			seen: apart, words: fmt.Sprintf("side %s serves version %s of its key and side %s version %s", t.to.From(), near.version(), t.to.To(), far.version()),
			todo: "audit again; then backfill with --winner, which says whose version the key gets",
		}, nil
	}
	shows, hides, version := t.to.From(), t.to.To(), near.version()
	if far.exists {
		shows, hides, version = hides, shows, far.version()
	}
	return sight{
		seen: apart, words: fmt.Sprintf("side %s serves version %s of its key, and side %s nothing", shows, version, hides),
		todo: "audit again; then backfill with --markers where a deletion is meant",
	}, nil
}

// header is what a HEAD says.
type header struct {
	exists, marker bool
	out            *s3.HeadObjectOutput // of an object
	unread         string               // why its checksums are not known, or ""
	refused        string               // why it was not answered
}

func (h header) version() string {
	if h.out == nil {
		return ""
	}
	return aws.ToString(h.out.VersionId)
}

func (h header) status() types.ReplicationStatus {
	if h.out == nil {
		return ""
	}
	return h.out.ReplicationStatus
}

func (h header) kind() string {
	if h.marker {
		return "a delete marker"
	}
	return "an object"
}

// head asks a side for a version with its checksums, and without them where those
// are refused, as for a key of KMS that these credentials may not use.
func (r *run) head(ctx context.Context, side pair.SideName, key, version string) (header, error) {
	in := &s3.HeadObjectInput{
		Bucket: aws.String(r.world.Pair.Side(side).Bucket), Key: &key, ExpectedBucketOwner: aws.String(r.s.Sides[side].Identity.Account), ChecksumMode: types.ChecksumModeEnabled,
	}
	if version != "" {
		in.VersionId = &version
	}
	r.heads[side].Add(1)
	out, err := r.world.Clients(side).S3.HeadObject(ctx, in)
	unread := ""
	if apierror.Denied(err) {
		in.ChecksumMode = ""
		r.heads[side].Add(1)
		if out, err = r.world.Clients(side).S3.HeadObject(ctx, in); err == nil {
			unread = "checksums are refused on side " + string(side) + ", where kms:Decrypt may be missing"
		}
	}
	switch {
	case err == nil:
		return header{exists: true, out: out, unread: unread}, nil
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
