// Package configure has S3 deliver lists of both sides of a pair: it plans a
// configuration of S3 Inventory on each side that has none that serves an
// audit, with the bucket for its lists and the statement of that bucket's policy
// which lets S3 write there, and the removal of exactly these.
package configure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// Asked is what inventories are wanted.
type Asked struct {
	// Buckets are those for the lists of a side, where somebody gave one; else
	// bothways makes one.
	Buckets map[pair.SideName]string
	Format  inventory.Format // "": Parquet, which Athena reads less of
	// Prefix is what the lists are of; "": everything.
	Prefix string
}

// found is what stands of a side's inventory.
type found struct {
	side    pair.SideName
	of      pair.Side
	account string
	client  *s3.Client
	bucket  pair.Side // for its lists
	own     bool      // made by bothways, and not given
	// there and ours say of the bucket that it stands, and carries our mark.
	there, ours bool
	foreign     bool
	policy      string // of the bucket, "" for none
	offers      []inventory.Offer
	standing    *types.InventoryConfiguration // ours, or nil
}

// serves is an inventory of others that serves an audit already, or "".
func (f found) serves(id string) string {
	i := slices.IndexFunc(f.offers, func(o inventory.Offer) bool { return o.Why == "" && o.ID != id })
	if i < 0 {
		return ""
	}
	return f.offers[i].ID
}

// begin is a side of which nothing was read, with the bucket that bothways makes.
func begin(s *survey.Survey, name pair.SideName) found {
	p := s.World.Pair
	f := found{side: name, of: p.Side(name), account: s.Sides[name].Identity.Account, client: s.World.Clients(name).S3}
	f.bucket, f.own = pair.Side{Region: f.of.Region, Bucket: p.InventoryBucket(name, f.account)}, true
	return f
}

// find reads what stands of a side. It changes nothing.
func find(ctx context.Context, s *survey.Survey, name pair.SideName, given, prefix string) (found, error) {
	p, f := s.World.Pair, begin(s, name)
	if s.Sides[name].Absent() {
		return f, nil
	}
	var err error
	if f.offers, err = inventory.Offers(ctx, f.client, f.of.Bucket, prefix); err != nil {
		return f, fmt.Errorf("side %s: %w", name, err)
	}
	if f.standing, err = f.read(ctx, p.InventoryID()); err != nil {
		return f, fmt.Errorf("side %s: %w", name, err)
	}
	switch to := destination(f.standing); {
	case given != "":
		f.bucket.Bucket, f.own = given, false
	case to != "" && to != f.bucket.Bucket: // given by whoever made it
		f.bucket.Bucket, f.own = to, false
	}
	looker := survey.SideReader{S3: f.client, Bucket: &f.bucket.Bucket, Owner: &f.account, Found: &survey.Side{}}
	if err := looker.Existence(ctx, f.bucket.Region); err != nil {
		return f, fmt.Errorf("side %s: look for the bucket %s: %w", name, f.bucket.Bucket, err)
	}
	f.foreign, f.there = looker.Found.Foreign, looker.Found.Exists
	if !f.there || f.foreign {
		return f, nil
	}
	if err := looker.Tags(ctx); err != nil {
		return f, fmt.Errorf("side %s: the tags of the bucket %s: %w", name, f.bucket.Bucket, err)
	}
	f.ours = f.own && looker.Found.OwnMark == p.ID()
	if err := f.readPolicy(ctx); err != nil {
		return f, fmt.Errorf("side %s: %w", name, err)
	}
	return f, nil
}

// readPolicy reads the policy of the bucket for lists.
func (f *found) readPolicy(ctx context.Context) error {
	out, err := f.client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &f.bucket.Bucket, ExpectedBucketOwner: &f.account})
	switch {
	case err == nil:
		f.policy = aws.ToString(out.Policy)
	case apierror.Code(err) != "NoSuchBucketPolicy":
		return fmt.Errorf("read the bucket policy of %s: %w", f.bucket.Bucket, err)
	}
	return nil
}

