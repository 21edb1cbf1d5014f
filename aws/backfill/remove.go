package backfill

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	jobtypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/apierror"
	"bothways/aws/backfill/job"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Removal is the removal of all that backfills of a pair left: jobs that go on
// are cancelled first. What was replicated and copied stays.
func Removal(s *survey.Survey, found map[pair.Direction]Found) []step.Step {
	var steps []step.Step
	for _, d := range pair.Directions() {
		f := found[d]
		if f.None() {
			continue
		}
		steps = append(steps, removals(s, d, f, order(s, d, f.Bucket), wanted.BackfillRole(s, d, f.Bucket), nil, true)...)
	}
	return steps
}

// remover takes what a direction's backfill made away again.
type remover struct {
	s     *survey.Survey
	d     pair.Direction
	found Found
	order job.Order
	role  wanted.Direction
}

// removals are the steps for it. cancels ends jobs that go on.
func removals(s *survey.Survey, d pair.Direction, found Found, o job.Order, role wanted.Direction, needs []string, cancels bool) []step.Step {
	r := remover{s, d, found, o, role}
	prefix := found.Bucket.Bucket + "/" + s.World.Pair.BackfillPrefix(d)
	list := o.Clients.CLI("s3api", "list-object-versions", "--bucket", found.Bucket.Bucket, "--prefix", s.World.Pair.BackfillPrefix(d))
	objects := step.Step{
		ID: step.Removal(KindObjects.On(d)), Kind: KindObjects, Direction: &d, Title: "job's files", Target: prefix, Change: step.Remove, Needs: needs,
		What: "the manifests and what our jobs reported, every version of them; the line for the AWS CLI lists them", Why: "bothways takes away what it made; its journal keeps what the report said.", Undo: "cannot be undone",
	}
	call := "ListObjectVersions, DeleteObjects"
	if cancels {
		call = "UpdateJobStatus, " + call
		objects.What = "our jobs that go on are cancelled; then " + objects.What
	}
	steps := []step.Step{
		step.New(step.Deed{Call: call, CLI: list, Do: func(ctx ctxt, report func(string)) (string, error) {
			if cancels {
				if err := r.cancel(ctx, report); err != nil {
					return "", err
				}
			}
			return r.removeObjects(ctx)
		}}, objects),
		step.New(step.Deed{
			Call: "DeleteRolePolicy, DeleteRole", CLI: o.Clients.CLI("iam", "delete-role-policy", "--role-name", role.RoleName, "--policy-name", role.PolicyName) + " && " +
				o.Clients.CLI("iam", "delete-role", "--role-name", role.RoleName),
			Look: r.roleGone, Do: r.removeRole,
		}, step.Step{
			ID: step.Removal(KindRole.On(d)), Kind: KindRole, Direction: &d, Title: "job's role", Target: "IAM " + role.RolePath + role.RoleName, Change: step.Remove,
			What: role.RoleName + " and its policy", Why: "Only the job used it.", Undo: "the next backfill makes it again", Needs: []string{objects.ID},
		}),
	}
	if found.Own {
		steps = append(steps, step.New(step.Deed{
			Call: "DeleteBucket", CLI: o.Clients.CLI("s3api", "delete-bucket", "--bucket", found.Bucket.Bucket), Look: r.bucketGone, Do: r.removeBucket,
		}, step.Step{
			ID: step.Removal(KindBucket.OnSide(d.From())), Kind: KindBucket, Side: d.From(), Title: "job's bucket", Target: found.Bucket.String(), Change: step.Remove,
			What: found.Bucket.Bucket + ", if it holds nothing of others", Why: "Only the job used it.", Undo: "the next backfill makes it again", Needs: []string{objects.ID},
		}))
	}
	return steps
}

