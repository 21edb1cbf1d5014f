package backfill

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/apierror"
	"bothways/aws/backfill/job"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Found is what stands in AWS of a direction's backfill, read by the marks alone.
type Found struct {
	Bucket pair.Side // for its manifests and reports
	// Own says that the bucket is one that bothways makes, and not given.
	Own bool
	// BucketThere says that it is there, BucketOurs that it carries our mark.
	BucketThere, BucketOurs bool
	// Foreign says that the bucket's name is another account's, or can't be read.
	Foreign             bool
	RoleThere, RoleOurs bool
	// Parts are the manifests that stand, by their number.
	Parts map[int]Standing
	// Jobs are those that carry our mark, those that go on first.
	Jobs []job.Named
	// Unread says what could not be read, and why.
	Unread []string
}

// Standing is a manifest that is there.
type Standing struct {
	job.Manifest
	Digest string
	Asked  string // the digest of what its audit would have had replicated
	Lines  int64
}

// None says whether nothing of a backfill stands.
func (f Found) None() bool {
	return !f.RoleOurs && !f.BucketOurs && len(f.Parts) == 0 && len(f.openJobs()) == 0
}

func (f Found) openJobs() []job.Named {
	return slices.DeleteFunc(slices.Clone(f.Jobs), func(j job.Named) bool { return job.Ended(j.Status) })
}

// jobOf is the job of a manifest that stands, if one was asked for.
func (f Found) jobOf(m job.Manifest) (job.Named, bool) {
	for _, j := range f.Jobs {
		if m.Token != "" && (j.Token == m.Token || strings.HasPrefix(j.Token, m.Token+"-")) {
			return j, true
		}
	}
	return job.Named{}, false
}

// Find reads what stands of the backfills of a pair. What can't be read is said
// and is not fatal, unless the context ends.
func Find(ctx context.Context, s *survey.Survey, buckets map[pair.SideName]string) (map[pair.Direction]Found, error) {
	found := map[pair.Direction]Found{}
	var mu sync.Mutex
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for _, d := range pair.Directions() {
		group.Go(func(ctx context.Context) error {
			one, err := find(ctx, s, d, buckets[d.From()])
			mu.Lock()
			defer mu.Unlock()
			found[d] = one
			return err
		})
	}
	return found, group.Wait()
}

// bucketOf is the bucket for a direction's manifests and reports.
func bucketOf(s *survey.Survey, d pair.Direction, given string) (side pair.Side, own bool) {
	p := s.World.Pair
	if given != "" {
		return pair.Side{Region: p.From(d).Region, Bucket: given}, false
	}
	return pair.Side{Region: p.From(d).Region, Bucket: p.BackfillBucket(d.From(), s.Sides[d.From()].Identity.Account)}, true
}

func find(ctx context.Context, s *survey.Survey, d pair.Direction, given string) (Found, error) {
	p, clients, account := s.World.Pair, s.World.Clients(d.From()), s.Sides[d.From()].Identity.Account
	f := Found{Parts: map[int]Standing{}}
	f.Bucket, f.Own = bucketOf(s, d, given)
	unread := func(what string, err error) {
		f.Unread = append(f.Unread, what+" ("+survey.RefusalOf(err)+")")
	}
	if clients.Control == nil || account == "" {
		return f, ctx.Err()
	}
	role := wanted.BackfillRole(s, d, f.Bucket)
	switch out, err := clients.IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &role.RoleName}); {
	case err == nil:
		f.RoleThere, f.RoleOurs = true, step.Marked(out.Role, p.ID())
	case !apierror.Missing(err) && apierror.Code(err) != "NoSuchEntity":
		unread("role "+role.RoleName, err)
	}
	looker := survey.SideReader{S3: clients.S3, Bucket: &f.Bucket.Bucket, Owner: &account, Found: &survey.Side{}}
	if err := looker.Existence(ctx, f.Bucket.Region); err != nil {
		unread("bucket "+f.Bucket.Bucket, err)
	} else if f.Foreign = looker.Found.Foreign; looker.Found.Exists {
		f.BucketThere = true
		if err := looker.Tags(ctx); err != nil {
			unread("the tags of "+f.Bucket.Bucket, err)
		}
		for _, what := range looker.Found.Unread {
			f.Unread = append(f.Unread, what+" of "+f.Bucket.Bucket)
		}
		f.BucketOurs = f.Own && looker.Found.OwnMark == p.ID()
		if err := f.readParts(ctx, order(s, d, f.Bucket)); err != nil {
			unread("what lies in "+f.Bucket.Bucket, err)
		}
	}
	if f.RoleOurs || len(f.Parts) > 0 { // else there can be none that goes on
		jobs, err := order(s, d, f.Bucket).Ours(ctx)
		if err != nil {
			unread("the jobs of account "+account, err)
		}
		f.Jobs = jobs
	}
	return f, ctx.Err()
}

