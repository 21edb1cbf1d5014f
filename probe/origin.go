package probe

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

const (
	originFirst = 5 * time.Second // after the upload; later where the median is longer
	originMost  = 30 * time.Second
	// uncoveredAfter is when an object without a status at its origin counts
	// as never covered by a rule. The status is decided when the object is
	// written (S3 API reference, HeadObject), so this only leaves room for an
	// answer from before that was seen everywhere.
	uncoveredAfter = time.Minute
)

// originWatch looks now and then at the status that the origin shows for the
// object, so that one that will never arrive is told from a slow one.
type originWatch struct {
	m      *measurement
	due    time.Duration // since the upload; 0 until the first plan
	gap    time.Duration
	status string
	seen   bool
}

func newOriginWatch(m *measurement) *originWatch { return &originWatch{m: m, gap: originFirst} }

// look asks the origin when that is due. It returns true, and why, when the
// object will never arrive: FAILED is final (S3 User Guide, "Getting
// replication status information"), and no status means that no rule covers it.
func (w *originWatch) look(ctx context.Context, elapsed time.Duration, known outlook) (final bool, why string) {
	if w.due == 0 {
		w.due = max(originFirst, 2*known.median)
	}
	if elapsed < w.due {
		return false, ""
	}
	w.ask(ctx)
	w.due = elapsed + w.gap
	w.gap = min(w.gap*3/2, originMost)
	if w.status == string(types.ReplicationStatusFailed) {
		return true, failedAtOrigin(w.m.cell.direction)
	}
	if w.seen && w.status == "" && elapsed >= uncoveredAfter {
		return true, fmt.Sprintf("side %s shows no replication status: no enabled rule covered the object when it was written, so it will never be replicated", w.m.from.name)
	}
	if w.seen && w.status == "" {
		w.m.run.notice(Warning, w.m.from.name, fmt.Sprintf(
			"An object on side %s has no replication status: no rule covered it when it was written. A rule takes a while to become effective; see that it is enabled and that its prefix covers %s.",
			w.m.from.name, w.m.run.cfg.Pair.ProbePrefix()))
	}
	return false, ""
}

func (w *originWatch) ask(ctx context.Context) {
	if w.m.run.heads.wait(ctx) != nil {
		return
	}
	got := w.m.run.head(ctx, w.m.from, w.m.key, w.m.upload.version, originTimeout)
	if got.err == nil {
		w.status, w.seen = string(got.out.ReplicationStatus), true
	}
}

// last words what the origin says at the end.
func (w *originWatch) last(ctx context.Context) string {
	w.ask(ctx)
	switch {
	case !w.seen:
		return fmt.Sprintf("side %s could not be asked for the object's status", w.m.from.name)
	case w.status == "":
		return fmt.Sprintf("side %s shows no replication status: the rule did not cover the object", w.m.from.name)
	}
	return fmt.Sprintf("side %s shows the status %s", w.m.from.name, w.status)
}

// failedAtOrigin names the likely causes, in the order in which they are worth
// checking (S3 User Guide, "Troubleshooting replication").
func failedAtOrigin(d pair.Direction) string {
	return strings.Join([]string{
		fmt.Sprintf("S3 reports FAILED on side %s and will not try this object again; likely causes:", d.From()),
		"the role cannot be assumed by S3 yet, or lacks s3:GetObjectVersionForReplication on side", string(d.From()),
		"or s3:ReplicateObject on side", string(d.To()) + ";",
		fmt.Sprintf("versioning of side %s's bucket is suspended; a bucket policy or an organisation's policy denies it; a KMS key is missing or not allowed", d.To()),
	}, " ")
}

// completed says whether the origin shows that replication is done. The API's
// list of values has both spellings (S3 API reference, HeadObject).
func completed(status types.ReplicationStatus) bool {
	return status == types.ReplicationStatusCompleted || status == types.ReplicationStatusComplete
}