// cancel ends our jobs that go on, and waits until they have ended: they write
// their reports until then.
func (r remover) cancel(ctx context.Context, report func(string)) error {
	jobs, err := r.order.Ours(ctx)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if job.Ended(j.Status) {
			continue
		}
		_, err := r.order.Clients.Control.UpdateJobStatus(ctx, &s3control.UpdateJobStatusInput{
			AccountId: &r.order.Account, JobId: aws.String(j.ID), RequestedJobStatus: jobtypes.RequestedJobStatusCancelled, StatusUpdateReason: aws.String("removed by bothways"),
		})
		if err != nil {
			if state, read := r.order.Read(ctx, j.ID); read != nil || !job.Ended(state.Status) && state.Status != jobtypes.JobStatusCancelling && state.Status != jobtypes.JobStatusCompleting && state.Status != jobtypes.JobStatusFailing {
				return fmt.Errorf("cancel job %s: %w", j.ID, err)
			}
		}
		if _, err := r.order.Watch(ctx, j.ID, func(s job.State) { report("job " + s.ID + " is " + string(s.Status)) }); err != nil {
			return err
		}
	}
	return nil
}

// ours are the versions in the room of the direction that are ours, and the keys
// of the first that are not. Reports are ours where their job is; in a bucket of
// our own also where S3 has forgotten the job.
func (r remover) ours(ctx context.Context) (own []types.ObjectIdentifier, others []string, err error) {
	jobs := map[string]bool{}
	known, err := r.order.Ours(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, j := range known {
		jobs[j.ID] = true
	}
	prefix := r.order.Pair.BackfillPrefix(r.d)
	pages := s3.NewListObjectVersionsPaginator(r.order.Clients.S3, &s3.ListObjectVersionsInput{Bucket: &r.found.Bucket.Bucket, Prefix: &prefix, ExpectedBucketOwner: &r.order.Account})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if apierror.Missing(err) {
			return nil, nil, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("list what lies in %s: %w", r.found.Bucket.Bucket, err)
		}
		for _, v := range page.Versions {
			key := aws.ToString(v.Key)
			mine, err := r.mine(ctx, key, v.VersionId, jobs)
			if err != nil {
				return nil, nil, err
			}
			if mine {
				own = append(own, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
			} else if len(others) < survey.MostNamed {
				others = append(others, key)
			}
		}
		for _, m := range page.DeleteMarkers {
			if len(others) < survey.MostNamed {
				others = append(others, aws.ToString(m.Key)+" (delete marker)")
			}
		}
	}
	return own, others, nil
}

func (r remover) mine(ctx context.Context, key string, version *string, jobs map[string]bool) (bool, error) {
	name := strings.TrimPrefix(key, r.order.Pair.BackfillPrefix(r.d))
	if parts := reportShape().FindStringSubmatch(name); parts != nil {
		if jobs[parts[1]] {
			return true, nil
		}
		if !r.found.Own {
			return false, nil
		}
		state, err := r.order.Read(ctx, parts[1])
		return state.ID == "" && err != nil && apierror.StatusCode(err) == 404, nil // forgotten, and not of others
	}
	if !partShape().MatchString(name) {
		return false, nil
	}
	out, err := r.order.Clients.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &r.found.Bucket.Bucket, Key: &key, VersionId: version, ExpectedBucketOwner: &r.order.Account})
	if apierror.Missing(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at %s: %w", key, err)
	}
	return out.Metadata[pair.MetadataKey] == r.order.Pair.ID(), nil
}

func (r remover) removeObjects(ctx context.Context) (string, error) {
	own, others, err := r.ours(ctx)
	if err != nil {
		return "", err
	}
	if err := r.abortUploads(ctx); err != nil {
		return "", err
	}
	for some := range slices.Chunk(own, 1000) {
		out, err := r.order.Clients.S3.DeleteObjects(ctx, &s3.DeleteObjectsInput{
			Bucket: &r.found.Bucket.Bucket, ExpectedBucketOwner: &r.order.Account, Delete: &types.Delete{Objects: some, Quiet: aws.Bool(true)},
		})
		if err != nil {
			return "", fmt.Errorf("delete our manifests and reports in %s: %w", r.found.Bucket.Bucket, err)
		}
		if len(out.Errors) > 0 {
			e := out.Errors[0]
			return "", fmt.Errorf("delete %s in %s: %s: %s", aws.ToString(e.Key), r.found.Bucket.Bucket, aws.ToString(e.Code), aws.ToString(e.Message))
		}
	}
	text := fmt.Sprintf("%d removed", len(own))
	if len(others) > 0 {
		text += "; left alone, because they are not known to be ours: " + strings.Join(others, ", ")
	}
	return text, nil
}

