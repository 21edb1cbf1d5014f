package doctor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

const (
	// listed is how many keys are asked for, sampled how many of the newest
	// of them are looked at.
	listed  = 1000
	sampled = 12
	// overdue is when AWS expects most objects to be there (S3 User Guide,
	// "Troubleshooting replication").
	overdue = 15 * time.Minute
)

// lookAtObjects reads the replication status of some objects that the rule
// covers: what happened to them says more than any setting.
func lookAtObjects(ctx context.Context, s *survey.Survey, d pair.Direction) ([]Trouble, error) {
	p := NewCheckup(s, d)
	if p.Rule == nil || !s.Reachable(d.From()) {
		return nil, nil
	}
	client, bucket := s.World.Clients(d.From()).S3, p.fromBucket()
	owner := aws.String(s.Accounts()[d.From()])
	out, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{
		Bucket: &bucket, Prefix: aws.String(wanted.PrefixOf(*p.Rule)), MaxKeys: aws.Int32(listed), ExpectedBucketOwner: owner,
	})
	if err != nil {
		return nil, unread(ctx, err)
	}
	newest := out.Contents
	slices.SortStableFunc(newest, func(x, y types.Object) int { return aws.ToTime(y.LastModified).Compare(aws.ToTime(x.LastModified)) })
	newest = newest[:min(sampled, len(newest))]
	seen, refused := map[string][]string{}, 0
	for _, object := range newest {
		head, err := client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: object.Key, ExpectedBucketOwner: owner})
		if apierror.Denied(err) {
			refused++
		}
		if apierror.Missing(err) || apierror.Denied(err) {
			continue
		}
		if err != nil {
			return nil, unread(ctx, err)
		}
		status := string(head.ReplicationStatus)
		if status == string(types.ReplicationStatusPending) && time.Since(aws.ToTime(head.LastModified)) < overdue {
			continue
		}
		seen[status] = append(seen[status], aws.ToString(object.Key))
	}
	p.Troubles = nil
	p.statuses(seen, len(newest)-refused)
	if refused > 0 {
		p.add(Trouble{
			Severity: survey.Note, Side: d.From(), Cause: CauseOperator, Missing: "s3:GetObject",
			Title:   fmt.Sprintf("%d of the %d newest objects in %s can't be looked at with these credentials", refused, len(newest), bucket),
			Meaning: "Whether they replicate is unknown: a look at one needs s3:GetObject, and that it belongs to the bucket's owner.",
		})
	}
	return p.Troubles, nil
}

// unread keeps only the errors that end an examination.
func unread(ctx context.Context, err error) error {
	if ctx.Err() != nil || apierror.Expired(err) {
		return err
	}
	return nil
}

// statuses says what the looked-at objects tell.
func (p *Checkup) statuses(seen map[string][]string, looked int) {
	say := func(severity survey.Severity, status, title, meaning, todo string) {
		keys := seen[status]
		if len(keys) == 0 {
			return
		}
		p.add(Trouble{
			Severity: severity, Side: p.direction.From(), Cause: CauseObjects, Missing: status,
			Title: fmt.Sprintf("%d of the %d objects looked at in %s %s, such as %q", len(keys), looked, p.fromBucket(), title, keys[0]), Meaning: meaning, Todo: todo,
		})
	}
	const batch = "Bring them by S3 Batch Replication, once what failed them is mended."
	say(survey.Warning, string(types.ReplicationStatusFailed), "read FAILED", "That is final: S3 tries no object again, and says the reason only in event notifications.", batch)
	say(survey.Warning, string(types.ReplicationStatusPending), "read PENDING for longer than 15 minutes",
		"One of the regions is slow or out, or several destinations are waited for.", "Wait, or look at the AWS Health Dashboard.")
	say(survey.Note, "", "have no replication status",
		"They were written before the rule was in force, or by somebody whose objects the bucket's owner can't read, or left out by encryption or tags. Live replication never takes them up.",
		"Bring them by S3 Batch Replication.")
}