// read is a side's configuration by its ID, or nil.
func (f found) read(ctx context.Context, id string) (*types.InventoryConfiguration, error) {
	out, err := f.client.GetBucketInventoryConfiguration(ctx, &s3.GetBucketInventoryConfigurationInput{
		Bucket: &f.of.Bucket, Id: &id, ExpectedBucketOwner: &f.account,
	})
	if apierror.Code(err) == "NoSuchConfiguration" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the inventory %s of %s: %w", id, f.of.Bucket, err)
	}
	return out.InventoryConfiguration, nil
}

// destination is the bucket that a configuration's lists go to, or "".
func destination(c *types.InventoryConfiguration) string {
	if c == nil || c.Destination == nil || c.Destination.S3BucketDestination == nil {
		return ""
	}
	arn := aws.ToString(c.Destination.S3BucketDestination.Bucket)
	return arn[strings.LastIndex(arn, ":")+1:]
}

// statement lets S3 write the lists of a side (S3 User Guide, "Configuring
// Amazon S3 Inventory", granting permissions): for this source alone.
func statement(p pair.Pair, f found) policy.Draft {
	return policy.Draft{
		Sid: p.StatementID(statementAbout), Effect: "Allow", Principal: map[string]string{"Service": "s3.amazonaws.com"}, Action: "s3:PutObject",
		Resource: f.bucket.BucketARN() + "/" + p.InventoryPrefix() + "/" + f.of.Bucket + "/" + p.InventoryID() + "/*",
		Condition: map[string]map[string]any{
			"ArnLike":      {"aws:SourceArn": f.of.BucketARN()},
			"StringEquals": {"aws:SourceAccount": f.account, "s3:x-amz-acl": "bucket-owner-full-control"},
		},
	}
}

// statementAbout tells the statement from others of the pair.
const statementAbout = "Inventory"

// configuration is the one that an audit is served by.
func configuration(p pair.Pair, f found, asked Asked) *types.InventoryConfiguration {
	format := types.InventoryFormatParquet
	if asked.Format == inventory.CSV {
		format = types.InventoryFormatCsv
	}
	c := &types.InventoryConfiguration{
		Id: aws.String(p.InventoryID()), IsEnabled: aws.Bool(true), IncludedObjectVersions: types.InventoryIncludedObjectVersionsAll,
		Schedule: &types.InventorySchedule{Frequency: types.InventoryFrequencyDaily},
		OptionalFields: []types.InventoryOptionalField{
			types.InventoryOptionalFieldSize, types.InventoryOptionalFieldLastModifiedDate, types.InventoryOptionalFieldStorageClass,
			types.InventoryOptionalFieldETag, types.InventoryOptionalFieldReplicationStatus,
		},
		Destination: &types.InventoryDestination{S3BucketDestination: &types.InventoryS3BucketDestination{
			AccountId: aws.String(f.account), Bucket: aws.String(f.bucket.BucketARN()), Format: format, Prefix: aws.String(p.InventoryPrefix()),
		}},
	}
	if asked.Prefix != "" {
		c.Filter = &types.InventoryFilter{Prefix: aws.String(asked.Prefix)}
	}
	return c
}

// same says whether two configurations mean the same. Fields come in any order.
func same(a, b *types.InventoryConfiguration) bool { return text(a) == text(b) }

func text(c *types.InventoryConfiguration) string {
	if c == nil {
		return ""
	}
	fields := make([]string, 0, len(c.OptionalFields))
	for _, field := range c.OptionalFields {
		fields = append(fields, string(field))
	}
	slices.Sort(fields)
	var prefix, schedule, to string
	if c.Filter != nil {
		prefix = aws.ToString(c.Filter.Prefix)
	}
	if c.Schedule != nil {
		schedule = string(c.Schedule.Frequency)
	}
	if c.Destination != nil && c.Destination.S3BucketDestination != nil {
		d := c.Destination.S3BucketDestination
		to = fmt.Sprintf("%q %q %s", aws.ToString(d.Bucket), strings.TrimSuffix(aws.ToString(d.Prefix), "/"), d.Format)
	}
	return fmt.Sprintf("%t %s %s %q %s %q", aws.ToBool(c.IsEnabled), c.IncludedObjectVersions, schedule, prefix, to, fields)
}