// abortUploads ends uploads of manifests that a run did not finish: nobody else
// has such keys.
func (r remover) abortUploads(ctx context.Context) error {
	prefix := r.order.Pair.BackfillPrefix(r.d)
	out, err := r.order.Clients.S3.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &r.found.Bucket.Bucket, Prefix: aws.String(prefix + "manifest-"), ExpectedBucketOwner: &r.order.Account})
	if apierror.Missing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list unfinished uploads in %s: %w", r.found.Bucket.Bucket, err)
	}
	for _, u := range out.Uploads {
		if !partShape().MatchString(strings.TrimPrefix(aws.ToString(u.Key), prefix)) {
			continue
		}
		_, err := r.order.Clients.S3.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &r.found.Bucket.Bucket, Key: u.Key, UploadId: u.UploadId, ExpectedBucketOwner: &r.order.Account})
		if err != nil && !apierror.Missing(err) {
			return fmt.Errorf("abort the unfinished upload of %s: %w", aws.ToString(u.Key), err)
		}
	}
	return nil
}

func (r remover) roleGone(ctx context.Context) (bool, string, error) {
	out, err := r.order.Clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &r.role.RoleName})
	switch {
	case apierror.Code(err) == "NoSuchEntity":
		return true, "no role is there", nil
	case err != nil:
		return false, "", fmt.Errorf("read role %s: %w", r.role.RoleName, err)
	case !step.Marked(out.Role, r.order.Pair.ID()):
		return true, "role " + r.role.RoleName + " is not ours and stays: it lacks the tag " + pair.TagKey + "=" + r.order.Pair.ID(), nil
	}
	return false, "", nil
}

func (r remover) removeRole(ctx context.Context, _ func(string)) (string, error) {
	_, err := r.order.Clients.IAM.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: &r.role.RoleName, PolicyName: &r.role.PolicyName})
	if err != nil && apierror.Code(err) != "NoSuchEntity" {
		return "", fmt.Errorf("delete the policy of role %s: %w", r.role.RoleName, err)
	}
	_, err = r.order.Clients.IAM.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &r.role.RoleName})
	switch apierror.Code(err) {
	case "DeleteConflict":
		return "", fmt.Errorf("role %s carries policies that are not ours and is kept, without our policy: %w", r.role.RoleName, err)
	case "NoSuchEntity":
		err = nil
	}
	if err != nil {
		return "", fmt.Errorf("delete role %s: %w", r.role.RoleName, err)
	}
	return "role and policy removed", nil
}

func (r remover) bucketGone(ctx context.Context) (bool, string, error) {
	looker := survey.SideReader{S3: r.order.Clients.S3, Bucket: &r.found.Bucket.Bucket, Owner: &r.order.Account, Found: &survey.Side{}}
	if err := looker.Existence(ctx, r.found.Bucket.Region); err != nil {
		return false, "", err
	}
	if !looker.Found.Exists {
		return true, "no bucket is there", nil
	}
	if err := looker.Tags(ctx); err != nil {
		return false, "", err
	}
	if len(looker.Found.Unread) > 0 {
		return false, "", fmt.Errorf("whether bucket %s is ours can't be read, so it is kept: %s; s3:GetBucketTagging may be missing", r.found.Bucket.Bucket, strings.Join(looker.Found.Unread, "; "))
	}
	if looker.Found.OwnMark != r.order.Pair.ID() {
		return true, "bucket " + r.found.Bucket.Bucket + " is not ours and stays: it lacks the tag " + pair.TagKey + "=" + r.order.Pair.ID(), nil
	}
	return false, "", nil
}

func (r remover) removeBucket(ctx context.Context, _ func(string)) (string, error) {
	_, err := r.order.Clients.S3.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &r.found.Bucket.Bucket, ExpectedBucketOwner: &r.order.Account})
	switch {
	case err == nil || apierror.Missing(err):
		return "bucket removed", nil
	case apierror.Code(err) == "BucketNotEmpty":
		return "", fmt.Errorf("bucket %s is kept: it holds what is not known to be ours. Look at it with: %s", r.found.Bucket.Bucket,
			r.order.Clients.CLI("s3api", "list-object-versions", "--bucket", r.found.Bucket.Bucket))
	}
	return "", fmt.Errorf("delete bucket %s: %w", r.found.Bucket.Bucket, err)
}