func order(s *survey.Survey, d pair.Direction, bucket pair.Side) job.Order {
	return job.Order{
		Clients: s.World.Clients(d.From()), Account: s.Sides[d.From()].Identity.Account, Pair: s.World.Pair, Direction: d,
		Bucket: bucket, RoleARN: wanted.BackfillRole(s, d, bucket).RoleARN,
	}
}

// partKey is the key of a manifest's part, which counts from 1.
func partKey(p pair.Pair, d pair.Direction, n int) string {
	return fmt.Sprintf("%smanifest-%d.csv", p.BackfillPrefix(d), n)
}

// partShape takes the number out of such a key's last part.
var partShape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^manifest-([1-9][0-9]*)\.csv$`) })

// reportShape is that of what a job writes into its folder.
var reportShape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^reports/job-([0-9a-f-]{36})/(manifest\.json(\.md5)?|results/[0-9a-zA-Z]+\.csv)$`)
})

// readParts finds the manifests that stand.
func (f *Found) readParts(ctx context.Context, o job.Order) error {
	prefix := o.Pair.BackfillPrefix(o.Direction)
	pages := s3.NewListObjectsV2Paginator(o.Clients.S3, &s3.ListObjectsV2Input{Bucket: &f.Bucket.Bucket, Prefix: aws.String(prefix + "manifest-"), ExpectedBucketOwner: &o.Account})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, object := range page.Contents {
			name := partShape().FindStringSubmatch(strings.TrimPrefix(aws.ToString(object.Key), prefix))
			if name == nil {
				continue
			}
			n, _ := strconv.Atoi(name[1]) // of digits; one too large is no number of ours
			standing, ours, err := standing(ctx, o, aws.ToString(object.Key))
			if err != nil {
				return err
			}
			if ours {
				f.Parts[n] = standing
			}
		}
	}
	return nil
}

// standing reads a manifest's marks. ours is false where it is missing, or lacks
// them.
func standing(ctx context.Context, o job.Order, key string) (found Standing, ours bool, err error) {
	out, err := o.Clients.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &o.Bucket.Bucket, Key: &key, ExpectedBucketOwner: &o.Account})
	if apierror.Missing(err) {
		return Standing{}, false, nil
	}
	if err != nil {
		return Standing{}, false, fmt.Errorf("look at the manifest %s/%s: %w", o.Bucket.Bucket, key, err)
	}
	lines, _ := strconv.ParseInt(out.Metadata[linesKey], 10, 64) // 0 is not known
	return Standing{
		Manifest: job.Manifest{
			Key: key, ETag: strings.Trim(aws.ToString(out.ETag), `"`), VersionID: aws.ToString(out.VersionId), Token: out.Metadata[pair.ManifestKey],
		},
		Digest: out.Metadata[pair.DigestKey], Asked: out.Metadata[askedKey], Lines: lines,
	}, out.Metadata[pair.MetadataKey] == o.Pair.ID() && out.Metadata[pair.ManifestKey] != "", nil
}

// askedKey is the metadata of a manifest that says of which list it is what was
// still to be done.
const askedKey = "bothways-asked"

// linesKey is the metadata of a manifest that says how many lines it has.
const linesKey = "bothways-lines"
